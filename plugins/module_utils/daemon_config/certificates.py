# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A folder with an authority, its client and its daemons: what is missing in it, or ends soon, is made."""

from __future__ import annotations

import fcntl
import os
import re
import time
from typing import Any, Dict, Generator, List, Mapping, NamedTuple, Optional, Tuple

from ..errors import BadOption, Missing, StepFailed
from ..step import Outcome, Step
from . import authority, files
from .authority import Identity

# An authority lives so much longer than what it signs.
LONGER = 10
_PATIENCE = 60.0


class Lock(Step):
    """One run at a time in a folder: hosts that need their certificates together share one authority."""

    summary = "lock the folder"

    def __init__(self, folder: str) -> None:
        self.folder = folder
        self._held: Optional[int] = None

    def predict(self, engine: Any) -> Outcome:
        return Outcome(changed=False)

    def apply(self, engine: Any) -> Outcome:
        deadline = time.monotonic() + _PATIENCE
        try:
            os.makedirs(self.folder, mode=0o700, exist_ok=True)
            self._held = os.open(os.path.join(self.folder, ".lock"), os.O_CREAT | os.O_RDWR, 0o600)
        except OSError as error:
            raise Missing("Cannot use the folder %s: %s" % (self.folder, error.strerror), "Choose one that this user may write to") from error
        while not _locked(self._held):
            if time.monotonic() > deadline:
                raise StepFailed("Another run holds %s" % self.folder, "Wait for it to end, then run the task again")
            time.sleep(0.05)
        return Outcome(changed=False)

    def release(self) -> None:
        """Let the next run go on."""
        if self._held is not None:
            os.close(self._held)


def _locked(number: int) -> bool:
    try:
        fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


class Issue(Step):
    """Put a certificate, its key, and the certificate of its authority in place. The outcome's value: whether that was done."""

    def __init__(self, folder: str, texts: Mapping[str, str], made: Identity, before: Optional[Identity], why: str) -> None:
        self.folder, self.texts, self.made, self._old = folder, texts, made, before
        self.summary = "make the certificate %s: %s" % (os.path.join(folder, "cert.pem"), why)
        self._before: Dict[str, Optional[str]] = {}

    def predict(self, engine: Any) -> Outcome:
        return Outcome(True, False, {self.folder: shown(self._old)}, {self.folder: shown(self.made)})

    def apply(self, engine: Any) -> Outcome:
        os.makedirs(self.folder, mode=0o700, exist_ok=True)
        for name, text in self.texts.items():
            path = os.path.join(self.folder, name)
            self._before[path] = files.read_text(path)
            files.write_text(path, text, 0o600)
        return self.predict(engine)._replace(value=True)

    def undo(self, engine: Any) -> None:
        for path, text in self._before.items():
            files.write_text(path, text, 0o600)


def shown(identity: Optional[Identity]) -> Optional[Dict[str, Any]]:
    """What may be shown of a certificate."""
    return identity and {"names": authority.names_of(identity), "ends": identity.ends.strftime("%Y-%m-%dT%H:%M:%SZ")}


class Found(NamedTuple):
    """What the folder has in the end. ``to_come`` has the names of server options and PEM texts, where the daemon's identity is only predicted."""

    identities: Dict[str, Identity]
    to_come: Optional[Dict[str, str]] = None


def decide(engine: Any, params: Mapping[str, Any]) -> Generator[Step, Outcome, Found]:
    """The authority first, then the client and the daemon that it signs."""
    authority.require()
    check(params)
    lock = Lock(params["folder"])
    yield lock
    try:
        return (yield from _identities(params))
    finally:
        lock.release()


def _identities(params: Mapping[str, Any]) -> Generator[Step, Outcome, Found]:
    folder, days = params["folder"], params["valid_days"]
    signer = yield from _authority(os.path.join(folder, "authority"), days, params["trusted_ca"])
    client, _written = yield from _signed(os.path.join(folder, "client"), signer, "client", [], days)
    found = {"authority": signer, "client": client}
    if not params["name"]:
        return Found(found)
    found["daemon"], written = yield from _signed(os.path.join(folder, "hosts", params["name"]), signer, params["name"], params["names"], days)
    return Found(found, None if written else _stand_in(signer, params["names"]))


def _stand_in(signer: Identity, names: List[str]) -> Dict[str, str]:
    """For what checks the use of an identity before it is made. Signed by nobody: results of a check are shown."""
    made = authority.issue(authority.make_authority(1), "to come", names, True, 1)
    return {"ca": signer.certificate_text(), "certificate": made.certificate_text(), "key": made.key_text()}


def check(params: Mapping[str, Any]) -> None:
    """Raise BadOption for what no certificate can hold."""
    if params["valid_days"] < 1:
        raise BadOption("valid_days", params["valid_days"], "it is a number of days above 0", "valid_days: 365")
    if params["name"] and not re.match(r"^[\w][\w.:@+-]*$", params["name"]):
        raise BadOption("name", params["name"], "it cannot be the name of a folder", "name: web1.example.org")
    if params["name"] and not params["names"]:
        raise BadOption("names", params["names"], "clients compare the address they use with these", "names: [web1.example.org, 192.0.2.10]")
    for name in params["names"]:
        if not re.match(r"^[A-Za-z0-9*_.:-]+$", name):
            raise BadOption("names", name, "it is neither a DNS name nor an IP address", "names: [web1.example.org, 192.0.2.10]")


def _authority(folder: str, days: int, trusted: Optional[str]) -> Generator[Step, Outcome, Identity]:
    texts = _texts(folder)
    found = authority.read(texts["cert.pem"], texts["key.pem"])
    if found is None and any(texts.values()):
        raise Missing(
            "The authority in %s cannot be read, or its certificate and key are no pair" % folder,
            "Put the right cert.pem and key.pem back, or remove the folder to begin anew: then every daemon and every client gets another certificate",
        )
    if trusted and not authority.is_certificate_of(trusted, found):
        raise Missing(
            "The daemon trusts an authority that is not the one in %s, where there is %s" % (folder, "another one" if found else "none"),
            "Bring back the folder that its certificates were made in: with another authority, every client that the daemon knows is locked out. "
            "Where that is meant, leave trusted_ca out (in the role docker_engine: docker_engine_tls_new_authority: true)",
        )
    # What it signs today must not outlive it.
    why = authority.why_renew(found, None, [], days * 3)
    if not why and found:
        return found
    made = authority.make_authority(days * LONGER, found)
    yield Issue(folder, {"key.pem": made.key_text(), "cert.pem": made.certificate_text()}, made, found, why)
    return made


def _signed(folder: str, signer: Identity, common_name: str, names: List[str], days: int) -> Generator[Step, Outcome, Tuple[Identity, bool]]:
    """The identity, and whether it is in its folder."""
    texts = _texts(folder)
    found = authority.read(texts["cert.pem"], texts["key.pem"])
    why = authority.why_renew(found, signer, names, days) or ("" if texts["ca.pem"] == signer.certificate_text() else "the authority was renewed")
    if not why and found:
        return found, True
    made = authority.issue(signer, common_name, names, bool(names), days)
    pems = {"key.pem": made.key_text(), "cert.pem": made.certificate_text(), "ca.pem": signer.certificate_text()}
    outcome = yield Issue(folder, pems, made, found, why)
    return made, outcome.value


def _texts(folder: str) -> Dict[str, Optional[str]]:
    return {name: files.read_text(os.path.join(folder, name)) for name in ("key.pem", "cert.pem", "ca.pem")}

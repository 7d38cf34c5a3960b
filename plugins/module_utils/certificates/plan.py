# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Issues certificates in a folder that has a CA, a client certificate and one for each daemon, if they are missing or expire soon."""

from __future__ import annotations

import contextlib
import fcntl
import os
import re
import time
from typing import Any, Generator, Iterator, Mapping, NamedTuple

from ..errors import BadOption, Missing, StepFailed
from ..host import files
from ..step import Outcome, Scope, Step
from . import x509
from .x509 import Identity

# A CA is valid this many times longer than the certificates that it signs.
LONGER = 10
_PATIENCE = 60.0


@contextlib.contextmanager
def locked(folder: str) -> Iterator[None]:
    """Lock the folder, because runs for several hosts at the same time share one CA."""
    deadline = time.monotonic() + _PATIENCE
    try:
        os.makedirs(folder, mode=0o700, exist_ok=True)
        held = os.open(os.path.join(folder, ".lock"), os.O_CREAT | os.O_RDWR, 0o600)
    except OSError as error:
        raise Missing(
            f"Cannot use the folder {folder}: {error.strerror}", "Choose one that this user may write to"
        ) from error
    try:
        while not _locked(held):
            if time.monotonic() > deadline:
                raise StepFailed(
                    f"Another run has locked {folder}", "Wait until that run has finished, then run the task again"
                )
            time.sleep(0.05)
        yield
    finally:
        os.close(held)


def _locked(number: int) -> bool:
    try:
        fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


class Issue(Step[None]):
    """Write a certificate, its key, and the certificate of its CA. The outcome's value is whether they were written."""

    def __init__(
        self, folder: str, texts: Mapping[str, str], made: Identity, before: Identity | None, why: str
    ) -> None:
        self.folder, self.texts, self.made, self._old = folder, texts, made, before
        self.summary = "issue certificate {}: {}".format(os.path.join(folder, "cert.pem"), why)
        self._before: dict[str, str | None] = {}

    def predict(self, engine: None) -> Outcome:
        return Outcome(True, False, {self.folder: shown(self._old)}, {self.folder: shown(self.made)})

    def apply(self, engine: None) -> Outcome:
        os.makedirs(self.folder, mode=0o700, exist_ok=True)
        for name, text in self.texts.items():
            path = os.path.join(self.folder, name)
            self._before[path] = files.read_text(path)
            files.write_text(path, text, 0o600)
        return self.predict(engine)._replace(value=True)

    def undo(self, engine: None) -> None:
        for path, text in self._before.items():
            files.write_text(path, text, 0o600)


def shown(identity: Identity | None) -> dict[str, Any] | None:
    """The parts of a certificate that results may show."""
    return identity and {"names": x509.names_of(identity), "expires": expiry(identity)}


def expiry(identity: Identity) -> str:
    """When a certificate expires, in UTC."""
    return identity.expires.strftime("%Y-%m-%dT%H:%M:%SZ")


class Found(NamedTuple):
    """The certificates of the folder. ``preview`` has PEM texts by name if the daemon's certificate is only predicted."""

    identities: dict[str, Identity]
    preview: dict[str, str] | None = None


def decide(engine: None, params: Mapping[str, Any]) -> Generator[Step[Any], Outcome, Found]:
    """The steps: first the CA, then the certificates of the client and the daemon, which the CA signs."""
    x509.require()
    check(params)
    yield Scope("lock {}".format(params["folder"]), lambda target: locked(params["folder"]))
    return (yield from _identities(params))


def _identities(params: Mapping[str, Any]) -> Generator[Step[Any], Outcome, Found]:
    folder, days = params["folder"], params["valid_days"]
    ca = yield from _ca(os.path.join(folder, "ca"), days, params["trusted_ca"])
    client, _written = yield from _signed(os.path.join(folder, "client"), ca, "client", [], days)
    found = {"ca": ca, "client": client}
    if not params["name"]:
        return Found(found)
    found["daemon"], written = yield from _signed(
        os.path.join(folder, "hosts", params["name"]), ca, params["name"], params["names"], days
    )
    return Found(found, None if written else _preview(ca, params["names"]))


def _preview(ca: Identity, names: list[str]) -> dict[str, str]:
    """A certificate and key for later tasks in check mode. Not signed by the CA, because results of check mode are shown."""
    made = x509.issue(x509.make_ca(1), "preview", names, True, 1)
    return {"ca": ca.certificate_text(), "certificate": made.certificate_text(), "key": made.key_text()}


def check(params: Mapping[str, Any]) -> None:
    """Raise BadOption for values that are not valid in a certificate."""
    if params["valid_days"] < 1:
        raise BadOption("valid_days", "must be 1 day or more", got=params["valid_days"], example="valid_days: 365")
    if params["name"] and not re.match(r"^[\w][\w.:@+-]*$", params["name"]):
        raise BadOption("name", "must be usable as a folder name", got=params["name"], example="name: web1.example.org")
    if params["name"] and not params["names"]:
        raise BadOption(
            "names",
            "must name at least one address that clients connect to",
            got=params["names"],
            example="names: [web1.example.org, 192.0.2.10]",
        )
    for name in params["names"]:
        if not re.match(r"^[A-Za-z0-9*_.:-]+$", name):
            raise BadOption(
                "names", "must be DNS names or IP addresses", got=name, example="names: [web1.example.org, 192.0.2.10]"
            )


def _ca(folder: str, days: int, trusted: str | None) -> Generator[Step[Any], Outcome, Identity]:
    texts = _texts(folder)
    found = x509.read(texts["cert.pem"], texts["key.pem"])
    if found is None and any(texts.values()):
        raise Missing(
            f"The CA in {folder} cannot be read, or its key does not belong to its certificate",
            "Restore cert.pem and key.pem, or remove the folder to create a new CA; then every daemon and every client needs a new certificate",
        )
    if trusted and not x509.is_certificate_of(trusted, found):
        raise Missing(
            f"The daemon trusts a different CA from the one in {folder}"
            if found
            else f"The daemon trusts a CA, and there is none in {folder}",
            "Restore the folder that its certificates were issued in: with another CA, all present clients of the daemon are refused. "
            "If that is intended, omit trusted_ca (in the role docker_engine: docker_engine_tls_new_ca: true)",
        )
    # A certificate must not be valid longer than its CA.
    why = x509.why_renew(found, None, [], days * 3)
    if not why and found:
        return found
    made = x509.make_ca(days * LONGER, found)
    yield Issue(folder, {"key.pem": made.key_text(), "cert.pem": made.certificate_text()}, made, found, why)
    return made


def _signed(
    folder: str, ca: Identity, common_name: str, names: list[str], days: int
) -> Generator[Step[Any], Outcome, tuple[Identity, bool]]:
    """The certificate and key, and whether they are stored in the folder."""
    texts = _texts(folder)
    found = x509.read(texts["cert.pem"], texts["key.pem"])
    why = x509.why_renew(found, ca, names, days) or (
        "" if texts["ca.pem"] == ca.certificate_text() else "the CA was renewed"
    )
    if not why and found:
        return found, True
    made = x509.issue(ca, common_name, names, bool(names), days)
    pems = {"key.pem": made.key_text(), "cert.pem": made.certificate_text(), "ca.pem": ca.certificate_text()}
    outcome = yield Issue(folder, pems, made, found, why)
    return made, outcome.value


def _texts(folder: str) -> dict[str, str | None]:
    return {name: files.read_text(os.path.join(folder, name)) for name in ("key.pem", "cert.pem", "ca.pem")}

# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Is a configuration one that this dockerd would start with? The engine itself is asked before anything is put in place."""

from __future__ import annotations

import ipaddress
import json
import os
import re
import shutil
import ssl
import subprocess
import tempfile
from typing import Any, Callable, Dict, List, Mapping, Optional, Sequence

from ..errors import BadOption
from ..unit.account import Account, words_as
from ..daemon.secrets import mask_credentials

NOBODY = 65534
# dockerd 20.10 has no --validate, but says this after it has read its configuration and before it makes anything.
_READ_WITHOUT_FAULT = "dockerd needs to be started with root"
_TLS_FILES = ("tlscacert", "tlscert", "tlskey")
_UNKNOWN_FLAG = "unknown flag: --validate"


def require_valid(
    document: Dict[str, Any], command: Sequence[str], certificates: Mapping[str, Optional[str]], to_come: str, account: Optional[Account] = None
) -> None:
    """Raise BadOption with the engine's words unless ``command`` (dockerd and its flags) would start with ``document``.

    ``certificates`` are texts of files that it names and that are not in place yet; those below the folder ``to_come`` may be missing.
    ``account`` is the user whose Engine it is.
    """
    complaint = _complaint(document, command, certificates, to_come, account)
    if complaint:
        raise BadOption("options", mask_credentials(document), "the Engine refuses it: %s. Nothing was changed" % mask_credentials(complaint))


def _complaint(
    document: Dict[str, Any], command: Sequence[str], certificates: Mapping[str, Optional[str]], to_come: str, account: Optional[Account]
) -> Optional[str]:
    folder = tempfile.mkdtemp(prefix="flotilla-validate-")
    try:
        draft = os.path.join(folder, "daemon.json")
        with open(draft, "w", encoding="utf-8") as file:
            json.dump(_with_drafts(document, certificates, to_come, folder), file)
        for path in (draft, folder):
            os.chown(path, account.uid if account else NOBODY, account.gid if account else NOBODY)
        words = [*_without_config_file(command), "--config-file", draft]
        words = words_as(account, words) if account else words
        status, said = _run([*words, "--validate"])
        if _UNKNOWN_FLAG in said:
            status, said = _run(words, as_nobody=account is None)
            status = 0 if _READ_WITHOUT_FAULT in said else status
        return None if status == 0 else _last_words(said).replace(draft, "daemon.json")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _with_drafts(document: Dict[str, Any], certificates: Mapping[str, Optional[str]], to_come: str, folder: str) -> Dict[str, Any]:
    """The document with drafts in place of certificates that change. Without TLS where they are not made yet: dockerd would look for them."""
    draft = dict(document)
    for option in _TLS_FILES:
        path = document.get(option)
        if certificates.get(path or ""):
            draft[option] = os.path.join(folder, option)
            _write_private(draft[option], certificates[path] or "")
        elif path and os.path.dirname(path) == to_come and not os.path.exists(path):
            return {key: value for key, value in document.items() if key not in ("tls", "tlsverify", *_TLS_FILES)}
    return draft


def _write_private(path: str, text: str) -> None:
    with open(os.open(path, os.O_CREAT | os.O_WRONLY, 0o600), "w", encoding="utf-8") as file:
        file.write(text)


def _run(words: Sequence[str], as_nobody: bool = False) -> Any:
    def become_nobody() -> None:
        os.setgroups([])
        os.setgid(NOBODY)
        os.setuid(NOBODY)

    try:
        done = subprocess.run(  # pylint: disable=ansible-bad-function  # that has no timeout
            words,
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=20,
            check=False,
            preexec_fn=become_nobody if as_nobody else None,
        )
    except subprocess.TimeoutExpired:
        return 1, "dockerd gave no verdict within 20 seconds"
    except OSError as error:
        return 1, str(error)
    return done.returncode, done.stdout.decode("utf-8", "replace")


def _without_config_file(command: Sequence[str]) -> List[str]:
    words = [word for word in command if not word.startswith("--config-file=")]
    if "--config-file" in words:
        at = words.index("--config-file")
        del words[at : at + 2]
    return words


def _last_words(said: str) -> str:
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    return lines[-1].rstrip(".") if lines else "it gave no reason"


def require_identity(authority: str, certificate: str, key: str) -> None:
    """Raise BadOption unless the three PEM texts are what a daemon can show and verify with: it would not start otherwise."""
    folder = tempfile.mkdtemp(prefix="flotilla-validate-")
    try:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        _judge_pem("server_ca", lambda: context.load_verify_locations(cadata=authority))
        pair = os.path.join(folder, "pair.pem")
        _write_private(pair, "%s\n%s\n" % (certificate.strip(), key.strip()))
        _judge_pem("server_certificate", lambda: context.load_cert_chain(pair, password=lambda: ""))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _judge_pem(option: str, load: Callable[[], None]) -> None:
    try:
        load()
    except (ssl.SSLError, ValueError, OSError) as error:
        why = getattr(error, "reason", None) or str(error)
        raise BadOption(
            option,
            "what was given",
            "%s. Give PEM texts: server_ca of the authority that signs the clients, server_certificate, and server_key that belongs to it, without a passphrase"
            % {"KEY_VALUES_MISMATCH": "server_key is the key of another certificate"}.get(why, "it cannot be read (%s)" % why),
        ) from None


def require_guarded_tcp(document: Dict[str, Any], flags: Sequence[str], insisted: bool) -> None:
    """Raise BadOption for a TCP address that anybody may use: whoever reaches it is root on the host."""
    verified = document.get("tlsverify") is True or any(flag in ("--tlsverify", "--tlsverify=true") for flag in flags)
    for address in [*_as_list(document.get("hosts")), *_hosts_of(flags)]:
        if address.startswith("tcp://") and not verified and not insisted and not _loopback(address):
            raise BadOption(
                "flags" if address in _hosts_of(flags) else "options",
                address,
                "whoever reaches this address would be root on the host. "
                "Verify clients by TLS (tlsverify, tlscacert, tlscert, tlskey), listen on 127.0.0.1, or insist with allow_plain_tcp: true",
            )


def _as_list(value: Any) -> List[str]:
    return value if isinstance(value, list) else []


def _hosts_of(flags: Sequence[str]) -> List[str]:
    pairs = zip(flags, [*flags[1:], ""])
    return [following for flag, following in pairs if flag in ("-H", "--host")] + [
        flag.split("=", 1)[1] for flag in flags if flag.startswith(("-H=", "--host="))
    ]


def _loopback(address: str) -> bool:
    name = re.sub(r":\d+$", "", address[len("tcp://") :]).strip("[]")
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return name == "localhost"

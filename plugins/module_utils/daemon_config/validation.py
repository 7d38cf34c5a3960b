# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Validates a configuration with dockerd itself, before anything is changed."""

from __future__ import annotations

import ipaddress
import json
import os
import re
import shutil
import ssl
import subprocess
import tempfile
from typing import Any, Callable, Mapping, NamedTuple, Sequence

from ..errors import BadOption
from ..host.users import Account, words_as
from . import refusals

NOBODY = 65534
# dockerd 20.10 has no --validate, but prints this after it has read its configuration and before it changes anything.
_READ_WITHOUT_FAULT = "dockerd needs to be started with root"
_TLS_FILES = ("tlscacert", "tlscert", "tlskey")
_UNKNOWN_FLAG = "unknown flag: --validate"


class Draft(NamedTuple):
    """The configuration to validate: daemon.json, dockerd's command line without the tasks' ``flags``, and these flags.

    ``certificates`` are texts of files that daemon.json names and that are not written yet; those below ``new_folder`` may be missing.
    ``account`` is the user whose rootless Engine it is.
    """

    document: dict[str, Any]
    command: Sequence[str]
    flags: tuple[str, ...]
    certificates: Mapping[str, str | None] = {}
    new_folder: str = ""
    account: Account | None = None


def require_valid(draft: Draft) -> None:
    """Raise BadOption, with the Engine's reason, unless dockerd would start with the draft."""
    output = _refusal(draft)
    if output is not None:
        raise refusals.explain(
            output, refusals.Configuration(draft.document, draft.flags, lambda: _known_flags(draft.command[0]))
        )


def _refusal(draft: Draft) -> str | None:
    folder = tempfile.mkdtemp(prefix="flotilla-validate-")
    account = draft.account
    try:
        path = os.path.join(folder, "daemon.json")
        with open(path, "w", encoding="utf-8") as file:
            json.dump(_with_drafts(draft, folder), file)
        for each in (path, folder) if os.geteuid() == 0 else ():
            os.chown(each, account.uid if account else NOBODY, account.gid if account else NOBODY)
        program, *flags = _without_config_file([*draft.command, *draft.flags])

        def ask(*first: str) -> tuple[int, str]:
            # Before all others, so that they cannot become the value of a flag without one.
            words = [program, *first, "--config-file", path, *flags]
            return _run(
                words_as(account, words) if account else words,
                as_nobody=not first and account is None and os.geteuid() == 0,
            )

        status, said = ask("--validate")
        if _UNKNOWN_FLAG in said:
            status, said = ask()
            status = 0 if _READ_WITHOUT_FAULT in said else status
        return None if status == 0 else said.replace(path, "daemon.json")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _known_flags(program: str) -> list[str]:
    return re.findall(r"--[a-z][\w-]+", _run([program, "--help"])[1])


def _with_drafts(draft: Draft, folder: str) -> dict[str, Any]:
    """The document with temporary files in place of certificates that change. Without TLS if they do not exist yet, because dockerd would read them."""
    changed = dict(draft.document)
    for option in _TLS_FILES:
        path = str(draft.document.get(option) or "")
        text = draft.certificates.get(path)
        if text:
            changed[option] = os.path.join(folder, option)
            _write_private(changed[option], text)
        elif path and os.path.dirname(path) == draft.new_folder and not os.path.exists(path):
            return {key: value for key, value in draft.document.items() if key not in ("tls", "tlsverify", *_TLS_FILES)}
    return changed


def _write_private(path: str, text: str) -> None:
    with open(os.open(path, os.O_CREAT | os.O_WRONLY, 0o600), "w", encoding="utf-8") as file:
        file.write(text)


def _run(words: Sequence[str], as_nobody: bool = False) -> tuple[int, str]:
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
        return 1, "dockerd did not answer within 20 seconds"
    except OSError as error:
        return 1, str(error)
    return done.returncode, done.stdout.decode("utf-8", "replace")


def _without_config_file(command: Sequence[str]) -> list[str]:
    words = [word for word in command if not word.startswith("--config-file=")]
    if "--config-file" in words:
        at = words.index("--config-file")
        del words[at : at + 2]
    return words


def require_identity(ca: str, certificate: str, key: str) -> None:
    """Raise BadOption unless a daemon can start with these PEM texts of CA, certificate and key."""
    folder = tempfile.mkdtemp(prefix="flotilla-validate-")
    try:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        _judge_pem("server_ca", lambda: context.load_verify_locations(cadata=ca))
        pair = os.path.join(folder, "pair.pem")
        _write_private(pair, f"{certificate.strip()}\n{key.strip()}\n")
        _judge_pem("server_certificate", lambda: context.load_cert_chain(pair, password=lambda: ""))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _judge_pem(option: str, load: Callable[[], None]) -> None:
    try:
        load()
    except (ssl.SSLError, ValueError, OSError) as error:
        why = getattr(error, "reason", None) or str(error)
        if why == "KEY_VALUES_MISMATCH":
            raise BadOption("server_key", "must belong to server_certificate") from None
        raise BadOption(option, f"must be PEM text, for a key without a passphrase ({why})") from None


def require_guarded_tcp(document: dict[str, Any], flags: Sequence[str], allowed: bool) -> None:
    """Raise BadOption for a TCP address that does not verify its clients: anyone who can connect is root on the host."""
    verified = document.get("tlsverify") is True or any(flag in ("--tlsverify", "--tlsverify=true") for flag in flags)
    for address in [*_as_list(document.get("hosts")), *_hosts_of(flags)]:
        if address.startswith("tcp://") and not verified and not allowed and not _loopback(address):
            raise BadOption(
                "flags" if address in _hosts_of(flags) else "options",
                "must not open an unprotected TCP address: anyone who can connect to it is root on the host. "
                "Verify clients with TLS (tlsverify, tlscacert, tlscert, tlskey), listen on 127.0.0.1, or set allow_plain_tcp: true",
                got=address,
            )


def _as_list(value: object) -> list[str]:
    return value if isinstance(value, list) else []


def _hosts_of(flags: Sequence[str]) -> list[str]:
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

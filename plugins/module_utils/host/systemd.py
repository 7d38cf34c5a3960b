# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reads units of systemd; changes nothing."""

from __future__ import annotations

import calendar
import time
from typing import Any, Callable, Optional, Sequence

from .programs import read_output
from .users import Account, words_as

_FORM = "%Y-%m-%dT%H:%M:%SZ"
Reader = Callable[[Sequence[str]], Optional[str]]


def _text(value: str) -> str | None:
    return value or None


def _number(value: str) -> int | None:
    """None for "[not set]", and for the largest number, which old systemd prints for it."""
    return int(value) if value.isdigit() and value != str(2**64 - 1) else None


def _moment(value: str) -> str | None:
    """ "Mon 2026-11-23 20:54:52 UTC" as ISO 8601."""
    try:
        return time.strftime(_FORM, time.strptime(value, "%a %Y-%m-%d %H:%M:%S UTC"))
    except ValueError:
        return None


def _ending(value: str) -> str | None:
    """How a main process exited, from the numbers of waitid(2)."""
    return {"1": "exited", "2": "killed", "3": "dumped"}.get(value)


def _listening(values: str) -> list[str]:
    """ "/run/docker.sock (Stream)", a line each."""
    return [line.rsplit(" (", 1)[0] for line in values.splitlines() if line]


# result key, property of systemd, how to read it
_COMMON = (
    ("name", "Id", str),
    ("load_state", "LoadState", str),
    ("active_state", "ActiveState", str),
    ("sub_state", "SubState", str),
    ("enabled", "UnitFileState", _text),
    ("result", "Result", str),
    ("since", "ActiveEnterTimestamp", _moment),
    ("job", "Job", lambda value: None if value in ("", "0") else value),
    ("unit_file", "FragmentPath", _text),
    ("needs_daemon_reload", "NeedDaemonReload", lambda value: value == "yes"),
)
_SERVICE = (
    ("type", "Type", _text),
    ("main_pid", "MainPID", _number),
    ("started_at", "ExecMainStartTimestamp", _moment),
    ("ended_at", "ExecMainExitTimestamp", _moment),
    ("exit_code", "ExecMainCode", _ending),
    ("exit_status", "ExecMainStatus", _number),
    ("restarts", "NRestarts", _number),
    ("memory", "MemoryCurrent", _number),
    ("tasks", "TasksCurrent", _number),
    ("triggered_by", "TriggeredBy", str.split),
    ("drop_ins", "DropInPaths", str.split),
    ("command", "ExecStart", lambda value: value.split("argv[]=", 1)[-1].split(" ; ", 1)[0]),
)
_SOCKET = (("listens_on", "Listen", _listening),)
_KINDS = {"service": _SERVICE, "socket": _SOCKET}


def read_units(
    names: Sequence[str], account: Account | None = None, read: Reader = read_output
) -> dict[str, dict[str, Any]] | None:
    """Facts of units by name, in one call; a unit that does not exist has load_state not-found. None where systemd does not run the host.

    ``account`` asks for units of that user instead of the host's. None then also means that no unit of the user runs: no login, no lingering.
    """
    wanted = [row for name in names for row in _rows(name)]
    properties = ",".join(sorted({row[1] for row in wanted}))
    words = ["show", "--property", properties, "--", *names]
    output = read(words_as(account, ["systemctl", "--user", *words]) if account else ["systemctl", *words])
    # One block per unit, in the requested order. Without systemd, systemctl prints nothing.
    blocks = [_properties(block) for block in (output or "").strip().split("\n\n")]
    if len(blocks) != len(names) or "LoadState" not in blocks[0]:
        return None
    return {
        name: {key: parse(block.get(source, "")) for key, source, parse in _rows(name)}
        for name, block in zip(names, blocks)
    }


def read_journal(name: str, lines: int = 20, account: Account | None = None, read: Reader = read_output) -> list[str]:
    """The last ``lines`` messages of a unit, the newest last. Empty if this user may not read the journal."""
    # --user-unit would read units of the calling user.
    which = [f"_SYSTEMD_USER_UNIT={name}", "_UID=%d" % account.uid] if account else ["--unit", name]
    output = read(["journalctl", *which, "--lines", str(lines), "--output", "cat", "--no-pager", "--quiet"])
    return [line.strip() for line in (output or "").splitlines() if line.strip()]


def moment(seconds_since_1970: int | None) -> str | None:
    """The time in the form of read_units."""
    return None if seconds_since_1970 is None else time.strftime(_FORM, time.gmtime(seconds_since_1970))


def seconds(moment_text: str | None) -> int | None:
    """Seconds since 1970 of a time in the form of read_units."""
    return None if moment_text is None else calendar.timegm(time.strptime(moment_text, _FORM))


def _rows(name: str) -> Any:
    return _COMMON + _KINDS[name.rsplit(".", 1)[-1]]


def _properties(block: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for line in block.splitlines():
        key, separator, value = line.partition("=")
        if separator:
            # A property that occurs more than once becomes a list, such as Listen.
            found[key] = found[key] + "\n" + value if key in found else value
    return found

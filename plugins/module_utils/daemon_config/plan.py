# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Decides which files to write and what the service needs for them."""

from __future__ import annotations

import json
from typing import Any, Dict, Generator, List, Mapping, NamedTuple, Optional

from ..errors import BadOption, Missing
from ..step import Outcome, SideBySide, Step
from . import document
from .bystanders import HoldContainers, StartAgain, StopContainer
from .change import Change, judge
from .data_root import Move
from .host import SERVICE, SOCKET_DROP_IN, Containers, Host
from .moving import CopyData, FindAll, RemoveOldData, StopDaemon
from .steps import ChangeService, HoldRunning, LoadUnits, LoadUnitsAgain, Remember, WriteFile
from .user_steps import Enable, FindPrograms, Linger, StopFirstStart

Steps = Generator[Step, Outcome, Any]


class Done(NamedTuple):
    """What the module returns."""

    options: Dict[str, Any]
    changed_keys: List[str]
    backup_file: Optional[str]
    service_action: str
    restart_pending: List[str]
    restart_held_by: str


def decide(host: Host, params: Mapping[str, Any]) -> Steps:
    """Everything is judged before the first step changes anything."""
    change = judge(host, params)
    active = host.active()
    reasons = list(dict.fromkeys([*_still_pending(host), *params["restart_reasons"], *change.for_restart]))
    held_by = _held_by(params["restart"], host, change.keys) if active and reasons else ""
    if held_by and change.move:
        raise BadOption("old_data", params["old_data"], "data move while the daemon is stopped, and that is not allowed now: %s" % held_by)
    held = HoldContainers()
    if active and reasons and not held_by:
        yield held
    yield HoldRunning()
    lingered = (yield from _wake(host, host.account.name)) if host.account else False
    known = (yield from _bring_data(host, change.move, active)) if change.move else {}
    backup = yield from _write(host, params, change)
    if host.account:
        yield Enable()
    restarts = active and bool(reasons) and not held_by
    if restarts or not active:
        # A daemon that was stopped to move its data is started; for whom it was running before, that is its restart.
        verb = "restart" if restarts and not change.move else "start"
        yield ChangeService(verb, reasons if active else [], with_socket=SOCKET_DROP_IN in change.drop_ins and verb == "restart")
    elif change.for_reload:
        yield ChangeService("reload", change.for_reload)
    if restarts:
        yield StartAgain(held, strict=bool(change.move))
    if change.move:
        yield FindAll(known, change.move.new)
    pending = reasons if held_by else []
    yield Remember(dict(_memory(host, params, change, pending), **({"lingered": True} if lingered else {})))
    if change.move and not change.move.keep:
        yield RemoveOldData(change.move.old)
    action = "restart" if restarts else "start" if not active else "reload" if change.for_reload else "none"
    return Done(change.desired, change.keys, backup, action, pending, held_by)


def _wake(host: Host, name: str) -> Generator[Step, Outcome, bool]:
    """Units of a user run only where somebody sees to it. Returns whether it was us, now or in an earlier run."""
    yield FindPrograms()
    outcome = yield Linger(name)
    yield StopFirstStart()
    return outcome.changed or bool(host.memory.get("lingered"))


def _memory(host: Host, params: Mapping[str, Any], change: Change, pending: List[str]) -> Dict[str, Any]:
    return {
        "options": params["options"],
        "certificates": bool(params["server_key"]),
        "authorities": sorted(change.authorities),
        "pending": pending,
        "invocation": _invocation(host) if pending else "",
    }


def _bring_data(host: Host, move: Move, active: bool) -> Generator[Step, Outcome, Dict[str, str]]:
    """Returns the images and containers that the daemon must know afterwards."""
    found = host.containers() if active else Containers()
    if found.unknown:
        raise Missing("The daemon does not tell what it has, so nobody could tell whether all of it was moved: %s" % found.unknown)
    known = host.known() if active else {}
    if found.live_restore and found.to_start:
        yield SideBySide([StopContainer(key, name) for key, name in found.to_start.items()], 10)
    yield StopDaemon()
    yield CopyData(move, found.containerd_store)
    return known


def _write(host: Host, params: Mapping[str, Any], change: Change) -> Generator[Step, Outcome, Optional[str]]:
    """Returns the path of the copy of the old daemon.json, if one was made."""
    for path, text in change.certificates.items():
        yield WriteFile(path, text, 0o600, secret=path.endswith("key.pem"))
    for path, text in change.changed_authorities.items():
        yield WriteFile(path, text)
    if change.drop_ins:
        yield LoadUnitsAgain()
        for path, text in change.drop_ins.items():
            # Addresses of proxies may hold a password.
            yield WriteFile(path, text, 0o600 if "@" in (text or "") else 0o644)
        yield LoadUnits()
    if not change.keys:
        return None
    outcome = yield WriteFile(host.path, text_of(change.desired), 0o644, keep_backup=params["backup"])
    return outcome.value


def text_of(options: Dict[str, Any]) -> Optional[str]:
    """daemon.json with these options; None, which is no file, where there are none."""
    return json.dumps(options, indent=2, sort_keys=True, ensure_ascii=False) + "\n" if options else None


def _still_pending(host: Host) -> List[str]:
    """What an earlier run left for a restart, unless somebody has restarted the daemon since."""
    return host.memory.get("pending", []) if host.memory.get("invocation") == _invocation(host) else []


def _invocation(host: Host) -> str:
    unit = host.units()[SERVICE]
    return "%s %s" % (unit["main_pid"], unit["started_at"])


def _held_by(policy: str, host: Host, keys: List[str]) -> str:
    """Why the daemon may not be restarted now; empty if it may."""
    if policy == "always":
        return ""
    if policy == "never":
        return "restart is set to never"
    found: Containers = host.containers()
    if found.unknown:
        return "the daemon does not tell which containers run: %s" % found.unknown
    breaking = sorted(document.BREAKS_LIVE_RESTORE.intersection(keys))
    if not found.running or (found.live_restore and not breaking):
        return ""
    why = "%s cannot be changed under live-restore" % ", ".join(breaking) if found.live_restore else "live-restore is off"
    return "it would stop %d containers (%s), because %s" % (len(found.running), ", ".join(found.running[:5]), why)

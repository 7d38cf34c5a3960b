# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Decides which files to write and what the service needs for them."""

from __future__ import annotations

import json
import os
from typing import Any, Dict, Generator, List, Mapping, NamedTuple, Optional, Tuple

from ..errors import BadOption, Missing
from ..step import Outcome, Step
from . import document, files, unit_text, validation
from .host import SERVICE, SERVICE_DROP_IN, SOCKET_DROP_IN, Containers, Host
from .steps import ChangeService, HoldRunning, LoadUnits, LoadUnitsAgain, Remember, WriteFile

Steps = Generator[Step, Outcome, Any]


class Done(NamedTuple):
    """What the module returns."""

    options: Dict[str, Any]
    changed_keys: List[str]
    backup_file: Optional[str]
    service_action: str
    restart_pending: List[str]
    restart_held_by: str


class Needs(NamedTuple):
    """What the running daemon has to take over: by a restart, by a reload, and whether its socket takes part."""

    restart: List[str]
    reload: List[str]
    socket: bool


def decide(host: Host, params: Mapping[str, Any]) -> Steps:
    """Everything is judged before the first step changes anything."""
    present = _present(params["path"], params["merge"])
    remembered = host.memory.get("options", {})
    desired = document.merge(present, params["options"], remembered) if params["merge"] else dict(params["options"])
    keys = document.changed_keys(present, desired)
    _judge(host, params, present, desired)

    yield HoldRunning()
    drop_ins = yield from _write_drop_ins(host, params)
    backup = yield from _write_document(params, present, desired, keys)
    needs = Needs(
        [*params["restart_reasons"], *drop_ins, *document.restart_keys(keys)], [key for key in keys if key in document.RELOADABLE], SOCKET_DROP_IN in drop_ins
    )
    action, pending, held_by = yield from _bring_into_line(host, params, needs, keys)
    yield Remember({"options": params["options"], "pending": pending, "invocation": _invocation(host) if pending else ""})
    return Done(desired, keys, backup, action, pending, held_by)


def _present(path: str, merge: bool) -> Dict[str, Any]:
    text = files.read_text(path)
    if not (text or "").strip():
        return {}
    try:
        found = json.loads(text or "")
    except ValueError as error:
        if merge:
            raise Missing("%s is no JSON (%s), so nothing can be merged into it" % (path, error), "Mend it by hand, or replace it with merge: false") from None
        return {}
    return found if isinstance(found, dict) else {}


def _judge(host: Host, params: Mapping[str, Any], present: Dict[str, Any], desired: Dict[str, Any]) -> None:
    validation.require_guarded_tcp(desired, params["flags"], params["allow_plain_tcp"])
    if not host.installed():
        return
    validation.require_valid(desired, [host.program or "dockerd", *host.command(params["flags"])[1:]])
    old = present.get("data-root", "/var/lib/docker")
    if desired.get("data-root", "/var/lib/docker") != old and params["old_data"] == "refuse" and _holds_data(old):
        raise BadOption(
            "options",
            {"data-root": desired.get("data-root", "/var/lib/docker")},
            "%s holds images, containers or volumes, which the daemon would no longer see. Move them first while it is stopped, or leave them with old_data:"
            " leave" % old,
        )


def _holds_data(root: str) -> bool:
    """More than an engine's first start makes: an image, a container or a volume."""
    inside = ("image/overlay2/imagedb/content/sha256", "containers", "volumes")
    return any(_entries(os.path.join(root, folder)) - {"metadata.db", "backingFsBlockDev"} for folder in inside)


def _entries(folder: str) -> set:
    try:
        return set(os.listdir(folder))
    except OSError:
        return set()


def _write_drop_ins(host: Host, params: Mapping[str, Any]) -> Generator[Step, Outcome, List[str]]:
    command = host.packaged_command() or "/usr/sbin/dockerd" if params["flags"] else ""
    texts = {
        SERVICE_DROP_IN: unit_text.service_drop_in(params["environment"], params["flags"], params["service_settings"], command),
        SOCKET_DROP_IN: unit_text.socket_drop_in(params["socket_settings"]),
    }
    wanted = {path: text or None for path, text in texts.items() if (text or None) != files.read_text(path)}
    if not wanted:
        return []
    yield LoadUnitsAgain()
    for path, text in wanted.items():
        # Addresses of proxies may hold a password.
        yield WriteFile(path, text, 0o600 if "@" in (text or "") else 0o644)
    yield LoadUnits()
    return list(wanted)


def _write_document(params: Mapping[str, Any], present: Dict[str, Any], desired: Dict[str, Any], keys: List[str]) -> Generator[Step, Outcome, Optional[str]]:
    if not keys:
        return None
    text = json.dumps(desired, indent=2, sort_keys=True, ensure_ascii=False) + "\n" if desired else None
    outcome = yield WriteFile(params["path"], text, 0o644, keep_backup=params["backup"])
    return outcome.value


def _bring_into_line(host: Host, params: Mapping[str, Any], needs: Needs, keys: List[str]) -> Generator[Step, Outcome, Tuple[str, List[str], str]]:
    if not host.active():
        yield ChangeService("start", [])
        return "start", [], ""
    reasons = list(dict.fromkeys([*_still_pending(host), *needs.restart]))
    if reasons:
        held_by = _held_by(params["restart"], host, keys)
        if not held_by:
            yield ChangeService("restart", reasons, with_socket=needs.socket)
            return "restart", [], ""
    if needs.reload:
        yield ChangeService("reload", needs.reload)
    return "reload" if needs.reload else "none", reasons, held_by if reasons else ""


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

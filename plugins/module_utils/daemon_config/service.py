# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether a change needs a start, restart or reload of the service, and whether that is allowed now."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Mapping, NamedTuple

from . import daemon_json
from .host import Containers, DaemonHost

if TYPE_CHECKING:
    from .change import Change


class ServiceChange(NamedTuple):
    """``verb`` is start, restart, reload or none, for these ``reasons``. ``pending``: what waits for a restart that ``held_by`` does not allow.

    ``containers`` are those that a restart would stop.
    """

    verb: str
    reasons: list[str]
    pending: list[str] = []
    held_by: str = ""
    containers: Containers = Containers()

    @property
    def restarts(self) -> bool:
        """Whether a running daemon is restarted."""
        return self.verb == "restart"


def service_change(host: DaemonHost, params: Mapping[str, Any], change: Change) -> ServiceChange:
    """The change that the service needs."""
    if not host.active():
        return ServiceChange("start", [])
    reasons = list(dict.fromkeys([*_still_pending(host), *params["restart_reasons"], *change.for_restart]))
    containers = host.containers() if reasons and params["restart"] != "never" else Containers()
    held_by = why_held(params["restart"], containers, _stopping(host, change, reasons)) if reasons else ""
    if reasons and not held_by:
        return ServiceChange("restart", reasons, containers=containers)
    pending = reasons if held_by else []
    if change.for_reload:
        return ServiceChange("reload", change.for_reload, pending, held_by)
    return ServiceChange("none", [], pending, held_by)


def why_held(policy: str, containers: Containers, stopping: str) -> str:
    """Why the daemon may not be restarted now; empty if it may. ``stopping``: why this restart stops containers in spite of live-restore."""
    if policy == "always":
        return ""
    if policy == "never":
        return "restart is set to never"
    if containers.unknown:
        return f"the daemon does not report which containers run: {containers.unknown}"
    if not containers.running or (containers.live_restore and not stopping):
        return ""
    why = stopping if containers.live_restore else "live-restore is off"
    shown = ", ".join(containers.running[:5])
    return f"a restart would stop {len(containers.running)} containers ({shown}), because {why}"


def _stopping(host: DaemonHost, change: Change, reasons: list[str]) -> str:
    """Why this restart stops containers in spite of live-restore; empty if it does not."""
    breaking = sorted(daemon_json.BREAKS_LIVE_RESTORE.intersection([*change.keys, *reasons]))
    if breaking:
        return f"{', '.join(breaking)} cannot be changed under live-restore"
    configured = change.desired.get("live-restore")
    if configured is None:
        words = host.command(change.settlement.together.flags)
        configured = "--live-restore" in words or "--live-restore=true" in words
    # A daemon that starts without live-restore stops the containers that the daemon before it left running.
    return "" if configured else "live-restore is not configured any more"


def _still_pending(host: DaemonHost) -> list[str]:
    """Changes of earlier runs that need a restart, unless the daemon was restarted since."""
    return host.record.pending if host.record.invocation == host.invocation() else []

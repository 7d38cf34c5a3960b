# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Decides which files to write and what the service needs for them."""

from __future__ import annotations

from typing import Any, Generator, Mapping, NamedTuple

from ..data_root import steps as data_root
from ..data_root.check import Move
from ..errors import BadOption, Missing
from ..step import Check, OnRollback, Outcome, SideBySide, Step
from . import daemon_json
from .change import Change, judge
from .container_restart import StopContainer, start_on_rollback
from .host import SERVICE, DaemonHost
from .record import HostRecord
from .service import ServiceChange, service_change
from .steps import ChangeService, LoadUnits, WriteFile, WriteRecord

Steps = Generator[Step[DaemonHost], Outcome, Any]


class Done(NamedTuple):
    """What the module returns."""

    options: dict[str, Any]
    changed_keys: list[str]
    backup_file: str | None
    service_action: str
    restart_pending: list[str]
    restart_held_by: str
    warnings: list[str] = []


def decide(host: DaemonHost, params: Mapping[str, Any]) -> Steps:
    """The steps of docker_daemon_config. Everything is checked before the first step changes anything."""
    change = judge(host, params)
    service = service_change(host, params, change)
    if service.held_by and change.move:
        raise BadOption(
            "old_data",
            f"cannot be applied now: moving data needs a restart of the daemon, and {service.held_by}",
            got=params["old_data"],
        )
    yield from _rollback_hooks(host, service, change)
    lingered = yield from host.prepare_service()
    known = (yield from _move_data(host, change.move, service)) if change.move else {}
    backup = yield from _write(host, params, change)
    yield from host.enable_service()
    if service.verb != "none":
        yield ChangeService(
            # The daemon was stopped to move its data and is started here; for the containers, this is a restart.
            "start" if change.move else service.verb,
            service.reasons,
            with_socket=service.restarts and not change.move and host.socket_drop_in in change.drop_ins,
            containers=service.containers if service.restarts else None,
            strict=bool(change.move),
        )
    if change.move:
        new = change.move.new
        yield Check("find every image and container again", lambda target: data_root.require_known(target, known, new))
    pending = service.pending
    yield WriteRecord(
        HostRecord(
            sections=change.settlement.sections,
            pending=pending,
            invocation=host.invocation() if pending else "",
            lingered=lingered,
        )
    )
    if change.move and not change.move.keep:
        yield data_root.RemoveOldData(change.move.old)
    return Done(
        change.desired, change.keys, backup, service.verb, pending, service.held_by, change.settlement.conflicts
    )


def _rollback_hooks(host: DaemonHost, service: ServiceChange, change: Change) -> Steps:
    """Steps of a rollback after all files are restored: start the daemon with its former configuration, then its containers."""
    if service.restarts:
        yield start_on_rollback(service.containers, None if change.move else host.invocation())
    if service.restarts and not change.move:
        invocation = host.invocation()

        def restart(target: DaemonHost) -> bool:
            if target.invocation() == invocation:
                return False
            target.restart_service()
            return True

        yield OnRollback(f"restart {SERVICE}", restart)
    if service.verb == "reload":
        yield OnRollback(f"reload {SERVICE}", lambda target: target.systemctl(["reload", SERVICE]))


def _move_data(
    host: DaemonHost, move: Move, service: ServiceChange
) -> Generator[Step[DaemonHost], Outcome, dict[str, str]]:
    """Move the data. Returns the images and containers that the daemon must have afterwards."""
    found = service.containers
    if found.unknown:
        raise Missing(
            f"The data root cannot be moved, because the daemon does not report its images and containers: {found.unknown}",
            "Repair the daemon first; docker_daemon_status shows what is wrong",
        )
    known = host.known() if service.restarts else {}
    if found.live_restore and found.to_start:
        yield SideBySide([StopContainer(key, name) for key, name in found.to_start.items()], 10)
    yield data_root.StopDaemon()
    yield data_root.CopyData(move, found.containerd_store)
    return known


def _write(
    host: DaemonHost, params: Mapping[str, Any], change: Change
) -> Generator[Step[DaemonHost], Outcome, str | None]:
    """Write the files. Returns the path of the copy of the old daemon.json, if one was made."""
    for path, text in change.certificates.items():
        yield WriteFile(path, text, 0o600, secret=path.endswith("key.pem"))
    for path, text in change.registry_cas.items():
        yield WriteFile(path, text)
    if change.drop_ins:
        yield OnRollback("reload systemd units", lambda target: target.load_units())
        for path, text in change.drop_ins.items():
            # Addresses of proxies may hold a password.
            yield WriteFile(path, text, 0o600 if "@" in (text or "") else 0o644)
        yield LoadUnits()
    if not change.keys:
        return None
    outcome = yield WriteFile(host.path, daemon_json.text_of(change.desired), 0o644, keep_backup=params["backup"])
    return outcome.value

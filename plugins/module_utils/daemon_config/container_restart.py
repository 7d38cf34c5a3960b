# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Starts containers again that ran before a restart of the daemon and that the daemon does not start by itself."""

from __future__ import annotations

from ..errors import FlotillaError, StepFailed
from ..step import OnRollback, Outcome, Step
from .host import Containers, DaemonHost


class StopContainer(Step[DaemonHost]):
    """Stop a container that live-restore would keep running on data that is moved."""

    undoable = False  # start_on_rollback() starts the container, when the daemon runs again

    def __init__(self, key: str, name: str) -> None:
        self.key = key
        self.summary = f"stop container {name}"

    def apply(self, engine: DaemonHost) -> Outcome:
        engine.connect().containers.stop(self.key)
        return Outcome(changed=True)


def start_on_rollback(containers: Containers, invocation: str | None) -> OnRollback[DaemonHost]:
    """The last step of a rollback, when the daemon runs with its former configuration.

    With an ``invocation``, only if the daemon was restarted since: otherwise a stopped container exited by itself and is not started.
    """

    def start(host: DaemonHost) -> bool:
        if not containers.to_start or host.invocation() == invocation:
            return False
        complaints = start_again(host, containers)
        if complaints:
            raise StepFailed("; ".join(complaints))
        return True

    return OnRollback("start containers that ran before", start)


def start_again(host: DaemonHost, containers: Containers) -> list[str]:
    """Start containers that do not run. Returns a message for each that does not start."""
    if not containers.to_start:
        return []
    engine = host.connect()
    running = {found["Id"] for found in engine.containers.list_running()}
    complaints = []
    for key, name in containers.to_start.items():
        if key not in running:
            try:
                engine.containers.start(key)
            except FlotillaError as error:
                complaints.append(
                    f"Container {name} ran before the daemon was restarted and does not start now: {error}"
                )
    return complaints

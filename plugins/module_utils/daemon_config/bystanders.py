# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Containers that run while the daemon is restarted: those that it does not start by itself are started again."""

from __future__ import annotations

from typing import Dict, List

from ..errors import FlotillaError, StepFailed
from ..step import Outcome, Step
from .host import Host


class HoldContainers(Step):
    """First of all steps, so last to be undone: by then the daemon runs with its old configuration."""

    summary = "note which containers run"

    def __init__(self) -> None:
        self.ran: Dict[str, str] = {}  # id to name

    def predict(self, engine: Host) -> Outcome:
        return Outcome(changed=False)

    def apply(self, engine: Host) -> Outcome:
        found = engine.containers()
        self.ran = found.to_start
        unknown = "It is not known which containers run, so none of them is started again after a restart: %s" % found.unknown
        return Outcome(changed=False, warnings=(unknown,) if found.unknown else ())

    def undo(self, engine: Host) -> None:
        complaints = start_again(engine, self) if engine.disturbed else []
        if complaints:
            raise StepFailed("; ".join(complaints))


class StopContainer(Step):
    """For a daemon whose containers would outlive it, by live-restore, on data that is to move. HoldContainers starts it again."""

    def __init__(self, key: str, name: str) -> None:
        self.key = key
        self.summary = "stop container %s" % name

    def apply(self, engine: Host) -> Outcome:
        engine.disturbed = True
        engine.connect().containers.stop(self.key)
        return Outcome(changed=True)


class StartAgain(Step):
    """After a restart. A container that does not start is a warning, or with ``strict`` a failure."""

    summary = "start again what ran"

    def __init__(self, held: HoldContainers, strict: bool = False) -> None:
        self.held, self.strict = held, strict

    def predict(self, engine: Host) -> Outcome:
        return Outcome(changed=False)

    def apply(self, engine: Host) -> Outcome:
        complaints = start_again(engine, self.held)
        if complaints and self.strict:
            raise StepFailed(complaints[0])
        return Outcome(changed=False, warnings=tuple(complaints))


def start_again(host: Host, held: HoldContainers) -> List[str]:
    """Start what was held and does not run; a sentence for each that does not start."""
    if not held.ran:
        return []
    engine = host.connect()
    running = {found["Id"] for found in engine.containers.list(running_only=True)}
    complaints = []
    for key, name in held.ran.items():
        if key not in running:
            try:
                engine.containers.start(key)
            except FlotillaError as error:
                complaints.append("Container %s ran before the daemon was restarted, and does not start again: %s" % (name, error))
    return complaints

# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What docker_daemon_config does to a host, one change a step."""

from __future__ import annotations

import json
from typing import Any, Dict, List, Optional, Sequence

from ..daemon import journal
from ..daemon.secrets import mask_credentials
from ..errors import FlotillaError, StepFailed
from ..step import Outcome, Step
from . import files
from .host import SERVICE, SOCKET, Host


class HoldRunning(Step):
    """First of all steps, so last to be undone: by then the old files are back, and the daemon that a later step took down comes up with them."""

    summary = "note how the daemon runs"

    def predict(self, engine: Host) -> Outcome:
        return Outcome(changed=False)

    def apply(self, engine: Host) -> Outcome:
        self._was_active = engine.active()
        return Outcome(changed=False)

    def undo(self, engine: Host) -> None:
        if engine.disturbed and self._was_active:
            engine.forget_starts()
            engine.systemctl(["restart", SERVICE], engine.params["wait"])


class WriteFile(Step):
    """Put a text in place; None removes the file. What is ``secret`` is not shown."""

    def __init__(self, path: str, text: Optional[str], mode: int = 0o644, keep_backup: bool = False, secret: bool = False) -> None:
        self.path, self.text, self.mode, self.keep_backup, self._secret = path, text, mode, keep_backup, secret
        self.backup: Optional[str] = None
        self._before: Optional[str] = None
        self.summary = "%s %s" % ("remove" if text is None else "write", path)

    def predict(self, engine: Host) -> Outcome:
        with engine.acting():
            before = files.read_text(self.path)
        return Outcome(before != self.text, None, {self.path: self._shown(before)}, {self.path: self._shown(self.text)})

    def _shown(self, text: Optional[str]) -> List[str]:
        if self._secret and text:
            return ["(%d characters that are not shown)" % len(text)]
        return mask_credentials((text or "").splitlines())

    def apply(self, engine: Host) -> Outcome:
        outcome = self.predict(engine)
        with engine.acting():
            self._before = files.read_text(self.path)
            if self.keep_backup:
                self.backup = files.back_up(self.path)
            files.write_text(self.path, self.text, self.mode)
        return outcome._replace(value=self.backup)

    def undo(self, engine: Host) -> None:
        with engine.acting():
            files.write_text(self.path, self._before, self.mode)


class LoadUnits(Step):
    """systemd reads the drop-ins that changed."""

    summary = "reload systemd's units"

    def apply(self, engine: Host) -> Outcome:
        engine.systemctl(["daemon-reload"], 60)
        return Outcome(changed=True)


class LoadUnitsAgain(Step):
    """Undone between the drop-ins that are put back and the restart that needs them."""

    summary = "keep systemd's units as they are"

    def predict(self, engine: Host) -> Outcome:
        return Outcome(changed=False)

    def apply(self, engine: Host) -> Outcome:
        return Outcome(changed=False)

    def undo(self, engine: Host) -> None:
        engine.systemctl(["daemon-reload"], 60)


class Remember(Step):
    """Keep what was asked, and which restart is pending, for the next run. Not a change that anybody asked for."""

    summary = "remember what was asked"

    def __init__(self, memory: Dict[str, Any]) -> None:
        self.memory = memory
        self._before: Optional[str] = None

    def predict(self, engine: Host) -> Outcome:
        return Outcome(changed=False)

    def apply(self, engine: Host) -> Outcome:
        self._before = files.read_text(engine.memory_path)
        text = json.dumps(self.memory, indent=2, sort_keys=True) + "\n"
        if text != self._before:
            files.write_text(engine.memory_path, text, 0o600)
        return Outcome(changed=False)

    def undo(self, engine: Host) -> None:
        files.write_text(engine.memory_path, self._before, 0o600)


class ChangeService(Step):
    """Start, restart or reload the daemon, and see it run: docker.service tells systemd when its API answers."""

    def __init__(self, verb: str, reasons: Sequence[str], with_socket: bool = False) -> None:
        self.verb = verb
        self._units = [SOCKET, SERVICE] if with_socket else [SERVICE]
        self.summary = "%s %s%s" % (verb, " and ".join(self._units), ": %s" % ", ".join(reasons) if reasons else "")

    def apply(self, engine: Host) -> Outcome:
        engine.disturbed = engine.disturbed or self.verb != "reload"
        if self.verb != "reload":
            engine.forget_starts()
        try:
            engine.systemctl([self.verb, *self._units], engine.params["wait"])
        except StepFailed as error:
            raise _explained(error, engine.journal()) from error
        return Outcome(changed=True)


def _explained(error: FlotillaError, lines: List[str]) -> StepFailed:
    why = journal.explain(lines)
    return StepFailed(
        "The Docker daemon did not start: %s" % (why.cause or error.message),
        why.advice or "See the journal of docker.service",
        journal=[mask_credentials(line) for line in lines],
    )

# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The steps of docker_daemon_config, one change each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Sequence

from ..daemon_status import journal
from ..errors import FlotillaError, StepFailed
from ..masking import mask_credentials, mask_file
from ..step import Outcome, Record, Step
from .container_restart import start_again
from .host import SERVICE, SOCKET, Containers, DaemonHost

if TYPE_CHECKING:
    from .record import HostRecord


class WriteFile(Step[DaemonHost]):
    """Write a file; the text None removes it. The text of a ``secret`` file is not shown."""

    def __init__(
        self, path: str, text: str | None, mode: int = 0o644, keep_backup: bool = False, secret: bool = False
    ) -> None:
        self.path, self.text, self.mode, self.keep_backup, self._secret = path, text, mode, keep_backup, secret
        self._before: str | None = None
        self.summary = "{} {}".format("remove" if text is None else "write", path)

    def predict(self, engine: DaemonHost) -> Outcome:
        before = engine.read_text(self.path)
        return Outcome(before != self.text, None, {self.path: self._shown(before)}, {self.path: self._shown(self.text)})

    def _shown(self, text: str | None) -> list[str]:
        if self._secret and text:
            return [f"({len(text)} characters that are not shown)"]
        return mask_file(text or "")

    def apply(self, engine: DaemonHost) -> Outcome:
        outcome = self.predict(engine)
        self._before = engine.read_text(self.path)
        backup = engine.back_up(self.path) if self.keep_backup else None
        engine.write_text(self.path, self.text, self.mode)
        return outcome._replace(value=backup)

    def undo(self, engine: DaemonHost) -> None:
        engine.write_text(self.path, self._before, self.mode)


class LoadUnits(Step[DaemonHost]):
    """Reload systemd's units. A rollback does that only after the files are restored, see plan.py."""

    undoable = False
    summary = "reload systemd units"

    def apply(self, engine: DaemonHost) -> Outcome:
        engine.load_units()
        return Outcome(changed=True)


class WriteRecord(Record[DaemonHost]):
    """Write the options of all sections, and the pending restart."""

    def __init__(self, record: HostRecord) -> None:
        self.record = record
        self.summary = "record what was configured"

    def write(self, engine: DaemonHost) -> None:
        engine.keep_record(self.record)

    def undo(self, engine: DaemonHost) -> None:
        engine.keep_record(engine.record)


class ChangeService(Step[DaemonHost]):
    """Start, restart or reload the daemon, and wait until its API answers, or until it has applied its configuration.

    Then start the ``containers`` that ran before and that the daemon does not start by itself. One that does not start is a warning, or
    with ``strict`` a failure. A rollback restarts the daemon only after the files are restored, see plan.py.
    """

    undoable = False

    def __init__(
        self,
        verb: str,
        reasons: Sequence[str],
        with_socket: bool = False,
        containers: Containers | None = None,
        strict: bool = False,
    ) -> None:
        self.verb, self._containers, self._strict = verb, containers or Containers(), strict
        self._units = [SOCKET, SERVICE] if with_socket else [SERVICE]
        why = ": {}".format(", ".join(reasons)) if reasons else ""
        self.summary = "{} {}{}".format(verb, " and ".join(self._units), why)

    def predict(self, engine: DaemonHost) -> Outcome:
        unknown = self._containers.unknown
        warning = f"The running containers are not known, so none of them is started again after the restart: {unknown}"
        return Outcome(changed=True, warnings=(warning,) if unknown else ())

    def apply(self, engine: DaemonHost) -> Outcome:
        try:
            if self.verb == "reload":
                engine.reload_service()
            else:
                engine.forget_starts()
                engine.systemctl([self.verb, *self._units])
        except StepFailed as error:
            raise _explained(self.verb, error, engine.journal()) from error
        complaints = start_again(engine, self._containers)
        if complaints and self._strict:
            raise StepFailed(complaints[0])
        outcome = self.predict(engine)
        return outcome._replace(warnings=(*outcome.warnings, *complaints))


def _explained(verb: str, error: FlotillaError, lines: list[str]) -> StepFailed:
    # A daemon that still runs has logged no reason: the messages in the journal are older.
    why = journal.explain([] if verb == "reload" else lines)
    problem = "did not reload its configuration" if verb == "reload" else "did not start"
    return StepFailed(
        f"The Docker daemon {problem}: {why.cause or error.message}",
        why.advice or "See the journal of docker.service",
        journal=[mask_credentials(line) for line in lines],
    )

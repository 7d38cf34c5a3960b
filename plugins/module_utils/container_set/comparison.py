# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Compares a member of a set with its container, by predicting the steps that would change the container."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Callable, Mapping

from ..container import plan
from ..container.lookup import Found, successor_name
from ..container.stop import rule_of
from ..container.task import Task, read_task
from ..errors import FlotillaError, StepFailed
from .members import Member
from .run import Run
from .shared_engine import SharedEngine

# pylint: disable=import-outside-toplevel  # what knows the steps is imported when there are steps
if TYPE_CHECKING:
    from ..engine.engine import Engine
    from ..ledger import Steps


class Compared:
    """A member, its container, and the steps that it needs.

    ``prepare(member, task)`` adds the hooks to a task that was just read.
    """

    def __init__(
        self, member: Member, found: Found, leftover: str | None, prepare: Callable[[Compared, Task], Task]
    ) -> None:
        self.member = member
        self.found = found
        self.leftover = leftover
        self.note = ""
        self.skipped = False
        self.done: Run | None = None
        self.predicted: Run | None = None
        self.recreate = False
        # Whether it uses a namespace of another member, whose id changes with a replacement.
        self.follows = False
        # Whether others wait until it completes. One that completed and is as described does not run again.
        self.is_job = False
        self._rests = False
        # Options that name a member that does not exist yet, which check mode cannot resolve.
        self.pending: tuple[str, ...] = ()
        self._prepare = prepare
        self._described: Task | None = None

    def task(self, engine: Engine, check: bool = True) -> Task:
        """The member as container_run would see it."""
        if self._described is None or (self.follows and not check):
            params = dict(self.member.params, **(dict.fromkeys(self.pending) if check else {}))
            self._described = read_task(engine, params)
        task = self._described
        if self._rests:
            task = task._replace(params=dict(task.params, state="present"))
        if self.recreate:
            task = task._replace(params=dict(task.params, recreate=True))
        return self._prepare(self, task)

    def steps(self, engine: Engine, check: bool) -> Steps:
        """All steps that the member needs."""
        if self.leftover:
            from ..container.handle import Handle
            from ..container.steps import RemoveContainer

            yield RemoveContainer(
                Handle(successor_name(self.member.name), self.leftover),
                True,
                force=True,
                stop=rule_of(self.member.params),
                summary=f"remove leftover of an interrupted run of {self.member.name}",
            )
        return (yield from plan.reach(engine, self.task(engine, check), self.found))

    def predict(self, shared: SharedEngine) -> None:
        """Predict the steps. Errors are raised when the member is changed."""
        self._rests = self.is_job and _has_ended_well(self.found.container)
        self._compare(shared)
        if self._rests and not self.idle:
            self._rests = False
            self._compare(shared)

    def _compare(self, shared: SharedEngine) -> None:
        self.predicted = Run(self.member.name, "compare", self.steps)
        self.predicted.go(shared, check=True)

    @property
    def idle(self) -> bool:
        """Whether there is nothing to change and nothing to wait for."""
        return self.predicted is not None and not self.predicted.error and not self._predicted_steps

    @property
    def _predicted_steps(self) -> list[Any]:
        return self.predicted.ledger.steps if self.predicted else []

    @property
    def disruptive(self) -> bool:
        """Whether the container does not answer requests during the change."""
        if not self._predicted_steps:
            return False
        from .actions import is_disruptive

        return is_disruptive(self._predicted_steps)

    @property
    def action(self) -> str:
        """A value of actions.action."""
        if not self._predicted_steps:
            return "none"
        from .actions import action

        return action(self._predicted_steps)

    @property
    def error(self) -> FlotillaError | None:
        """Why the member failed."""
        return self.done.error if self.done else None

    @property
    def untouched(self) -> bool:
        """Whether a change was planned and not started."""
        return self.done is None and not self.idle

    def run(self) -> Run:
        """The run that performs the change."""
        self.done = Run(self.member.name, self.action, self.steps)
        return self.done


def require_success(name: str, ended: Any) -> None:
    """Raise StepFailed if a job failed. ``ended`` is None in check mode."""
    if ended is not None and ended.status:
        output = ended.output.strip()
        raise StepFailed(
            f"Container {name} exited with code {ended.status}: {output[-2000:] or 'its log is empty'}",
            exit_code=ended.status,
            log=output.splitlines()[-20:],
        )


def _has_ended_well(container: Mapping[str, Any] | None) -> bool:
    return container is not None and container["State"]["Status"] == "exited" and container["State"]["ExitCode"] == 0

# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A step is one change, which can be predicted, applied and undone. Besides changes, there are other kinds of steps.

* Step        a change of the target
  * Record    data for the next run: written and undone like a change, but never reported as one
* Check       reads, and may fail; it changes nothing
* OnRollback  something to do only if the run is rolled back
* Scope       something that is held until the run and its rollback end: a lock, a scratch file
* SideBySide  several steps at the same time
"""

from __future__ import annotations

import queue
import threading
from typing import Any, Callable, ContextManager, Generic, NamedTuple, Sequence, TypeVar

from .errors import FlotillaError

# What a step works on: whatever the module's connect() returned, such as an Engine or a DaemonHost.
Target = TypeVar("Target")


class Outcome(NamedTuple):
    """The result of a step, or its predicted result.

    ``before`` and ``after`` are parts of Ansible's diff: option names to values.
    """

    changed: bool
    value: Any = None
    before: dict[str, Any] = {}
    after: dict[str, Any] = {}
    warnings: tuple[str, ...] = ()


class Step(Generic[Target]):
    """Base of all steps. ``engine`` is the target: what the module's connect() returned."""

    summary = ""
    # Whether undo() can revert what apply() did. A step with False here has no undo().
    undoable = True
    # Whether, once this step is done, neither it nor the steps before it can be rolled back.
    final = False

    def predict(self, engine: Target) -> Outcome:
        """The outcome that apply would have. Reads, never changes."""
        return Outcome(changed=True)

    def apply(self, engine: Target) -> Outcome:
        """Perform the step."""
        raise NotImplementedError(self.summary)

    def actions(self, outcome: Outcome) -> list[str]:
        """The entries of this step in the result's list of actions."""
        return [self.summary] if outcome.changed else []

    def undo(self, engine: Target) -> bool | None:
        """Revert what apply did. Also called for a step that failed half way, so there may be nothing to undo.

        Returns False if nothing had to be reverted; such a step is not reported as rolled back.
        """
        raise NotImplementedError(self.summary)


class Record(Step[Target]):
    """Base of steps that store data for the next run. They are not reported as changes."""

    def predict(self, engine: Target) -> Outcome:
        return Outcome(changed=False)

    def apply(self, engine: Target) -> Outcome:
        self.write(engine)
        return Outcome(changed=False)

    def write(self, engine: Target) -> None:
        """Store the data."""
        raise NotImplementedError(self.summary)


class Check(Step[Target]):
    """Reads the target, and raises if a condition is not met.

    Check mode skips it, because an earlier task or step may meet the condition. The outcome's value is what ``look`` returned.
    """

    undoable = False

    def __init__(self, summary: str, look: Callable[[Target], Any]) -> None:
        self.summary = summary
        self._look = look

    def predict(self, engine: Target) -> Outcome:
        return Outcome(changed=False)

    def apply(self, engine: Target) -> Outcome:
        return Outcome(changed=False, value=self._look(engine))


class OnRollback(Step[Target]):
    """Calls ``do`` if the run is rolled back, after all later steps were undone. ``do`` returns False if there was nothing to do."""

    def __init__(self, summary: str, do: Callable[[Target], bool | None]) -> None:
        self.summary = summary
        self._do = do

    def predict(self, engine: Target) -> Outcome:
        return Outcome(changed=False)

    def apply(self, engine: Target) -> Outcome:
        return Outcome(changed=False)

    def undo(self, engine: Target) -> bool | None:
        return self._do(engine)


class Scope(Step[Target]):
    """Something that is held from here to the end of the run and its rollback. The runner enters and exits it.

    The outcome's value is that of the context manager. Check mode does not enter it.
    """

    undoable = False

    def __init__(self, summary: str, enter: Callable[[Target], ContextManager[Any]]) -> None:
        self.summary = summary
        self.enter = enter

    def predict(self, engine: Target) -> Outcome:
        return Outcome(changed=False)


class SideBySide(Step[Target]):
    """Performs several steps in parallel, at most ``limit`` at a time. A step that fails does not stop the others.

    The outcome's ``value`` has one entry for each step, in their order: its Outcome, or its FlotillaError.
    The steps must not need an undo.
    """

    undoable = False

    def __init__(self, steps: Sequence[Step[Target]], limit: int) -> None:
        self.steps = list(steps)
        self.limit = limit
        self.summary = "; ".join(step.summary for step in self.steps)

    def predict(self, engine: Target) -> Outcome:
        return self._gather(lambda step: step.predict(engine))

    def apply(self, engine: Target) -> Outcome:
        return self._gather(lambda step: step.apply(engine))

    def actions(self, outcome: Outcome) -> list[str]:
        return [
            action
            for step, part in zip(self.steps, outcome.value)
            if isinstance(part, Outcome)
            for action in step.actions(part)
        ]

    def _gather(self, do: Callable[[Step[Target]], Outcome]) -> Outcome:
        parts = _in_threads(do, self.steps, self.limit)
        outcomes = [part for part in parts if isinstance(part, Outcome)]
        before: dict[str, Any] = {}
        after: dict[str, Any] = {}
        for outcome in outcomes:
            before.update(outcome.before)
            after.update(outcome.after)
        warnings = tuple(warning for outcome in outcomes for warning in outcome.warnings)
        return Outcome(any(outcome.changed for outcome in outcomes), parts, before, after, warnings)


def _in_threads(
    do: Callable[[Step[Target]], Outcome], steps: Sequence[Step[Target]], limit: int
) -> list[Outcome | FlotillaError]:
    """Daemon threads: an interrupted run does not wait for a pull that hangs. Internal errors are raised here, not lost in a thread."""
    waiting: Any = queue.Queue()
    done: Any = queue.Queue()
    for numbered in enumerate(steps):
        waiting.put(numbered)

    def work() -> None:
        while True:
            try:
                number, step = waiting.get_nowait()
            except queue.Empty:
                return
            try:
                done.put((number, do(step)))
            except BaseException as error:
                done.put((number, error))

    for _thread in range(min(limit, len(steps))):
        threading.Thread(target=work, daemon=True).start()
    results = dict(done.get() for _step in steps)
    for result in results.values():
        if isinstance(result, BaseException) and not isinstance(result, FlotillaError):
            raise result
    return [results[number] for number in range(len(steps))]

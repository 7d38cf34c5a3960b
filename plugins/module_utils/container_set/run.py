# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs changes in parallel. Each has its own ledger, so a failed change is rolled back alone."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Any, Callable, Iterable, Sequence, TypeVar

from .. import signals
from ..errors import FlotillaError, Interrupted
from ..ledger import Ledger, Steps
from ..step import Outcome, Step
from .shared_engine import SharedEngine

if TYPE_CHECKING:
    from ..engine.engine import Engine


# Seconds between checks of threads that must stop.
_LOOK = 0.1
# More threads than this do not make a run faster.
MOST_THREADS = 128

Thing = TypeVar("Thing")


class Run:
    """The steps of one member, or of one image, with a ledger of their own.

    ``steps(engine, check)`` creates the generator; ``action`` is what is done, such as "replace". A step that cannot be undone may be held
    back until the whole set is certain.
    """

    def __init__(self, name: str, action: str, steps: Callable[[Any, bool], Steps]) -> None:
        self.name = name
        self.action = action
        self.ledger = Ledger()
        self.error: FlotillaError | None = None
        self.decided: Any = None
        self.seconds = 0.0
        self.rolled_back = False
        self._make = steps
        self._held: tuple[Step[Any], Steps] | None = None

    def go(self, engine: Engine, check: bool, hold: bool = False) -> None:
        """Perform all steps, or with ``hold`` those before the step that cannot be undone."""
        started = time.monotonic()
        steps = self._make(engine, check)
        try:
            if not hold or check:
                self.decided = self.ledger.perform(steps, engine, check)
                return
            end = self.ledger.perform(self._until_final(steps), engine, False)
            if self._held is None:
                self.decided = end
        except FlotillaError as error:
            self._failed(error)
        finally:
            self.seconds += time.monotonic() - started

    def _until_final(self, steps: Steps) -> Steps:
        outcome: Any = None
        try:
            while True:
                step = steps.send(outcome)
                if step.final and any(applied.undoable for applied in self.ledger.applied):
                    self._held = (step, steps)
                    return None
                outcome = yield step
        except StopIteration as end:
            return end.value

    def commit(self, engine: Engine) -> None:
        """Perform the step that was held back: remove the replaced container."""
        if self._held is None:
            return
        held, self._held = self._held, None
        try:
            self.decided = self.ledger.perform(_continued(*held), engine, False)
        except FlotillaError as error:
            self._failed(error)

    def roll_back(self, engine: Engine) -> bool:
        """Undo the steps before the one that was held back. False if there was nothing to undo."""
        if self._held is None:
            return False
        _step, steps = self._held
        self._held = None
        steps.close()
        self.ledger.undo_all(engine)
        self.rolled_back = True
        return True

    def _failed(self, error: FlotillaError) -> None:
        self.error = error
        self.rolled_back = bool(self.ledger.undone)

    @property
    def changed(self) -> bool:
        """Whether anything is changed now, or in check mode would be."""
        return self.ledger.changed


def _continued(step: Step[Any], steps: Steps) -> Steps:
    outcome = yield step
    try:
        while True:
            outcome = yield steps.send(outcome)
    except StopIteration as end:
        return end.value


class Stage(Step[Any]):
    """Changes members in parallel. With ``hold``, steps that cannot be undone wait for Commit, and undo rolls the members back."""

    def __init__(self, shared: SharedEngine, runs: Sequence[Run], hold: bool = False) -> None:
        self.shared = shared
        self.runs = list(runs)
        self.hold = hold
        self.undoable = hold
        self.summary = "; ".join(f"{run.action} {run.name}" for run in self.runs)

    def predict(self, engine: Engine) -> Outcome:
        for run in self.runs:
            run.go(self.shared, check=True)
        return self._outcome()

    def apply(self, engine: Engine) -> Outcome:
        side_by_side(lambda run: run.go(self.shared, check=False, hold=self.hold), self.runs)
        return self._outcome()

    def actions(self, outcome: Outcome) -> list[str]:
        return [action for run in self.runs for action in run.ledger.actions]

    def undo(self, engine: Engine) -> bool:
        undone: list[bool] = []
        side_by_side(lambda run: undone.append(run.roll_back(self.shared)), self.runs)
        return any(undone)

    def _outcome(self) -> Outcome:
        diffs = {run.name: run.ledger.diff() for run in self.runs}
        return Outcome(
            any(run.changed for run in self.runs),
            None,
            {name: diff["before"] for name, diff in diffs.items() if diff["before"]},
            {name: diff["after"] for name, diff in diffs.items() if diff["after"]},
            tuple(f"{run.name}: {warning}" for run in self.runs for warning in run.ledger.warnings()),
        )


class Commit(Step[Any]):
    """Remove the containers that were replaced. After this, nothing is rolled back."""

    undoable = False
    final = True

    def __init__(self, shared: SharedEngine, runs: Sequence[Run]) -> None:
        self.shared = shared
        self.runs = list(runs)
        self.summary = "remove the containers that were replaced"

    def predict(self, engine: Engine) -> Outcome:
        return Outcome(changed=False)

    def apply(self, engine: Engine) -> Outcome:
        side_by_side(lambda run: run.commit(self.shared), self.runs)
        return Outcome(changed=False)


def side_by_side(do: Callable[[Thing], None], wanted: Iterable[Thing], most: int = MOST_THREADS) -> None:
    """Process all items in parallel, ``most`` at a time, in threads that stop at their next request when the run is interrupted.

    Returns, or raises, when all threads have ended. An interrupted thread has rolled back its member.
    """
    things = list(wanted)
    asked = threading.Event()
    errors: list[BaseException] = []
    waiting = list(reversed(things))
    lock = threading.Lock()

    def work() -> None:
        with signals.interrupted_by(asked):
            while not asked.is_set():
                with lock:
                    if not waiting:
                        return
                    thing = waiting.pop()
                try:
                    do(thing)
                except BaseException as error:  # raised in the waiting thread below
                    errors.append(error)

    threads = [threading.Thread(target=work, daemon=True) for _number in range(min(most, len(things)))]
    try:
        for thread in threads:
            thread.start()
        for thread in threads:
            while thread.is_alive():
                thread.join(_LOOK)
    except BaseException:
        asked.set()
        with signals.ignored():
            for thread in threads:
                if thread.ident is not None:
                    thread.join()
        raise
    defects = [error for error in errors if not isinstance(error, (FlotillaError, Interrupted))]
    for error in defects or errors:
        raise error

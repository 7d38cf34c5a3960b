# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A step: one change, with what it would do, how it is done and how it is taken back."""

from __future__ import annotations

import queue
import threading
from typing import Any, Callable, Dict, List, NamedTuple, Sequence, Tuple, Union

from .errors import FlotillaError


class Outcome(NamedTuple):
    """What came, or would come, of a step.

    ``before`` and ``after`` are parts of Ansible's diff: option names to values.
    """

    changed: bool
    value: Any = None
    before: Dict[str, Any] = {}
    after: Dict[str, Any] = {}
    warnings: Tuple[str, ...] = ()


class Step:
    """Base of all steps. ``engine`` is whatever the module connected to."""

    summary = ""
    # Whether nothing can be taken back any more once this was done: neither it nor what came before.
    final = False

    def predict(self, engine: Any) -> Outcome:
        """The outcome that apply would have. Reads, never changes."""
        return Outcome(changed=True)

    def apply(self, engine: Any) -> Outcome:
        """Do it."""
        raise NotImplementedError(self.summary)

    def actions(self, outcome: Outcome) -> List[str]:
        """What to show of it in the result's list of actions."""
        return [self.summary] if outcome.changed else []

    def undo(self, engine: Any) -> None:
        """Put back what apply did. Called for a step that failed half way too, so it must bear to find nothing to undo."""


class SideBySide(Step):
    """Several steps at the same time, at most ``limit`` of them. One that fails does not stop the others.

    The outcome's ``value`` has one entry for each step, in their order: its Outcome, or the FlotillaError it ended with.
    The steps must not need to be undone.
    """

    def __init__(self, steps: Sequence[Step], limit: int) -> None:
        self.steps = list(steps)
        self.limit = limit
        self.summary = "; ".join(step.summary for step in self.steps)

    def predict(self, engine: Any) -> Outcome:
        return self._gather(lambda step: step.predict(engine))

    def apply(self, engine: Any) -> Outcome:
        return self._gather(lambda step: step.apply(engine))

    def actions(self, outcome: Outcome) -> List[str]:
        return [action for step, part in zip(self.steps, outcome.value) if isinstance(part, Outcome) for action in step.actions(part)]

    def _gather(self, do: Callable[[Step], Outcome]) -> Outcome:
        parts = _in_threads(do, self.steps, self.limit)
        outcomes = [part for part in parts if isinstance(part, Outcome)]
        before: Dict[str, Any] = {}
        after: Dict[str, Any] = {}
        for outcome in outcomes:
            before.update(outcome.before)
            after.update(outcome.after)
        warnings = tuple(warning for outcome in outcomes for warning in outcome.warnings)
        return Outcome(any(outcome.changed for outcome in outcomes), parts, before, after, warnings)


def _in_threads(do: Callable[[Step], Outcome], steps: Sequence[Step], limit: int) -> List[Union[Outcome, FlotillaError]]:
    """Daemon threads: a run that is told to stop does not wait for pulls that hang. Defects are raised here, not lost in a thread."""
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

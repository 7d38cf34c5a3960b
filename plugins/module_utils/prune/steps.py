# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Steps that remove what nothing uses, one object each, within the time that the task has for all of them."""

from __future__ import annotations

import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Callable, Iterator

from ..errors import ApiError, Conflict, Explained, StepFailed
from ..step import Outcome, Step
from .selection import Item

if TYPE_CHECKING:
    from ..engine.engine import Engine


class TimeLimit:
    """How long pruning may take as a whole, and what it has removed so far: a failure keeps ``found`` as facts."""

    def __init__(self, seconds: int) -> None:
        self.found: dict[str, Any] = {"in_use": []}
        self.deadline = time.monotonic() + seconds
        self._seconds = seconds

    @contextmanager
    def spend(self, engine: Engine) -> Iterator[None]:
        """Requests in here may take all the time that is left."""
        left = self.deadline - time.monotonic()
        try:
            if left <= 0:
                raise StepFailed(
                    f"Pruning stopped because it took longer than prune_timeout ({self._seconds} seconds)",
                    "The result lists what was removed. Run the task again to remove the rest, or increase prune_timeout",
                )
            engine.allow(left)
            yield
        except Explained as error:
            error.facts.update(self.found)
            raise


class InTime(Step["Engine"]):
    """A step that is only begun while there is time left."""

    undoable = False

    def __init__(self, step: Step[Engine], limit: TimeLimit) -> None:
        self.summary = step.summary
        self._step = step
        self._limit = limit

    def predict(self, engine: Engine) -> Outcome:
        with self._limit.spend(engine):
            return self._step.predict(engine)

    def apply(self, engine: Engine) -> Outcome:
        with self._limit.spend(engine):
            return self._step.apply(engine)

    def actions(self, outcome: Outcome) -> list[str]:
        return self._step.actions(outcome)


class Remove(Step["Engine"]):
    """Remove an object. An object that is in use again since it was listed is kept; the outcome's value is the reason.

    An object that another client removed is no change, and has no reason.
    """

    undoable = False

    def __init__(self, kind: str, item: Item, remove: Callable[[Engine, Item], bool]) -> None:
        self.item = item
        self._remove = remove
        self.summary = f"remove {kind} {item.name}"

    def predict(self, engine: Engine) -> Outcome:
        return Outcome(True)

    def apply(self, engine: Engine) -> Outcome:
        try:
            return Outcome(self._remove(engine, self.item))
        except ApiError as error:
            # 403: a network that has endpoints; 409: a container that runs, a volume in use.
            if error.status not in (403, 409):
                raise
            return Outcome(False, f"{self.summary}: {error.explanation.strip()}")


class PruneBuildCache(Step["Engine"]):
    """Let the Engine prune its build cache, which no other request removes. ``expected`` is what check mode shows."""

    undoable = False
    summary = "prune the build cache"

    def __init__(self, expected: list[Item], params: dict[str, Any], deadline: float) -> None:
        self._expected = expected
        self._params = params
        self._deadline = deadline

    def predict(self, engine: Engine) -> Outcome:
        gone = [item.id for item in self._expected]
        return Outcome(bool(gone), {"deleted": gone, "space": sum(item.size for item in self._expected)})

    def apply(self, engine: Engine) -> Outcome:
        while True:
            try:
                answer = engine.daemon.prune_build_cache(**self._params)
                break
            except Conflict as error:
                # Another prune is running; the Engine allows one.
                if "already running" not in error.explanation or time.monotonic() > self._deadline:
                    raise
                time.sleep(1.0)
        gone = answer.get("CachesDeleted") or []
        return Outcome(bool(gone), {"deleted": gone, "space": answer.get("SpaceReclaimed") or 0})

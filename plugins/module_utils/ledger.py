# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Performs steps, records what was done, and rolls it back on an error."""

from __future__ import annotations

import contextlib
import time
from typing import Any, Callable, Generator

from . import signals
from .errors import Interrupted, SdkMissing, Unreachable
from .step import Outcome, Scope, Step

# Seconds to wait, during a rollback, for an Engine that does not answer.
UNDO_PATIENCE = 60.0

Steps = Generator[Step[Any], Outcome, Any]


class Ledger:
    """What a run has done so far: its steps, their outcomes, and what was rolled back."""

    def __init__(self) -> None:
        self.steps: list[Step[Any]] = []
        self.outcomes: list[Outcome] = []
        self.applied: list[Step[Any]] = []
        self.undone_steps: list[Step[Any]] = []
        self.not_undone: list[str] = []
        self.failed_step: str | None = None
        self.acted = False
        self._scopes = contextlib.ExitStack()

    def perform(self, steps: Steps, engine: object, check_mode: bool, first: Step[Any] | None = None) -> Any:
        """Perform all ``steps`` and return the generator's value. On an error every step is undone, the last one first.

        ``first`` is the first step, if it was taken from the generator already.
        """
        with self._scopes:
            try:
                step = first or next(steps)
                while True:
                    step = steps.send(self._predict(step, engine) if check_mode else self._apply(step, engine))
            except StopIteration as end:
                return end.value
            except BaseException:
                self._give_up(steps, engine)
                raise

    def _predict(self, step: Step[Any], engine: object) -> Outcome:
        outcome = step.predict(engine)
        self.steps.append(step)
        self.outcomes.append(outcome)
        return outcome

    def _apply(self, step: Step[Any], engine: object) -> Outcome:
        self.failed_step = step.summary
        self.steps.append(step)
        self.applied.append(step)
        self.acted = True
        # A signal between the end of a final step and its record here would start a rollback of steps that must be kept.
        with signals.held() if step.final else contextlib.nullcontext():
            if isinstance(step, Scope):
                outcome = Outcome(changed=False, value=self._scopes.enter_context(step.enter(engine)))
            else:
                try:
                    outcome = step.apply(engine)
                except SdkMissing:
                    self.applied.pop()  # it sent nothing, so there is nothing to undo
                    raise
            self.outcomes.append(outcome)
            self.failed_step = None
            if step.final:
                self.applied.clear()
        return outcome

    def _give_up(self, steps: Steps, engine: object) -> None:
        """Roll back, also if the repeated signal comes on the way here. In undo_all, signals are ignored."""
        with contextlib.suppress(Interrupted):
            steps.close()
        try:
            self.undo_all(engine)
        except Interrupted:
            self.undo_all(engine)

    def undo_all(self, engine: object) -> None:
        """Undo every step since the last final one, the last one first."""
        with signals.ignored():
            for step in reversed(self.applied):
                if not step.undoable:
                    continue
                try:
                    if _persistently(step.undo, engine) is not False:
                        self.undone_steps.append(step)
                except Exception as error:  # one undo that fails must not keep the others from being tried
                    self.not_undone.append(f"{step.summary} ({error})")

    @property
    def undone(self) -> list[str]:
        """Summaries of the steps that were rolled back, in that order."""
        return [step.summary for step in self.undone_steps]

    @property
    def actions(self) -> list[str]:
        """Summaries of the steps that changed, or in check mode would change, something."""
        return [action for step, outcome in zip(self.steps, self.outcomes) for action in step.actions(outcome)]

    @property
    def changed(self) -> bool:
        """Whether a change is still there after the rollback."""
        undone = {id(step) for step in self.undone_steps}
        kept = [outcome.changed for step, outcome in zip(self.steps, self.outcomes) if id(step) not in undone]
        return bool(self.not_undone) or any(kept)

    def account(self) -> str:
        """What was rolled back and what was not, as sentences for the message; empty if nothing had been done."""
        parts = []
        if self.failed_step:
            parts.append(f" Failed step: {self.failed_step}.")
        if self.undone:
            parts.append(" Rolled back: {}.".format("; ".join(self.undone)))
        if self.not_undone:
            parts.append(" Could not be rolled back, please check manually: {}.".format("; ".join(self.not_undone)))
        return "".join(parts)

    def facts(self) -> dict[str, Any]:
        """The same as return values of the failed result."""
        if not self.steps:
            return {}
        return {
            "changed": self.changed,
            "actions": self.actions,
            "failed_step": self.failed_step,
            "undone": self.undone,
            "not_undone": self.not_undone,
        }

    def merged_into(self, result: dict[str, Any]) -> dict[str, Any]:
        """The module's result with changed, actions and diff of the steps."""
        merged = dict({"changed": any(outcome.changed for outcome in self.outcomes)}, **result)
        merged.setdefault("actions", self.actions)
        merged.setdefault("diff", self.diff())
        return merged

    def warnings(self) -> list[str]:
        """Warnings of all steps."""
        return [warning for outcome in self.outcomes for warning in outcome.warnings]

    def diff(self) -> dict[str, Any]:
        """Before and after of all steps."""
        before: dict[str, Any] = {}
        after: dict[str, Any] = {}
        for outcome in self.outcomes:
            before.update(outcome.before)
            after.update(outcome.after)
        return {"before": before, "after": after}


def _persistently(undo: Callable[[Any], bool | None], engine: object) -> bool | None:
    """Undo, and wait for an Engine that stopped: systemd restarts it within seconds."""
    deadline = time.monotonic() + UNDO_PATIENCE
    while True:
        try:
            return undo(engine)
        except Unreachable:
            if time.monotonic() > deadline:
                raise
            time.sleep(1.0)

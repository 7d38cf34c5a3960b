# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs a module: the only code that builds an AnsibleModule, looks at check mode, applies steps, undoes them, exits or fails."""

from __future__ import annotations

import contextlib
import time
import traceback
from typing import Any, Callable, Generator, Optional

from ansible.module_utils.basic import AnsibleModule

from . import connection, lifeline, signals
from .arguments import CONNECTION, CONNECTION_EXCLUSIVE, CONNECTION_TOGETHER
from .errors import FlotillaError, Interrupted, Unreachable
from .step import Outcome, Step

# Seconds to wait, while taking back what was done, for a daemon that does not answer.
UNDO_PATIENCE = 60.0

Steps = Generator[Step, Outcome, Any]


def run(
    decide: Optional[Callable[..., Steps]] = None,
    report: Optional[Callable[..., dict]] = None,
    argument_spec: Optional[dict] = None,
    connect: Optional[Callable[[dict], Any]] = connection.connect,
    mask: Optional[Callable[[dict], tuple]] = None,
    stands: Optional[Callable[[Any, dict], tuple]] = None,
    **module_arguments: Any,
) -> None:
    """Run one module from its two functions and leave the process.

    ``decide(engine, params)`` is a generator of steps; what it returns is the third argument of ``report(engine, params, decided)``,
    which returns the module's result. Either may be absent. ``connect(params)`` gives the engine; a module without (None) has no
    connection options either.
    ``mask(params)`` gives the parameters as they may be shown, and the values that may appear nowhere.
    ``stands(engine, params)`` gives a sentence and facts on what stands after a failure, when all has been taken back.
    """
    together = list(module_arguments.pop("required_together", [])) + (CONNECTION_TOGETHER if connect else [])
    exclusive = list(module_arguments.pop("mutually_exclusive", [])) + (CONNECTION_EXCLUSIVE if connect else [])
    module = _module_class(mask)(
        argument_spec=dict(CONNECTION if connect else {}, **(argument_spec or {})),
        supports_check_mode=True,
        required_together=together,
        mutually_exclusive=exclusive,
        **module_arguments,
    )
    ledger = Ledger()
    engine = None
    try:
        with signals.as_errors():
            lifeline.hold()
            engine = connect(module.params) if connect else None
            decided = ledger.perform(decide(engine, module.params), engine, module.check_mode) if decide else None
            result = report(engine, module.params, decided) if report else {}
    except (FlotillaError, Interrupted) as error:
        sentence, facts = _after_failure(stands, engine, module.params, ledger)
        module.fail_json(**dict(facts, **dict(error.facts, msg="%s%s%s" % (error, ledger.account(), sentence), **ledger.facts())))
    except Exception as error:  # a defect of ours: it must still say what stands now, and name itself as a defect
        module.fail_json(
            msg="The module met a case that its authors did not foresee (%s: %s). Please report it with the task that led to it.%s"
            % (type(error).__name__, error, ledger.account()),
            exception=traceback.format_exc(),
            **ledger.facts(),
        )
    for warning in ledger.warnings() + list(result.pop("warnings", ())):
        module.warn(warning)
    module.exit_json(**ledger.merged_into(result))


def _after_failure(stands: Any, engine: Any, params: dict, ledger: Ledger) -> tuple[str, dict]:
    if stands is None or not ledger.acted:
        return "", {}
    try:
        return stands(engine, params)
    except FlotillaError:
        return "", {}  # the daemon may be what failed; the error itself matters more


def _module_class(mask: Optional[Callable[[dict], tuple]]) -> type:
    if mask is None:
        return AnsibleModule

    class Masked(AnsibleModule):
        """Keeps secrets out of the host's system log and out of the invocation that a result carries."""

        def _log_invocation(self) -> None:
            params = self.params
            self.params, hidden = mask(params)
            self.no_log_values.update(hidden)
            try:
                super()._log_invocation()
            finally:
                self.params = params

        def _return_formatted(self, kwargs: dict) -> None:
            kwargs.setdefault("invocation", {"module_args": mask(self.params)[0]})
            super()._return_formatted(kwargs)

    return Masked


class Ledger:
    """What a run has done so far: steps, their outcomes, and what was taken back."""

    def __init__(self) -> None:
        self.steps: list[Step] = []
        self.outcomes: list[Outcome] = []
        self.applied: list[Step] = []
        self.undone: list[str] = []
        self.not_undone: list[str] = []
        self.failed_step: Optional[str] = None
        self.ran = self.acted = False

    def perform(self, steps: Steps, engine: Any, check_mode: bool) -> Any:
        """Drive ``steps`` to its end and return what it returned. On an error every step is undone, the last one first."""
        self.ran = True
        try:
            outcome: Optional[Outcome] = None
            while True:
                # send(None) starts the generator
                step = steps.send(outcome)  # type: ignore[arg-type]
                outcome = self._predict(step, engine) if check_mode else self._apply(step, engine)
        except StopIteration as end:
            return end.value
        except BaseException:
            steps.close()
            self._undo_all(engine)
            raise

    def _predict(self, step: Step, engine: Any) -> Outcome:
        outcome = step.predict(engine)
        self.steps.append(step)
        self.outcomes.append(outcome)
        return outcome

    def _apply(self, step: Step, engine: Any) -> Outcome:
        self.failed_step = step.summary
        self.steps.append(step)
        self.applied.append(step)
        self.acted = True
        # Between the end of a final step and the note of it no signal may come: what it left would be taken back.
        with signals.held() if step.final else contextlib.nullcontext():
            outcome = step.apply(engine)
            self.outcomes.append(outcome)
            self.failed_step = None
            if step.final:
                self.applied.clear()
        return outcome

    def _undo_all(self, engine: Any) -> None:
        with signals.ignored():
            for step in reversed(self.applied):
                if type(step).undo is Step.undo:
                    continue
                try:
                    _persistently(step.undo, engine)
                    self.undone.append(step.summary)
                except Exception as error:  # one undo that fails must not keep the others from being tried
                    self.not_undone.append("%s (%s)" % (step.summary, error))

    @property
    def actions(self) -> list[str]:
        """Summaries of the steps that changed, or in check mode would change, something."""
        return [action for step, outcome in zip(self.steps, self.outcomes) for action in step.actions(outcome)]

    @property
    def _stands(self) -> bool:
        """Whether anything that was done, or was begun and could not be taken back, is still there."""
        kept = (step for step, outcome in zip(self.steps, self.outcomes) if outcome.changed and step.summary not in self.undone)
        return bool(self.not_undone) or any(kept)

    def account(self) -> str:
        """What stands after a failure, as sentences to put behind the error; empty where nothing had been done."""
        parts = []
        if self.failed_step:
            parts.append(" It happened at the step: %s." % self.failed_step)
        if self.undone:
            parts.append(" Taken back: %s." % "; ".join(self.undone))
        if self.not_undone:
            parts.append(" Could not be taken back, look at it by hand: %s." % "; ".join(self.not_undone))
        return "".join(parts)

    def facts(self) -> dict[str, Any]:
        """The failed result's account of the run."""
        if not self.steps:
            return {}
        return {
            "changed": self._stands,
            "actions": self.actions,
            "failed_step": self.failed_step,
            "undone": self.undone,
            "not_undone": self.not_undone,
        }

    def merged_into(self, result: dict[str, Any]) -> dict[str, Any]:
        """The module's result with changed, actions and diff of the steps."""
        merged = dict({"changed": any(outcome.changed for outcome in self.outcomes)}, **result)
        if self.ran:
            merged.setdefault("actions", self.actions)
            merged.setdefault("diff", self._diff())
        return merged

    def warnings(self) -> list[str]:
        """What the steps warned of."""
        return [warning for outcome in self.outcomes for warning in outcome.warnings]

    def _diff(self) -> dict[str, Any]:
        before: dict[str, Any] = {}
        after: dict[str, Any] = {}
        for outcome in self.outcomes:
            before.update(outcome.before)
            after.update(outcome.after)
        return {"before": before, "after": after}


def _persistently(undo: Callable[[Any], None], engine: Any) -> None:
    """Undo, and wait for a daemon that went away: systemd starts it again within seconds."""
    deadline = time.monotonic() + UNDO_PATIENCE
    while True:
        try:
            return undo(engine)
        except Unreachable:
            if time.monotonic() > deadline:
                raise
            time.sleep(1.0)

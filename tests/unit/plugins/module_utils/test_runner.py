# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json
import os
import signal
import time

import pytest
from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.testing import patch_module_args

from ansible_collections.flotilla.docker.plugins.module_utils import runner, signals
from ansible_collections.flotilla.docker.plugins.module_utils.errors import Missing, StepFailed
from ansible_collections.flotilla.docker.plugins.module_utils.step import Outcome, Step


class Note(Step):
    """Writes what happens to it on the engine, which is a list here."""

    def __init__(self, name, changed=True, fails=None, undo_fails=None, warnings=()):
        self.summary = name
        self.changed = changed
        self.fails = fails
        self.undo_fails = undo_fails
        self.warnings = warnings

    def predict(self, engine):
        engine.append("predict " + self.summary)
        return self._outcome()

    def apply(self, engine):
        engine.append("apply " + self.summary)
        if self.fails:
            raise self.fails
        return self._outcome()

    def undo(self, engine):
        engine.append("undo " + self.summary)
        if self.undo_fails:
            raise self.undo_fails

    def _outcome(self):
        return Outcome(self.changed, value=self.summary.upper(), before={self.summary: "old"}, after={self.summary: "new"}, warnings=self.warnings)


class Lasting(Note):
    """A step that cannot be taken back."""

    undo = Step.undo


@pytest.fixture
def run(capsys):
    """Run a module from its steps; gives its result and what happened, in order."""

    def run(decide=None, report=None, check=False, connect=None):
        happened = []
        with patch_module_args({"_ansible_check_mode": check}):
            with pytest.raises(SystemExit):
                runner.run(decide, report, connect=connect or (lambda params: happened))
        return json.loads(capsys.readouterr().out), happened

    return run


def steps(*wanted):
    def decide(engine, params):
        # Not "yield from": the runner sends outcomes, and a tuple takes none.
        for step in wanted:  # pylint: disable=use-yield-from
            yield step

    return decide


def test_steps_are_applied_in_order_and_named(run):
    result, happened = run(steps(Note("a"), Note("b", changed=False), Note("c")))
    assert happened == ["apply a", "apply b", "apply c"]
    assert result["changed"] is True
    assert result["actions"] == ["a", "c"]
    assert result["diff"] == {"before": {"a": "old", "b": "old", "c": "old"}, "after": {"a": "new", "b": "new", "c": "new"}}


def test_check_mode_predicts_and_never_applies(run):
    result, happened = run(steps(Note("a"), Note("b")), check=True)
    assert happened == ["predict a", "predict b"]
    assert (result["changed"], result["actions"]) == (True, ["a", "b"])


@pytest.mark.parametrize("check", [False, True])
def test_a_step_hands_its_outcome_to_the_next(run, check):
    def decide(engine, params):
        outcome = yield Note("a")
        return outcome.value

    result, happened = run(decide, lambda engine, params, decided: {"value": decided}, check=check)
    assert result["value"] == "A"


def test_nothing_to_do_is_not_a_change(run):
    result, happened = run(steps(Note("a", changed=False)))
    assert (result["changed"], result["actions"]) == (False, [])


def test_warnings_of_all_steps_reach_the_result(run, monkeypatch):
    warned = []
    monkeypatch.setattr(AnsibleModule, "warn", lambda module, text, *args, **kwargs: warned.append(text))
    run(steps(Note("a", warnings=("first",)), Note("b", warnings=("second",))), lambda engine, params, decided: {"warnings": ["third"]})
    assert warned == ["first", "second", "third"]


def test_a_failed_step_takes_back_all_the_last_one_first(run):
    result, happened = run(steps(Note("a"), Note("b"), Note("c", fails=StepFailed("The disk is full", "Free some space"))))
    assert happened == ["apply a", "apply b", "apply c", "undo c", "undo b", "undo a"]
    assert result["failed"] is True
    assert result["msg"].startswith("The disk is full. Free some space.")
    assert "It happened at the step: c." in result["msg"]
    assert result["failed_step"] == "c"
    assert result["undone"] == ["c", "b", "a"]
    assert result["changed"] is False


def test_what_cannot_be_taken_back_counts_as_changed(run):
    result, happened = run(steps(Lasting("pull"), Note("b", fails=StepFailed("no"))))
    assert result["undone"] == ["b"]
    assert result["changed"] is True


def test_an_undo_that_fails_is_told_and_the_others_still_happen(run):
    result, happened = run(steps(Note("a"), Note("b", undo_fails=ValueError("stuck")), Note("c", fails=StepFailed("no"))))
    assert happened[-2:] == ["undo b", "undo a"]
    assert result["not_undone"] == ["b (stuck)"]
    assert "look at it by hand: b (stuck)" in result["msg"]
    assert result["changed"] is True


def test_an_error_in_decide_after_a_step_takes_the_step_back(run):
    def decide(engine, params):
        yield Note("a")
        raise Missing("There is no image", "Pull it")

    result, happened = run(decide)
    assert happened == ["apply a", "undo a"]
    assert result["msg"].startswith("There is no image. Pull it.")


def test_sigterm_takes_back_what_was_done(run):
    class Stopped(Note):
        def apply(self, engine):
            super().apply(engine)
            os.kill(os.getpid(), signal.SIGTERM)

    before = signal.getsignal(signal.SIGTERM)
    result, happened = run(steps(Note("a"), Stopped("b")))
    assert happened == ["apply a", "apply b", "undo b", "undo a"]
    assert "stopped by signal 15" in result["msg"]
    assert signal.getsignal(signal.SIGTERM) is before


def test_a_signal_that_finds_a_finaliser_stops_the_run_all_the_same(run, monkeypatch, recwarn):
    class Finalised:
        def __del__(self):
            os.kill(os.getpid(), signal.SIGTERM)
            time.sleep(0.01)  # Python drops what is raised here

    class Deaf(Note):
        def apply(self, engine):
            super().apply(engine)
            Finalised()
            time.sleep(30)

    monkeypatch.setattr(signals, "REPEAT", 0.05)
    result, happened = run(steps(Note("a"), Deaf("b")))
    assert happened == ["apply a", "apply b", "undo b", "undo a"]
    assert "stopped by signal 15" in result["msg"]


def test_a_signal_is_no_failure_that_a_step_may_bear(run):
    class Tolerant(Note):
        def apply(self, engine):
            try:
                os.kill(os.getpid(), signal.SIGTERM)
                time.sleep(30)
            except Exception:
                return super().apply(engine)

    result, happened = run(steps(Note("a"), Tolerant("b")))
    assert happened == ["apply a", "undo b", "undo a"]
    assert "stopped by signal 15" in result["msg"]


class Final(Note):
    final = True


def test_what_came_before_a_final_step_is_not_taken_back(run):
    class Stopped(Final):
        def apply(self, engine):
            os.kill(os.getpid(), signal.SIGTERM)
            return super().apply(engine)

    result, happened = run(steps(Note("a"), Stopped("b"), Note("c")))
    assert happened == ["apply a", "apply b"]
    assert "stopped by signal 15" in result["msg"]
    assert result["changed"] and result["actions"] == ["a", "b"]


def test_a_failure_after_a_final_step_takes_back_what_came_after_it(run):
    result, happened = run(steps(Note("a"), Final("b"), Note("c"), Note("d", fails=StepFailed("no"))))
    assert happened[-2:] == ["undo d", "undo c"]
    assert result["changed"]


def test_a_final_step_that_fails_is_taken_back_like_any_other(run):
    result, happened = run(steps(Note("a"), Final("b", fails=StepFailed("no"))))
    assert happened[-2:] == ["undo b", "undo a"]
    assert not result["changed"]


def test_a_signal_waits_for_the_end_of_a_request(run):
    class Requests(Note):
        def apply(self, engine):
            with signals.held():
                os.kill(os.getpid(), signal.SIGTERM)
                engine.append("answer")
            engine.append("never")

    result, happened = run(steps(Requests("a")))
    assert happened == ["answer", "undo a"]
    assert "stopped by signal 15" in result["msg"]


def test_an_error_goes_before_a_signal_and_hides_it_from_nobody(run, monkeypatch):
    class Bears(Note):
        def apply(self, engine):
            try:
                with signals.held():
                    os.kill(os.getpid(), signal.SIGTERM)
                    raise StepFailed("no")
            except StepFailed:
                engine.append("borne")
            time.sleep(30)

    monkeypatch.setattr(signals, "REPEAT", 0.05)
    result, happened = run(steps(Bears("a")))
    assert happened == ["borne", "undo a"]
    assert "stopped by signal 15" in result["msg"]


def test_a_second_signal_does_not_stop_the_taking_back(run):
    class Nervous(Note):
        def undo(self, engine):
            os.kill(os.getpid(), signal.SIGTERM)
            super().undo(engine)

    result, happened = run(steps(Note("a"), Nervous("b"), Note("c", fails=StepFailed("no"))))
    assert happened[-3:] == ["undo c", "undo b", "undo a"]


def test_a_defect_of_ours_is_named_as_one_without_a_traceback_in_the_message(run):
    result, happened = run(steps(Note("a"), Note("b", fails=KeyError("Memory"))))
    assert "KeyError" in result["msg"] and "Please report it" in result["msg"]
    assert "Traceback" not in result["msg"]
    assert happened[-2:] == ["undo b", "undo a"]


def test_an_error_while_connecting_is_a_clear_failure_that_changed_nothing(run):
    def connect(params):
        raise Missing("The Python package docker is missing", "Install python3-docker")

    result, happened = run(steps(Note("a")), connect=connect)
    assert happened == []
    assert result["msg"] == "The Python package docker is missing. Install python3-docker."
    assert not result.get("changed")


def test_facts_of_an_error_are_part_of_the_result(run):
    def connect(params):
        raise Missing("No", status_code=404)

    assert run(connect=connect)[0]["status_code"] == 404


def test_a_module_that_only_reports_has_no_actions(run):
    result, happened = run(report=lambda engine, params, decided: {"images": []})
    assert (result["images"], result["changed"]) == ([], False)
    assert "actions" not in result

# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import contextlib
import json
import os
import signal
import threading
import time

import pytest
from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.testing import patch_module_args
from ansible_collections.flotilla.docker.plugins.module_utils import runner, signals
from ansible_collections.flotilla.docker.plugins.module_utils.errors import Missing, StepFailed
from ansible_collections.flotilla.docker.plugins.module_utils.step import (
    Check,
    OnRollback,
    Outcome,
    Record,
    Scope,
    Step,
)


class Note(Step):
    """A step that appends its calls to the Engine, which is a list here."""

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
        return Outcome(
            self.changed,
            value=self.summary.upper(),
            before={self.summary: "old"},
            after={self.summary: "new"},
            warnings=self.warnings,
        )


class Lasting(Note):
    """A step that cannot be undone."""

    undoable = False


@pytest.fixture
def run(capsys):
    """Run a module from its steps. Returns its result and the calls, in order."""

    def run(decide=None, report=None, check=False, connect=None):
        happened = []
        with patch_module_args({"_ansible_check_mode": check}), pytest.raises(SystemExit):
            runner.run(decide, report, connect=connect or (lambda params: happened))
        return json.loads(capsys.readouterr().out), happened

    return run


def steps(*wanted):
    def decide(engine, params):
        # Not "yield from": the runner sends outcomes, which a tuple cannot receive.
        for step in wanted:  # noqa: UP028 pylint: disable=use-yield-from
            yield step

    return decide


def test_steps_are_applied_in_order_and_named(run):
    result, happened = run(steps(Note("a"), Note("b", changed=False), Note("c")))
    assert happened == ["apply a", "apply b", "apply c"]
    assert result["changed"] is True
    assert result["actions"] == ["a", "c"]
    assert result["diff"] == {
        "before": {"a": "old", "b": "old", "c": "old"},
        "after": {"a": "new", "b": "new", "c": "new"},
    }


def test_check_mode_predicts_and_never_applies(run):
    result, happened = run(steps(Note("a"), Note("b")), check=True)
    assert happened == ["predict a", "predict b"]
    assert (result["changed"], result["actions"]) == (True, ["a", "b"])


@pytest.mark.parametrize("check", [False, True])
def test_decide_receives_the_outcome_of_each_step(run, check):
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
    run(
        steps(Note("a", warnings=("first",)), Note("b", warnings=("second",))),
        lambda engine, params, decided: {"warnings": ["third"]},
    )
    assert warned == ["first", "second", "third"]


def test_a_failed_step_rolls_back_all_steps_last_first(run):
    result, happened = run(
        steps(Note("a"), Note("b"), Note("c", fails=StepFailed("The disk is full", "Free some space")))
    )
    assert happened == ["apply a", "apply b", "apply c", "undo c", "undo b", "undo a"]
    assert result["failed"] is True
    assert result["msg"].startswith("The disk is full. Free some space.")
    assert "Failed step: c." in result["msg"]
    assert result["failed_step"] == "c"
    assert result["undone"] == ["c", "b", "a"]
    assert result["changed"] is False


def test_a_step_that_cannot_be_undone_counts_as_changed(run):
    result, happened = run(steps(Lasting("pull"), Note("b", fails=StepFailed("no"))))
    assert result["undone"] == ["b"]
    assert result["changed"] is True


def test_two_steps_with_the_same_summary_are_counted_separately(run):
    result, happened = run(steps(Note("write"), Lasting("write"), Note("b", fails=StepFailed("no"))))
    assert result["undone"] == ["b", "write"]
    assert result["changed"] is True


def test_a_check_that_fails_rolls_back_and_is_no_change(run):
    def look(engine):
        raise Missing("No program")

    result, happened = run(steps(Note("a"), Check("find programs", look)))
    assert happened == ["apply a", "undo a"]
    assert result["failed_step"] == "find programs"
    assert result["actions"] == ["a"]
    assert result["changed"] is False


def test_check_mode_skips_checks(run):
    looked = []
    result, happened = run(steps(Check("look", looked.append)), check=True)
    assert (looked, result["changed"]) == ([], False)


def test_value_of_a_check_is_the_result_of_its_function(run):
    def decide(engine, params):
        return (yield Check("count", len)).value

    assert run(decide, lambda engine, params, decided: {"value": decided})[0]["value"] == 0


def test_rollback_runs_on_rollback_steps_in_reverse_order(run):
    hook = OnRollback("reload units", lambda engine: engine.append("reload"))
    result, happened = run(steps(Note("a"), hook, Note("b"), Note("c", fails=StepFailed("no"))))
    assert happened[-4:] == ["undo c", "undo b", "reload", "undo a"]
    assert result["undone"] == ["c", "b", "reload units", "a"]


@pytest.mark.parametrize("check", [False, True])
def test_on_rollback_does_nothing_without_a_rollback(run, check):
    result, happened = run(steps(OnRollback("reload units", lambda engine: engine.append("reload"))), check=check)
    assert (happened, result["changed"]) == ([], False)


def test_an_undo_that_had_nothing_to_do_is_not_reported(run):
    result, happened = run(steps(OnRollback("restart", lambda engine: False), Note("b", fails=StepFailed("no"))))
    assert result["undone"] == ["b"]


@contextlib.contextmanager
def noted(engine):
    engine.append("enter")
    try:
        yield "held"
    finally:
        engine.append("leave")


def test_a_scope_is_held_through_the_rollback(run):
    result, happened = run(steps(Scope("lock", noted), Note("a"), Note("b", fails=StepFailed("no"))))
    assert happened == ["enter", "apply a", "apply b", "undo b", "undo a", "leave"]
    assert result["undone"] == ["b", "a"]


def test_a_scope_gives_its_value_and_is_left_at_the_end(run):
    def decide(engine, params):
        return (yield Scope("lock", noted)).value

    result, happened = run(decide, lambda engine, params, decided: {"value": decided})
    assert (result["value"], result["actions"], happened) == ("held", [], ["enter", "leave"])


def test_check_mode_enters_no_scope(run):
    assert run(steps(Scope("lock", noted)), check=True)[1] == []


def test_a_record_is_rolled_back_but_is_no_change(run):
    class Kept(Record):
        summary = "record the options"

        def write(self, engine):
            engine.append("write")

        def undo(self, engine):
            engine.append("undo record")

    assert run(steps(Kept()))[0]["changed"] is False
    assert run(steps(Kept(), Note("b", fails=StepFailed("no"))))[1][-2:] == ["undo b", "undo record"]


def test_an_undo_that_fails_is_reported_and_the_others_still_run(run):
    result, happened = run(
        steps(Note("a"), Note("b", undo_fails=ValueError("stuck")), Note("c", fails=StepFailed("no")))
    )
    assert happened[-2:] == ["undo b", "undo a"]
    assert result["not_undone"] == ["b (stuck)"]
    assert "please check manually: b (stuck)" in result["msg"]
    assert result["changed"] is True


def test_an_error_in_decide_rolls_back_the_steps_before(run):
    def decide(engine, params):
        yield Note("a")
        raise Missing("There is no image", "Pull it")

    result, happened = run(decide)
    assert happened == ["apply a", "undo a"]
    assert result["msg"].startswith("There is no image. Pull it.")


def test_sigterm_rolls_back(run):
    class Stopped(Note):
        def apply(self, engine):
            super().apply(engine)
            os.kill(os.getpid(), signal.SIGTERM)

    before = signal.getsignal(signal.SIGTERM)
    result, happened = run(steps(Note("a"), Stopped("b")))
    assert happened == ["apply a", "apply b", "undo b", "undo a"]
    assert "Interrupted by signal 15" in result["msg"]
    assert signal.getsignal(signal.SIGTERM) is before


def test_a_signal_during_a_finalizer_stops_the_run(run, monkeypatch, recwarn):
    class Finalized:
        def __del__(self):
            os.kill(os.getpid(), signal.SIGTERM)
            time.sleep(0.01)  # Python drops what is raised here

    class Deaf(Note):
        def apply(self, engine):
            super().apply(engine)
            Finalized()
            time.sleep(30)

    monkeypatch.setattr(signals, "REPEAT", 0.05)
    result, happened = run(steps(Note("a"), Deaf("b")))
    assert happened == ["apply a", "apply b", "undo b", "undo a"]
    assert "Interrupted by signal 15" in result["msg"]


@pytest.mark.parametrize("second", [signal.SIGTERM, signal.SIGHUP, signal.SIGALRM])
def test_another_signal_before_the_rollback_does_not_prevent_it(run, second):
    def decide(engine, params):
        try:
            yield Note("a")
            yield Stopped("b")
        finally:
            os.kill(os.getpid(), second)
            time.sleep(0.01)

    class Stopped(Note):
        def apply(self, engine):
            super().apply(engine)
            os.kill(os.getpid(), signal.SIGTERM)

    result, happened = run(decide)
    assert happened == ["apply a", "apply b", "undo b", "undo a"]
    assert "Interrupted by signal 15" in result["msg"]


def test_a_step_cannot_catch_a_signal_as_a_failure(run):
    class Tolerant(Note):
        def apply(self, engine):
            try:
                os.kill(os.getpid(), signal.SIGTERM)
                time.sleep(30)
            except Exception:
                return super().apply(engine)

    result, happened = run(steps(Note("a"), Tolerant("b")))
    assert happened == ["apply a", "undo b", "undo a"]
    assert "Interrupted by signal 15" in result["msg"]


class Final(Note):
    final = True


def test_steps_before_a_final_step_are_not_rolled_back(run):
    class Stopped(Final):
        def apply(self, engine):
            os.kill(os.getpid(), signal.SIGTERM)
            return super().apply(engine)

    result, happened = run(steps(Note("a"), Stopped("b"), Note("c")))
    assert happened == ["apply a", "apply b"]
    assert "Interrupted by signal 15" in result["msg"]
    assert result["changed"] and result["actions"] == ["a", "b"]


def test_a_failure_after_a_final_step_rolls_back_the_steps_after_it(run):
    result, happened = run(steps(Note("a"), Final("b"), Note("c"), Note("d", fails=StepFailed("no"))))
    assert happened[-2:] == ["undo d", "undo c"]
    assert result["changed"]


def test_a_final_step_that_fails_is_rolled_back_like_any_other(run):
    result, happened = run(steps(Note("a"), Final("b", fails=StepFailed("no"))))
    assert happened[-2:] == ["undo b", "undo a"]
    assert not result["changed"]


def test_a_signal_waits_until_a_request_is_finished(run):
    class Requests(Note):
        def apply(self, engine):
            with signals.held():
                os.kill(os.getpid(), signal.SIGTERM)
                engine.append("answer")
            engine.append("never")

    result, happened = run(steps(Requests("a")))
    assert happened == ["answer", "undo a"]
    assert "Interrupted by signal 15" in result["msg"]


def test_a_signal_stops_the_run_after_an_error_was_caught(run, monkeypatch):
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
    assert "Interrupted by signal 15" in result["msg"]


def test_a_second_signal_does_not_stop_the_rollback(run):
    class Nervous(Note):
        def undo(self, engine):
            os.kill(os.getpid(), signal.SIGTERM)
            super().undo(engine)

    result, happened = run(steps(Note("a"), Nervous("b"), Note("c", fails=StepFailed("no"))))
    assert happened[-3:] == ["undo c", "undo b", "undo a"]


def test_an_internal_error_is_reported_as_a_bug_without_a_traceback_in_the_message(run):
    result, happened = run(steps(Note("a"), Note("b", fails=KeyError("Memory"))))
    assert "KeyError" in result["msg"] and "please report it" in result["msg"]
    assert "Traceback" not in result["msg"]
    assert happened[-2:] == ["undo b", "undo a"]


def test_an_error_while_connecting_fails_without_changes(run):
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


def test_thread_is_interrupted_at_its_next_check():
    asked, seen = threading.Event(), []

    def work():
        with signals.interrupted_by(asked):
            signals.check()
            asked.set()
            with signals.ignored():
                signals.check()
            try:
                signals.check()
            except signals.Interrupted as error:
                seen.append(str(error))

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert seen == ["Interrupted by a signal. Run the task again to clean up anything left behind."]


def test_thread_that_rolls_back_does_not_disturb_the_signals_of_the_run():
    def work():
        with signals.ignored():
            pass

    with pytest.raises(signals.Interrupted), signals.as_errors():
        thread = threading.Thread(target=work)
        thread.start()
        thread.join()
        with signals.held():
            os.kill(os.getpid(), signal.SIGTERM)


NETWORK = {"type": "list", "elements": "dict", "options": {"name": {"type": "str", "required": True}}}
LOGIN = {"type": "list", "elements": "dict", "options": {"password": {"type": "str", "no_log": True}}}
SPEC = {
    "networks": dict(NETWORK, aliases=["nets"]),
    "logins": LOGIN,
    "sets": {"type": "list", "elements": "dict", "options": {"networks": NETWORK}},
    "labels": {"type": "dict"},
}


def with_arguments(capsys, **given):
    with patch_module_args(given), pytest.raises(SystemExit):
        runner.run(report=lambda engine, params, decided: {"given": params}, argument_spec=SPEC, connect=None)
    return json.loads(capsys.readouterr().out)


@pytest.mark.parametrize(
    "given, words",
    [
        (
            {"networks": "front"},
            "networks must be a list of dictionaries (got 'front'). Example: networks: [{name: front}]",
        ),
        (
            {"nets": ["front"]},
            "networks must be a list of dictionaries (got 'front'). Example: networks: [{name: front}]",
        ),
        ({"networks": [{"name": "a"}, "b"]}, "networks must be a list of dictionaries (got 'b')"),
        ({"sets": [{"networks": ["front"]}]}, "sets[].networks must be a list of dictionaries (got 'front')"),
        ({"logins": ["ops:secret"]}, "logins must be a list of dictionaries"),
    ],
)
def test_list_without_dictionaries_is_refused_by_name(capsys, given, words):
    found = with_arguments(capsys, **given)
    assert found["failed"] and found["msg"].startswith(words)
    assert "secret" not in found["msg"]


@pytest.mark.parametrize("name", ["networks", "nets", "labels", "logins"])
def test_empty_text_for_dictionaries_means_that_the_option_is_not_set(capsys, name):
    found = with_arguments(capsys, **{name: ""})
    assert not any(found["given"].values()), found


@pytest.mark.parametrize("empty", [None, ""])
@pytest.mark.parametrize(
    "option, default",
    [
        ({"type": "bool", "default": True}, True),
        ({"type": "int", "default": 3}, 3),
        ({"type": "float"}, None),
        ({"type": "str", "choices": ["always", "never"], "default": "always"}, "always"),
        ({"type": "dict", "default": {"a": 1}}, {"a": 1}),
    ],
)
def test_null_and_empty_text_mean_the_default(capsys, option, default, empty):
    with patch_module_args({"wanted": empty}), pytest.raises(SystemExit):
        runner.run(
            report=lambda engine, params, decided: {"given": params["wanted"]},
            argument_spec={"wanted": option},
            connect=None,
        )
    assert json.loads(capsys.readouterr().out)["given"] == default

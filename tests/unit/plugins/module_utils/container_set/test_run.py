# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs and stages: a member that fails is rolled back alone, and what is held back can be rolled back until it is committed."""

from __future__ import annotations

import threading
import time

import pytest
from ansible_collections.flotilla.docker.plugins.module_utils import signals
from ansible_collections.flotilla.docker.plugins.module_utils.container_set.run import Commit, Run, Stage, side_by_side
from ansible_collections.flotilla.docker.plugins.module_utils.errors import Interrupted, StepFailed
from ansible_collections.flotilla.docker.plugins.module_utils.step import Outcome, Step


class Note(Step):
    """A step that appends its calls to the Engine, which is a list here."""

    def __init__(self, summary, fails=False):
        self.summary = summary
        self.fails = fails

    def apply(self, engine):
        if self.fails:
            raise StepFailed(f"{self.summary} does not work")
        engine.append(self.summary)
        return Outcome(True)

    def undo(self, engine):
        engine.append(f"undo {self.summary}")


class Final(Note):
    undoable = False
    final = True


def replacement(name, fails=False, fails_at_the_end=False):
    """The steps of a member: create, start, remove the old one."""

    def steps(engine, check):
        yield Note(f"create {name}")
        yield Note(f"start {name}", fails=fails)
        yield Final(f"remove {name}", fails=fails_at_the_end)
        return name

    return Run(name, "replace", steps)


def test_member_that_fails_is_rolled_back_alone():
    done, broken, engine = replacement("a"), replacement("b", fails=True), []
    outcome = Stage(engine, [done, broken]).apply(None)
    assert sorted(engine) == ["create a", "create b", "remove a", "start a", "undo create b", "undo start b"]
    assert (outcome.changed, done.changed, broken.changed) == (True, True, False)
    assert (done.error, str(broken.error), broken.rolled_back) == (None, "start b does not work.", True)


def test_held_members_can_be_rolled_back():
    engine = []
    stage = Stage(engine, [replacement("a")], hold=True)
    stage.apply(None)
    assert engine == ["create a", "start a"]
    assert stage.undo(None)
    assert engine[2:] == ["undo start a", "undo create a"]
    assert not stage.runs[0].changed


def test_held_members_are_final_after_commit():
    engine, run = [], replacement("a")
    stage = Stage(engine, [run], hold=True)
    stage.apply(None)
    Commit(engine, [run]).apply(None)
    assert engine == ["create a", "start a", "remove a"]
    assert run.decided == "a"
    assert not stage.undo(None)


def test_commit_that_fails_rolls_its_member_back():
    engine, run = [], replacement("a", fails_at_the_end=True)
    Stage(engine, [run], hold=True).apply(None)
    Commit(engine, [run]).apply(None)
    assert engine[2:] == ["undo start a", "undo create a"]
    assert run.rolled_back


def test_check_mode_predicts_all_steps_and_changes_nothing():
    engine, run = [], replacement("a")
    outcome = Stage(engine, [run], hold=True).predict(None)
    assert (outcome.changed, engine) == (True, [])
    assert run.ledger.actions == ["create a", "start a", "remove a"]


def test_interrupted_run_waits_until_its_threads_have_rolled_back():
    engine, started = [], threading.Event()

    class Waits(Note):
        def apply(self, engine):
            started.set()
            while True:
                signals.check()
                time.sleep(0.01)

    def steps(engine, check):
        yield Note("create")
        yield Waits("wait")

    class Interrupting:
        """Interrupts the main thread while it waits, as a signal does."""

        def __iter__(self):
            return iter([Run("a", "create", steps)])

    join = threading.Thread.join

    def interrupted(thread, timeout=None):
        if timeout is not None and started.wait(30):
            raise Interrupted("Interrupted by signal 15")
        join(thread, timeout)

    threading.Thread.join = interrupted
    try:
        with pytest.raises(Interrupted, match="signal 15"):
            side_by_side(lambda run: run.go(engine, False), Interrupting())
    finally:
        threading.Thread.join = join
    assert engine == ["create", "undo wait", "undo create"]


def test_defect_in_a_thread_is_raised():
    def breaks(_thing):
        raise KeyError("defect")

    with pytest.raises(KeyError):
        side_by_side(breaks, [1, 2])

# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a run does with the containers that a killed run has left."""

from __future__ import annotations

import pytest
from ansible_collections.flotilla.docker.plugins.module_utils.container import plan, steps
from ansible_collections.flotilla.docker.plugins.module_utils.container.handle import Handle
from ansible_collections.flotilla.docker.plugins.module_utils.container.task import Hooks, read_task
from ansible_collections.flotilla.docker.plugins.module_utils.errors import ApiError, Conflict, FlotillaError
from ansible_collections.flotilla.docker.plugins.module_utils.ledger import Ledger

from ..in_memory.engine import Engine
from . import builders

BACKUP = "web.flotilla-replaced"


def killed(old_runs=False, new_runs=True, **new_state):
    """An Engine on which a replacement of web by another hostname was killed."""
    engine = Engine()
    builders.run(engine)
    builders.run(engine, name="new", hostname="new", state="present")
    engine.containers.rename("web", BACKUP)
    engine.containers.rename("new", "web")
    for name, runs in ((BACKUP, old_runs), ("web", new_runs)):
        engine.containers.stored(name)["State"].update(Running=runs, Status="running" if runs else "exited")
    engine.containers.stored("web")["State"].update(new_state)
    return engine


def run_again(engine, works=True, check=False, **given):
    task = read_task(engine, builders.params(grace=0.0, **dict({"hostname": "new"}, **given)))

    def answer(_container):
        return works
        yield  # pylint: disable=unreachable

    ledger = Ledger()
    found = plan.lookup.find(engine, "web")
    ledger.perform(plan.reach(engine, task._replace(hooks=Hooks(works=answer)), found), engine, check)
    return ledger


def test_new_container_that_works_stays():
    engine = killed()
    new = engine.containers.names()["web"]
    assert run_again(engine).actions == ["remove leftover of an interrupted run of web"]
    assert engine.containers.names() == {"web": new}


def test_old_container_that_still_runs_is_stopped_before_it_is_removed():
    engine = killed(old_runs=True)
    calls = []
    engine.containers.stop = lambda key, *timeouts: calls.append(key)
    run_again(engine)
    assert len(calls) == 1


@pytest.mark.parametrize(
    "works, state, task",
    [
        (False, {}, {}),
        (True, {"Restarting": True}, {}),
        (True, {"Health": {"Status": "starting"}}, {"state": "healthy"}),
    ],
)
def test_old_container_comes_back_if_the_new_one_does_not_work(works, state, task):
    engine = killed(**state)
    old = engine.containers.names()[BACKUP]
    # The new task has a fault, too.
    engine.failures["create"] = ApiError("create container web", 500, "it does not work")
    with pytest.raises(FlotillaError, match="it does not work"):
        run_again(engine, works, **task)
    assert engine.containers.names() == {"web": old}
    assert engine.containers.find("web")["State"]["Running"]


def test_check_mode_predicts_the_same_steps():
    engine = killed(new_runs=False)
    predicted = run_again(engine, check=True).actions
    assert predicted[:2] == [
        "remove incomplete container web",
        "restore the name of container web after an interrupted run and start web",
    ]
    assert run_again(engine).actions == predicted


def test_old_container_that_cannot_start_is_replaced():
    engine = killed(new_runs=False)
    start, failures = engine.containers.start, [ApiError("start container web", 500, "its volume is missing")]

    def start_once(key):
        if failures:
            raise failures.pop()
        start(key)

    engine.containers.start = start_once
    ledger = run_again(engine)
    assert "its volume is missing" in ledger.warnings()[0]
    assert engine.containers.find("web")["Config"]["Hostname"] == "new"


def successor():
    return steps.Create(Handle("web", current_name="web.flotilla-new"), {"Image": "busybox"})


def test_container_that_the_engine_was_still_creating_is_removed():
    engine = Engine()
    left = engine.containers.create("web.flotilla-new", {"Image": "busybox"})["Id"]
    created = successor().apply(engine).value
    assert created != left
    assert engine.containers.names() == {"web.flotilla-new": created}


def test_name_that_stays_reserved_is_an_error(monkeypatch):
    monkeypatch.setattr(steps, "ANSWER_PATIENCE", 0.1)
    engine = Engine()

    def create(*_arguments):
        raise Conflict("create container web.flotilla-new", 409, "The name is in use")

    engine.containers.create = create
    with pytest.raises(Conflict):
        successor().apply(engine)


def test_running_container_that_has_the_name_is_kept():
    engine = Engine()
    engine.containers.add("web.flotilla-new")
    with pytest.raises(Conflict):
        successor().apply(engine)
    assert list(engine.containers.names()) == ["web.flotilla-new"]

# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A request whose answer was lost, or was for a run that was killed: what the container's state says of its outcome."""

from __future__ import annotations

import pytest
from ansible_collections.flotilla.docker.plugins.module_utils.container import steps
from ansible_collections.flotilla.docker.plugins.module_utils.container.handle import Handle
from ansible_collections.flotilla.docker.plugins.module_utils.errors import ApiError, FlotillaError, Unreachable
from ansible_collections.flotilla.docker.plugins.module_utils.ledger import Ledger

from ..in_memory.engine import Engine
from . import builders


@pytest.fixture
def engine():
    """An Engine with container web, which cuts the connection when the container is removed."""
    engine = Engine()
    engine.containers.add("web", running=False)
    engine.failures["remove"] = Unreachable("the connection was cut")
    return engine


def remove(engine):
    return steps.RemoveContainer(Handle("web", "1".zfill(64)), volumes=False).apply(engine)


def test_container_that_is_missing_afterwards_was_removed(engine):
    engine.containers.known, known = {}, engine.containers.known
    assert known and remove(engine).changed


def test_container_that_is_being_removed_was_removed(engine):
    engine.containers.stored("web")["State"]["Status"] = "removing"
    assert remove(engine).changed


def test_engine_that_starts_again_is_asked_again(engine, monkeypatch):
    answers = [Unreachable("it starts again"), None]

    def find(key):
        answer = answers.pop(0)
        if answer:
            raise answer

    monkeypatch.setattr(engine.containers, "find", find)
    assert remove(engine).changed


def test_container_that_exists_was_not_removed(engine, monkeypatch):
    monkeypatch.setattr(steps, "ANSWER_PATIENCE", 0.1)
    with pytest.raises(Unreachable, match="cut"):
        remove(engine)


def test_container_whose_state_is_unknown_was_not_removed(engine, monkeypatch):
    def find(key):
        raise Unreachable("no answer")

    monkeypatch.setattr(steps, "ANSWER_PATIENCE", 0.1)
    monkeypatch.setattr(engine.containers, "find", find)
    with pytest.raises(Unreachable, match="cut"):
        remove(engine)


def test_container_that_the_engine_refused_to_create_is_not_reported_as_rolled_back():
    engine, ledger = Engine(), Ledger()
    engine.failures["create"] = builders.refused("create")

    def create():
        yield steps.Create(Handle("db"), {})

    with pytest.raises(FlotillaError):
        ledger.perform(create(), engine, False)
    assert (ledger.undone, ledger.not_undone) == ([], [])


SAME_NAME = ApiError("rename container web", 400, "Renaming a container with the same name as its current name")


def test_container_that_a_killed_run_has_renamed_is_not_an_error(engine):
    engine.failures["rename"] = SAME_NAME
    assert steps.RestoreName(Handle("web.flotilla-replaced", "1".zfill(64)), "web").apply(engine).changed


def test_container_with_another_name_was_not_renamed(engine):
    engine.failures["rename"] = SAME_NAME
    with pytest.raises(ApiError):
        steps.RestoreName(Handle("web", "1".zfill(64)), "shop").apply(engine)

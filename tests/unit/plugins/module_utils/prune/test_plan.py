# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The maximum time of pruning, and the result of a failure."""

from __future__ import annotations

import pytest
from ansible_collections.flotilla.docker.plugins.module_utils.errors import ApiError, FlotillaError
from ansible_collections.flotilla.docker.plugins.module_utils.prune import steps
from ansible_collections.flotilla.docker.plugins.modules.system_prune import KINDS

from .builders import Engine

# Names of the containers by id.
JOBS = {"1".zfill(64): "job1", "2".zfill(64): "job2"}
ALL = dict(dict.fromkeys(KINDS, True), images_filters={"dangling": False}, volumes_filters={"all": True})
EVERYTHING = {
    "containers": list(JOBS),
    "containers_space_reclaimed": 20,
    "images": {
        "untagged": ["web2:1", "web1:1"],
        "deleted": ["sha256:web2", "sha256:layer of web2", "sha256:web1", "sha256:layer of web1"],
    },
    "images_space_reclaimed": 2000,
    "networks": ["net1", "net2"],
    "volumes": ["vol1", "vol2"],
    "volumes_space_reclaimed": 200,
    "builder_cache_caches_deleted": ["cache"],
    "builder_cache_space_reclaimed": 5,
    "in_use": [],
}


@pytest.fixture
def clock(monkeypatch):
    """A clock that tests advance."""
    seconds = [0.0]
    monkeypatch.setattr(steps.time, "monotonic", lambda: seconds[0])
    return seconds


def test_check_and_run_return_all_that_goes():
    engine = Engine()
    assert engine.run(check=True, **ALL) == EVERYTHING
    assert engine.removed == []
    assert engine.run(**ALL) == EVERYTHING


@pytest.mark.parametrize(
    "kind, removed, left",
    [
        ("containers", "job1", "job2"),
        ("images", "web2:1", "web1:1"),
        ("networks", "net1", "net2"),
        ("volumes", "vol1", "vol2"),
    ],
)
def test_nothing_of_any_kind_is_removed_after_prune_timeout(clock, kind, removed, left):
    def advance():
        clock[0] += 31

    engine = Engine()
    engine.on_removal = advance
    task = dict({kind: True}, prune_timeout=30)
    if f"{kind}_filters" in ALL:
        task[f"{kind}_filters"] = ALL[f"{kind}_filters"]
    with pytest.raises(FlotillaError, match=r"took longer than prune_timeout \(30 seconds\)") as failure:
        engine.run(**task)
    assert engine.removed == [removed]
    found = str(failure.value.facts[kind])
    for identity, name in JOBS.items():
        found = found.replace(identity, name)
    assert removed in found and left not in found


def test_build_cache_is_not_pruned_after_prune_timeout(clock):
    def advance():
        clock[0] += 31

    engine = Engine()
    engine.on_removal = advance
    with pytest.raises(FlotillaError, match="prune_timeout"):
        engine.run(networks=True, builder_cache=True, prune_timeout=60)
    assert engine.removed == ["net1", "net2"]


def test_requests_may_take_the_time_that_is_left(clock):
    def advance():
        clock[0] += 100

    engine = Engine()
    engine.on_removal = advance
    engine.run(networks=True, prune_timeout=600)
    assert engine.allowed == [600, 600, 600, 500]


@pytest.mark.parametrize("broken", ["job2", "web1:1", "net2", "vol2"])
def test_failure_keeps_what_was_removed_before(broken):
    engine = Engine()
    engine.failures[f"remove {broken}"] = ApiError(f"remove {broken}", 500, "device or resource busy")
    with pytest.raises(FlotillaError, match="device or resource busy") as failure:
        engine.run(**ALL)
    facts = failure.value.facts
    images = facts.get("images") or {"untagged": []}
    kept = [
        *(JOBS[key] for key in facts["containers"]),
        *images["untagged"],
        *facts.get("networks", ()),
        *facts.get("volumes", ()),
    ]
    assert kept == engine.removed
    assert facts["containers_space_reclaimed"] == 10 * len(facts["containers"])
    assert facts.get("images_space_reclaimed", 0) == 1000 * len(images["untagged"])
    assert facts.get("volumes_space_reclaimed", 0) == 100 * len(facts.get("volumes", ()))

# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What volume_create decides and hides, on an Engine in memory."""

from __future__ import annotations

import copy
import random

import pytest
from ansible_collections.flotilla.docker.plugins.module_utils import object_options
from ansible_collections.flotilla.docker.plugins.module_utils.errors import (
    ApiError,
    FlotillaError,
    NotFound,
    StepFailed,
)
from ansible_collections.flotilla.docker.plugins.module_utils.volume import options, result

from .builders import Engine

NFS = {"type": "nfs", "device": ":/a"}


@pytest.fixture
def engine():
    return Engine()


def test_old_volume_is_restored_when_the_new_one_is_refused_after_the_removal(engine):
    engine.run(driver_options=NFS, labels={"a": "b"})
    before = copy.deepcopy(engine.volumes.known)
    engine.volumes.refuse = dict(NFS, device=":/b")
    with pytest.raises(ApiError, match="it does not work"):
        engine.run(driver_options=engine.volumes.refuse, labels={"a": "b"}, recreate="when_needed")
    assert engine.volumes.known == before


def test_volume_that_appears_meanwhile_is_compared(engine):
    engine.volumes.raced = {
        "Name": "data",
        "Driver": "local",
        "Options": {"type": "nfs", "device": ":/other"},
        "Labels": None,
    }
    with pytest.raises(StepFailed, match="driver_options.device is ':/other', must be ':/a'"):
        engine.run(driver_options=NFS)
    assert engine.volumes.known["data"]["Options"]["device"] == ":/other"


def test_driver_may_be_left_out_of_an_existing_volume(engine):
    engine.volumes.known["data"] = {"Name": "data", "Driver": "plugin", "Options": {"x": "1"}, "Labels": None}
    assert engine.run(driver_options={"x": 1}) == []


@pytest.mark.parametrize(
    "volume, where",
    [
        ({"Driver": "local", "Options": {"type": "nfs", "device": ":/a"}}, "nfs :/a"),
        ({"Driver": "local", "Options": {"type": "none", "device": "/srv", "o": "bind"}}, "bind /srv"),
        ({"Driver": "local", "Options": {"type": "cifs", "device": "//h/s"}}, "cifs //h/s"),
        ({"Driver": "local", "Options": {"size": "10g"}}, None),
        ({"Driver": "local", "Options": None}, None),
        ({"Driver": "plugin", "Options": {"device": ":/a"}}, None),
    ],
)
def test_data_is_elsewhere_only_with_a_device_of_the_local_driver(volume, where):
    assert options.location(volume) == where


def test_secrets_in_mount_options_are_masked_everywhere():
    given = {"o": "username=web,password=hunter2hunter2,vers=3.0", "api_token": "abcdefgh"}
    masked, hidden = object_options.mask_params({"name": "data", "driver_options": given})
    assert masked["driver_options"] == {"o": "username=web,password=********,vers=3.0", "api_token": "********"}
    assert hidden == {"hunter2hunter2", "abcdefgh"}
    assert "hunter2" not in str(result.volume({"Name": "data", "Options": given}))


def test_driver_that_cannot_be_reached_is_explained(engine):
    def find(name):
        raise NotFound("inspect volume data", 404, 'error looking up volume plugin flaky: plugin "flaky" not found')

    engine.volumes.find = find
    with pytest.raises(NotFound, match="driver cannot be reached; nothing was created or deleted"):
        engine.run()


@pytest.mark.parametrize("seed", range(30))
def test_any_values_give_a_result_or_an_error_of_this_collection(engine, seed):
    chance = random.Random(seed)
    texts = ["", " ", "type", "device", "size", "../x", "x" * 300, "\u00fc", "10m"]
    for _count in range(20):
        task = {
            "name": chance.choice(["data", *texts]),
            "driver": chance.choice(["local", "", "plugin"]),
            "driver_options": {
                chance.choice(texts): chance.choice([*texts, 1, None, [], {}, True]) for _each in range(3)
            },
            "labels": {chance.choice(texts): chance.choice([*texts, 1, None])},
            "recreate": chance.choice(["never", "when_needed", "always", "options-changed"]),
            "data": chance.choice(["keep", "delete"]),
        }
        try:
            engine.run(check=chance.random() < 0.5, **task)
        except FlotillaError as error:
            assert str(error)

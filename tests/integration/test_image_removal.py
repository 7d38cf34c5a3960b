# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Check mode predicts exactly what the run removes, including layers: random images, removed in random ways."""

from __future__ import annotations

import contextlib
import random

import docker
import pytest
from registry import ENGINES

PULLED = [
    "hub:5000/library/busybox:1.0",
    "hub:5000/library/busybox:2.0",
    "hub:5000/library/multi:latest",
    "busybox:1.0",
]
REPOSITORIES = ["one", "two", "hub:5000/library/busybox"]
SEEDS = range(5)


def furnish(host, chance):
    """Pulled images, images built on them, more names, and containers that run, are stopped, or whose image was removed."""
    for name in chance.sample(PULLED, chance.randint(1, 3)):
        host.api.pull(name)
    for number in range(chance.randint(0, 4)):
        base = chance.choice(host.api.images(all=True))["Id"]
        made = host.api.create_container(base, command=["sh", "-c", "echo %d > /made" % number])["Id"]
        host.api.start(made)
        host.api.wait(made)
        name = (
            {"repository": chance.choice(REPOSITORIES), "tag": "made%d" % chance.randint(0, 2)}
            if chance.random() < 0.6
            else {}
        )
        host.api.commit(made, **name)
        host.api.remove_container(made)
    for _number in range(chance.randint(0, 4)):
        host.api.tag(
            chance.choice(host.api.images())["Id"], chance.choice(REPOSITORIES), "tag%d" % chance.randint(0, 3)
        )
    for number in range(chance.randint(0, 2)):
        used = host.api.create_container(
            chance.choice(host.api.images())["Id"], command=["sleep", "3600"], name="user%d" % number
        )["Id"]
        if chance.random() < 0.3:
            host.api.start(used)
    if chance.random() < 0.3:
        with contextlib.suppress(docker.errors.APIError):
            host.api.remove_image(chance.choice(host.api.images())["Id"], force=True)


def ways(host, chance):
    """A task that removes some of the images."""
    names = []
    for image in host.api.images(all=True):
        hexadecimal = image["Id"].split(":")[1]
        names += [name for name in (image["RepoTags"] or []) + (image["RepoDigests"] or []) if "<none>" not in name]
        names += [image["Id"], hexadecimal, hexadecimal[:12]]
    return {
        "name": chance.sample(names, min(len(names), chance.choice((1, 1, 2, 3)))),
        "force": chance.random() < 0.5,
        "prune": chance.random() < 0.7,
    }


@pytest.mark.parametrize(
    "host",
    [pytest.param(name, marks=() if name in ("e20", "c28") else pytest.mark.long) for name in ENGINES],
    indirect=True,
)
def test_check_mode_predicts_every_removal(empty):
    for seed in SEEDS:
        chance = random.Random(seed)
        furnish(empty, chance)
        for _turn in range(6):
            if not empty.api.images(all=True):
                break
            task = ways(empty, chance)
            state = [
                (image["Id"][7:19], image["RepoTags"], image["RepoDigests"], image["ParentId"][7:19])
                for image in empty.api.images(all=True)
            ]
            containers = [
                (entry["Names"], entry["ImageID"][7:19], entry["State"]) for entry in empty.api.containers(all=True)
            ]
            predicted = empty.run("image_remove", check=True, **task)
            done = empty.run("image_remove", **task)
            description = "seed %d: %s of %s with %s" % (seed, task, state, containers)
            assert predicted["rc"] == done["rc"], (description, predicted, done)
            if done["rc"]:
                assert predicted["msg"].split(" Failed step:")[0] == done["msg"].split(" Failed step:")[0], description
                break
            for kind in ("changed", "untagged", "deleted", "actions", "missing"):
                assert predicted[kind] == done[kind], (description, kind)
        empty.clear()
        for image in empty.api.images(all=True):
            with contextlib.suppress(docker.errors.APIError):
                empty.api.remove_image(image["Id"], force=True)

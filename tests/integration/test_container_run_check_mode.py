# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From any task to any other: the run does what check mode predicts, and a second run changes nothing."""

from __future__ import annotations

import random

import pytest

SEED = 20260101
PAIRS = 25
ALWAYS = {"name": "web", "image": "busybox", "command": ["sleep", "3600"], "stop_signal": "KILL", "grace": 0}
CHOICES = {
    "state": ["started", "started", "started", "present", "stopped", "absent"],
    "image": ["busybox", "busybox:1.0"],
    "command": [["sleep", "3600"], ["sleep", "1800"]],
    "memory": ["64m", "128m", "0"],
    "cpus": [0.5, 1],
    "pids_limit": [50, 100, -1],
    "restart_policy": ["no", "always", "unless-stopped"],
    "env": [{"A": "1"}, {"A": "2"}, {"A": "1", "B": "1"}],
    "labels": [{"a": "1"}, {"b": "2"}],
    "published_ports": [["18090:80"], ["18091:80"], ["127.0.0.1:18090:80"]],
    "volumes": [["web:/srv"], ["/srv"], ["web:/srv:ro"]],
    "tmpfs": [["/run"], ["/run:size=1m"]],
    "hostname": ["web", "db"],
    "capabilities": [["NET_ADMIN"], ["CAP_NET_ADMIN", "sys_ptrace"]],
    "ulimits": [["nofile:64:128"], ["nofile:64"]],
    "networks": [[{"name": "front"}], [{"name": "front", "aliases": ["www"]}], [{"name": "front"}, {"name": "back"}]],
    "healthcheck": [{"test": "true", "interval": "1m"}, {"test": ["CMD", "true"]}],
    "log_options": [{"max-size": "1m"}],
    "log_driver": ["json-file"],
    "paused": [True, False],
    "recreate": [True],
    "restart": [True],
    "user": ["1000"],
    "read_only": [True, False],
    "init": [True, False],
}
# These change something at each run.
EACH_TIME = ("recreate", "restart")


def pairs():
    """Two tasks, of which the second is the first with some options changed, added and removed."""
    dice = random.Random(SEED)
    for number in range(PAIRS):
        before = _some(dice, dice.randint(0, 6))
        after = {name: value for name, value in before.items() if dice.random() < 0.7}
        after.update(_some(dice, dice.randint(0, 3)))
        yield pytest.param(before, after, id=str(number))


def _some(dice, count):
    return {name: dice.choice(CHOICES[name]) for name in dice.sample(sorted(CHOICES), count)}


@pytest.fixture(scope="module")
def engine(hosts):
    """One host with two networks and two images, shared by all pairs."""
    host = hosts["e26"]
    host.clear()
    networks = [host.api.create_network(name)["Id"] for name in ("front", "back")]
    for image in ("busybox", "busybox:1.0"):
        assert host.run("image_pull", name=image)["rc"] == 0
    yield host
    host.clear()
    for network in networks:
        host.api.remove_network(network)


@pytest.mark.parametrize("before, after", list(pairs()))
def test_check_mode_predicts_the_run(engine, before, after):
    engine.clear()
    for task in (before, after):
        task = dict(ALWAYS, **task)
        predicted = engine.run("container_run", check=True, **task)
        done = engine.run("container_run", **task)
        assert done["rc"] == 0, done["msg"]
        assert (predicted["actions"], predicted["changed"]) == (done["actions"], done["changed"])
        assert predicted["diff"] == done["diff"]
        described = {name: value for name, value in task.items() if name not in EACH_TIME}
        if task.get("restart"):
            # A restart keeps what the task does not name; the description without it removes that.
            assert engine.run("container_run", **described)["rc"] == 0
        again = engine.run("container_run", **described)
        assert (again["actions"], again["changed"]) == ([], False), again["diff"]
        assert engine.names() == ([] if task.get("state") == "absent" else ["web"])

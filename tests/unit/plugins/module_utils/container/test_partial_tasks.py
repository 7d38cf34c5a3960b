# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A task that does not describe the whole container changes only what it names: every such task, with every option."""

from __future__ import annotations

import pytest
from ansible_collections.flotilla.docker.plugins.module_utils import declared
from ansible_collections.flotilla.docker.plugins.module_utils.container import table
from ansible_collections.flotilla.docker.plugins.module_utils.network.endpoint import asked

from ..in_memory import images
from ..in_memory.engine import Engine
from . import builders
from .test_table import LINES

# Tasks without an image, and what they may change.
WITHOUT_IMAGE = {
    "restart": ({"restart": True}, ()),
    "stopped": ({"state": "stopped"}, ()),
    "present": ({"state": "present"}, ()),
    "started": ({}, ()),
    "paused": ({"paused": True}, ()),
    "unpaused": ({"paused": False}, ()),
    "kill": ({"state": "stopped", "force_kill": True}, ()),
    "recreate": ({"recreate": True}, ()),
    "recreate stopped": ({"recreate": True, "state": "stopped"}, ()),
    "memory": ({"memory": "128m"}, ("memory", "memory_swap")),
    "restart policy": ({"restart_policy": "always"}, ("restart_policy",)),
    "network": ({"networks": [{"name": "back"}]}, ("networks",)),
    "label": ({"labels": {"added": "1"}}, ("labels",)),
    "env and memory": ({"env": {"ADDED": "1"}, "memory": "128m"}, ("env", "memory", "memory_swap")),
    "strict": ({"recreate": True, "comparisons": {"*": "strict"}}, ()),
    "peer's defaults": ({"container_default_behavior": "no_defaults", "restart": True}, ()),
}
WITH_IMAGE = {
    "restart": ({"image": "busybox", "restart": True}, ()),
    "stopped": ({"image": "busybox", "state": "stopped"}, ()),
    "paused": ({"image": "busybox", "paused": True}, ()),
    "unpaused": ({"image": "busybox", "paused": False}, ()),
}
TASKS = [pytest.param(dict({"image": None}, **task), may, id=name) for name, (task, may) in WITHOUT_IMAGE.items()]
TASKS += [pytest.param(task, may, id=f"{name} with image") for name, (task, may) in WITH_IMAGE.items()]
# An Engine whose images give defaults for all that an image can give.
IMAGE = {
    "Env": ["PATH=/bin", "OF_IMAGE=1"],
    "Labels": {"of.image": "1"},
    "Entrypoint": ["/init"],
    "Cmd": ["serve"],
    "User": "app",
    "WorkingDir": "/app",
    "StopSignal": "SIGQUIT",
    "ExposedPorts": {"80/tcp": {}},
    "Volumes": {"/data": {}},
}


def observed(engine, without=()):
    """The value of each option of the container."""
    container = engine.containers.find("web")
    values = {
        option.name: option.observed(container)
        for option in table.OPTIONS
        if option.name not in without and option.name != "mac_address"
    }
    values.get("labels", {}).pop(declared.LABEL, None)
    for name, endpoint in values.get("networks", {}).items():
        values["networks"][name] = asked(endpoint, container["Id"])  # addresses are the Engine's
    return {name: value or None for name, value in values.items()}


# Tasks of each kind: those that do not change the container, change it in place, and replace it.
KINDS = {"restart", "stopped", "recreate", "memory", "label", "restart with image"}


@pytest.mark.parametrize("line", LINES, ids=lambda line: f"{line.option}={line.value}"[:40])
def test_a_task_that_describes_no_container_keeps_every_option(line):
    lost = {}
    for case in (case for case in TASKS if case.id in KINDS):
        task, may_change = case.values
        engine = Engine(images=[images.image(**IMAGE)], api="1.51")
        builders.run(engine, **dict({line.option: line.value}, **line.extra))
        before = observed(engine, may_change)
        builders.run(engine, **task)
        after = observed(engine, may_change)
        lost.update({(case.id, name): (before[name], after[name]) for name in before if after[name] != before[name]})
        # The record is kept, too, for the next task that describes the whole container.
        assert line.option in declared.of_labels(engine.containers.find("web")["Config"]["Labels"]), case.id
    assert lost == {}


@pytest.mark.parametrize("task, may_change", TASKS)
def test_full_task_after_a_partial_task_changes_only_the_named_options(task, may_change):
    described = {
        "env": {"A": "1"},
        "labels": {"a": "b"},
        "published_ports": ["8080:80"],
        "volumes": ["web:/srv", "/anonymous"],
        "networks": [{"name": "front", "aliases": ["www"]}],
        "memory": "64m",
        "hostname": "web",
        "state": "present",
    }
    engine = Engine(images=[images.image(**IMAGE)])
    builders.run(engine, **{**described, "state": "started"})
    builders.run(engine, **task)
    actions = builders.run(engine, **described).actions
    if set(may_change) & {"labels", "env"}:
        assert "create container web" in actions
    elif may_change:
        assert all(action.startswith(("update", "disconnect", "connect")) for action in actions), actions
    else:
        assert actions == []


@pytest.mark.parametrize(
    "task, named",
    [
        ({"env": {"B": "2"}}, {"env": {"A": "1", "B": "2"}}),
        ({"env": {"A": "2"}}, {"env": {"A": "2"}}),
        ({"labels": {"c": "d"}}, {"labels": {"a": "b", "c": "d"}}),
        ({"published_ports": ["8081:81"]}, {"published_ports": {"80/tcp", "81/tcp"}}),
        ({"hostname": "db"}, {"hostname": "db"}),
    ],
)
def test_named_members_are_added_to_those_of_the_container(task, named):
    engine = Engine()
    builders.run(engine, env={"A": "1"}, labels={"a": "b"}, published_ports=["8080:80"], hostname="web")
    assert "create container web" in builders.run(engine, image=None, **task).actions
    has = observed(engine)
    for option, expected in named.items():
        value = set(has[option]) if isinstance(expected, set) else has[option]
        if isinstance(expected, dict):
            value = {name: value[name] for name in expected}
        assert value == expected
    assert builders.run(engine, image=None, **task).actions == []


def test_added_members_are_removed_by_the_next_full_task():
    engine = Engine()
    builders.run(engine, env={"A": "1"})
    builders.run(engine, image=None, env={"B": "2"})
    builders.run(engine, env={"A": "1"})
    assert "B=2" not in engine.containers.find("web")["Config"]["Env"]


def test_recreate_keeps_the_image_that_the_container_has():
    engine = Engine()
    builders.run(engine)
    engine.images.known = [
        images.image("busybox:latest", images.OTHER_IMAGE_ID),
        dict(images.image(), RepoTags=["<none>:<none>"]),
    ]
    builders.run(engine, image=None, recreate=True)
    assert engine.containers.find("web")["Image"] == images.IMAGE_ID


def test_recreate_keeps_the_data_of_anonymous_volumes():
    engine = Engine(images=[images.image(Volumes={"/data": {}})])
    builders.run(engine)
    container = engine.containers.known[engine.containers.names()["web"]]
    container["Mounts"] = [{"Type": "volume", "Name": "f" * 64, "Destination": "/data", "RW": True}]
    container["Config"]["Volumes"] = {"/data": {}}
    builders.run(engine, image=None, recreate=True)
    assert engine.containers.find("web")["HostConfig"]["Binds"] == ["{}:/data".format("f" * 64)]
    assert builders.run(engine).actions == []


@pytest.mark.parametrize("asked", [{}, {"hostname": "web"}])
def test_recreate_keeps_a_host_name_only_if_it_was_set(asked):
    engine = Engine()
    builders.run(engine, **asked)
    identity = engine.containers.names()["web"]
    if not asked:
        engine.containers.known[identity]["Config"]["Hostname"] = identity[:12]
    builders.run(engine, image=None, recreate=True)
    assert engine.containers.find("web")["Config"].get("Hostname") == asked.get("hostname", "")


def test_container_of_another_tool_is_recreated_with_all_settings_and_without_a_record():
    engine = Engine()
    engine.containers.create(
        "web", {"Image": "busybox", "Env": ["A=1"], "HostConfig": {"Memory": 2**30, "Binds": ["a:/b"]}}
    )
    engine.containers.start("web")
    builders.run(engine, image=None, recreate=True)
    container = engine.containers.find("web")
    assert (container["HostConfig"]["Memory"], container["HostConfig"]["Binds"]) == (2**30, ["a:/b"])
    assert "A=1" in container["Config"]["Env"]
    assert declared.LABEL not in container["Config"]["Labels"]

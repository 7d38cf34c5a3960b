# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is done to come from one task to the next, on an Engine in memory."""

from __future__ import annotations

import pytest
from ansible_collections.flotilla.docker.plugins.module_utils import declared
from ansible_collections.flotilla.docker.plugins.module_utils.container import lookup, plan, task, watch
from ansible_collections.flotilla.docker.plugins.module_utils.errors import BadOption, FlotillaError, StepFailed
from ansible_collections.flotilla.docker.plugins.module_utils.ledger import Ledger

from ..in_memory import containers, images
from ..in_memory.engine import Engine
from . import builders

CREATE = ["create container web", "start container web"]
REPLACE = [
    "rename container web to a backup name",
    "create container web",
    "stop container web",
    "start container web",
    "remove replaced container web",
]
PORT = {"published_ports": ["8080:80"]}
NETWORK = {"networks": [{"name": "front"}]}


def both(engine, **task):
    """The actions of a run, after checking that check mode predicts them and that a second run changes nothing."""
    predicted = builders.run(engine, check=True, **task).actions
    done = builders.run(engine, **task).actions
    assert predicted == done
    if not task.get("recreate") and not task.get("restart"):
        assert builders.run(engine, **task).actions == []
    return done


@pytest.mark.parametrize("docker", containers.DOCKER_VERSIONS)
@pytest.mark.parametrize(
    "before, after, expected",
    [
        (None, {}, CREATE),
        (None, {"state": "present"}, ["create container web"]),
        (None, {"state": "stopped"}, ["create container web"]),
        (None, {"state": "absent"}, []),
        ({}, {}, []),
        ({}, {"state": "present"}, []),
        ({}, {"state": "stopped"}, ["stop container web"]),
        ({}, {"state": "absent"}, ["stop container web", "remove container web"]),
        ({}, {"recreate": True}, REPLACE),
        ({}, {"restart": True}, ["restart container web"]),
        ({}, {"paused": True}, ["pause container web"]),
        ({"paused": True}, {"paused": False}, ["unpause container web"]),
        ({"paused": True}, {"state": "stopped"}, ["unpause container web", "stop container web"]),
        ({"state": "stopped"}, {}, ["start container web"]),
        ({"state": "stopped"}, {"state": "present"}, []),
        (
            {"state": "stopped"},
            {"state": "present", "labels": {"a": "b"}},
            ["rename container web to a backup name", "create container web", "remove replaced container web"],
        ),
        (
            {"state": "stopped"},
            {"labels": {"a": "b"}},
            [
                "rename container web to a backup name",
                "create container web",
                "start container web",
                "remove replaced container web",
            ],
        ),
        ({}, {"state": "present", "labels": {"a": "b"}}, REPLACE),
        ({}, {"memory": "1g"}, ["update container web: memory"]),
        ({"memory": "1g"}, {"memory": "512m"}, ["update container web: memory"]),
        (
            {},
            {"cpus": 0.5, "pids_limit": 9, "restart_policy": "always"},
            ["update container web: cpus, pids_limit, restart_policy"],
        ),
        ({"cpus": 0.5}, {"cpu_quota": 1000}, REPLACE),
        ({}, {"blkio_weight": 300}, ["update container web: blkio_weight"]),
        ({}, {"memory": "1g", "labels": {"a": "b"}}, REPLACE),
        (PORT, {"published_ports": ["8081:80"]}, REPLACE),
        (
            NETWORK,
            {"networks": [{"name": "front", "aliases": ["www"]}]},
            ["disconnect container web from network front", "connect container web to network front"],
        ),
        (
            NETWORK,
            {"networks": [{"name": "front", "driver_opts": {"a": 1}}]},
            ["disconnect container web from network front", "connect container web to network front"],
        ),
        (NETWORK, {"networks": [{"name": "front"}, {"name": "back"}]}, ["connect container web to network back"]),
        # options that were removed from the task
        ({"env": {"A": "1", "B": "2"}}, {"env": {"A": "1"}}, REPLACE),
        ({"labels": {"a": "1"}}, {}, REPLACE),
        (PORT, {}, REPLACE),
        ({"volumes": ["web:/srv"]}, {}, REPLACE),
        ({"hostname": "web"}, {}, REPLACE),
        ({"restart_policy": "always"}, {}, ["update container web: restart_policy"]),
        ({"pids_limit": 9}, {}, ["update container web: pids_limit"]),
        ({"env": {"A": "1"}}, {"track_declared": False}, []),
        ({"env": {"A": "1"}}, {"comparisons": {"env": "ignore"}}, []),
        ({"env": {"A": "1"}}, {"comparisons": {"*": "ignore"}}, []),
        ({"labels": {"a": "b"}}, {"labels": {"a": "c"}, "comparisons": {"labels": "ignore"}}, []),
    ],
)
def test_actions_from_one_task_to_the_next(docker, before, after, expected):
    engine = Engine(docker)
    if before is not None:
        builders.run(engine, **before)
    assert both(engine, **after) == expected


@pytest.mark.parametrize(
    "surplus, comparisons, actions",
    [
        ({"Labels": {"foreign": "1"}}, {}, []),
        ({"Labels": {"foreign": "1"}}, {"labels": "allow_more_present"}, []),
        ({"Labels": {"foreign": "1"}}, {"labels": "strict"}, REPLACE),
        ({"Labels": {"foreign": "1"}}, {"*": "strict"}, REPLACE),
        ({"Env": ["FOREIGN=1"]}, {}, []),
        ({"Env": ["FOREIGN=1"]}, {"env": "strict"}, REPLACE),
    ],
)
def test_a_container_without_a_label_is_compared_with_the_task_alone(surplus, comparisons, actions):
    engine = Engine()
    engine.containers.create("web", dict({"Image": "busybox", "HostConfig": {}}, **surplus))
    engine.containers.start("web")
    assert both(engine, env={}, labels={}, comparisons=comparisons) == actions


def test_a_container_without_a_label_keeps_its_limits():
    engine = Engine()
    engine.containers.create("web", {"Image": "busybox", "HostConfig": {"Memory": 2**30}})
    engine.containers.start("web")
    assert both(engine) == []


def test_values_of_the_image_are_not_removed():
    engine = Engine(
        images=[images.image(Env=["PATH=/bin", "A=1"], Labels={"of.image": "1"}, ExposedPorts={"80/tcp": {}})]
    )
    builders.run(engine, env={"A": "1", "B": "1"}, labels={"of.image": "1"}, exposed_ports=["80"])
    assert (
        both(engine, env={"B": "1"}, comparisons={"env": "strict", "labels": "strict", "exposed_ports": "strict"}) == []
    )


@pytest.mark.parametrize("desired_image, actions", [("busybox", []), ("web:2", REPLACE)])
def test_values_of_the_image_count_without_a_label(desired_image, actions):
    engine = Engine(images=[images.image(), images.image("web:2", images.OTHER_IMAGE_ID, Labels={"of.image": "2"})])
    builders.run(engine, track_declared=False)
    assert (
        builders.run(engine, image=desired_image, comparisons={"image": "ignore"}, track_declared=False).actions
        == actions
    )


def test_a_label_removed_from_the_task_gets_the_value_of_the_image():
    engine = Engine(images=[images.image(Labels={"of.image": "1"})])
    builders.run(engine, labels={"of.image": "2"}, track_declared=False)
    assert both(engine, labels={}, track_declared=False) == REPLACE
    assert engine.containers.find("web")["Config"]["Labels"] == {"of.image": "1"}


def test_a_weight_that_the_kernel_ignores_is_no_difference():
    engine = Engine()
    builders.run(engine, blkio_weight=300)
    engine.containers.known[engine.containers.names()["web"]]["HostConfig"]["BlkioWeight"] = 0
    again = builders.run(engine, blkio_weight=300)
    assert again.actions == []


def test_only_on_failure_counts_retries():
    builders.run(Engine(), restart_policy="always", restart_retries=0)
    with pytest.raises(BadOption, match="restart_retries"):
        builders.run(Engine(), restart_policy="always", restart_retries=1)


def test_a_job_that_removes_itself_is_removed_when_its_log_is_read():
    engine = Engine()
    engine.containers.logs = lambda key, tail=None: b"done"
    engine.containers.start = engine.containers.stop
    ledger = builders.run(engine, detach=False, auto_remove=True)
    assert ledger.actions == [*CREATE, "remove container web"]
    assert ledger.outcomes[-2].value == (0, "done")
    assert engine.containers.find("web") is None


@pytest.mark.parametrize(
    "task",
    [
        {"image": "busybox:2"},
        {"image": "busybox", "labels": {"a": "b"}},
    ],
)
def test_another_image_replaces(task):
    engine = Engine(images=[images.image(), images.image("busybox:2", images.OTHER_IMAGE_ID)])
    builders.run(engine)
    assert both(engine, **task) == REPLACE


@pytest.mark.parametrize(
    "before, after, left",
    [
        ({"networks": [{"name": "front"}]}, {"network_mode": "front"}, {"front"}),
        ({"networks": [{"name": "bridge"}]}, {}, {"bridge"}),
        ({"networks": [{"name": "bridge"}]}, {"network_mode": "default"}, {"bridge"}),
        ({"networks": [{"name": "front"}, {"name": "back"}]}, {"network_mode": "front"}, {"front"}),
        (
            {"network_mode": "front", "networks": [{"name": "front", "aliases": ["a"]}]},
            {"network_mode": "front"},
            {"front"},
        ),
        ({"networks": [{"name": "front"}]}, {}, {"bridge"}),
        ({"networks": [{"name": "front"}], "networks_cli_compatible": False}, {}, {"bridge"}),
    ],
)
def test_container_whose_networks_left_the_task_stays_on_the_default_one(before, after, left):
    engine = Engine(images=[images.image()], networks=["front", "back"])
    builders.run(engine, **before)
    both(engine, **after)
    assert set(engine.containers.find("web")["NetworkSettings"]["Networks"]) == left


@pytest.mark.parametrize("length", [12, 64])
def test_id_of_the_same_image_is_not_another_name(length):
    engine = Engine(images=[images.image()])
    builders.run(engine)
    digits = images.image()["Id"].partition(":")[2]
    assert both(engine, image=digits[:length]) == []


def test_another_name_of_the_same_image():
    engine = Engine(images=[images.image(), images.image("busybox:2")])
    builders.run(engine)
    assert both(engine, image="busybox:2", image_name_mismatch="ignore") == []
    assert both(engine, image="busybox:2") == REPLACE


@pytest.mark.parametrize(
    "platform, comparisons, actions",
    [
        ("linux/amd64", {}, []),
        ("amd64", {}, []),
        ("linux", {}, []),
        ("linux/386", {}, REPLACE),
        ("linux/386", {"image": "ignore"}, REPLACE),
        ("linux/386", {"platform": "ignore"}, []),
    ],
)
def test_another_platform_replaces(platform, comparisons, actions):
    engine = Engine()
    builders.run(engine)
    predicted = builders.run(
        engine, check=True, platform=platform, comparisons=comparisons, pull_check_mode_behavior="image_not_present"
    )
    assert [action for action in predicted.actions if action != "pull image busybox"] == actions


def test_an_ethernet_address_takes_a_new_container():
    engine = Engine()
    builders.run(engine, **NETWORK)
    assert both(engine, networks=[{"name": "front", "mac_address": "02:42:ac:11:00:02"}]) == REPLACE


@pytest.mark.parametrize("task", [{"privileged": True}, {"pid_mode": "host"}, {"ipc_mode": "host"}])
def test_values_that_the_engine_adds_are_no_difference(task):
    engine = Engine()
    builders.run(engine, **task)
    engine.containers.known["%064d" % 1]["HostConfig"]["SecurityOpt"] = ["label=disable"]
    assert both(engine, comparisons={"*": "strict"}, **task) == []


def test_missing_container_is_not_created_without_an_image():
    with pytest.raises(BadOption, match="image"):
        builders.run(Engine(), image=None)


def test_without_an_image_the_container_keeps_its_own():
    engine = Engine()
    builders.run(engine)
    assert both(engine, image=None, labels={"a": "b"}) == REPLACE
    assert engine.containers.find("web")["Config"]["Image"] == "busybox"


@pytest.mark.parametrize("verb", ["create", "stop", "start", "connect"])
def test_failed_step_keeps_the_old_container(verb):
    engine = Engine("20.10")
    builders.run(engine, networks=[{"name": "front"}])
    before = engine.containers.names()
    engine.failures[verb] = builders.refused(verb)
    with pytest.raises(FlotillaError):
        builders.run(engine, networks=[{"name": "front"}, {"name": "back"}], labels={"a": "b"})
    assert engine.containers.names() == before
    assert engine.containers.find("web")["State"]["Running"]


def test_old_container_is_created_again_when_its_removal_at_its_exit_has_ended(monkeypatch):
    """The Engine removes a container with auto_remove a moment after its exit, which may be during the rollback."""
    engine = Engine()
    builders.run(engine, auto_remove=True)
    old = engine.containers.names()["web"]
    engine.failures["start"] = builders.refused("start")
    monkeypatch.setattr(watch.time, "sleep", lambda seconds: engine.containers.known.pop(old, None))
    with pytest.raises(FlotillaError):
        builders.run(engine, auto_remove=True, labels={"a": "b"})
    web = engine.containers.find("web")
    assert web["State"]["Running"]
    assert (web["Id"] != old, list(engine.containers.names())) == (True, ["web"])


def test_an_update_that_is_followed_by_a_failure_is_rolled_back():
    engine = Engine()
    builders.run(engine, memory="1g")
    engine.failures["connect"] = builders.refused("connect")
    with pytest.raises(FlotillaError):
        builders.run(engine, memory="2g", networks=[{"name": "front"}], networks_cli_compatible=False)
    assert engine.containers.find("web")["HostConfig"]["Memory"] == 2**30


def test_labels_of_the_image_that_strict_forbids_are_an_error():
    engine = Engine(images=[images.image(Labels={"of.image": "1"})])
    with pytest.raises(StepFailed, match="of.image"):
        builders.run(engine, comparisons={"labels": "strict"}, image_label_mismatch="fail")
    assert engine.containers.names() == {}
    builders.run(engine)
    with pytest.raises(StepFailed, match="of.image"):
        builders.run(engine, check=True, labels={}, comparisons={"labels": "strict"}, image_label_mismatch="fail")


def test_label_has_only_names():
    engine = Engine()
    builders.run(engine, env={"DB_PASSWORD": "hunter2"}, labels={"a": "b"}, memory="1g", **PORT)
    container = engine.containers.find("web")
    assert "hunter2" not in container["Config"]["Labels"][declared.LABEL]
    assert declared.of_labels(container["Config"]["Labels"]) == {
        "env": ["DB_PASSWORD"],
        "labels": ["a"],
        "memory": [],
        "published_ports": ["80/tcp"],
    }


@pytest.mark.parametrize("label", ["", "{", "[]", "null", "1"])
def test_an_invalid_label_counts_as_none(label):
    assert declared.of_labels({declared.LABEL: label}) is None


@pytest.mark.parametrize(
    "comparisons, says",
    [
        ({"nonesuch": "strict"}, "must name options of this module"),
        ({"*": "allow_more_present"}, "must be strict or ignore"),
        ({"memory": "allow_more_present"}, "single value"),
        ({"env": "maybe"}, "must be strict, ignore or allow_more_present"),
        ({"ports": "strict", "published_ports": "strict"}, "same option as ports"),
    ],
)
def test_invalid_comparisons_are_refused(comparisons, says):
    with pytest.raises(BadOption, match=says):
        builders.run(Engine(), comparisons=comparisons)


def test_the_diff_uses_the_values_of_a_task():
    engine = Engine()
    builders.run(engine, memory="64m", cpus=0.5, env={"A": "1"})
    diff = builders.run(engine, memory="128m", cpus=1.5, env={"A": "2"}).diff()
    assert diff == {
        "before": {"memory": "64m", "cpus": 0.5, "env": {"A": "1"}, "running": True},
        "after": {"memory": "128m", "cpus": 1.5, "env": {"A": "2"}, "running": True},
    }


def start_first(engine, **given):
    """One run in which the new container starts before the old one is stopped."""
    ledger = Ledger()
    described = task.read_task(engine, builders.params(grace=0.0, **given))._replace(hooks=task.Hooks(start_first=True))
    ledger.perform(plan.reach(engine, described, lookup.find(engine, "web")), engine, False)
    return ledger


def test_start_first_keeps_the_old_container_until_the_new_one_runs():
    engine = Engine()
    builders.run(engine)
    engine.calls.clear()
    start_first(engine, labels={"a": "b"})
    assert engine.calls == ["create", "start", "rename", "rename", "stop", "remove"]
    assert list(engine.containers.names()) == ["web"]


@pytest.mark.parametrize("verb", ["create", "start", "rename", "stop"])
def test_start_first_rolls_back_to_the_old_container(verb):
    engine = Engine()
    builders.run(engine)
    former = engine.containers.names()
    engine.failures[verb] = builders.refused(verb)
    with pytest.raises(FlotillaError):
        start_first(engine, labels={"a": "b"})
    assert engine.containers.names() == former
    assert engine.containers.find("web")["State"]["Running"]

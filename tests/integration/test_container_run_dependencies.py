# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Missing networks and volumes of a task are created with create_networks and create_volumes, and removed if the task fails."""

from __future__ import annotations

import docker.errors
import pytest

NETWORKS = ["made_back", "made_front"]
VOLUMES = ["made_cache", "made_data"]
ACTIONS = [f"create network {name}" for name in NETWORKS] + [f"create volume {name}" for name in VOLUMES]
SERVICE = {
    "name": "web",
    "image": "busybox",
    "command": ["sleep", "3600"],
    "stop_signal": "KILL",
    "grace": 0.3,
    "networks": [{"name": name} for name in NETWORKS],
    "volumes": ["made_data:/srv", "/tmp:/host", "/anonymous"],
    "mounts": [{"type": "volume", "source": "made_cache", "target": "/cache"}],
}
CREATES = {"create_networks": True, "create_volumes": True}


def made(host):
    """Names of the networks and volumes of these tests."""
    networks = [network["Name"] for network in host.api.networks()]
    volumes = [volume["Name"] for volume in host.api.volumes()["Volumes"] or ()]
    return sorted(name for name in networks + volumes if name.startswith("made_"))


@pytest.fixture
def bare(host):
    """The host without them, before and after."""

    def clear():
        host.clear()
        for name in made(host):
            try:
                host.api.remove_network(name)
            except docker.errors.NotFound:
                host.api.remove_volume(name)

    clear()
    yield host
    clear()


def test_networks_and_volumes_are_created_as_check_mode_predicts(bare):
    predicted = bare.run("container_run", check=True, **SERVICE, **CREATES)
    assert made(bare) == []
    created = bare.run("container_run", **SERVICE, **CREATES)
    assert [action for action in created["actions"] if not action.startswith("pull")][: len(ACTIONS)] == ACTIONS
    assert predicted["actions"] == created["actions"]
    assert made(bare) == sorted(NETWORKS + VOLUMES)
    assert not bare.run("container_run", **SERVICE, **CREATES)["changed"]


def test_created_networks_and_volumes_are_removed_when_the_container_fails(bare):
    failed = bare.run("container_run", **dict(SERVICE, command=["nonesuch"]), **CREATES)
    assert failed["rc"] == 1
    assert failed["not_undone"] == []
    assert made(bare) == []


def test_a_running_container_is_connected_to_a_network_that_is_created(bare):
    plain = {key: SERVICE[key] for key in ("name", "image", "command", "stop_signal", "grace")}
    first = bare.run("container_run", **plain, networks=[{"name": "made_back"}], **CREATES)
    second = bare.run("container_run", **plain, networks=SERVICE["networks"], **CREATES)
    assert "create network made_front" in second["actions"]
    assert second["container"]["Id"] == first["container"]["Id"]


@pytest.mark.parametrize("host", ["e20", "e28"], indirect=True)
def test_beginning_of_the_id_of_another_network_is_no_network(bare):
    name = bare.api.create_network("made_other")["Id"][:2]
    service = {key: SERVICE[key] for key in ("name", "image", "command", "stop_signal", "grace")}
    for networks in ({"networks": [{"name": name}]}, {"network_mode": name}):
        assert f"Network {name} does not exist" in bare.run("container_run", **service, **networks)["msg"]
    assert bare.inspect("web") is None


@pytest.mark.parametrize("host", ["e20", "e28"], indirect=True)
def test_tasks_at_the_same_time_share_the_network_that_they_create(bare):
    service = dict(SERVICE, volumes=["made_data:/srv"], mounts=[], **CREATES)
    runs = [bare.start("container_run", **dict(service, name=f"web{number}")) for number in range(3)]
    assert [run.result().get("msg") for run in runs] == [None] * 3
    assert sorted(network["Name"] for network in bare.api.networks() if network["Name"] in NETWORKS) == NETWORKS


def test_a_missing_network_is_named_with_both_ways_to_create_it(bare):
    refused = bare.run("container_run", **SERVICE)
    assert "Network made_back does not exist" in refused["msg"]
    assert "flotilla.docker.network_create" in refused["msg"]
    assert "create_networks: true" in refused["msg"]
    assert made(bare) == []

# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Changes in place are rolled back when a later step fails, and networks that are removed from the task are disconnected."""

from __future__ import annotations

import pytest
from ansible_collections.flotilla.docker.plugins.module_utils.container import table

# Every option that can change in place, with two values; None if no second value works on every host.
IN_PLACE = {
    "memory": ("256m", "128m"),
    "memory_swap": ("512m", "1g"),
    "memory_reservation": ("64m", "32m"),
    "cpus": (0.5, 0.25),
    "cpu_shares": (512, 256),
    "cpu_period": (50000, 80000),
    "cpu_quota": (20000, 30000),
    "cpuset_cpus": ("0", "0-1"),
    "cpuset_mems": ("0", None),
    "pids_limit": (100, 50),
    "restart_policy": ("always", "unless-stopped"),
}
BESIDE = {"memory_swap": {"memory": "128m"}}
# Kernels of the fleet do not support them.
NOT_ON_THE_FLEET = {"kernel_memory", "cpu_rt_period", "cpu_rt_runtime", "blkio_weight"}


def test_every_option_that_changes_in_place_is_tried():
    rows = {option.name for option in table.OPTIONS if option.live}
    assert rows - NOT_ON_THE_FLEET == set(IN_PLACE)


def limits(host):
    """The fields of HostConfig that an update can change; all values that mean no limit become one."""
    found = host.inspect("web")["HostConfig"]
    kept = {option.live: found.get(option.live) for option in table.OPTIONS if option.live}
    none = (0, -1, "", {"Name": "no", "MaximumRetryCount": 0}, {"Name": "", "MaximumRetryCount": 0})
    return {field: None if value in none else value for field, value in kept.items()}


@pytest.mark.parametrize("host", ["e20", "e26"], indirect=True)
@pytest.mark.parametrize("name", IN_PLACE)
def test_an_update_in_place_is_rolled_back_or_named(host, name):
    """From one value to another, and from none to a value."""
    host.need("busybox")
    host.api.create_network("front", ipam={"Config": [{"Subnet": "10.199.0.0/24"}]})
    try:
        one, other = IN_PLACE[name]
        beside = BESIDE.get(name, {})
        task = dict(name="web", image="busybox", command=["sleep", "3600"], grace=0.1, stop_signal="KILL", **beside)
        task["networks"] = [{"name": "bridge"}]
        unreachable = [{"name": "bridge"}, {"name": "front", "ipv4_address": "10.250.0.9"}]
        for start, change in [(None, one)] + ([(one, other)] if other is not None else []):
            host.clear()
            created = host.run("container_run", **dict(task, **({name: start} if start is not None else {})))
            assert created["rc"] == 0, created["msg"]
            before = limits(host)

            failed = host.run("container_run", **dict(task, **{name: change, "networks": unreachable}))

            assert failed["rc"] == 1 and "10.250.0.9" in failed["msg"], failed["msg"]
            assert failed["actions"] == [f"update container web: {name}"]
            # Engine 20.10 keeps an endpoint that failed, with which the container would not start again.
            host.api.restart("web", timeout=0)
            assert set(host.inspect("web")["NetworkSettings"]["Networks"]) == {"bridge"}
            if limits(host) != before:
                assert any(name in entry and "cannot clear" in entry for entry in failed["not_undone"]), failed["msg"]
                assert start is None
            else:
                assert failed["not_undone"] == []
    finally:
        host.clear()
        host.api.remove_network("front")


@pytest.mark.parametrize("host", ["e20", "e26", "e28"], indirect=True)
def test_a_network_that_was_connected_in_place_is_disconnected_when_it_leaves_the_task(host):
    host.need("busybox")
    names = ["front", "back", "hand"]
    for name in names:
        host.api.create_network(name)
    try:
        task = {"name": "web", "image": "busybox", "command": ["sleep", "3600"], "grace": 0.1, "stop_signal": "KILL"}
        host.run("container_run", **task, networks=[{"name": "front"}])
        kept = host.inspect("web")["Id"]
        host.api.connect_container_to_network("web", "hand")
        both = dict(task, networks=[{"name": "front"}, {"name": "back", "aliases": ["b"]}])
        joined = host.run("container_run", **both)
        assert joined["diff"]["after"] == {"networks.back": {"aliases": ["b"]}}
        assert host.run("container_run", **both)["actions"] == []

        left = host.run("container_run", **task, networks=[{"name": "front"}])

        assert left["actions"] == ["disconnect container web from network back"]
        found = host.inspect("web")
        # A network that was connected manually is kept.
        assert (found["Id"], set(found["NetworkSettings"]["Networks"])) == (kept, {"front", "hand"})
        assert host.run("container_run", **task, networks=[{"name": "front"}])["actions"] == []
    finally:
        host.clear()
        for name in names:
            host.api.remove_network(name)

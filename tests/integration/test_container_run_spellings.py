# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Several spellings of a value are one value on real Engines: options are written in several ways, and nothing changes."""

from __future__ import annotations

import pytest

WEB = {"name": "web", "image": "busybox", "command": ["sleep", "3600"], "stop_signal": "KILL", "grace": 0.1}
WITH_LIMITS = ("e20", "e26")
# name: (hosts, the ways to write it; the first creates the container)
GROUPS = {
    "everything": (
        ("e20", "e26", "e28"),
        [
            {
                "env": {"A": "1"},
                "groups": ["33", "44"],
                "working_dir": "/tmp",
                "stop_signal": "KILL",
                "healthcheck": {"test": "true", "interval": "1m30s"},
                "log_options": {"max-size": "10m", "max-file": "3"},
                "ulimits": ["nofile:64:64"],
                "capabilities": ["NET_ADMIN"],
                "security_opts": ["no-new-privileges"],
                "masked_paths": ["/proc/keys", "/proc/kcore"],
                "devices": ["/dev/null:/dev/nothing"],
                "device_cgroup_rules": ["c 1:5 rwm"],
                "sysctls": {"net.ipv4.ip_local_port_range": "1024 65000"},
                "published_ports": ["18095:80", "127.0.0.1:18096:53/udp"],
                "exposed_ports": ["70", "71/udp"],
                "dns_servers": ["fd00::1", "192.0.2.1"],
                "etc_hosts": {"db": "fd00::1"},
                "volumes": ["web:/srv", "/etc:/host/etc:ro", "/anonymous"],
                "tmpfs": ["/scratch:size=64m,mode=755"],
                "mounts": [
                    {"target": "/t", "type": "tmpfs", "tmpfs_size": "1m"},
                    {"target": "/b", "type": "bind", "source": "/etc", "read_only": True},
                ],
            },
            {
                "env": {"A": 1},
                "groups": [44, 33],
                "working_dir": "//tmp/",
                "stop_signal": 9,
                "healthcheck": {"test": ["CMD-SHELL", "true"], "interval": "90s", "timeout": "30s", "retries": 3},
                "log_options": {"max-file": 3, "max-size": "10M"},
                "ulimits": ["nofile=64"],
                "capabilities": ["cap_net_admin"],
                "security_opts": ["no-new-privileges:true"],
                "masked_paths": ["/proc//kcore", "/proc/keys/"],
                "devices": ["/dev/null:/dev/nothing:mrw"],
                "device_cgroup_rules": ["c 1:5  mrw"],
                "sysctls": {"net.ipv4.ip_local_port_range": "1024\t65000"},
                "published_ports": ["127.0.0.1:18096:53/UDP", "18095:80/tcp"],
                "exposed_ports": ["70/TCP", "71/UDP"],
                "dns_servers": ["FD00:0::0001", "192.0.2.1"],
                "etc_hosts": {"db": "[FD00::0:1]"},
                "volumes": ["/etc/../etc/:/host/./etc:ro,rprivate", "web:/srv/:rw", "//anonymous/"],
                "tmpfs": ["/scratch/:rw,noexec,mode=0755,size=65536k"],
                "mounts": [
                    {"target": "/b/", "type": "bind", "source": "/etc/", "read_only": True, "propagation": "rprivate"},
                    {
                        "target": "/t",
                        "type": "tmpfs",
                        "tmpfs_size": "1024K",
                        "tmpfs_mode": "1777",
                        "consistency": "default",
                    },
                ],
                # the defaults, spelled out or empty
                "restart_policy": "no",
                "ipc_mode": "",
                "runtime": "runc",
                "log_driver": "json-file",
                "shm_size": "64m",
                "network_mode": "bridge",
                "oom_score_adj": 0,
                "memory": "0",
                "pids_limit": -1,
                "cpu_quota": -1,
                "hostname": "",
                "user": "",
                "volume_driver": "local",
                "memory_swappiness": -1,
                "privileged": False,
                "init": False,
            },
        ],
    ),
    "limits": (
        WITH_LIMITS,
        [
            {"memory": "64m", "memory_swap": "128m", "cpus": 0.5, "cpuset_cpus": "0-1", "cgroup_parent": "/flotilla"},
            {
                "memory": "64MiB",
                "memory_swap": "0",
                "cpu_quota": 50000,
                "cpuset_cpus": "1,0",
                "cgroup_parent": "//flotilla/",
            },
            {
                "memory": "0.0625g",
                "cpu_quota": 50000,
                "cpu_period": 100000,
                "cpuset_cpus": "0,1",
                "cgroup_parent": "/flotilla/",
            },
        ],
    ),
    "swap": (
        WITH_LIMITS,
        [{"memory": "64m", "memory_swap": "-1"}, {"memory": "65536k", "memory_swap": "unlimited"}],
    ),
    "no swappiness": (("e28",), [{"memory_swappiness": 0}, {"memory_swappiness": 0, "memory_swap": "0"}]),
    "names": (
        ("e20", "e26", "e28"),
        [
            {
                "networks": [{"name": "front", "ipv4_address": "10.95.0.9", "aliases": ["a", "b"]}],
                "volumes_from": ["db"],
                "ipc_mode": "container:db",
            },
            {
                "networks": [{"name": "{front}", "ipv4_address": "10.95.0.9", "aliases": ["b", "a"]}],
                "volumes_from": ["db:rw"],
                "ipc_mode": "container:{db}",
            },
        ],
    ),
    "links": (("e20", "e26", "e28"), [{"links": ["db:db"]}, {"links": ["db"]}, {"links": ["{db}:db"]}]),
}
CASES = [pytest.param(host, ways, id=f"{name}-{host}") for name, (hosts, ways) in GROUPS.items() for host in hosts]


@pytest.fixture(scope="module")
def prepared(hosts):
    """A network, and a container to refer to, on each engine."""
    chosen = {name: hosts[name] for name in ("e20", "e26", "e28")}
    for host in chosen.values():
        host.clear()
        ipam = {"Driver": "default", "Config": [{"Subnet": "10.95.0.0/24"}]}
        host.ids = {"front": host.api.create_network("front", ipam=ipam)["Id"]}
        other = host.run("container_run", **dict(WEB, name="db", ipc_mode="shareable"))
        assert other["rc"] == 0, other["msg"]
        host.ids["db"] = other["container"]["Id"]
    yield chosen
    for host in chosen.values():
        host.clear()
        host.api.remove_network(host.ids["front"])


def with_ids(value, ids):
    """The same with {name} as the id of what has that name."""
    if isinstance(value, dict):
        return {key: with_ids(entry, ids) for key, entry in value.items()}
    if isinstance(value, list):
        return [with_ids(entry, ids) for entry in value]
    return value.format(**ids) if isinstance(value, str) and "{" in value else value


@pytest.mark.parametrize("host, ways", CASES)
def test_other_spellings_of_a_value_change_nothing(prepared, host, ways):
    host = prepared[host]
    try:
        created = host.run("container_run", **dict(WEB, **ways[0]))
        assert created["rc"] == 0, created["msg"]
        for way in (*ways, ways[0]):
            again = host.run("container_run", **dict(WEB, **with_ids(way, host.ids)))
            assert (again["rc"], again.get("actions")) == (0, []), (way, again["msg"] if again["rc"] else again["diff"])
    finally:
        host.run("container_run", name="web", state="absent", force_kill=True)


@pytest.mark.parametrize("host", WITH_LIMITS, indirect=True)
def test_memory_changes_in_place_with_any_swap(host):
    """The Engine refuses memory above the sum of memory and swap, and treats -1 as a sum below it."""
    identities = set()
    for limits, task, expected in (
        ({"memory": "64m"}, {"memory": "128m"}, 256),
        ({"memory": "64m", "memory_swap": "-1"}, {"memory": "128m"}, -1),
        ({"memory": "64m", "memory_swap": "96m"}, {"memory": "128m"}, 256),
        ({"memory": "64m", "memory_swap": "256m"}, {"memory": "128m"}, 256),
    ):
        created = host.run("container_run", **dict(WEB, **limits))
        assert created["rc"] == 0, created["msg"]
        changed = host.run("container_run", name="web", **task)
        assert changed["rc"] == 0, changed["msg"]
        assert changed["actions"] == ["update container web: memory"]
        swap = changed["container"]["HostConfig"]["MemorySwap"]
        assert swap == (expected if expected == -1 else expected * 1024**2)
        identities.add(changed["container"]["Id"])
    # Options that were removed from the task are reset, in place if the Engine can do so.
    back = host.run("container_run", **dict(WEB, memory="128m"))
    assert back["rc"] == 0, back["msg"]
    assert back["container"]["HostConfig"]["MemorySwap"] == 256 * 1024**2

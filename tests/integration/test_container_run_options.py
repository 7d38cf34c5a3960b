# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every option on real Engines: it is accepted, and a second run changes nothing."""

from __future__ import annotations

import pytest
from ansible_collections.flotilla.docker.plugins.module_utils.container import table

WEB = {"name": "web", "image": "busybox", "command": ["sleep", "3600"], "stop_signal": "KILL", "grace": 0.1}
ENGINES = ["e20", "e26", "e28", "c28"]
RATE = [{"path": "/dev/zero", "rate": "1m"}]
OPERATIONS = [{"path": "/dev/zero", "rate": 100}]
GROUPS = {
    "process": {
        "entrypoint": ["sleep"],
        "command": ["3600"],
        "env": {"A": "1", "EMPTY": ""},
        "labels": {"a": "b"},
        "user": "1000:1000",
        "groups": ["33", "44"],
        "working_dir": "/tmp/",
        "hostname": "web.example.org",
        "domainname": "example.org",
        "interactive": True,
        "tty": True,
        "init": False,
        "stop_signal": "SIGKILL",
        "stop_timeout": 3,
        "runtime": "runc",
        "restart_policy": "on-failure",
        "restart_retries": 3,
        "log_driver": "json-file",
        "log_options": {"max-size": "1m", "max-file": 2},
        "healthcheck": {
            "test": ["CMD", "true"],
            "interval": "1m30s",
            "timeout": "5s",
            "retries": 3,
            "start_period": "1s",
        },
    },
    "isolation": {
        "capabilities": ["cap_net_admin", "SYS_PTRACE"],
        "cap_drop": ["MKNOD"],
        "privileged": False,
        "read_only": True,
        "security_opts": ["no-new-privileges:true"],
        "ipc_mode": "shareable",
        "pid_mode": "host",
        "uts": "host",
        "sysctls": {"net.core.somaxconn": 256},
        "devices": ["/dev/null:/dev/nothing:rw", "/dev/zero"],
        "cgroupns_mode": "private",
    },
    "masks": {
        "masked_paths": ["/proc/keys"],
        "readonly_paths": ["/proc/bus", "/proc/irq"],
        "device_cgroup_rules": ["c 1:5 rwm"],
    },
    "no masks": {"security_opts": ["systempaths=unconfined"]},
    "privileged": {"state": "present", "privileged": True},
    "ports": {
        "published_ports": [
            "18100:80",
            "127.0.0.1:18101:53/udp",
            "18102-18103:90-91",
            "127.0.0.1::99",
            "18110-18112:100",
        ],
        "exposed_ports": ["7000-7001", "7002/udp"],
        "publish_all_ports": False,
        "dns_servers": ["192.0.2.1", "192.0.2.2"],
        "dns_opts": ["ndots:2"],
        "dns_search_domains": ["example.org"],
        "etc_hosts": {"db": "192.0.2.9", "host": "host-gateway"},
        "links": ["db:database"],
    },
    "networks": {
        "networks": [
            {"name": "front", "ipv4_address": "10.98.0.10", "aliases": ["www"], "links": ["db:database"]},
            {"name": "back"},
        ]
    },
    "network mode": {
        "network_mode": "front",
        "mac_address": "02:42:0a:62:00:10",
        "publish_all_ports": True,
        "exposed_ports": ["80"],
    },
    "another's network": {"network_mode": "container:db", "ipc_mode": "container:db"},
    "storage": {
        "volumes": ["web:/srv", "/etc:/host-etc:ro", "/anonymous"],
        "tmpfs": ["/run:size=1m", "/scratch"],
        "volumes_from": ["db:ro"],
        "mounts": [
            {"target": "/m", "source": "more", "type": "volume", "no_copy": True, "labels": {"a": "b"}},
            {"target": "/t", "type": "tmpfs", "tmpfs_size": "1m", "tmpfs_mode": "755"},
            {"target": "/b", "type": "bind", "source": "/etc", "read_only": True, "propagation": "rprivate"},
        ],
        "volume_driver": "local",
    },
    # Containers that these hosts' kernels cannot run are only created.
    "created only": {
        "state": "present",
        "blkio_weight": 300,
        "blkio_weight_device": [{"path": "/dev/zero", "weight": 100}],
        "device_read_bps": RATE,
        "device_write_bps": RATE,
        "device_read_iops": OPERATIONS,
        "device_write_iops": OPERATIONS,
        "device_requests": [{"driver": "nvidia", "count": -1, "capabilities": [["gpu"]]}],
        "userns_mode": "host",
    },
    "removes itself": {"auto_remove": True},
}
# e28 and c28 see a control group version 2 that has no controllers, so they cannot limit anything.
SOME_ENGINES = {
    "limits": (
        ["e20", "e26"],
        {
            "memory": "64m",
            "memory_reservation": "32m",
            "memory_swap": "128m",
            "oom_score_adj": 100,
            "shm_size": "32m",
            "cpus": 0.5,
            "cpu_shares": 512,
            "cpuset_cpus": "0",
            "cpuset_mems": "0",
            "pids_limit": 100,
            "ulimits": ["nofile:64:128", "nproc:1000"],
        },
    ),
    "more limits": (
        ["e20", "e26"],
        {"cpu_period": 50000, "cpu_quota": 25000, "pids_limit": -1, "memory": "0", "memory_swap": "0"},
    ),
    "annotations": (["e26", "e28", "c28"], {"annotations": {"org.example.a": "b"}}),
    "start interval": (
        ["e26", "e28", "c28"],
        {"healthcheck": {"test": "true", "start_interval": "1s", "start_period": "5s"}},
    ),
    "gateway priority": (
        ["e28", "c28"],
        {"networks": [{"name": "front", "gw_priority": 1}, {"name": "back", "gw_priority": 2}]},
    ),
    "control group version 1": (["e20", "e26"], {"memory": "64m", "memory_swappiness": 0, "oom_killer": True}),
    "cgroup by path": (["e20", "e26"], {"state": "present", "cgroup_parent": "/flotilla"}),
    "cgroup by slice": (["e28", "c28"], {"state": "present", "cgroup_parent": "flotilla.slice"}),
    "kernel memory": (["e20"], {"state": "present", "memory": "64m", "kernel_memory": "32m"}),
    "image mount": (["c28"], {"mounts": [{"target": "/i", "type": "image", "source": "busybox"}]}),
    "volume subpath": (
        ["e28"],
        {"state": "present", "mounts": [{"target": "/s", "type": "volume", "source": "web", "subpath": "html"}]},
    ),
}
# No Engine here accepts them: real-time scheduling is disabled in the kernel, and quotas need a file system that supports them.
NOT_HERE = {"cpu_rt_period", "cpu_rt_runtime", "storage_opts"}
CASES = [pytest.param(host, options, id=f"{name}-{host}") for name, options in GROUPS.items() for host in ENGINES]
CASES += [
    pytest.param(host, options, id=f"{name}-{host}")
    for name, (hosts, options) in SOME_ENGINES.items()
    for host in hosts
]


def test_every_option_is_tested():
    tried = {
        name
        for options in list(GROUPS.values()) + [options for _hosts, options in SOME_ENGINES.values()]
        for name in options
    }
    assert {option.name for option in table.OPTIONS} - tried == NOT_HERE


@pytest.fixture(scope="module")
def prepared(hosts):
    """Networks, and a container to link to, on each engine."""
    chosen = {name: hosts[name] for name in ENGINES}
    for host in chosen.values():
        host.clear()
        host.networks = [_network(host, "front", "10.98.0.0/24"), _network(host, "back", "10.97.0.0/24")]
        other = host.run(
            "container_run",
            **dict(WEB, name="db", ipc_mode="shareable", networks=[{"name": "bridge"}, {"name": "front"}]),
        )
        assert other["rc"] == 0, other["msg"]
    yield chosen
    for host in chosen.values():
        host.clear()
        for network in host.networks:
            host.api.remove_network(network)


def _network(host, name, subnet):
    return host.api.create_network(name, ipam={"Driver": "default", "Config": [{"Subnet": subnet}]})["Id"]


@pytest.mark.parametrize("host, options", CASES)
def test_a_second_run_changes_nothing(prepared, host, options):
    host = prepared[host]
    try:
        task = dict(WEB, **options)
        created = host.run("container_run", **task)
        assert created["rc"] == 0, created["msg"]
        assert created["changed"]
        again = host.run("container_run", **task)
        assert again["rc"] == 0, again["msg"]
        assert (again["actions"], again["changed"]) == ([], False), again["diff"]
        strict = host.run("container_run", check=True, comparisons={"*": "strict"}, **task)
        assert strict["rc"] == 0, strict["msg"]
        assert (strict["actions"], strict["changed"]) == ([], False), strict["diff"]
    finally:
        removed = host.run("container_run", name="web", state="absent", keep_volumes=False, force_kill=True)
        assert removed["rc"] == 0, removed["msg"]


@pytest.mark.parametrize(
    "host, options, word",
    [
        ("e20", {"annotations": {"a": "b"}}, "annotations"),
        ("e20", {"healthcheck": {"test": "true", "start_interval": "1s"}}, "healthcheck"),
        ("e26", {"networks": [{"name": "front", "gw_priority": 1}]}, "networks"),
    ],
)
def test_option_that_needs_a_newer_engine_is_refused(prepared, host, options, word):
    result = prepared[host].run("container_run", **dict(WEB, **options))
    assert result["rc"] == 1
    assert word in result["msg"] and "Engine API" in result["msg"]
    assert prepared[host].names() == ["db"]

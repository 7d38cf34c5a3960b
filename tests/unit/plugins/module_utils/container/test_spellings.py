# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One value in several spellings is one value: for every option, a run with another spelling finds nothing to do."""

from __future__ import annotations

import itertools
from typing import Any, NamedTuple

import pytest
from ansible_collections.flotilla.docker.plugins.module_utils.container import convert, table

from ..in_memory.engine import Engine
from . import builders


class Same(NamedTuple):
    """Values of an option with the same meaning, and other parameters that they need."""

    option: str
    values: list[Any]
    extra: dict[str, Any] = {}


MIB = 1024**2
SAME = (
    Same(
        "networks",
        [
            [{"name": "front", "links": ["db:db"], "aliases": ["a"]}],
            [{"name": "front", "links": ["db"], "aliases": ["a", ""]}],
        ],
    ),
    # An empty text from a template for a list.
    *(
        Same(row.name, [None, [""]])
        for row in table.OPTIONS
        if row.spec.get("elements") in ("str", "raw") and row.name != "entrypoint"
    ),
    # process
    Same("command", ["sleep 60", ["sleep", "60"], ["sleep", 60], "sleep  '60'"]),
    Same("command", [[], "", ["sh"]]),
    Same("entrypoint", [["/run"], ["/run"]]),
    Same("env", [{"A": "1", "B": "2"}, {"B": 2, "A": 1}]),
    Same("annotations", [{"a": "1", "b": "2"}, {"b": "2", "a": 1}], {}),
    Same("labels", [{"a": "1", "b": "2"}, {"b": "2", "a": 1}]),
    Same("user", ["33:33", "33:33"]),
    Same("groups", [["audio", "44"], ["44", "audio"], [44, "audio", "audio"]]),
    Same("working_dir", ["/srv", "/srv/", "//srv", "/srv/.", "/./srv", "/srv/x/..", "/srv//"]),
    Same("working_dir", ["/", None, "//", "/."]),
    Same("stop_signal", ["SIGQUIT", "QUIT", "quit", "sigquit", "3", 3]),
    Same("stop_signal", ["SIGRTMIN+3", "RTMIN+3", "37"]),
    Same("stop_timeout", [10, "10"], {"comparisons": {"stop_timeout": "strict"}}),
    Same("restart_policy", ["on-failure", "on-failure"], {"restart_retries": 0}),
    Same("interactive", [False, None, "no"]),
    Same("tty", [False, None, "no"]),
    Same("init", [False, None, "off"]),
    Same("auto_remove", [False, None, "no"]),
    Same("runtime", ["runc", "runc", ""]),
    Same(
        "healthcheck",
        [
            {"test": "true", "interval": "1m30s"},
            {"test": ["CMD-SHELL", "true"], "interval": "90s"},
            {"test": "true", "interval": "90000ms", "timeout": "30s", "retries": 3},
            {"test": "true", "interval": "1.5m", "start_period": "0s", "retries": 0},
        ],
    ),
    Same("healthcheck", [{"test": "none"}, {"test": "NONE", "interval": "5s"}, {"test": ["NONE"]}, None]),
    Same("log_driver", ["json-file", "", None]),
    Same("log_options", [{"max-size": "10m", "max-file": "3"}, {"max-file": 3, "max-size": "10M"}]),
    Same("log_options", [{"max-size": "1024k", "compress": "true"}, {"max-size": "1mb", "compress": True}]),
    # limits
    Same("memory", ["512m", "512M", "512MB", "512MiB", "0.5g", "524288k", str(512 * MIB), 512 * MIB, " 512 m "]),
    Same("memory", ["0", "", None, "0b"]),
    Same("memory_reservation", ["64m", "65536k", "64MiB"]),
    Same("memory_reservation", ["0", "", None]),
    Same("memory_swap", ["-1", "unlimited", "UNLIMITED", -1], {"memory": "64m"}),
    Same("memory_swap", ["128m", "0", None, "131072k", ""], {"memory": "64m"}),
    Same("memory_swap", ["256m", "0.25g"], {"memory": "64m"}),
    Same("memory_swap", ["0", "", None]),
    Same("memory_swappiness", [0, "0"]),
    Same("memory_swappiness", [-1, None]),
    Same("kernel_memory", ["0", None]),
    Same("oom_killer", [False, None]),
    Same("oom_score_adj", [0, None, "0"]),
    Same("shm_size", ["64m", "65536k", "0", "", None]),
    Same("cpus", [0.5, "0.5", 0.50]),
    Same("cpus", [0, None, 0.0]),
    Same("cpu_shares", [0, None]),
    Same("cpu_period", [100000, 0, None]),
    Same("cpu_quota", [-1, 0, None]),
    Same("cpu_rt_period", [0, None]),
    Same("cpu_rt_runtime", [0, None]),
    Same("cpuset_cpus", ["0-1", "0,1", "1,0", "0-0,1"]),
    Same("cpuset_cpus", ["", None]),
    Same("cpuset_mems", ["0", "0-0", 0]),
    Same("pids_limit", [-1, 0, None]),
    Same("blkio_weight", [0, None]),
    Same("blkio_weight_device", [[{"path": "/dev/sda", "weight": 5}], [{"path": "/dev//sda", "weight": 5}]]),
    Same(
        "device_read_bps",
        [
            [{"path": "/dev/sda", "rate": "1m"}],
            [{"path": "/dev/./sda", "rate": "1024K"}],
            [{"path": "//dev/sda", "rate": MIB}],
        ],
    ),
    Same("device_write_bps", [[{"path": "/dev/sda", "rate": "1m"}], [{"path": "/dev/x/../sda", "rate": "1mb"}]]),
    Same("device_read_iops", [[{"path": "/dev/sda", "rate": 5}], [{"path": "/dev//sda", "rate": "5"}]]),
    Same("device_write_iops", [[{"path": "/dev/sda", "rate": 5}], [{"path": "/dev/sda/", "rate": 5}]]),
    Same("ulimits", [["nofile:64:64", "nproc:5"], ["nproc=5:5", "nofile=64"]]),
    # isolation
    Same("capabilities", [["NET_ADMIN", "SYS_TIME"], ["cap_sys_time", "CAP_NET_ADMIN"], ["net_admin", "sys_time"]]),
    Same("cap_drop", [["ALL"], ["all"], ["Cap_All"]]),
    Same("privileged", [False, None, "no"]),
    Same("read_only", [False, None, "no"]),
    Same(
        "security_opts",
        [
            ["no-new-privileges", "label=disable"],
            ["label:disable", "no-new-privileges:true"],
            ["no-new-privileges=true", "label=disable"],
        ],
    ),
    Same("masked_paths", [["/proc/a", "/proc/b"], ["/proc/b/", "/proc//a"]]),
    Same("readonly_paths", [["/proc/a", "/proc/b"], ["/proc/b/", "/proc/./a"]]),
    Same("cgroup_parent", ["/web", "/web/", "//web"]),
    Same("cgroupns_mode", ["private", "private"]),
    Same("ipc_mode", ["private", " private ", "", None]),
    Same("pid_mode", ["", None]),
    Same("userns_mode", ["", None]),
    Same("uts", ["", None]),
    Same("sysctls", [{"net.ipv4.ip_local_port_range": "1024 65000"}, {"net.ipv4.ip_local_port_range": "1024\t65000 "}]),
    Same("sysctls", [{"net.core.somaxconn": 512}, {"net.core.somaxconn": "512"}]),
    Same(
        "devices",
        [["/dev/fuse"], ["/dev/fuse:/dev/fuse"], ["/dev/fuse:rwm"], ["/dev//fuse:/dev/fuse:mrw"], ["/dev/fuse:wmr"]],
    ),
    Same(
        "device_requests",
        [
            [{"driver": "nvidia", "device_ids": ["1", "0"], "capabilities": [["gpu", "nvidia"], ["utility"]]}],
            [
                {
                    "driver": "nvidia",
                    "device_ids": ["0", "1"],
                    "capabilities": [["utility"], ["nvidia", "gpu"]],
                    "count": 0,
                }
            ],
        ],
    ),
    Same("device_cgroup_rules", [["c 1:3 rwm", "c 42:* r"], ["c 42:*  r", "c 1:3 mrw"]]),
    # network
    Same("published_ports", [["53:53/udp", "8080:80"], ["8080:80/TCP", "53:53/UDP"], ["8080:80/tcp", "53:53/udp"]]),
    Same("published_ports", [["[::1]:80:80"], ["[0:0:0:0:0:0:0:1]:80:80/tcp"], ["[0::0001]:080:80"]]),
    Same("published_ports", [["8000-8001:80-81"], ["8001:81", "8000:80"], ["8000:80", "8001:81", "8001:81"]]),
    Same("published_ports", [["127.0.0.1:80:80"], ["80:80"]], {"default_host_ip": "127.0.0.1"}),
    Same("publish_all_ports", [False, None, "no"]),
    Same("exposed_ports", [["80", "53/udp"], ["53/UDP", "80/tcp"], [80, "53-53/udp"]]),
    Same("network_mode", ["bridge", "default", "", None]),
    Same(
        "networks",
        [
            [{"name": "front", "ipv6_address": "fd00::5", "aliases": ["a", "b"]}, {"name": "back"}],
            [{"name": "back"}, {"name": "front", "ipv6_address": "[FD00:0::0005]", "aliases": ["b", "a"]}],
        ],
    ),
    Same("mac_address", ["02:42:ac:11:00:02", "02-42-AC-11-00-02", "0242.ac11.0002", "02:42:AC:11:00:02"]),
    Same("links", [["db:db"], ["db"], ["/db:db"], ["/db"]]),
    Same("dns_servers", [["fd00::1", "192.0.2.1"], ["FD00:0:0::1", "192.0.2.1"]]),
    Same("dns_opts", [["ndots:2", "rotate"], ["rotate", "ndots:2"]]),
    Same("dns_search_domains", [["example.org"], ["Example.ORG"]]),
    Same("etc_hosts", [{"db": "fd00::1", "a": "192.0.2.1"}, {"a": "192.0.2.1", "db": "[FD00::0001]"}]),
    # storage
    Same(
        "volumes",
        [
            ["web:/srv", "/etc/web:/etc/web:ro"],
            ["/etc//web/:/etc/./web:ro", "web:/srv/:rw"],
            ["web:/srv:", "/etc/x/../web:/etc/web/:ro,rprivate"],
            ["web:/srv:copy", "/etc/web:/etc/web:ro,cached"],
        ],
    ),
    Same("volumes", [["/data"], ["/data/"], ["//data"]]),
    Same(
        "mounts",
        [
            [{"target": "/srv", "source": "web", "read_only": True}],
            [{"target": "//srv/", "source": "web", "read_only": True, "type": "volume", "consistency": "default"}],
            [{"target": "/srv/.", "source": "web", "read_only": "yes", "volume_driver": "local", "no_copy": False}],
        ],
    ),
    Same(
        "mounts",
        [
            [{"target": "/b", "source": "/etc/web", "type": "bind"}],
            [{"target": "/b/", "source": "/etc//web/", "type": "bind", "propagation": "rprivate", "read_only": False}],
        ],
    ),
    Same(
        "mounts",
        [
            [{"target": "/t", "type": "tmpfs", "tmpfs_size": "1m"}],
            [{"target": "/t", "type": "tmpfs", "tmpfs_size": "1024K", "tmpfs_mode": "1777"}],
            [{"target": "/t", "type": "tmpfs", "tmpfs_size": MIB, "tmpfs_mode": "01777"}],
        ],
    ),
    Same(
        "tmpfs",
        [
            ["/run:size=64m,mode=755"],
            ["/run/:mode=0755,size=65536k"],
            ["//run:rw,noexec,nosuid,nodev,size=64M,mode=755"],
            ["/run:exec,noexec,mode=755,size=64m"],
        ],
    ),
    Same("tmpfs", [["/run"], ["/run:"], ["/run:rw"]]),
    Same("volumes_from", [["db:ro", "cache"], ["cache:rw", "db:ro"], ["/db:ro", "/cache"]]),
    Same("volume_driver", ["local", "", None]),
    Same("storage_opts", [{"size": "10G"}, {"size": "10g"}, {"size": "10GB"}]),
)
# Words with only one spelling.
ONE_SPELLING = {"hostname", "domainname"}


def test_every_option_has_its_spellings():
    assert {option.name for option in table.OPTIONS} == {same.option for same in SAME} | ONE_SPELLING


@pytest.mark.parametrize("docker", ["20.10", "28.5"])
@pytest.mark.parametrize("same", SAME, ids=lambda same: f"{same.option}={same.values[0]}"[:50])
def test_another_spelling_changes_nothing(same, docker):
    others = same.values[1:]
    for first, second in itertools.chain(
        ((same.values[0], other) for other in others), ((other, same.values[0]) for other in others)
    ):
        engine = Engine(docker, api="1.51", networks=("bridge", "front", "back"))
        builders.run(engine, **dict(same.extra, **{same.option: first}))
        again = builders.run(engine, **dict(same.extra, **{same.option: second}))
        assert again.actions == [], f"{first!r}, then {second!r}: {again.diff()}"


@pytest.mark.parametrize(
    "name", [option.name for option in table.OPTIONS if option.spec["type"] == "str" and "choices" not in option.spec]
)
def test_an_empty_text_leaves_the_option_to_its_default(name):
    engine = Engine()
    builders.run(engine)
    assert builders.run(engine, **{name: ""}).actions == []


COUPLED = [
    ({"cpus": 0.5}, {"cpu_quota": 50000}),
    ({"cpus": 0.5}, {"cpu_quota": 50000, "cpu_period": 100000}),
    ({"cpus": 0.5}, {"cpu_quota": 25000, "cpu_period": 50000}),
    ({"memory": "64m"}, {"memory": "64m", "memory_swap": "128m"}),
]


@pytest.mark.parametrize("left, right", COUPLED)
def test_two_options_for_one_limit_are_one_limit(left, right):
    engine = Engine()
    builders.run(engine, **right)
    assert builders.run(engine, **left).actions == []
    engine = Engine()
    builders.run(engine, **left)
    if right.get("cpu_period", 100000) == 100000:
        assert builders.run(engine, **right).actions == []


# Options that change in place, with two values of each and the parameters that they need.
IN_PLACE = {
    "memory": ("64m", "128m", {}),
    "memory_reservation": ("16m", "32m", {"memory": "64m"}),
    "memory_swap": ("96m", "-1", {"memory": "64m"}),
    "kernel_memory": ("16m", "32m", {}),
    "cpus": (0.5, 1.5, {}),
    "cpu_shares": (512, 256, {}),
    "cpu_period": (50000, 20000, {"cpu_quota": 10000}),
    "cpu_quota": (50000, 20000, {}),
    "cpu_rt_period": (1000000, 500000, {}),
    "cpu_rt_runtime": (950000, 500000, {}),
    "cpuset_cpus": ("0", "0-1", {}),
    "cpuset_mems": ("0", "0-1", {}),
    "pids_limit": (100, 200, {}),
    "blkio_weight": (300, 400, {}),
    "restart_policy": ("always", "unless-stopped", {}),
}


def test_every_option_that_changes_in_place_is_tried():
    assert {option.name for option in table.OPTIONS if option.live} == set(IN_PLACE)


@pytest.mark.parametrize("option", IN_PLACE)
def test_option_that_was_changed_in_place_is_reset_when_it_is_removed_from_the_task(option):
    first, second, beside = IN_PLACE[option]
    engine = Engine()
    builders.run(engine, **beside)
    identity = engine.containers.names()
    before = engine.containers.find("web")["HostConfig"]
    for value in (first, second):
        assert builders.run(engine, **{option: value}, **beside).actions == [f"update container web: {option}"]
        assert builders.run(engine, **{option: value}, **beside).actions == []
    assert engine.containers.names() == identity
    assert builders.run(engine, **beside).actions != []
    row = next(row for row in table.OPTIONS if row.name == option)
    assert row.same(row.observed({"HostConfig": before}), row.observed(engine.containers.find("web")))
    assert builders.run(engine, **beside).actions == []


SWAP = [
    # memory and swap of a container, a task, and the values afterwards
    ("64m", "128m", {"memory": "128m"}, ("128m", "256m")),
    ("64m", "-1", {"memory": "128m"}, ("128m", "-1")),
    ("64m", "96m", {"memory": "128m"}, ("128m", "256m")),
    ("64m", "256m", {"memory": "128m"}, ("128m", "256m")),
    ("128m", "256m", {"memory": "64m"}, ("64m", "128m")),
    ("64m", "-1", {"memory": "32m"}, ("32m", "-1")),
]


@pytest.mark.parametrize("memory, swap, task, expected", SWAP)
def test_memory_that_changes_alone_takes_a_swap_that_the_engine_accepts(memory, swap, task, expected):
    engine = Engine()
    builders.run(engine, memory=memory, memory_swap=swap)
    assert builders.run(engine, image=None, **task).actions == ["update container web: memory"]
    host = engine.containers.find("web")["HostConfig"]
    assert (host["Memory"], host["MemorySwap"]) == tuple(convert.size_or_unlimited("memory", size) for size in expected)

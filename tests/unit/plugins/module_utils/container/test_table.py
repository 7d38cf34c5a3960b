# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Each option, in a line or more: what a task says, where it goes in a create body, and what differs from it."""

from __future__ import annotations

from typing import Any, NamedTuple

import pytest
from ansible_collections.flotilla.docker.plugins.module_utils import option_table
from ansible_collections.flotilla.docker.plugins.module_utils.container import table
from ansible_collections.flotilla.docker.plugins.module_utils.errors import ApiTooOld
from ansible_collections.flotilla.docker.plugins.module_utils.option import at

from ..in_memory import containers
from ..in_memory.engine import Engine
from . import builders


class Line(NamedTuple):
    """``option`` set to ``value`` puts ``body`` into a create body; ``other`` is a value that differs.

    ``stored`` is what inspection shows where that is not what was sent; ``extra`` are further parameters, and ``change`` what differs of them.
    """

    option: str
    value: Any
    body: Any
    other: Any
    stored: Any = {}
    extra: Any = {}
    change: Any = {}


DEVICE = {"path": "/dev/sda", "rate": "10m"}
LINES = (
    # process
    Line("command", "sh -c 'echo a b'", {"Cmd": ["sh", "-c", "echo a b"]}, "sh"),
    Line("command", ["sleep", 60], {"Cmd": ["sleep", "60"]}, ["sleep", "61"]),
    Line(
        "command", ["echo a", "b"], {"Cmd": ["echo", "a", "b"]}, ["echo"], extra={"command_handling": "compatibility"}
    ),
    Line("entrypoint", ["/run.sh"], {"Entrypoint": ["/run.sh"]}, ["/other.sh"]),
    Line(
        "env",
        {"B": "2", "A": "x=y"},
        {"Env": ["A=x=y", "B=2"]},
        {"A": "1"},
        stored={"Config.Env": ["B=2", "A=x=y", "PATH=/bin"]},
    ),
    Line("annotations", {"a": "b"}, {"HostConfig.Annotations": {"a": "b"}}, {"a": "c"}),
    Line(
        "labels", {"a": "b"}, {"Labels": {"a": "b"}}, {"a": "c"}, stored={"Config.Labels": {"a": "b", "of.image": "1"}}
    ),
    Line("user", "1000:1000", {"User": "1000:1000"}, "root"),
    Line("groups", ["audio", "44"], {"HostConfig.GroupAdd": ["audio", "44"]}, ["video"]),
    Line("working_dir", "/srv/", {"WorkingDir": "/srv/"}, "/usr", stored={"Config.WorkingDir": "/srv"}),
    Line("hostname", "web.example.org", {"Hostname": "web.example.org"}, "db"),
    Line("domainname", "example.org", {"Domainname": "example.org"}, "example.net"),
    Line("interactive", True, {"OpenStdin": True}, False),
    Line("tty", True, {"Tty": True}, False),
    Line("init", True, {"HostConfig.Init": True}, False),
    Line("init", False, {"HostConfig.Init": False}, True, stored={"HostConfig.Init": None}),
    Line("auto_remove", True, {"HostConfig.AutoRemove": True}, False),
    Line("stop_signal", "SIGQUIT", {"StopSignal": "SIGQUIT"}, "TERM"),
    Line("stop_signal", "15", {"StopSignal": "15"}, "HUP", stored={"Config.StopSignal": "SIGTERM"}),
    Line("stop_timeout", 20, {"StopTimeout": 20}, 30, extra={"comparisons": {"stop_timeout": "strict"}}),
    Line(
        "restart_policy",
        "unless-stopped",
        {"HostConfig.RestartPolicy": {"Name": "unless-stopped"}},
        "always",
        stored={"HostConfig.RestartPolicy": {"Name": "unless-stopped", "MaximumRetryCount": 0}},
    ),
    Line(
        "restart_policy",
        "no",
        {"HostConfig.RestartPolicy": {"Name": "no"}},
        "always",
        stored={"HostConfig.RestartPolicy": {"Name": "", "MaximumRetryCount": 0}},
    ),
    Line(
        "restart_policy",
        "on-failure",
        {"HostConfig.RestartPolicy": {"Name": "on-failure", "MaximumRetryCount": 3}},
        "on-failure",
        extra={"restart_retries": 3},
        change={"restart_retries": 4},
    ),
    Line("runtime", "runc", {"HostConfig.Runtime": "runc"}, "crun"),
    Line(
        "healthcheck",
        {"test": "true", "interval": "1m30s"},
        {"Healthcheck": {"Test": ["CMD-SHELL", "true"], "Interval": 90 * 10**9}},
        {"test": ["CMD", "true"]},
    ),
    Line(
        "healthcheck",
        {"test": ["CMD", "true"], "retries": 3, "timeout": "500ms"},
        {"Healthcheck": {"Test": ["CMD", "true"], "Retries": 3, "Timeout": 5 * 10**8}},
        {"test": ["CMD", "true"], "retries": 4},
    ),
    Line(
        "healthcheck",
        {"test": "none", "interval": "1s"},
        {"Healthcheck": {"Test": ["NONE"]}},
        {"test": "true"},
        stored={"Config.Healthcheck": {"Test": ["NONE"], "Interval": 30 * 10**9}},
    ),
    Line(
        "healthcheck",
        {"test_cli_compatible": True, "start_period": "2h"},
        {"Healthcheck": {"StartPeriod": 7200 * 10**9}},
        {"test_cli_compatible": True, "start_period": "1h"},
    ),
    Line("log_driver", "local", {"HostConfig.LogConfig.Type": "local"}, "journald"),
    Line(
        "log_options",
        {"max-size": "1m", "compress": True},
        {"HostConfig.LogConfig.Config": {"max-size": "1m", "compress": "true"}},
        {"max-size": "2m"},
    ),
    # limits
    Line("memory", "512m", {"HostConfig.Memory": 512 * 1024**2}, "1g"),
    Line("memory_reservation", "64MB", {"HostConfig.MemoryReservation": 64 * 1024**2}, "65m"),
    Line("memory_swap", "unlimited", {"HostConfig.MemorySwap": -1}, "1g"),
    Line("memory_swap", "1.5g", {"HostConfig.MemorySwap": 1536 * 1024**2}, "-1"),
    Line("memory_swappiness", 0, {"HostConfig.MemorySwappiness": 0}, 10),
    Line("kernel_memory", "64m", {"HostConfig.KernelMemory": 64 * 1024**2}, "128m"),
    Line("oom_killer", True, {"HostConfig.OomKillDisable": True}, False),
    Line("oom_score_adj", -500, {"HostConfig.OomScoreAdj": -500}, 500),
    Line("shm_size", "128m", {"HostConfig.ShmSize": 128 * 1024**2}, "64m"),
    Line("cpus", 0.5, {"HostConfig.NanoCpus": 5 * 10**8}, 1.5),
    Line("cpu_shares", 512, {"HostConfig.CpuShares": 512}, 1024),
    Line("cpu_period", 100000, {"HostConfig.CpuPeriod": 100000}, 50000),
    Line("cpu_quota", 50000, {"HostConfig.CpuQuota": 50000}, 25000),
    Line("cpu_rt_period", 1000000, {"HostConfig.CpuRealtimePeriod": 1000000}, 500000),
    Line("cpu_rt_runtime", 950000, {"HostConfig.CpuRealtimeRuntime": 950000}, 500000),
    Line("cpuset_cpus", "0-1", {"HostConfig.CpusetCpus": "0-1"}, "0"),
    Line("cpuset_mems", "0", {"HostConfig.CpusetMems": "0"}, "1"),
    Line("pids_limit", 100, {"HostConfig.PidsLimit": 100}, 200),
    Line("pids_limit", -1, {"HostConfig.PidsLimit": 0}, 200, stored={"HostConfig.PidsLimit": None}),
    Line("blkio_weight", 300, {"HostConfig.BlkioWeight": 300}, 400),
    Line(
        "blkio_weight_device",
        [{"path": "/dev/sda", "weight": 100}],
        {"HostConfig.BlkioWeightDevice": [{"Path": "/dev/sda", "Weight": 100}]},
        [{"path": "/dev/sda", "weight": 200}],
    ),
    Line(
        "device_read_bps",
        [DEVICE],
        {"HostConfig.BlkioDeviceReadBps": [{"Path": "/dev/sda", "Rate": 10 * 1024**2}]},
        [dict(DEVICE, rate="11m")],
    ),
    Line(
        "device_write_bps",
        [DEVICE],
        {"HostConfig.BlkioDeviceWriteBps": [{"Path": "/dev/sda", "Rate": 10 * 1024**2}]},
        [dict(DEVICE, path="/dev/sdb")],
    ),
    Line(
        "device_read_iops",
        [dict(DEVICE, rate=10)],
        {"HostConfig.BlkioDeviceReadIOps": [{"Path": "/dev/sda", "Rate": 10}]},
        [dict(DEVICE, rate=11)],
    ),
    Line(
        "device_write_iops",
        [dict(DEVICE, rate=10)],
        {"HostConfig.BlkioDeviceWriteIOps": [{"Path": "/dev/sda", "Rate": 10}]},
        [dict(DEVICE, rate=11)],
    ),
    Line(
        "ulimits",
        ["nofile:1024:2048", "nproc:10"],
        {
            "HostConfig.Ulimits": [
                {"Name": "nofile", "Soft": 1024, "Hard": 2048},
                {"Name": "nproc", "Soft": 10, "Hard": 10},
            ]
        },
        ["nofile:1:2"],
    ),
    # isolation
    Line(
        "capabilities",
        ["cap_net_admin", "SYS_TIME"],
        {"HostConfig.CapAdd": ["NET_ADMIN", "SYS_TIME"]},
        ["SYS_ADMIN"],
        stored={"HostConfig.CapAdd": ["CAP_SYS_TIME", "CAP_NET_ADMIN"]},
    ),
    Line("cap_drop", ["all"], {"HostConfig.CapDrop": ["ALL"]}, ["MKNOD"]),
    Line("privileged", True, {"HostConfig.Privileged": True}, False),
    Line("read_only", True, {"HostConfig.ReadonlyRootfs": True}, False),
    Line(
        "security_opts",
        ["no-new-privileges:true", "label:disable"],
        {"HostConfig.SecurityOpt": ["no-new-privileges", "label=disable"]},
        ["seccomp=unconfined"],
    ),
    Line(
        "security_opts",
        ["systempaths=unconfined"],
        {"HostConfig.MaskedPaths": [], "HostConfig.ReadonlyPaths": []},
        ["no-new-privileges"],
    ),
    Line(
        "masked_paths",
        ["/proc/kcore", "/proc/keys"],
        {"HostConfig.MaskedPaths": ["/proc/kcore", "/proc/keys"]},
        ["/proc/keys"],
        stored={"HostConfig.MaskedPaths": ["/proc/keys", "/proc/kcore"]},
    ),
    Line("readonly_paths", [], {"HostConfig.ReadonlyPaths": []}, ["/proc/bus"]),
    Line("cgroup_parent", "/web", {"HostConfig.CgroupParent": "/web"}, "/db"),
    Line("cgroupns_mode", "private", {"HostConfig.CgroupnsMode": "private"}, "host"),
    Line("ipc_mode", "shareable", {"HostConfig.IpcMode": "shareable"}, "private"),
    Line("pid_mode", "host", {"HostConfig.PidMode": "host"}, "container:abc"),
    Line("userns_mode", "host", {"HostConfig.UsernsMode": "host"}, "private"),
    Line("uts", "host", {"HostConfig.UTSMode": "host"}, "private"),
    Line(
        "sysctls",
        {"net.core.somaxconn": 512},
        {"HostConfig.Sysctls": {"net.core.somaxconn": "512"}},
        {"net.core.somaxconn": 128},
    ),
    Line(
        "devices",
        ["/dev/fuse", "/dev/a:/dev/b:r"],
        {
            "HostConfig.Devices": [
                builders.device("/dev/fuse", "/dev/fuse", "rwm"),
                builders.device("/dev/a", "/dev/b", "r"),
            ]
        },
        ["/dev/fuse:/dev/fuse:r"],
    ),
    Line(
        "device_requests",
        [{"driver": "nvidia", "count": -1, "capabilities": [["gpu"]]}],
        {
            "HostConfig.DeviceRequests": [
                {"Driver": "nvidia", "Count": -1, "DeviceIDs": None, "Capabilities": [["gpu"]], "Options": None}
            ]
        },
        [{"count": 1}],
    ),
    Line("device_cgroup_rules", ["c 42:* rmw"], {"HostConfig.DeviceCgroupRules": ["c 42:* rmw"]}, ["c 43:* rmw"]),
    # network
    Line(
        "published_ports",
        ["8080:80"],
        {"HostConfig.PortBindings": {"80/tcp": [{"HostIp": "", "HostPort": "8080"}]}, "ExposedPorts": {"80/tcp": {}}},
        ["8081:80"],
    ),
    Line(
        "published_ports",
        ["127.0.0.1:53:53/udp", "[::1]::443"],
        {
            "HostConfig.PortBindings": {
                "53/udp": [{"HostIp": "127.0.0.1", "HostPort": "53"}],
                "443/tcp": [{"HostIp": "::1", "HostPort": ""}],
            }
        },
        ["53:53/udp"],
    ),
    Line(
        "published_ports",
        ["9000-9001:80-81", "7000-7010:70"],
        {
            "HostConfig.PortBindings": {
                "80/tcp": [{"HostIp": "", "HostPort": "9000"}],
                "81/tcp": [{"HostIp": "", "HostPort": "9001"}],
                "70/tcp": [{"HostIp": "", "HostPort": "7000-7010"}],
            }
        },
        ["9000:80"],
        extra={"comparisons": {"published_ports": "strict"}},
    ),
    Line(
        "published_ports",
        ["8080:80"],
        {"HostConfig.PortBindings": {"80/tcp": [{"HostIp": "127.0.0.1", "HostPort": "8080"}]}},
        ["0.0.0.0:8080:80"],
        extra={"default_host_ip": "127.0.0.1"},
    ),
    Line("publish_all_ports", True, {"HostConfig.PublishAllPorts": True}, False),
    Line(
        "exposed_ports",
        ["80", "9000-9001/udp"],
        {"ExposedPorts": {"80/tcp": {}, "9000/udp": {}, "9001/udp": {}}},
        ["81"],
    ),
    Line("network_mode", "host", {"HostConfig.NetworkMode": "host"}, "none"),
    Line(
        "network_mode",
        "bridge",
        {"HostConfig.NetworkMode": "bridge"},
        "host",
        stored={"HostConfig.NetworkMode": "default"},
    ),
    Line(
        "networks",
        [{"name": "front", "aliases": ["www"], "ipv4_address": "10.0.0.5"}],
        {},
        [{"name": "front", "ipv4_address": "10.0.0.6"}],
        stored={
            "NetworkSettings.Networks": {
                "front": {"Aliases": ["www", "0123456789ab"], "IPAMConfig": {"IPv4Address": "10.0.0.5"}}
            },
            "HostConfig.NetworkMode": "front",
        },
    ),
    Line(
        "networks",
        [{"name": "front", "driver_opts": {"a": 1}, "gw_priority": 5}],
        {},
        [{"name": "front", "driver_opts": {"a": 2}}],
        stored={
            "NetworkSettings.Networks": {"front": {"DriverOpts": {"a": "1"}, "GwPriority": 5}},
            "HostConfig.NetworkMode": "front",
        },
    ),
    Line(
        "networks",
        [{"name": "front", "mac_address": "02-42-AC-11-00-02", "ipv6_address": "fd00::0005"}],
        {},
        [{"name": "front", "ipv6_address": "fd00::6"}],
        stored={
            "NetworkSettings.Networks": {
                "front": {"MacAddress": "02:42:ac:11:00:02", "IPAMConfig": {"IPv6Address": "fd00::5"}}
            },
            "HostConfig.NetworkMode": "front",
        },
    ),
    Line("mac_address", "02:42:AC:11:00:02", {"MacAddress": "02:42:ac:11:00:02"}, "02:42:ac:11:00:03"),
    Line(
        "links",
        ["db:database"],
        {"HostConfig.Links": ["db:database"]},
        ["db2:database"],
        stored={"HostConfig.Links": ["/db:/web/database"]},
    ),
    Line(
        "dns_servers",
        ["192.0.2.1", "192.0.2.2"],
        {"HostConfig.Dns": ["192.0.2.1", "192.0.2.2"]},
        ["192.0.2.2", "192.0.2.1"],
    ),
    Line("dns_opts", ["ndots:2"], {"HostConfig.DnsOptions": ["ndots:2"]}, ["ndots:3"]),
    Line("dns_search_domains", ["example.org"], {"HostConfig.DnsSearch": ["example.org"]}, ["example.net"]),
    Line("etc_hosts", {"db": "192.0.2.1"}, {"HostConfig.ExtraHosts": ["db:192.0.2.1"]}, {"db": "192.0.2.2"}),
    # storage
    Line(
        "volumes",
        ["web:/srv:ro", "/etc/web:/etc/web"],
        {"HostConfig.Binds": ["web:/srv:ro", "/etc/web:/etc/web:rw"]},
        ["web:/srv"],
    ),
    Line("volumes", ["/data"], {"Volumes": {"/data": {}}}, ["/other"]),
    Line(
        "mounts",
        [{"type": "bind", "source": "/etc/web", "target": "/etc/web", "read_only": True}],
        {"HostConfig.Mounts": [{"Target": "/etc/web", "Type": "bind", "Source": "/etc/web", "ReadOnly": True}]},
        [{"type": "bind", "source": "/etc/db", "target": "/etc/web"}],
    ),
    Line(
        "mounts",
        [{"type": "tmpfs", "target": "/run", "tmpfs_size": "64m", "tmpfs_mode": "1777"}],
        {
            "HostConfig.Mounts": [
                {"Target": "/run", "Type": "tmpfs", "TmpfsOptions": {"SizeBytes": 64 * 1024**2, "Mode": 0o1777}}
            ]
        },
        [{"type": "tmpfs", "target": "/run", "tmpfs_size": "65m"}],
    ),
    Line(
        "mounts",
        [{"type": "image", "source": "busybox", "target": "/i", "subpath": "bin"}],
        {
            "HostConfig.Mounts": [
                {"Target": "/i", "Type": "image", "Source": "busybox", "ImageOptions": {"Subpath": "bin"}}
            ]
        },
        [{"type": "volume", "target": "/i"}],
    ),
    Line("tmpfs", ["/run:size=64m"], {"HostConfig.Tmpfs": {"/run": "size=64m"}}, ["/run"]),
    Line("volumes_from", ["db:ro"], {"HostConfig.VolumesFrom": ["db:ro"]}, ["db"]),
    Line("volume_driver", "nfs", {"HostConfig.VolumeDriver": "nfs"}, "local"),
    Line("storage_opts", {"size": "10G"}, {"HostConfig.StorageOpt": {"size": "10G"}}, {"size": "20G"}),
)
each_line = pytest.mark.parametrize("line", LINES, ids=lambda line: f"{line.option}={line.value}")


def desired_of(line, value, change=()):
    return option_table.desired_values(
        table.OPTIONS, builders.params(**dict(line.extra, **{line.option: value, **dict(change)}))
    )


def names_that_differ(line, value, change=()):
    body = table.create_body(desired_of(line, line.value), "busybox", track=False)
    inspected = containers.stored(body, line.stored)
    desired = desired_of(line, value, change)
    found = table.differences(desired, inspected, dict, table.comparison_modes(line.extra.get("comparisons")), None)
    return [difference.option.name for difference in found]


def test_every_option_has_a_line():
    assert {option.name for option in table.OPTIONS} - {line.option for line in LINES} == set()


@each_line
def test_option_is_written_to_the_create_body(line):
    body = table.create_body(desired_of(line, line.value), "busybox", track=False)
    for path, expected in line.body.items():
        assert at(body, path) == expected


@each_line
def test_reads_back_without_a_difference(line):
    assert names_that_differ(line, line.value) == []


@each_line
def test_another_value_differs(line):
    assert line.option in names_that_differ(line, line.other, line.change)


@pytest.mark.parametrize(
    "params, version",
    [
        ({"annotations": {"a": "b"}}, "1.42"),
        ({"healthcheck": {"test": "true", "start_interval": "1s"}}, "1.43"),
        ({"networks": [{"name": "front", "gw_priority": 1}]}, "1.47"),
        ({"networks": [{"name": "front", "mac_address": "02:42:ac:11:00:02"}]}, "1.43"),
        ({"mounts": [{"type": "image", "source": "busybox", "target": "/i"}]}, "1.46"),
        ({"mounts": [{"type": "volume", "source": "web", "target": "/i", "subpath": "html"}]}, "1.44"),
    ],
)
def test_an_older_api_is_refused_by_name(params, version):
    (option,) = params
    desired = option_table.desired_values(table.OPTIONS, builders.params(**params))
    with pytest.raises(ApiTooOld) as error:
        option_table.require_api(desired, Engine(api=version))
    assert option in str(error.value)
    option_table.require_api(desired, Engine(api="1.51"))

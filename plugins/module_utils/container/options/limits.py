# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Options that bound what a container may use: memory, CPU, block I/O, processes."""

from __future__ import annotations

from typing import Any

from .. import convert
from ..option import MapOption, Option


def _count(option: str, value: Any) -> int:
    """-1 and 0 mean no limit; the Engine stores both as null."""
    return 0 if value == -1 else value


def _rows_by_path(read: Any) -> Any:
    return lambda option, value: convert.rates(option, value, read)


def _by_path(observed: Any) -> dict[str, Any]:
    return {entry["Path"]: entry for entry in observed or []}


def _entries(mapping: dict[str, Any]) -> list[Any]:
    return list(mapping.values())


def _weights(option: str, value: Any) -> dict[str, Any]:
    return {entry["path"]: {"Path": entry["path"], "Weight": entry["weight"]} for entry in value}


def _number(option: str, value: Any) -> int:
    return int(value)


_DEVICE = "Path of the device on the host."


def _rate_spec(kind: str) -> dict[str, Any]:
    rate = "Bytes per second, such as V(10m)." if kind == "str" else "Operations per second."
    fields = {"path": {"help": _DEVICE, "type": "str", "required": True}, "rate": {"help": rate, "type": kind, "required": True}}
    return {"type": "list", "elements": "dict", "options": fields}


def _device_rate(name: str, path: str, kind: str, read: Any, what: str) -> MapOption:
    return MapOption(
        name,
        spec=_rate_spec(kind),
        path="HostConfig.%s" % path,
        flag="--%s" % name.replace("_", "-"),
        parse=_rows_by_path(read),
        read=_by_path,
        emit=_entries,
        help=(what,),
    )


ROWS = (
    Option(
        "memory",
        spec={"type": "str"},
        path="HostConfig.Memory",
        flag="--memory",
        parse=convert.size,
        live="Memory",
        help=(
            "Hard memory limit, such as V(512m). V(0) means no limit; the Engine takes nothing below 6m.",
            "Units are V(b), V(k), V(m), V(g) and V(t), powers of 1024.",
        ),
    ),
    Option(
        "memory_reservation",
        spec={"type": "str"},
        path="HostConfig.MemoryReservation",
        flag="--memory-reservation",
        parse=convert.size,
        live="MemoryReservation",
        help=("Soft memory limit, which the kernel enforces when memory is short.",),
    ),
    Option(
        "memory_swap",
        spec={"type": "str"},
        path="HostConfig.MemorySwap",
        flag="--memory-swap",
        parse=convert.size_or_unlimited,
        live="MemorySwap",
        help=(
            "Limit of memory and swap together. V(unlimited) or V(-1) sets no limit for swap.",
            "If only O(memory) is set, the Engine makes this twice as much.",
        ),
    ),
    Option(
        "memory_swappiness",
        spec={"type": "int"},
        path="HostConfig.MemorySwappiness",
        flag="--memory-swappiness",
        # Swappiness 0 differs from "not set", which the Engine stores as null or -1.
        normal=lambda value: None if value == -1 else value,
        matches=lambda desired, observed: desired == observed,
        help=("How readily the kernel swaps the container's anonymous pages, from 0 to 100.",),
    ),
    Option(
        "kernel_memory",
        spec={"type": "str"},
        path="HostConfig.KernelMemory",
        flag="--kernel-memory",
        parse=convert.size,
        live="KernelMemory",
        help=("Limit of kernel memory. Engines from API 1.42 on ignore it, because the kernel dropped it.",),
    ),
    Option(
        "oom_killer",
        spec={"type": "bool"},
        path="HostConfig.OomKillDisable",
        flag="--oom-kill-disable",
        help=("V(true) keeps the kernel's OOM killer away from the container's processes. Set O(memory) with it.",),
    ),
    Option(
        "oom_score_adj",
        spec={"type": "int"},
        path="HostConfig.OomScoreAdj",
        flag="--oom-score-adj",
        help=("How likely the kernel is to kill this container when memory runs out, from -1000 (never) to 1000.",),
    ),
    Option(
        "shm_size",
        spec={"type": "str"},
        path="HostConfig.ShmSize",
        flag="--shm-size",
        parse=convert.size,
        help=("Size of C(/dev/shm), such as V(128m). The daemon's own default is 64m.",),
    ),
    Option(
        "cpus",
        spec={"type": "float"},
        path="HostConfig.NanoCpus",
        flag="--cpus",
        parse=convert.nano_cpus,
        live="NanoCpus",
        help=("How many CPUs the container may use at most, such as V(1.5).",),
    ),
    Option(
        "cpu_shares",
        spec={"type": "int"},
        path="HostConfig.CpuShares",
        flag="--cpu-shares",
        live="CpuShares",
        help=("Weight against other containers when CPU time is short; 1024 is the usual weight.",),
    ),
    Option(
        "cpu_period",
        spec={"type": "int"},
        path="HostConfig.CpuPeriod",
        flag="--cpu-period",
        live="CpuPeriod",
        help=("Period of the CFS scheduler in microseconds.",),
    ),
    Option(
        "cpu_quota",
        spec={"type": "int"},
        path="HostConfig.CpuQuota",
        flag="--cpu-quota",
        live="CpuQuota",
        help=("CPU time per O(cpu_period) in microseconds.",),
    ),
    Option(
        "cpu_rt_period",
        spec={"type": "int"},
        path="HostConfig.CpuRealtimePeriod",
        flag="--cpu-rt-period",
        live="CpuRealtimePeriod",
        help=("Period of the real-time scheduler in microseconds. The kernel and the daemon must allow real-time scheduling for containers.",),
    ),
    Option(
        "cpu_rt_runtime",
        spec={"type": "int"},
        path="HostConfig.CpuRealtimeRuntime",
        flag="--cpu-rt-runtime",
        live="CpuRealtimeRuntime",
        help=("CPU time per O(cpu_rt_period) for real-time tasks, in microseconds.",),
    ),
    Option(
        "cpuset_cpus", spec={"type": "str"}, path="HostConfig.CpusetCpus", flag="--cpuset-cpus", live="CpusetCpus", help=("CPUs to run on, such as V(0-2,4).",)
    ),
    Option(
        "cpuset_mems",
        spec={"type": "str"},
        path="HostConfig.CpusetMems",
        flag="--cpuset-mems",
        live="CpusetMems",
        help=("NUMA memory nodes to use, such as V(0,1).",),
    ),
    Option(
        "pids_limit",
        spec={"type": "int"},
        path="HostConfig.PidsLimit",
        flag="--pids-limit",
        parse=_count,
        normal=lambda value: 0 if value in (None, -1) else value,
        live="PidsLimit",
        reset=-1,
        help=("How many processes and threads the container may have. V(-1) or V(0) means no limit.",),
    ),
    Option(
        "blkio_weight",
        spec={"type": "int"},
        path="HostConfig.BlkioWeight",
        flag="--blkio-weight",
        live="BlkioWeight",
        help=("Weight of block I/O against other containers, from 10 to 1000.",),
    ),
    MapOption(
        "blkio_weight_device",
        spec={
            "type": "list",
            "elements": "dict",
            "options": {
                "path": {"help": _DEVICE, "type": "str", "required": True},
                "weight": {"help": "Weight, from 10 to 1000.", "type": "int", "required": True},
            },
        },
        path="HostConfig.BlkioWeightDevice",
        flag="--blkio-weight-device",
        parse=_weights,
        read=_by_path,
        emit=_entries,
        help=("Weight of block I/O for single devices.",),
    ),
    _device_rate("device_read_bps", "BlkioDeviceReadBps", "str", convert.size, "Bytes per second that may be read from a device."),
    _device_rate("device_write_bps", "BlkioDeviceWriteBps", "str", convert.size, "Bytes per second that may be written to a device."),
    _device_rate("device_read_iops", "BlkioDeviceReadIOps", "int", _number, "Reads per second from a device."),
    _device_rate("device_write_iops", "BlkioDeviceWriteIOps", "int", _number, "Writes per second to a device."),
    MapOption(
        "ulimits",
        spec={"type": "list", "elements": "str"},
        path="HostConfig.Ulimits",
        flag="--ulimit",
        parse=convert.ulimits,
        read=lambda value: {entry["Name"]: {"Soft": entry["Soft"], "Hard": entry["Hard"]} for entry in value or []},
        emit=lambda limits: [dict(limit, Name=name) for name, limit in limits.items()],
        help=("Limits per process, each as V(name:soft:hard) or V(name:both), such as V(nofile:1024:2048).",),
    ),
)

# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Options that limit what a container may use: memory, CPU, processes."""

from __future__ import annotations

from typing import Any, Callable, Mapping

from ...option import MapOption, Option
from .. import convert, normal, show


def _size_or_default(option: str, value: object) -> int | None:
    """0 means the daemon's default, as if the option were not set."""
    return convert.size(option, value) or None


def _swap(option: str, value: object) -> int | None:
    """-1 for no limit. 0 means the Engine's default, as if the option were not set."""
    return convert.size_or_unlimited(option, value) or None


def _count(option: str, value: int) -> int:
    """-1 and 0 mean no limit; the Engine stores both as null."""
    return 0 if value == -1 else value


def _swap_along(host: Mapping[str, Any], memory: int) -> dict[str, Any]:
    """The sum of memory and swap for a new memory limit, because the Engine refuses memory above the old sum.

    A sum that was set is kept; if there was none, or it would be too small, it is twice the memory, as the Engine's default.
    """
    swap = host.get("MemorySwap") or 0
    is_own = swap == -1 or (swap != 2 * (host.get("Memory") or 0) and swap >= memory)
    return {"MemorySwap": swap if is_own and swap else 2 * memory}


def _without_minus_one(value: object) -> Any:
    """-1 means no limit, as 0 and an absent value do."""
    return 0 if value in (None, -1) else value


def _reported(field: str) -> Callable[[Mapping[str, Any]], bool]:
    """This field of /info is set if the kernel can enforce the limit."""
    return lambda info: bool(info.get(field))


def _has_swappiness(info: Mapping[str, Any]) -> bool:
    """Only control groups version 1 have a swappiness."""
    return bool(info.get("MemoryLimit")) and info.get("CgroupVersion") != "2"


# Microseconds; the kernel's own period.
_CPU_PERIOD = 100000


class Cpus(Option):
    """A number of CPUs. A quota per period is the same limit."""

    def observed(self, inspected: dict[str, Any]) -> Any:
        host = inspected.get("HostConfig") or {}
        if host.get("NanoCpus") or (host.get("CpuQuota") or 0) <= 0:
            return host.get("NanoCpus")
        return host["CpuQuota"] * 10**9 // (host.get("CpuPeriod") or _CPU_PERIOD)


class CpuQuota(Option):
    """A quota per period. A number of CPUs is the same limit."""

    def observed(self, inspected: dict[str, Any]) -> Any:
        host = inspected.get("HostConfig") or {}
        return host.get("CpuQuota") or (host.get("NanoCpus") or 0) * _CPU_PERIOD // 10**9


class MemorySwap(Option):
    """The sum of memory and swap. The Engine's default is twice the memory."""

    def is_unset(self, inspected: dict[str, Any]) -> bool:
        memory = (inspected.get("HostConfig") or {}).get("Memory") or 0
        return (self.observed(inspected) or 0) in (0, 2 * memory)


ROWS = (
    Option(
        "memory",
        spec={"type": "str"},
        kernel=_reported("MemoryLimit"),
        path="HostConfig.Memory",
        flag="--memory",
        parse=convert.size,
        live="Memory",
        along=_swap_along,
        show=show.size,
        help=(
            "Hard memory limit, such as V(512m). V(0) means no limit. The minimum is 6m.",
            "Units are V(b), V(k), V(m), V(g) and V(t), powers of 1024.",
        ),
    ),
    Option(
        "memory_reservation",
        spec={"type": "str"},
        kernel=_reported("MemoryLimit"),
        path="HostConfig.MemoryReservation",
        flag="--memory-reservation",
        parse=convert.size,
        live="MemoryReservation",
        normal=_without_minus_one,
        reset=-1,
        show=show.size,
        help=("Soft memory limit, which the kernel enforces when memory is short.",),
    ),
    MemorySwap(
        "memory_swap",
        spec={"type": "str"},
        kernel=_reported("SwapLimit"),
        path="HostConfig.MemorySwap",
        flag="--memory-swap",
        parse=_swap,
        live="MemorySwap",
        implied=lambda task: 2 * task["memory"] if task.get("memory") else None,
        show=show.size,
        help=(
            "Limit of memory and swap together. V(unlimited) or V(-1) sets no limit for swap.",
            "The default is twice O(memory).",
        ),
    ),
    Option(
        "memory_swappiness",
        spec={"type": "int"},
        kernel=_has_swappiness,
        range=(-1, 100),
        path="HostConfig.MemorySwappiness",
        flag="--memory-swappiness",
        # Swappiness 0 differs from "not set", which the Engine stores as null or -1.
        normal=lambda value: None if value == -1 else value,
        matches=lambda desired, observed: desired == observed,
        default=-1,
        help=(
            "How much the kernel swaps the container's anonymous pages, from 0 to 100. V(-1) means the default. Needs cgroup v1.",
        ),
    ),
    Option(
        "kernel_memory",
        spec={"type": "str"},
        kernel=_reported("KernelMemory"),
        path="HostConfig.KernelMemory",
        flag="--kernel-memory",
        parse=convert.size,
        live="KernelMemory",
        show=show.size,
        help=("Limit of kernel memory. Engines from API 1.42 on ignore it, because the kernel no longer supports it.",),
    ),
    Option(
        "oom_killer",
        spec={"type": "bool"},
        kernel=_reported("OomKillDisable"),
        path="HostConfig.OomKillDisable",
        flag="--oom-kill-disable",
        help=("V(true) disables the OOM killer for the container. Set O(memory) with it.",),
    ),
    Option(
        "oom_score_adj",
        spec={"type": "int"},
        range=(-1000, 1000),
        path="HostConfig.OomScoreAdj",
        flag="--oom-score-adj",
        help=(
            "How likely the kernel is to kill the container when the host runs out of memory, from -1000 (never) to 1000.",
        ),
    ),
    Option(
        "shm_size",
        spec={"type": "str"},
        path="HostConfig.ShmSize",
        flag="--shm-size",
        parse=_size_or_default,
        default=64 * 1024**2,
        show=show.size,
        help=("Size of C(/dev/shm), such as V(128m). The Engine's own default is 64m.",),
    ),
    Cpus(
        "cpus",
        spec={"type": "float"},
        path="HostConfig.NanoCpus",
        flag="--cpus",
        parse=convert.nano_cpus,
        live="NanoCpus",
        along=lambda host, value: {"CpuPeriod": 0, "CpuQuota": 0},
        follows=lambda task, name, value: bool(task.get("cpu_quota")),
        show=show.cpus,
        help=("Maximum number of CPUs, such as V(1.5).",),
    ),
    Option(
        "cpu_shares",
        spec={"type": "int"},
        kernel=_reported("CPUShares"),
        range=(0, 262144),
        path="HostConfig.CpuShares",
        flag="--cpu-shares",
        live="CpuShares",
        help=("Weight relative to other containers when CPU time is short; 1024 is the usual weight.",),
    ),
    Option(
        "cpu_period",
        spec={"type": "int"},
        kernel=_reported("CpuCfsPeriod"),
        range=(0, 1000000),
        path="HostConfig.CpuPeriod",
        flag="--cpu-period",
        live="CpuPeriod",
        normal=lambda value: value or _CPU_PERIOD,
        default=0,
        along=lambda host, value: {"NanoCpus": 0},
        follows=lambda task, name, value: bool(task.get("cpus")),
        help=("Period of the CFS scheduler in microseconds.",),
    ),
    CpuQuota(
        "cpu_quota",
        spec={"type": "int"},
        kernel=_reported("CpuCfsQuota"),
        path="HostConfig.CpuQuota",
        flag="--cpu-quota",
        live="CpuQuota",
        normal=_without_minus_one,
        reset=-1,
        along=lambda host, value: {"NanoCpus": 0},
        follows=lambda task, name, value: bool(task.get("cpus")),
        help=("CPU time per O(cpu_period) in microseconds.",),
    ),
    Option(
        "cpu_rt_period",
        spec={"type": "int"},
        path="HostConfig.CpuRealtimePeriod",
        flag="--cpu-rt-period",
        live="CpuRealtimePeriod",
        help=(
            "Period of the real-time scheduler in microseconds. The kernel and the Engine must allow real-time scheduling for containers.",
        ),
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
        "cpuset_cpus",
        spec={"type": "str"},
        kernel=_reported("CPUSet"),
        path="HostConfig.CpusetCpus",
        flag="--cpuset-cpus",
        live="CpusetCpus",
        normal=normal.numbers,
        help=("CPUs to run on, such as V(0-2,4).",),
    ),
    Option(
        "cpuset_mems",
        spec={"type": "str"},
        kernel=_reported("CPUSet"),
        path="HostConfig.CpusetMems",
        flag="--cpuset-mems",
        live="CpusetMems",
        normal=normal.numbers,
        help=("NUMA memory nodes to use, such as V(0,1).",),
    ),
    Option(
        "pids_limit",
        spec={"type": "int"},
        kernel=_reported("PidsLimit"),
        range=(-1, 2**31),
        path="HostConfig.PidsLimit",
        flag="--pids-limit",
        parse=_count,
        normal=_without_minus_one,
        live="PidsLimit",
        reset=-1,
        help=("Maximum number of processes and threads. V(-1) or V(0) means no limit.",),
    ),
    MapOption(
        "ulimits",
        spec={"type": "list", "elements": "str"},
        path="HostConfig.Ulimits",
        flag="--ulimit",
        parse=convert.ulimits,
        read=lambda value: {entry["Name"]: {"Soft": entry["Soft"], "Hard": entry["Hard"]} for entry in value or []},
        emit=lambda limits: [dict(limit, Name=name) for name, limit in limits.items()],
        show=show.ulimits,
        help=("Limits per process, each as V(name:soft:hard) or V(name:both), such as V(nofile:1024:2048).",),
    ),
)

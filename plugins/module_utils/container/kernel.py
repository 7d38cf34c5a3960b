# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Limits that the host's kernel cannot enforce: the Engine drops them with a warning, so they would differ for ever."""

from __future__ import annotations

from typing import Any, Mapping

from .table import Difference

# option: what /info says about the kernel
_NEEDS = {
    "memory": "MemoryLimit",
    "memory_reservation": "MemoryLimit",
    "memory_swap": "SwapLimit",
    "memory_swappiness": "MemoryLimit",
    "oom_killer": "OomKillDisable",
    "kernel_memory": "KernelMemory",
    "cpu_shares": "CPUShares",
    "cpu_period": "CpuCfsPeriod",
    "cpu_quota": "CpuCfsQuota",
    "cpuset_cpus": "CPUSet",
    "cpuset_mems": "CPUSet",
    "pids_limit": "PidsLimit",
}


# Of these only the answer to create says that they are left out. If the label says that they were asked for, they were.
_TOLD_AT_CREATE = ("blkio_weight", "blkio_weight_device", "device_read_bps", "device_write_bps", "device_read_iops", "device_write_iops")


# Limits in the body of create.
_LIMITS = ("Memory", "MemoryReservation", "MemorySwap", "NanoCpus", "CpuShares", "CpuQuota", "CpusetCpus", "PidsLimit", "BlkioWeight")


def unheld(engine: Any, body: Mapping[str, Any]) -> list[str]:
    """A warning where limits are taken and hold nothing, which the Engine does not say: one without root has no control groups v1.

    Only the Engine of a user is asked, and only for a body with limits.
    """
    limits = [name for name in _LIMITS if (body.get("HostConfig") or {}).get(name) not in (None, 0, "", -1)]
    if not limits or "/run/user/" not in engine.address or engine.daemon.info().get("CgroupDriver") != "none":
        return []
    return ["%s will not hold, because this rootless Engine has no control groups. Boot the host with cgroup v2 for them" % ", ".join(limits)]


def enforceable(engine: Any, differences: list[Difference], last: Any = None) -> tuple[list[Difference], list[str]]:
    """The differences that can be repaired, and a warning for each that this host's kernel cannot enforce.

    Asks the daemon only if a limit that was dropped may be among them. ``last`` is what the container's label says.
    """
    empty = [difference for difference in differences if difference.desired and not _was_kept(difference)]
    doubtful = [difference for difference in empty if difference.option.name in _NEEDS]
    dropped = [difference for difference in empty if difference.option.name in _TOLD_AT_CREATE and difference.option.name in (last or ())]
    if doubtful:
        info = engine.daemon.info()
        dropped += [difference for difference in doubtful if not info.get(_NEEDS[difference.option.name])]
    warnings = ["The kernel of the host cannot enforce %s, so the Engine leaves it out" % difference.option.name for difference in dropped]
    return [difference for difference in differences if difference not in dropped], warnings


def _was_kept(difference: Difference) -> bool:
    return difference.observed not in (None, 0, "", -1, False, {})

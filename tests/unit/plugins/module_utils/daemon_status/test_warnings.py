# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.flotilla.docker.plugins.module_utils.daemon_status.warnings import explain


@pytest.mark.parametrize(
    "warning, cause, advice",
    [
        ("WARNING: No swap limit support", "memory_swap", "swapaccount=1"),
        ("WARNING: No memory limit support", "all memory of the host", "cgroup.controllers"),
        ("WARNING: No kernel memory TCP limit support", "kernel_memory", "Remove them"),
        ("WARNING: No cpu cfs quota support", "refuses some, such as cpus", "/proc/cgroups"),
        ("WARNING: No cpuset support", "CPU or process limits", "cpuset"),
        ("WARNING: No blkio throttle.read_bps_device support", "disk I/O", "device_read_bps"),
        ("WARNING: No io.max (rbps) support", "disk I/O", "device_read_bps"),
        (
            "WARNING: Support for cgroup v1 is deprecated and planned to be removed by May 2029",
            "future Engine",
            "systemd.unified_cgroup_hierarchy",
        ),
        (
            "WARNING: Running in rootless-mode without cgroups. Systemd is required to enable cgroups in rootless-mode.",
            "No resource limit",
            "Delegate=yes",
        ),
        ("WARNING: IPv4 forwarding is disabled", "cannot reach other hosts", "net.ipv4.ip_forward"),
        ("WARNING: bridge-nf-call-ip6tables is disabled", "firewall", "br_netfilter"),
        (
            "WARNING: API is accessible on http://0.0.0.0:2375 without encryption.\n         Access ...",
            "root on this host",
            "docker_engine_tls_address",
        ),
        ("WARNING: overlay2: the backing xfs filesystem is formatted without d_type support", "incorrectly", "ftype=1"),
        ("WARNING: the devicemapper storage-driver is deprecated, and will be removed", "future Engine", "overlay2"),
    ],
)
def test_a_warning_has_a_cause_and_advice(warning, cause, advice):
    (found,) = explain([warning])
    assert found["warnings"] == [warning]
    assert cause in found["cause"] and advice in found["advice"]


def test_warnings_are_grouped_by_cause_and_unknown_ones_are_omitted():
    found = explain(
        [
            "WARNING: No cpu shares support",
            "WARNING: something new",
            "WARNING: No swap limit support",
            "WARNING: No cpuset support",
        ]
    )
    assert [entry["warnings"] for entry in found] == [
        ["WARNING: No swap limit support"],
        ["WARNING: No cpu shares support", "WARNING: No cpuset support"],
    ]
    assert explain([]) == []

# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest

from ansible_collections.flotilla.docker.plugins.module_utils.daemon.warnings import explain


@pytest.mark.parametrize(
    "warning, means, advice",
    [
        ("WARNING: No swap limit support", "memory_swap", "swapaccount=1"),
        ("WARNING: No memory limit support", "take all of the host's", "cgroup.controllers"),
        ("WARNING: No kernel memory TCP limit support", "kernel_memory", "Leave them out"),
        ("WARNING: No cpu cfs quota support", "refuses some, such as cpus", "/proc/cgroups"),
        ("WARNING: No cpuset support", "processors", "cpuset"),
        ("WARNING: No blkio throttle.read_bps_device support", "disk input and output", "device_read_bps"),
        ("WARNING: No io.max (rbps) support", "disk input and output", "device_read_bps"),
        ("WARNING: Support for cgroup v1 is deprecated and planned to be removed by May 2029", "coming Engine", "systemd.unified_cgroup_hierarchy"),
        ("WARNING: Running in rootless-mode without cgroups. Systemd is required to enable cgroups in rootless-mode.", "No limit", "Delegate=yes"),
        ("WARNING: IPv4 forwarding is disabled", "nothing beyond the host", "net.ipv4.ip_forward"),
        ("WARNING: bridge-nf-call-ip6tables is disabled", "firewall", "br_netfilter"),
        ("WARNING: API is accessible on http://0.0.0.0:2375 without encryption.\n         Access ...", "root on this host", "docker_engine_tls_address"),
        ("WARNING: overlay2: the backing xfs filesystem is formatted without d_type support", "broken", "ftype=1"),
        ("WARNING: the devicemapper storage-driver is deprecated, and will be removed", "coming Engine", "overlay2"),
    ],
)
def test_a_warning_says_what_it_means_and_what_to_do(warning, means, advice):
    (found,) = explain([warning])
    assert found["warnings"] == [warning]
    assert means in found["means"] and advice in found["advice"]


def test_warnings_of_one_meaning_stand_together_and_the_unknown_are_left_out():
    found = explain(["WARNING: No cpu shares support", "WARNING: something new", "WARNING: No swap limit support", "WARNING: No cpuset support"])
    assert [entry["warnings"] for entry in found] == [
        ["WARNING: No swap limit support"],
        ["WARNING: No cpu shares support", "WARNING: No cpuset support"],
    ]
    assert explain([]) == []

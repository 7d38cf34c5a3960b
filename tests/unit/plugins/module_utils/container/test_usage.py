# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Limits and usage of a container, from answers of Engines with cgroup v1, with v2 and without controllers."""

from __future__ import annotations

import pytest
from ansible_collections.flotilla.docker.plugins.module_utils.container.usage import usage

INSPECTED = {
    "HostConfig": {
        "Memory": 67108864,
        "MemorySwap": 134217728,
        "NanoCpus": 1500000000,
        "PidsLimit": 50,
        "NetworkMode": "front",
        "StorageOpt": {"size": "2G"},
    },
    "NetworkSettings": {
        "Networks": {"front": {"IPAddress": "192.0.2.7"}},
        "Ports": {"80/tcp": [{"HostIp": "0.0.0.0", "HostPort": "8080"}]},
    },
    "GraphDriver": {"Name": "overlay2", "Data": {"UpperDir": "/var/lib/docker/overlay2/abc/diff"}},
    "SizeRw": 12,
    "SizeRootFs": 1000,
}
STATS = {
    "pids_stats": {"current": 3},
    "cpu_stats": {"cpu_usage": {"total_usage": 2500000000}},
    "memory_stats": {"usage": 5000, "stats": {"total_inactive_file": 1000}},
    "networks": {"eth0": {"rx_bytes": 10, "tx_bytes": 20}, "eth1": {"rx_bytes": 1, "tx_bytes": 2}},
    "blkio_stats": {
        "io_service_bytes_recursive": [
            {"op": "Read", "value": 7},
            {"op": "Write", "value": 9},
            {"op": "Total", "value": 16},
        ]
    },
}


def test_usage_has_limits_and_used_values():
    found = usage(INSPECTED, STATS)

    assert found["cpu"] == {"limit": 1.5, "shares": None, "used_seconds": 2.5}
    assert found["memory"] == {"limit": 67108864, "limit_with_swap": 134217728, "used": 4000}
    assert found["network"]["addresses"] == {"front": "192.0.2.7"}
    assert (found["network"]["received"], found["network"]["sent"]) == (11, 22)
    assert found["disk"] == {
        "limit": "2G",
        "writable_layer": {"path": "/var/lib/docker/overlay2/abc/diff", "size": 12},
        "size_with_image": 1000,
        "read": 7,
        "written": 9,
    }
    assert found["processes"] == {"limit": 50, "used": 3}


def test_value_that_was_not_measured_is_null_and_not_zero():
    found = usage({"HostConfig": {"PidsLimit": None}, "NetworkSettings": {}}, None)

    assert found["cpu"] == {"limit": None, "shares": None, "used_seconds": None}
    assert found["memory"]["used"] is None
    assert found["disk"]["read"] is None
    assert found["network"]["received"] is None
    assert found["processes"] == {"limit": None, "used": None}


@pytest.mark.parametrize(
    "host, expected",
    [
        ({"CpuQuota": 50000, "CpuPeriod": 100000}, 0.5),
        ({"CpuQuota": 50000}, 0.5),
        ({"CpuQuota": -1}, None),
        ({"NanoCpus": 0}, None),
    ],
)
def test_cpu_limit_in_each_of_its_spellings(host, expected):
    assert usage({"HostConfig": host}, None)["cpu"]["limit"] == expected


@pytest.mark.parametrize(
    "inspected",
    [
        {"GraphDriver": {"Name": "overlayfs", "Data": None}},
        {"Storage": {"RootFS": {"Snapshot": {"Name": "overlayfs"}}}},
    ],
)
def test_containerd_store_reports_no_directory(inspected):
    assert usage(inspected, None)["disk"]["writable_layer"]["path"] is None

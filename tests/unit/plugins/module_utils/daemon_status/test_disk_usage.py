# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.flotilla.docker.plugins.module_utils.daemon_status.disk_usage import by_class, summary

OLD = {
    "LayersSize": 1000,
    "Images": [{"Containers": 1, "Size": 700, "SharedSize": 100}, {"Containers": 0, "Size": 500, "SharedSize": 100}],
    "Containers": [{"State": "running", "SizeRw": 10}, {"State": "exited", "SizeRw": 5}, {"State": "created"}],
    "Volumes": [
        {"UsageData": {"Size": 40, "RefCount": 1}},
        {"UsageData": {"Size": 2, "RefCount": 0}},
        {"UsageData": {"Size": -1, "RefCount": -1}},
    ],
    "BuildCache": [
        {"Size": 30, "InUse": True, "Shared": False},
        {"Size": 20, "InUse": False, "Shared": False},
        {"Size": 99, "InUse": False, "Shared": True},
    ],
}
NEW = {
    "ImageUsage": {"TotalCount": 2, "ActiveCount": 1, "TotalSize": 1000, "Reclaimable": 400},
    "ContainerUsage": {"TotalCount": 3, "ActiveCount": 1, "TotalSize": 15, "Reclaimable": 5},
    "VolumeUsage": {"TotalCount": 3, "ActiveCount": 2, "TotalSize": 42, "Reclaimable": 2},
    "BuildCacheUsage": {"TotalCount": 3, "ActiveCount": 1, "TotalSize": 50, "Reclaimable": 20},
}
EMPTY = {"count": 0, "active": 0, "size": 0, "reclaimable": 0}


@pytest.mark.parametrize("answer", [OLD, NEW, dict(OLD, **NEW)])
def test_both_shapes_add_up(answer):
    found = by_class(answer)
    assert found["images"] == {"count": 2, "active": 1, "size": 1000, "reclaimable": 400}
    assert found["containers"] == {"count": 3, "active": 1, "size": 15, "reclaimable": 5}
    assert found["volumes"]["size"] == 42 and found["volumes"]["reclaimable"] == 2
    assert found["build_cache"]["size"] == 50 and found["build_cache"]["reclaimable"] == 20
    assert summary(answer, verbose=False)["LayersSize"] == 1000


# An empty host: Engine 29 leaves LayersSize out, older ones write null lists.
@pytest.mark.parametrize(
    "answer",
    [
        {},
        {"Images": None, "Containers": None, "Volumes": None, "BuildCache": None, "LayersSize": 0},
        {"ImageUsage": {}},
    ],
)
def test_an_empty_host_uses_nothing(answer):
    assert by_class(answer) == {"images": EMPTY, "containers": EMPTY, "volumes": EMPTY, "build_cache": EMPTY}
    assert summary(answer, verbose=True)["LayersSize"] == 0


def test_verbose_keeps_the_whole_answer():
    assert summary(OLD, verbose=True)["Images"] == OLD["Images"]

# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.flotilla.docker.plugins.module_utils.daemon_status import listings, result
from ansible_collections.flotilla.docker.plugins.module_utils.masking import mask_credentials

OVERLAY = {
    "Driver": "overlay2",
    "DriverStatus": [["Backing Filesystem", "extfs"]],
    "Containerd": {"Address": "/run/containerd/containerd.sock"},
}
SNAPSHOTTER = {"Driver": "overlayfs", "DriverStatus": [["driver-type", "io.containerd.snapshotter.v1"]]}
VFS = {"Driver": "vfs", "DriverStatus": None}


@pytest.mark.parametrize(
    "info, driver, store",
    [(OVERLAY, "overlay2", "graphdriver"), (SNAPSHOTTER, "overlayfs", "containerd"), (VFS, "vfs", "graphdriver")],
)
def test_the_image_store_is_read_from_the_driver_status(info, driver, store):
    found = result.storage(info)
    assert (found["driver"], found["image_store"]) == (driver, store)


def test_settings_of_a_rootless_daemon():
    info = dict(
        OVERLAY,
        SecurityOptions=["name=seccomp,profile=builtin", "name=rootless", "name=cgroupns"],
        CgroupVersion="2",
        CgroupDriver="none",
        Warnings=None,
    )
    found = result.settings(info)
    assert found["rootless"] is True
    assert found["cgroup"] == {"driver": "none", "version": 2}
    assert found["security_options"][0] == {"name": "seccomp", "profile": "builtin"}
    assert found["daemon_warnings"] == []


def test_settings_of_an_old_daemon():
    found = result.settings({})
    assert (found["rootless"], found["data_root"], found["cgroup"]) == (False, None, {"driver": None, "version": None})


def test_server_names_its_components():
    version = {
        "Version": "28.5.2",
        "ApiVersion": "1.51",
        "MinAPIVersion": "1.24",
        "Components": [{"Name": "Engine", "Version": "28.5.2"}, {"Name": "containerd", "Version": "2.1.9"}],
    }
    found = result.server(version)
    assert (found["version"], found["api_version"], found["min_api_version"]) == ("28.5.2", "1.51", "1.24")
    assert (found["containerd"], found["runc"]) == ("2.1.9", None)


def test_a_host_without_docker_cli():
    found = result.client(None, None, "3.8.20")
    assert (found["docker_cli"], found["docker_py"], found["python"]) == (None, None, "3.8.20")


def test_a_listing_is_short_by_default():
    entry = {"Id": "1", "RepoTags": ["a:1"], "Created": 5, "Size": 7, "SharedSize": -1}
    assert listings.shorten("images", [entry], verbose=False) == [
        {"Id": "1", "RepoTags": ["a:1"], "Created": 5, "Size": 7}
    ]
    assert listings.shorten("images", [entry], verbose=True) == [entry]


@pytest.mark.parametrize(
    "value, expected",
    [
        ("http://user:pass@proxy:1", "http://***@proxy:1"),
        (["x http://u:p@h y"], ["x http://***@h y"]),
        ({"a": {"b": "https://token@h"}}, {"a": {"b": "https://***@h"}}),
        ("nothing@here", "nothing@here"),
        ("ssh://ops@host", "ssh://ops@host"),
        ("http://proxy:3128/a@b", "http://proxy:3128/a@b"),
        (5, 5),
    ],
)
def test_credentials_are_masked_everywhere(value, expected):
    assert mask_credentials(value) == expected

# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Lists the objects of a daemon: options, and results as short as those of docker ls commands."""

from __future__ import annotations

from typing import Any

from ..result_size import Listing

# option, and the keys that its result has without verbose_output
HEADERS = {
    "containers": ("Id", "Image", "Command", "Created", "Status", "Ports", "Names"),
    "images": ("Id", "RepoTags", "Created", "Size"),
    "networks": ("Id", "Driver", "Name", "Scope"),
    "volumes": ("Driver", "Name"),
}

# How a result that is too large is made smaller: first by what verbose_output adds.
SHRINKABLE = (
    Listing("disk_usage", details=("BuildCache", "Containers", "Images", "Volumes")),
    Listing(
        "containers",
        details=("Labels", "NetworkSettings", "HostConfig", "Mounts", "Command"),
        narrow_with=("containers_filters",),
    ),
    Listing("images", details=("Labels", "RepoDigests"), narrow_with=("images_filters",)),
    Listing("networks", details=("Labels", "Containers", "Options", "IPAM"), narrow_with=("networks_filters",)),
    Listing("volumes", details=("Labels", "Options", "Status"), narrow_with=("volumes_filters",)),
)


def argument_spec() -> dict[str, Any]:
    """An option and a filter for each listing, named as in docker_host_info."""
    spec: dict[str, Any] = {
        name: {"type": "bool", "default": False}
        for name in (*HEADERS, "containers_all", "disk_usage", "verbose_output")
    }
    spec.update({name + "_filters": {"type": "dict"} for name in HEADERS})
    return spec


def shorten(name: str, entries: list[dict[str, Any]], verbose: bool) -> list[dict[str, Any]]:
    """The entries, with everything that the Engine API returns or only the keys of a listing."""
    return entries if verbose else [{key: entry.get(key) for key in HEADERS[name]} for entry in entries]

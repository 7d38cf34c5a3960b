# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.flotilla.docker.plugins.module_utils import shapes
from ansible_collections.flotilla.docker.plugins.module_utils.errors import BadOption


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ([["driver-type", "io.containerd.snapshotter.v1"]], True),
        ([["Backing Filesystem", "extfs"]], False),
        (None, False),
    ],
)
def test_driver_status_shows_the_containerd_image_store(status, expected):
    assert shapes.uses_containerd({"DriverStatus": status}) is expected


@pytest.mark.parametrize(
    ("names", "expected"),
    [(["/web"], "web"), (["/other/alias", "/web"], "web"), ([], "0123456789ab"), (None, "0123456789ab")],
)
def test_container_is_named_by_its_own_name_else_by_its_short_id(names, expected):
    assert shapes.container_name({"Id": "0123456789abcdef", "Names": names}) == expected


@pytest.mark.parametrize(("state", "expected"), [("running", True), ("paused", True), ("exited", False)])
def test_paused_container_counts_as_running(state, expected):
    assert shapes.is_running({"State": state}) is expected


@pytest.mark.parametrize(
    ("seconds", "expected"), [(86400, "1970-01-02T00:00:00Z"), (0, None), (-1, None), (None, None)]
)
def test_unix_seconds_are_shown_as_iso_time(seconds, expected):
    assert shapes.iso_time(seconds) == expected


@pytest.mark.parametrize(
    ("size", "expected"),
    [(None, "?"), (0, "0B"), (999, "999B"), (999.9, "1kB"), (1234567, "1.23MB"), (5e15, "5e+03TB")],
)
def test_sizes_are_written_as_docker_images_does(size, expected):
    assert shapes.size_text(size) == expected


def test_filter_values_are_lists_of_strings():
    found = shapes.filter_values({"dangling": True, "label": ["a=b", 1], "since": "nginx"})
    assert found == {"dangling": ["true"], "label": ["a=b", "1"], "since": ["nginx"]}


def test_no_filters_give_an_empty_dict():
    assert shapes.filter_values(None) == {}
    for value in ({"a": "b"}, None, [["a"]]):
        with pytest.raises(BadOption, match="images_filters.label must be text or a list of texts"):
            shapes.filter_values({"label": value}, "images_filters")


@pytest.mark.parametrize(
    ("used", "version", "expected"), [("1.44", "1.9", True), ("1.9", "1.44", False), ("1.41", "1.41", True)]
)
def test_api_versions_are_compared_by_number(used, version, expected):
    assert shapes.speaks(used, version) is expected


@pytest.mark.parametrize(
    ("url", "expected"),
    [("https://user:secret@hub:5000/v2/", "hub:5000"), ("hub:5000/x", "hub:5000"), ("https://hub?x=1", "hub")],
)
def test_host_of_a_url_has_a_port_and_no_credentials(url, expected):
    assert shapes.host_of(url) == expected

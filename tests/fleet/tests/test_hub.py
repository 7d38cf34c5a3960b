# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The parts of the hub that need no network: faults of requests, and images."""

from __future__ import annotations

import json

import pytest
from faults import Faults
from image import Image, Tree, digest
from proxy import parse_path
from search import TAGS, page

NGINX = "library/nginx"


@pytest.mark.parametrize(
    "path, expected",
    [
        ("/v2/", ("", "other")),
        ("/v2/library/nginx/manifests/latest", (NGINX, "manifests")),
        ("/v2/a/b/c/blobs/sha256:1", ("a/b/c", "blobs")),
        ("/v2/manifests/manifests/latest", ("manifests", "manifests")),
    ],
)
def test_path_has_repository_and_kind(path, expected):
    assert parse_path(path) == expected


def test_fault_ends_after_its_times_and_applies_to_its_kind_only():
    faults = Faults()
    faults.set(NGINX, {"fault": "429", "times": 2})
    requests = [
        ("blobs", NGINX),
        ("manifests", "library/busybox"),
        ("manifests", NGINX),
        ("manifests", NGINX),
        ("manifests", NGINX),
    ]
    met = [faults.take(repository, "GET", kind) is not None for kind, repository in requests]
    assert met == [False, False, True, True, False]
    assert faults.counts()[NGINX] == {"GET blobs": 1, "GET manifests": 3}


@pytest.mark.parametrize(
    "fault, mention",
    [
        ({}, "None"),
        ({"fault": "teapot"}, "teapot"),
        ({"fault": "cut"}, "bytes"),
        ({"fault": "hang", "on": "x"}, "on is x"),
        ({"fault": "429", "time": 1}, "time"),
        ({"fault": "429", "times": 0}, "times"),
    ],
)
def test_impossible_fault_is_refused_by_name(fault, mention):
    with pytest.raises(ValueError, match=mention):
        Faults().set(NGINX, fault)


def test_image_is_the_same_at_every_build_and_counts_its_layers():
    def build():
        tree = Tree().file("bin/a", b"a", 0o755).link("bin/b", "a")
        return Image().layer("ADD a", tree).setting('CMD ["a"]', Cmd=["a"]).layer("COPY c", Tree().file("c", b"c"))

    config, manifest = json.loads(build().config), json.loads(build().manifest)
    assert build().manifest == build().manifest
    assert manifest["config"]["digest"] == digest(build().config)
    assert len(manifest["layers"]) == len(config["rootfs"]["diff_ids"]) == 2
    assert [entry.get("empty_layer", False) for entry in config["history"]] == [False, True, False]


def test_last_page_has_no_next_page():
    tags = TAGS["library/nginx"]
    first, second = (page("/tags", tags, number, 500) for number in (1, 2))
    assert (len(first["results"]), len(second["results"]), second["next"]) == (100, 51, None) and first["next"]
    dates = [tag["last_updated"] for tag in tags]
    assert dates == sorted(dates, reverse=True) and len(set(dates)) == len(tags)

# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What nothing uses, and what a task keeps."""

from __future__ import annotations

import pytest
from ansible_collections.flotilla.docker.plugins.module_utils.errors import BadOption
from ansible_collections.flotilla.docker.plugins.module_utils.prune import images, selection
from ansible_collections.flotilla.docker.plugins.module_utils.prune.selection import Filters, Item, Keep

NOW = 1_800_000_000.0


def names(items):
    return [item.name for item in items]


def container(name, state, **more):
    return dict({"Id": name * 3, "Names": [f"/{name}"], "State": state, "Created": NOW}, **more)


@pytest.mark.parametrize(
    "state, goes",
    [
        ("exited", True),
        ("created", True),
        ("dead", True),
        ("running", False),
        ("paused", False),
        ("restarting", False),
        ("removing", False),
    ],
)
def test_only_containers_that_do_not_run_are_selected(state, goes):
    assert bool(selection.containers([container("web", state)])) == goes


def test_networks_of_containers_of_config_only_networks_and_of_the_engine_stay():
    listed = [
        {"Id": "1", "Name": "bridge"},
        {"Id": "2", "Name": "front"},
        {"Id": "3", "Name": "back"},
        {"Id": "4", "Name": "cluster", "Scope": "swarm"},
        {"Id": "5", "Name": "template"},
        {"Id": "6", "Name": "made", "ConfigFrom": {"Network": "template"}},
        {"Id": "7", "Name": "by_id"},
    ]
    using = [
        container("web", "exited", NetworkSettings={"Networks": {"front": {"NetworkID": ""}}}),
        container("api", "running", HostConfig={"NetworkMode": "7"}, NetworkSettings={"Networks": {}}),
    ]
    assert names(selection.networks(listed, using, protect_stopped=True)) == ["back", "made"]
    assert names(selection.networks(listed, using, protect_stopped=False)) == ["front", "back", "made"]


def test_volumes_in_use_of_other_drivers_and_with_options_are_kept():
    listed = [
        {"Name": "data", "Driver": "local"},
        {"Name": "nfs", "Driver": "local", "Options": {"type": "nfs"}},
        {"Name": "plugin", "Driver": "vieux/sshfs"},
        {"Name": "a" * 64, "Driver": "local"},
        {"Name": "labelled", "Driver": "local", "Labels": {"com.docker.volume.anonymous": ""}},
        {"Name": "used", "Driver": "local"},
    ]
    using = [container("db", "exited", Mounts=[{"Type": "volume", "Name": "used"}, {"Type": "bind"}])]
    assert names(selection.volumes(listed, using, named=False)) == ["a" * 64, "labelled"]
    assert names(selection.volumes(listed, using, named=True)) == ["data", "a" * 64, "labelled"]


@pytest.mark.parametrize(
    "until, goes",
    [
        ("1h", True),
        ("3h", False),
        ("2027-01-15T07:00:00Z", True),
        ("2027-01-15T05:00:00+01:00", False),
        (str(int(NOW)), True),
        ("1", False),
    ],
)
def test_until_takes_durations_times_and_seconds(until, goes):
    item = Item("1", "web", created=NOW - 2 * 3600)
    assert Filters("containers_filters", {"until": until}, ("until",), NOW).match(item) == goes


@pytest.mark.parametrize(
    "filters, goes",
    [
        ({"label": "tier"}, True),
        ({"label": "tier=front"}, True),
        ({"label": "tier=back"}, False),
        ({"label": ["tier", "other"]}, False),
        ({"label!": "tier"}, False),
        ({"label!": "tier=back"}, True),
    ],
)
def test_labels_are_names_or_pairs(filters, goes):
    item = Item("1", "web", {"tier": "front"})
    assert Filters("containers_filters", filters, ("label", "label!"), NOW).match(item) == goes


@pytest.mark.parametrize(
    "filters",
    [{"age": "1h"}, {"until": "yesterday"}, {"label!": {"keep": "yes"}}, {"label": None}, {"dangling": "ture"}],
)
def test_filters_that_the_engine_does_not_have_are_refused(filters):
    with pytest.raises(BadOption, match="containers_filters"):
        Filters("containers_filters", filters, ("until", "label", "label!", "dangling"), NOW)


@pytest.mark.parametrize(
    "keep, stays",
    [
        ({}, False),
        ({"names": ["we*"]}, True),
        ({"names": ["db"]}, False),
        ({"labels": ["tier=front"]}, True),
        ({"younger_than": "1h"}, False),
        ({"younger_than": "3h"}, True),
    ],
)
def test_keep_protects_by_name_label_and_age(keep, stays):
    item = Item("1", "web", {"tier": "front"}, NOW - 2 * 3600)
    assert Keep(keep, NOW).keeps(item) == stays


def image(number, tag=None, **more):
    return dict(
        {"Id": f"sha256:{number}", "Created": NOW + number, "RepoTags": [tag] if tag else ["<none>:<none>"]}, **more
    )


def chosen(listed, used=(), filters=None, keep=None):
    rules = Filters("images_filters", filters or {}, ("dangling", "until", "label", "label!"), NOW)
    return [named for _item, named in images.unused(listed, set(used), rules, Keep(keep or {}, NOW))]


def test_images_with_names_are_removed_only_on_request():
    listed = [image(1), image(2, "web:1"), image(3, "web:2")]
    assert chosen(listed) == [["sha256:1"]]
    assert chosen(listed, filters={"dangling": False}) == [["web:2"], ["web:1"], ["sha256:1"]]


def test_images_of_containers_stay():
    assert chosen([image(1), image(2)], used={"sha256:1"}) == [["sha256:2"]]


@pytest.mark.parametrize("listed", ["nginx:1.0", "docker.io/library/nginx:1.0"])
@pytest.mark.parametrize("kept", ["nginx", "nginx:1.0", "docker.io/library/nginx", "docker.io/library/nginx:*", "ng*"])
def test_image_is_kept_by_every_spelling_of_its_name(listed, kept):
    everything = {"dangling": "false"}
    assert chosen([image(1, listed)], filters=everything, keep={"names": [kept]}) == []
    for other in ("ginx", "nginx:2.0", "example.com/nginx"):
        assert chosen([image(1, listed)], filters=everything, keep={"names": [other]}) == [[listed]]


def test_newest_images_of_each_repository_stay():
    listed = [image(1, "web:1"), image(2, "web:2"), image(3, "web:3"), image(4, "hub:5000/web:1")]
    assert chosen(listed, filters={"dangling": False}, keep={"newest": 2}) == [["web:1"]]


def test_images_as_old_as_the_last_of_the_newest_stay():
    listed = [dict(image(number, f"web:{number}"), Created=NOW + (number > 1)) for number in range(4)]
    assert chosen(listed, filters={"dangling": False}, keep={"newest": 1}) == [["web:0"], ["web:1"]]


def test_order_does_not_depend_on_the_order_of_the_listing():
    listed = [dict(image(number, f"web:{number}"), Created=NOW) for number in range(3)] + [image(3)]
    listed[0]["RepoTags"] = ["web:0", "also:0"]
    turned = [dict(entry, RepoTags=entry["RepoTags"][::-1]) for entry in listed[::-1]]
    expected = [["sha256:3"], ["also:0", "web:0"], ["web:1"], ["web:2"]]
    assert chosen(listed, filters={"dangling": False}) == expected
    assert chosen(turned, filters={"dangling": False}) == expected


def test_an_image_with_two_tags_is_one_of_the_newest():
    listed = [dict(image(3), RepoTags=["web:3", "web:latest"]), image(2, "web:2"), image(1, "web:1")]
    assert chosen(listed, filters={"dangling": False}, keep={"newest": 2}) == [["web:1"]]


def test_no_image_of_a_repository_stays_with_newest_0():
    assert chosen([image(1, "web:1")], filters={"dangling": False}, keep={"newest": 0}) == [["web:1"]]


@pytest.mark.parametrize(
    "record, goes, with_all",
    [
        ({"Type": "regular"}, True, True),
        ({"Type": "regular", "InUse": True}, False, False),
        ({"Type": "regular", "Shared": True}, False, True),
        ({"Type": "frontend"}, False, True),
        ({"Type": "internal"}, False, True),
    ],
)
def test_build_cache_that_images_share_is_removed_only_with_all(record, goes, with_all):
    records = [dict(record, ID="x")]
    assert bool(selection.build_cache(records, everything=False)) == goes
    assert bool(selection.build_cache(records, everything=True)) == with_all

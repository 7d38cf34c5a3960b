# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is pruned is what the check lists, and what is used or kept stays."""

from __future__ import annotations

import random
import re
import time

import pytest
import waiting
from ansible_collections.flotilla.docker.plugins.module_utils.engine.daemon import Daemon
from ansible_collections.flotilla.docker.plugins.module_utils.engine.volumes import Volumes
from ansible_collections.flotilla.docker.plugins.module_utils.errors import Conflict

ENGINES = pytest.mark.parametrize("host", ["e20", "e26", "c28"], indirect=True)
ALL = {"containers": True, "images": True, "networks": True, "volumes": True}
EVERYTHING = dict(ALL, images_filters={"dangling": False}, volumes_filters={"all": True})
KEPT = ("bridge", "host", "none")


@pytest.fixture
def clean(host):
    """A host without containers, and without networks and volumes of tests, before and after."""

    def sweep():
        host.clear()
        waiting.remove_all(
            lambda: [network for network in host.api.networks() if network["Name"] not in KEPT],
            lambda network: host.api.remove_network(network["Id"]),
        )
        waiting.remove_all(
            lambda: host.api.volumes()["Volumes"], lambda volume: host.api.remove_volume(volume["Name"], force=True)
        )
        for image in host.api.images(all=True):
            for tag in image["RepoTags"] or ():
                if tag.startswith("prune"):
                    host.api.remove_image(tag, force=True)

    sweep()
    yield host
    sweep()


def image(host, name, text, base="busybox"):
    """An image of one more layer, committed from a container; without a name for None."""
    host.run("image_pull", name=[base], pull="missing")
    made = host.api.create_container(base, ["sh", "-c", f"echo {text} > /{text}"], host_config={})
    host.api.start(made)
    host.api.wait(made)
    committed = host.api.commit(
        made, repository=name.partition(":")[0] if name else None, tag=name.partition(":")[2] if name else None
    )
    host.api.remove_container(made)
    return committed["Id"]


def present(host):
    """Names of all that could be pruned."""
    return {
        "containers": set(host.names()),
        "images": {tag for entry in host.api.images() for tag in entry["RepoTags"] or [entry["Id"]]},
        "networks": {entry["Name"] for entry in host.api.networks()} - set(KEPT),
        "volumes": {entry["Name"] for entry in host.api.volumes()["Volumes"] or ()},
    }


def pruned(host, **options):
    """The result, once the check has listed the same actions."""
    predicted = host.run("system_prune", check=True, **options)
    assert predicted["rc"] == 0, predicted
    result = host.run("system_prune", **options)
    assert result["rc"] == 0, result
    assert result["actions"] == predicted["actions"]
    for key in result:
        if key.endswith("_reclaimed"):
            assert result[key] == predicted[key], key
    assert not host.run("system_prune", **options)["changed"]
    return result


@ENGINES
def test_check_mode_lists_what_the_run_removes_and_used_objects_are_kept(clean):
    dice = random.Random(clean.name)
    api = clean.api
    image(clean, None, "nameless")
    for number in range(3):
        image(clean, f"prune{number}:1", f"one{number}")
    for name in ("net0", "net1", "net2", "used"):
        api.create_network(name, driver="bridge")
    for name in ("vol0", "vol1", "held"):
        api.create_volume(name)
    running = api.create_container(
        "prune0:1", ["sleep", "600"], name="runs", host_config=api.create_host_config(network_mode="used")
    )
    api.start(running)
    for number in range(dice.randint(1, 3)):
        host_config = api.create_host_config(binds=[f"vol{number % 2}:/data"], network_mode=f"net{number}")
        api.create_container("prune1:1", ["true"], name=f"stopped{number}", host_config=host_config)
    api.create_container("busybox", ["true"], name="keeps", host_config=api.create_host_config(binds=["held:/data"]))
    pruned(clean, **dict(EVERYTHING, keep={"names": ["keeps", "busybox*"]}))
    left = present(clean)
    assert left["containers"] == {"runs", "keeps"}
    assert left["networks"] == {"used"}
    assert left["volumes"] == {"held"}
    assert {name for name in left["images"] if name.startswith("prune")} == {"prune0:1"}


@pytest.mark.parametrize("host", ["e20", "e26"], indirect=True)
def test_reported_image_bytes_are_reclaimed(clean):
    image(clean, "prune:a", "shared")
    image(clean, "prune:b", "own", base="prune:a")
    before = clean.api.df()["LayersSize"]
    result = pruned(clean, images=True, images_filters={"dangling": False}, keep={"names": ["busybox*", "*/busybox*"]})
    assert result["images_space_reclaimed"] == before - clean.api.df()["LayersSize"]


def test_network_of_a_stopped_container_is_kept_by_default(clean):
    clean.run("image_pull", name=["busybox"], pull="missing")
    clean.api.create_network("front", driver="bridge")
    clean.api.create_container(
        "busybox", ["true"], name="web", host_config=clean.api.create_host_config(network_mode="front")
    )
    assert not clean.run("system_prune", networks=True)["changed"]
    assert clean.run("system_prune", check=True, networks=True, protect_stopped=False)["networks"] == ["front"]


def test_newest_images_of_a_repository_are_kept(clean):
    for number in range(3):
        image(clean, f"prune:v{number}", f"v{number}")
        time.sleep(1)  # The Engine lists times in seconds.
    pruned(clean, images=True, images_filters={"dangling": False}, keep={"newest": 1, "names": ["busybox*"]})
    assert {tag for tag in present(clean)["images"] if tag.startswith("prune")} == {"prune:v2"}


@ENGINES
def test_image_that_is_kept_by_name_keeps_its_tags(clean):
    for name in ("prune:a", "prune:b", "pruned:a"):
        image(clean, name, name.replace(":", ""))
    pruned(clean, images=True, images_filters={"dangling": False}, keep={"names": ["prune", "busybox"]})
    left = {tag for tag in present(clean)["images"] if tag.startswith("prune")}
    assert left == {"prune:a", "prune:b"} and "busybox:latest" in present(clean)["images"]


@ENGINES
def test_runs_at_the_same_time_report_each_removal_once(clean):
    for number in range(6):
        clean.api.create_network(f"net{number}")
        clean.api.create_volume(f"vol{number}")
    options = {"networks": True, "volumes": True, "volumes_filters": {"all": True}}
    results = [run.result() for run in [clean.start("system_prune", **options) for _number in range(3)]]
    assert [result["rc"] for result in results] == [0] * 3
    for kind, name in (("networks", "net"), ("volumes", "vol")):
        removed = [found for result in results for found in result[kind]]
        assert sorted(removed) == [f"{name}{number}" for number in range(6)]


def test_result_of_a_run_that_takes_too_long_lists_what_was_removed(clean, monkeypatch):
    for number in range(3):
        clean.api.create_volume(f"vol{number}")
    as_asked = Volumes.remove

    def slow(self, name, force=False):
        removed = as_asked(self, name, force)
        time.sleep(6)
        return removed

    monkeypatch.setattr(Volumes, "remove", slow)
    result = clean.run("system_prune", volumes=True, volumes_filters={"all": True}, prune_timeout=5)
    assert "took longer than prune_timeout (5 seconds)" in result["msg"]
    assert result["changed"] and result["volumes"] == ["vol0"]
    assert present(clean)["volumes"] == {"vol1", "vol2"}


@ENGINES
def test_another_prune_of_the_build_cache_is_waited_for(clean, monkeypatch):
    as_asked = Daemon.prune_build_cache
    refusals = ["a prune operation is already running"] * 2

    def busy(self, **params):
        if refusals:
            raise Conflict("prune the build cache", 409, refusals.pop())
        return as_asked(self, **params)

    monkeypatch.setattr(Daemon, "prune_build_cache", busy)
    result = clean.run("system_prune", builder_cache=True)
    assert result["rc"] == 0, result["msg"]


def test_volumes_with_names_or_options_are_kept_by_default(clean):
    clean.api.create_volume("named")
    clean.api.create_volume("tmpfs", driver_opts={"type": "tmpfs", "device": "tmpfs"})
    anonymous = clean.api.create_volume()["Name"]
    assert re.fullmatch("[0-9a-f]{64}", anonymous)
    assert pruned(clean, volumes=True)["volumes"] == [anonymous]
    assert present(clean)["volumes"] == {"named", "tmpfs"}
    assert pruned(clean, volumes=True, volumes_filters={"all": True})["volumes"] == ["named"]


def test_filters_and_labels_select_objects(clean):
    clean.run("image_pull", name=["busybox"], pull="missing")
    for name, labels in (("one", {"temporary": "yes"}), ("two", {"temporary": "no"}), ("three", {})):
        clean.api.create_container("busybox", ["true"], name=name, labels=labels)
    check = {"check": True, "containers": True}
    assert clean.run("system_prune", **check, containers_filters={"until": "1h"})["containers"] == []
    assert clean.run("system_prune", **check, keep={"younger_than": "1h"})["containers"] == []
    result = clean.run("system_prune", containers=True, containers_filters={"label": "temporary=yes"})
    assert result["actions"] == ["remove container one"]
    result = clean.run("system_prune", containers=True, containers_filters={"label!": "temporary"})
    assert result["actions"] == ["remove container three"]
    assert clean.run("system_prune", containers=True, keep={"labels": ["temporary=no"]})["actions"] == []


@pytest.mark.parametrize(
    "options, message",
    [
        ({}, "the task names nothing to prune"),
        ({"volumes": True, "volumes_filters": {"until": "1h"}}, "volumes_filters must have filters of all, label"),
        ({"containers": True, "containers_filters": {"until": "soon"}}, "containers_filters.until must be a duration"),
        ({"images": True, "networks_filters": {"label": "x"}}, "networks_filters can only be used with networks: true"),
        ({"images": True, "keep": {"newest": -1}}, "keep.newest must be 0 or more"),
        (
            {"images": True, "images_filters": {"dangling": "flase"}},
            "images_filters.dangling must be true or false (got 'flase')",
        ),
        ({"containers": True, "containers_filters": {"label!": {"a": "b"}}}, "containers_filters.label! must be text"),
        ({"images": True, "keep": {"younger_than": "1 day"}}, "Example: keep: {younger_than: 1h30m}"),
        (
            {"containers": True, "builder_cache": True, "builder_cache_keep_storage": "much"},
            "builder_cache_keep_storage must be a size",
        ),
        ({"images": True, "keep": {"younger_than": "3 days"}}, "keep.younger_than must be a duration"),
    ],
    ids=str,
)
def test_options_that_cannot_work_are_refused(host, options, message):
    assert message in host.run("system_prune", **options)["msg"]

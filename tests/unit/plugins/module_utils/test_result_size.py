# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Results of modules that list things, on a host with 400 containers and 300 images of ten layers."""

from __future__ import annotations

import hashlib
import json

import pytest
from ansible_collections.flotilla.docker.plugins.module_utils import result_size
from ansible_collections.flotilla.docker.plugins.module_utils.daemon_status import listings
from ansible_collections.flotilla.docker.plugins.module_utils.errors import BadOption
from ansible_collections.flotilla.docker.plugins.module_utils.ledger import Ledger
from ansible_collections.flotilla.docker.plugins.module_utils.result_size import Listing, fit
from ansible_collections.flotilla.docker.plugins.modules import (
    docker_daemon_status,
    image_layers,
    image_list,
    image_pull,
)

from .in_memory.engine import Engine

AWX_DROPS = 700000


def digest(*parts):
    return "sha256:" + hashlib.sha256("/".join(map(str, parts)).encode()).hexdigest()


def labels(number):
    return {f"org.example.fleet.label{index}": f"value {index} of {number}, " + "x" * 60 for index in range(12)}


def reference(number):
    return f"registry.example.com:5000/team{number % 20}/service-{number}:1.{number}.0"


IMAGES = [
    {
        "Id": digest("image", number),
        "RepoTags": [reference(number)],
        "RepoDigests": [f"{reference(number).rpartition(':')[0]}@{digest('manifest', number)}"],
        "Created": 1760000000 + number,
        "Size": 150000000,
        "SharedSize": 70000000,
        "Labels": labels(number),
        # Of ten layers, four are of the base image that ten images share.
        "RootFS": {"Layers": [digest("layer", number // 10 if index < 4 else number, index) for index in range(10)]},
    }
    for number in range(300)
]
HISTORY = [
    {
        "CreatedBy": "RUN /bin/sh -c apt-get update && apt-get install --yes --no-install-recommends "
        + "package " * 20,
        "Created": 1760000000,
        "Size": 1000,
        "Comment": "buildkit.dockerfile.v0",
    }
] * 10
CONTAINERS = [
    {
        "Id": digest("container", number)[7:],
        "Names": [f"/service-{number}"],
        "Image": reference(number % 300),
        "ImageID": digest("image", number % 300),
        "Command": "/docker-entrypoint.sh " + "--option=value " * 10,
        "Created": 1760000000,
        "Status": "Up 3 days (healthy)",
        "State": "running",
        "Ports": [{"IP": "0.0.0.0", "PrivatePort": 80, "PublicPort": 20000 + number, "Type": "tcp"}] * 2,
        "Labels": labels(number),
        "HostConfig": {"NetworkMode": "bridge"},
        "NetworkSettings": {"Networks": {"bridge": {"NetworkID": digest("network"), "EndpointID": digest(number)}}},
        "Mounts": [{"Type": "volume", "Source": f"/var/lib/docker/volumes/data-{number}/_data", "Destination": "/srv"}],
    }
    for number in range(400)
]


@pytest.fixture
def engine():
    engine = Engine(images=IMAGES, address="tcp://web1:2375", info={"DockerRootDir": "/var/lib/docker", "Name": "web1"})
    engine.images.history = lambda name, platform=None: [dict(step) for step in HISTORY]
    engine.containers.list = lambda **_filters: CONTAINERS
    return engine


def reported(module, engine, **params):
    params = {"max_result_size": result_size.DEFAULT_SIZE, **params}
    decide = getattr(module, "decide", None)
    return module.report(engine, params, Ledger().perform(decide(engine, params), engine, False) if decide else None)


def listed(engine):
    return reported(image_list, engine, name=None, dangling=None, intermediate=False, filters={}, directories=False)


def layers_of_all(engine, since=None):
    return reported(image_layers, engine, name=None, since=since, blocks=False)


def pulled_all(engine):
    params = dict.fromkeys(("platform", "registry_username", "registry_password"))
    params.update(pull="missing", tag="latest", parallel=3, stall_timeout=120, retries=3, retry_delay=5, layers=True)
    params.update(rate_limit=False, pull_check_mode_behavior="registry")
    return reported(image_pull, engine, name=[reference(number) for number in range(300)], **params)


def status_listings(engine, verbose):
    asked = {f"{name}_filters": None for name in listings.HEADERS}
    asked.update(containers=True, images=True, networks=False, volumes=False, containers_all=True, disk_usage=False)
    found = docker_daemon_status.list_all(engine, dict(asked, verbose_output=verbose))
    return fit(found, result_size.DEFAULT_SIZE, *listings.SHRINKABLE)


@pytest.mark.parametrize(
    "result",
    [
        listed,
        layers_of_all,
        pulled_all,
        lambda engine: status_listings(engine, verbose=False),
        lambda engine: status_listings(engine, verbose=True),
    ],
    ids=["image_list", "image_layers", "image_pull", "docker_daemon_status", "docker_daemon_status verbose_output"],
)
def test_result_of_a_large_host_is_kept_by_awx(engine, result):
    assert len(json.dumps(result(engine))) < AWX_DROPS


def test_image_list_and_image_layers_name_every_image_of_a_large_host(engine):
    assert len(listed(engine)["images"]) == 300
    assert len(layers_of_all(engine)["images"]) == 300


def test_image_pull_keeps_the_directories_and_names_of_many_images(engine):
    result = pulled_all(engine)
    assert len(result["images"]) == 300
    assert result["left_out"][0] == "images[].layers[].comment"
    assert "path" in result["images"][0]["layers"][0]


def test_warning_names_what_was_left_out_and_the_options_that_return_it(engine):
    result = layers_of_all(engine)
    assert result["left_out"][0] == "images[].rendered"
    assert "ask for less with name, or set max_result_size: 0" in result["warnings"][-1]


def test_an_incomplete_result_is_refused_as_since(engine):
    before = reported(image_layers, engine, name=None, since=None, blocks=False, max_result_size=100000)
    assert 0 < len(before["images"]) < before["image_count"]
    with pytest.raises(BadOption, match="since must be a complete result"):
        layers_of_all(engine, since=before)


def test_no_limit_returns_everything(engine):
    result = reported(image_layers, engine, max_result_size=0, name=None, since=None, blocks=False)
    assert result["left_out"] == []
    assert result["images"][0]["rendered"]


def test_small_result_is_returned_as_it_is():
    assert fit({"images": [{"labels": {}}]}, 1000, Listing("images", ("labels",))) == {
        "images": [{"labels": {}}],
        "left_out": [],
    }


def test_details_are_left_out_before_entries():
    result = {"images": [{"id": number, "labels": "x" * 100} for number in range(10)]}
    assert fit(result, 500, Listing("images", ("labels",))) == {
        "images": [{"id": number} for number in range(10)],
        "left_out": ["images[].labels"],
        "warnings": [
            "The whole result has 1262 characters, which is more than max_result_size. Left out: images[].labels. "
            "To get everything, set max_result_size: 0; AWX drops results of more than 700000 characters."
        ],
    }


def test_details_in_lists_and_dictionaries_of_entries_are_left_out_too():
    result = {"images": [{"layers": [{"path": "/a", "comment": "x" * 100}], "config": {"env": "y" * 100, "cmd": "z"}}]}
    small = fit(result, 100, Listing("images", ("layers.comment", "config.env")))
    assert small["images"] == [{"layers": [{"path": "/a"}], "config": {"cmd": "z"}}]


def test_longest_listing_is_shortened_if_leaving_out_details_is_not_enough():
    result = {"deleted": ["x" * 100] * 10, "untagged": ["y"]}
    small = fit(result, 500, Listing("untagged"), Listing("deleted"))
    assert small["untagged"] == ["y"]
    assert small["left_out"] == ["6 of 10 deleted"]
    assert len(json.dumps({key: small[key] for key in result})) <= 500

# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json

import pytest

from .recorded import engine


@pytest.mark.parametrize("kind", ["containers", "networks", "volumes"])
@pytest.mark.parametrize("name", ["label", "self", "running_only"])
def test_a_filter_of_any_name_reaches_the_engine(kind, name):
    """The names come from tasks, so they may be those of Python."""
    routes = {"containers": "/containers/json", "networks": "/networks", "volumes": "/volumes"}
    docker = engine({("GET", routes[kind]): (200, {"Volumes": []} if kind == "volumes" else [])}, "1.45")
    getattr(docker, kind).list(**{name: ["web"]})
    _method, _path, query = docker.asked[-1]
    assert json.loads(query["filters"][0]) == {name: ["web"]}


@pytest.mark.parametrize(("listing", "every"), [("list", "1"), ("list_running", "0")])
def test_stopped_containers_are_listed_unless_only_running_ones_are_asked_for(listing, every):
    docker = engine({("GET", "/containers/json"): (200, [])}, "1.45")
    getattr(docker.containers, listing)()
    _method, _path, query = docker.asked[-1]
    assert query["all"] == [every]

# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Hosts, addresses and images for a command line, without an Engine."""

from __future__ import annotations

import pytest
from fleet import images, releases
from fleet.network import Addresses
from fleet.report import FleetError
from fleet.state import State


def test_hosts_get_the_releases_in_turn():
    hosts = releases.cycled(4, ["12", "13", "forky"])
    assert [(host.name, host.release.name) for host in hosts] == [
        ("node1", "12"),
        ("node2", "13"),
        ("node3", "forky"),
        ("node4", "12"),
    ]


@pytest.mark.parametrize(
    "text, image, has_engine",
    [
        ("a=12", "bare", False),
        ("a=12,engine", "engine", True),
        ("a=13,containerd", "engine", True),
        ("a=13,rootless", "rootless", False),
        ("a=12,podman", "podman", True),
    ],
)
def test_traits_choose_the_image(text, image, has_engine):
    host = releases.parse_host(text)
    assert (host.image_kind, host.has_engine) == (image, has_engine)


@pytest.mark.parametrize(
    "text, mention",
    [
        ("hub=12", "'hub'"),
        ("A=12", "'A'"),
        ("a", "release ''"),
        ("a=10", "choose from 11, 12"),
        ("a=12,fast", "'fast'"),
        ("a=12,containerd", "20.10.24"),
        ("a=12,podman,engine", "cannot be combined"),
    ],
)
def test_invalid_hosts_are_refused_by_name(text, mention):
    with pytest.raises(FleetError, match=mention):
        releases.parse_host(text)


def test_addresses_are_different_and_limited():
    addresses = Addresses("192.168.16.0/28")
    taken = [addresses.hub, *(addresses.host(position) for position in range(5))]
    assert len(set(taken)) == 6
    with pytest.raises(FleetError, match="room for 5 hosts"):
        addresses.host(5)


def test_image_is_tagged_with_a_hash_of_its_recipe(tmp_path, monkeypatch):
    monkeypatch.setattr(images, "RECIPES", tmp_path)
    (tmp_path / "bare").mkdir()
    (tmp_path / "engine").mkdir()
    engine = images.host_image(releases.RELEASES["12"], "engine")
    names = {engine.reference}
    (tmp_path / "engine" / "Dockerfile").write_text("FROM x")
    names.add(engine.reference)
    (tmp_path / "bare" / "Dockerfile").write_text("FROM y")
    names.add(engine.reference)
    (tmp_path / "bare" / "Dockerfile").chmod(0o755)
    names.add(engine.reference)
    assert len(names) == 4


def test_path_that_is_too_long_for_sockets_is_refused_before_anything_is_created(tmp_path, monkeypatch):
    folder = tmp_path / ("x" * 90)
    monkeypatch.setenv("FLOTILLA_FLEET_STATE", str(folder))
    with pytest.raises(FleetError, match="FLOTILLA_FLEET_STATE"):
        State("it").make(releases.cycled(1, ["12"]), "192.0.2.2")
    assert not folder.exists()

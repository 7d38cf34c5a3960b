# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""containers/storage, as Podman 4.3.1 and 5.8.6 write it."""

from __future__ import annotations

import base64
import json
import os
import platform

import pytest
from ansible_collections.flotilla.docker.plugins.module_utils.layers import model, store
from ansible_collections.flotilla.docker.plugins.module_utils.layers.api import ApiStore
from ansible_collections.flotilla.docker.plugins.module_utils.layers.podman import PodmanStore

A, B, C = ("sha256:" + letter * 64 for letter in "abc")
IMAGE = {"Id": "sha256:" + "9" * 64, "RootFS": {"Layers": [A, B]}}


def entry(identity, diff_id, parent=None, **more):
    return dict(
        {"id": identity, "diff-digest": diff_id, "diff-size": 2058240}, **({"parent": parent} if parent else {}), **more
    )


@pytest.fixture
def root(tmp_path):
    """Two layers of the image, one without an owner, and the layer of a container."""
    layers = [
        entry("low", A, **{"compressed-diff-digest": C, "compressed-size": 1063848}),
        entry("high", B, "low"),
        entry("other", C, "low"),
        {"id": "written", "parent": "high", "names": ["web"]},
    ]
    folder = tmp_path / "overlay-layers"
    folder.mkdir()
    (folder / "layers.json").write_text(json.dumps(layers))
    for identity in ("low", "high"):
        (tmp_path / "overlay" / identity / "diff").mkdir(parents=True)
    image = tmp_path / "overlay-images" / ("9" * 64)
    image.mkdir(parents=True)
    (image / ("=" + base64.b64encode(IMAGE["Id"].encode()).decode())).write_text(
        json.dumps({"history": [{"created_by": "ADD"}]})
    )
    return tmp_path


def test_layers_are_found_by_their_chain_ids(root):
    layers = PodmanStore(str(root), "overlay").layers(IMAGE)
    assert [layer.chain_id for layer in layers] == list(model.chain_ids([A, B]))
    assert [layer.path for layer in layers] == [str(root / "overlay" / name / "diff") for name in ("low", "high")]
    assert (layers[0].digest, layers[0].compressed_size, layers[0].size) == (C, 1063848, 2058240)
    assert layers[1].digest is None and layers[1].compressed_size is None


def test_writable_layers_of_containers_are_left_out(root):
    assert {layer.name for layer in PodmanStore(str(root), "overlay").all_layers()} == {
        A,
        model.chain_ids([A, B])[1],
        model.chain_ids([A, C])[1],
    }


def test_config_has_the_history(root):
    known = PodmanStore(str(root), "overlay")
    assert known.config(IMAGE) == {"history": [{"created_by": "ADD"}]}
    assert known.config({"Id": "sha256:" + "8" * 64}) is None


def test_unknown_layer_is_listed_without_size_and_directory(root):
    layers = PodmanStore(str(root), "overlay").layers({"Id": A, "RootFS": {"Layers": [B]}})
    assert [(layer.diff_id, layer.size, layer.path) for layer in layers] == [(B, None, None)]


def test_driver_without_known_directories_returns_none(root):
    (root / "overlay-layers").rename(root / "btrfs-layers")
    assert {layer.path for layer in PodmanStore(str(root), "btrfs").layers(IMAGE)} == {None}


def test_store_of_podman_is_chosen_and_without_permission_the_api(root, monkeypatch):
    info = {"Name": platform.node(), "DockerRootDir": str(root), "Driver": "overlay"}
    assert isinstance(store.choose(info, True, "containers").store, PodmanStore)

    def refuse(self):
        raise PermissionError(13, "Permission denied", os.path.join(str(root), "overlay-layers", "layers.json"))

    monkeypatch.setattr(PodmanStore, "check", refuse)
    choice = store.choose(info, True, "containers")
    assert isinstance(choice.store, ApiStore) and "needs root" in choice.missing[0] and choice.name == "containers"

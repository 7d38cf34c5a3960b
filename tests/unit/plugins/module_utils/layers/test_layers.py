# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import hashlib
import json
import platform
import struct

import pytest
from ansible_collections.flotilla.docker.plugins.module_utils.errors import StoreUnreadable
from ansible_collections.flotilla.docker.plugins.module_utils.layers import (
    bolt,
    containerd,
    description,
    history,
    model,
    store,
)
from ansible_collections.flotilla.docker.plugins.module_utils.layers.api import ApiStore
from ansible_collections.flotilla.docker.plugins.module_utils.layers.containerd import ContainerdStore
from ansible_collections.flotilla.docker.plugins.module_utils.layers.graphdriver import GraphdriverStore
from ansible_collections.flotilla.docker.plugins.module_utils.layers.usage import users_by_layer

A, B, C = ("sha256:" + letter * 64 for letter in "abc")
EMPTY = "sha256:5f70bf18a086007016e948b04aed3b82103a36bea41755b6cddfaf10ace3c6ef"


def test_chain_id_is_the_digest_of_a_layer_and_all_below_it():
    assert model.chain_ids([]) == () and model.chain_ids([A]) == (A,)
    # sha256 of "<A> <B>", as sha256sum prints it
    assert model.chain_ids([A, B])[1] == "sha256:" + hashlib.sha256((A + " " + B).encode()).hexdigest()
    repeated = model.chain_ids([A, EMPTY, EMPTY])
    assert len(set(repeated)) == 3, "the same layer on another parent is another chain"


def _history(*commands):
    """As GET /images/X/history: newest first, (command, size)."""
    return [
        {"Created": 1700000000, "CreatedBy": command, "Size": size, "Comment": ""}
        for command, size in reversed(commands)
    ]


@pytest.mark.parametrize(
    "commands, layers, expected",
    [
        ([("COPY a", 5), ("RUN b", 7)], 2, [0, 1]),
        ([("COPY a", 5), ("ENV x=1", 0), ("RUN b", 7)], 2, [0, None, 1]),
        ([("COPY a", 5), ("RUN mkdir /d # buildkit", 0), ("ENV x=1", 0)], 2, [0, 1, None]),
        ([("COPY a", 5), ('/bin/sh -c #(nop)  CMD ["x"]', 0), ("WORKDIR /d", 0)], 2, [0, None, 1]),
        (
            [("COPY a", 5), ("RUN true", 0), ("RUN mkdir /d", 0)],
            2,
            [None, None, None],
        ),  # one of two is ambiguous
        ([], 3, []),
    ],
)
def test_api_history_is_joined_only_where_one_solution_is_possible(commands, layers, expected):
    assert [step.layer for step in history.steps_of_api(_history(*commands), layers)] == expected


def test_config_history_marks_steps_without_a_layer():
    config = {"history": [{"created_by": "ADD"}, {"created_by": "ENV", "empty_layer": True}, {"created_by": "WORKDIR"}]}
    assert [step.layer for step in history.steps_of_config(config, 2)] == [0, None, 1]
    assert [step.layer for step in history.steps_of_config(config, 5)] == [None, None, None]


@pytest.mark.parametrize(
    "driver, folder",
    [
        ("overlay2", "overlay2/cache1/diff"),
        ("vfs", "vfs/dir/cache1"),
        ("btrfs", "btrfs/subvolumes/cache1"),
        ("fuse-overlayfs", "fuse-overlayfs/cache1/diff"),
    ],
)
def test_graph_driver_store_reads_ids_sizes_and_directories(tmp_path, driver, folder):
    chain = model.chain_ids([A, B])
    for number, (chain_id, size) in enumerate(zip(chain, ("2024911", "0"))):
        entry = tmp_path / "image" / driver / "layerdb" / "sha256" / chain_id[7:]
        entry.mkdir(parents=True)
        (entry / "size").write_text(size)
        (entry / "cache-id").write_text("cache%d" % number)
    (tmp_path / folder).mkdir(parents=True)
    known = tmp_path / "image" / driver / "distribution" / "v2metadata-by-diffid" / "sha256"
    known.mkdir(parents=True)
    (known / A[7:]).write_text(json.dumps([{"Digest": C, "SourceRepository": "docker.io/library/nginx", "HMAC": ""}]))
    layers = GraphdriverStore(str(tmp_path), driver).layers({"Id": C, "RootFS": {"Layers": [A, B]}})
    assert [(layer.chain_id, layer.size) for layer in layers] == [(chain[0], 2024911), (chain[1], 0)]
    assert layers[0].digest == C and layers[1].digest is None
    assert layers[1].path == str(tmp_path / folder) and layers[0].path is None
    assert GraphdriverStore(str(tmp_path), driver).path_holds == (
        model.TREE if driver in ("vfs", "btrfs") else model.DIFFERENCE
    )


def test_directories_of_inspect_are_returned_base_first():
    image = {
        "RootFS": {"Layers": [A, B, C]},
        "GraphDriver": {"Data": {"UpperDir": "/top", "LowerDir": "/middle:/base"}},
    }
    assert [layer.path for layer in ApiStore().layers(image)] == ["/base", "/middle", "/top"]
    assert ApiStore().path_holds == model.DIFFERENCE
    # Engine 29 with the containerd store has no GraphDriver; an image of another platform has no layers.
    assert [layer.path for layer in ApiStore().layers({"RootFS": {"Layers": [A]}})] == [None]
    assert ApiStore().layers({"RootFS": {}, "Architecture": ""}) == ()


def _leaf(*entries):
    """A page of a bbolt file with (key, value, is a bucket)."""
    header, table, data = struct.pack("<QHHI", 0, 2, len(entries), 0), b"", b""
    for index, (key, value, is_bucket) in enumerate(entries):
        position = (len(entries) - index) * 16 + len(data)
        table += struct.pack("<IIII", is_bucket, position, len(key), len(value))
        data += key + value
    return header + table + data


def _inline(*entries):
    return struct.pack("<QQ", 0, 0) + _leaf(*entries)


def _database(root_page):
    def meta(transaction, broken=False):
        body = struct.pack("<IIIIQQQQQ", 0xED0CDAED, 2, 4096, 0, 2, 0, 0, 3, transaction)
        return struct.pack("<QHHI", 0, 4, 0, 0) + body + struct.pack("<Q", bolt._fnv1a(body) ^ broken)

    # The newer header is incomplete: its checksum is wrong, so the older one is used.
    return b"".join(page.ljust(4096, b"\0") for page in (meta(7), meta(8, broken=True), root_page))


def test_containerd_store_reads_snapshots_and_manifests(tmp_path):
    chain = model.chain_ids([A, B])
    snapshot = _inline((b"id", b"\xac\x02", 0), (b"kind", b"\x03", 0), (b"size", b"\x80\x80\x01", 0))
    copy = _inline(
        (b"id", b"\x05", 0),
        (b"kind", b"\x03", 0),
        (b"parent", b"moby/12/" + chain[1].encode(), 0),
        (b"size", b"\x02", 0),
    )
    view = _inline((b"id", b"\x06", 0), (b"kind", b"\x01", 0))
    snapshots = _inline(
        (b"k8s.io/3/" + chain[0].encode(), snapshot, 1),
        (b"moby/12/" + chain[1].encode(), snapshot, 1),
        (b"moby/13/" + chain[1].encode() + b"-view", view, 1),
        (b"moby/14/u5yuhk6ipqnm3fnun44vnsqvq", copy, 1),
        (b"moby/9/" + b"c" * 64 + b"-init", snapshot, 1),
    )
    folder = tmp_path / "io.containerd.snapshotter.v1.overlayfs"
    (folder / "snapshots" / "300" / "fs").mkdir(parents=True)
    (folder / "metadata.db").write_bytes(_database(_leaf((b"v1", _inline((b"snapshots", snapshots, 1)), 1))))
    blobs = tmp_path / "io.containerd.content.v1.content" / "blobs" / "sha256"
    blobs.mkdir(parents=True)
    config = {"rootfs": {"diff_ids": [A, B]}, "history": [{"created_by": "ADD"}, {"created_by": "RUN"}]}
    (blobs / ("1" * 64)).write_text(
        json.dumps({"manifests": [{"digest": "sha256:" + "9" * 64}, {"digest": "sha256:" + "2" * 64}]})
    )
    manifest = {
        "config": {"digest": "sha256:" + "3" * 64},
        "layers": [{"digest": C, "size": 11}, {"digest": A, "size": 22}],
    }
    (blobs / ("2" * 64)).write_text(json.dumps(manifest))
    (blobs / ("3" * 64)).write_text(json.dumps(config))
    reader = ContainerdStore(str(tmp_path), "overlayfs")
    reader.check()
    image = {"Id": "sha256:" + "1" * 64, "RootFS": {"Layers": [A, B]}}
    layers = reader.layers(image)
    assert [(layer.name, layer.size) for layer in reader.all_layers()] == [
        (chain[1], 8192),
        ("u5yuhk6ipqnm3fnun44vnsqvq", 1),
    ]
    assert (
        layers[1].path == str(folder / "snapshots" / "300" / "fs")
        and layers[1].compressed_size == 22
        and layers[0].path is None
    )
    assert reader.config(image)["history"][1]["created_by"] == "RUN"


def _metadata(root, leases):
    """containerd's own file, with the names of snapshots that each lease has."""
    folder = root / "io.containerd.metadata.v1.bolt"
    folder.mkdir()
    entries = []
    for lease, names in sorted(leases.items()):
        loaned = _inline(*((name.encode(), b"", 0) for name in sorted(names)))
        entries.append(
            (lease.encode(), _inline((b"createdat", b"x", 0), (b"snapshots", _inline((b"overlayfs", loaned, 1)), 1)), 1)
        )
    entries.append((b"without", _inline((b"createdat", b"x", 0)), 1))
    namespaces = _inline((b"moby", _inline((b"leases", _inline(*entries), 1)), 1))
    (folder / "meta.db").write_bytes(_database(_leaf((b"v1", namespaces, 1))))


def test_containerd_leases_show_what_the_build_cache_keeps(tmp_path, monkeypatch):
    reader = ContainerdStore(str(tmp_path), "overlayfs")
    known = {A: (1, 1, ""), B: (2, 1, A), C: (3, 1, ""), "copy": (4, 1, B)}
    monkeypatch.setattr(reader, "_snapshots", {name: containerd.Snapshot(*fields) for name, fields in known.items()})
    container = "d" * 64
    _metadata(tmp_path, {"cache": ["copy", "gone"], container: [container, container + "-init"]})
    assert reader.in_build_cache(list) == {A, B}


def test_build_cache_records_show_what_it_keeps_in_a_graph_driver(tmp_path):
    chain = model.chain_ids([A, B, C])
    for below, chain_id in zip((None, *chain), chain):
        entry = tmp_path / "image" / "overlay2" / "layerdb" / "sha256" / chain_id[7:]
        entry.mkdir(parents=True)
        (entry / "diff").write_text("x")
        (entry / "parent").write_text(below or "")
    mount = tmp_path / "image" / "overlay2" / "layerdb" / "mounts" / "container"
    mount.mkdir(parents=True)
    (mount / "parent").write_text(chain[0])
    reader = GraphdriverStore(str(tmp_path), "overlay2")
    assert reader.in_build_cache(lambda: 1 / 0) == set(), "without a cache the Engine is not asked"
    assert reader.under_containers() == {chain[0]}
    (tmp_path / "buildkit").mkdir()
    records = [
        (name, _inline((b"chainid", chain_id.encode(), 0)), 1)
        for name, chain_id in ((b"gone", chain[2]), (b"here", chain[1]))
    ]
    (tmp_path / "buildkit" / "snapshots.db").write_bytes(_database(_leaf(*records)))
    assert reader.in_build_cache(lambda: ["here", "other"]) == set(chain[:2]) and reader.in_build_cache(list) == set()


@pytest.mark.parametrize(
    "reader", [ApiStore(), ContainerdStore("/nowhere", "overlayfs"), GraphdriverStore("/nowhere", "overlay2")]
)
def test_image_that_is_not_pulled_yet_has_no_layers(reader):
    assert reader.layers({}) == ()


def test_file_that_is_not_a_bbolt_database_is_refused(tmp_path):
    (tmp_path / "metadata.db").write_bytes(b"x" * 9000)
    with pytest.raises(StoreUnreadable, match="no valid bbolt header"):
        bolt.load(str(tmp_path / "metadata.db"), lambda root: root)


def test_files_of_this_host_are_not_read_for_a_daemon_on_another_host(tmp_path):
    info = {"Name": "somewhere-else", "DockerRootDir": str(tmp_path), "Driver": "overlay2"}
    choice = store.choose(info, is_local=True)
    assert isinstance(choice.store, ApiStore)
    assert "on another host or in a container" in choice.missing[0]


def test_unknown_driver_has_everything_except_directories(tmp_path):
    (tmp_path / "image" / "zfs" / "layerdb" / "sha256").mkdir(parents=True)
    choice = store.choose({"Name": platform.node(), "DockerRootDir": str(tmp_path), "Driver": "zfs"}, True)
    assert isinstance(choice.store, GraphdriverStore) and choice.store.path_holds is None and "zfs" in choice.missing[0]


def test_shared_layers_are_counted_once():
    one, two = {"Id": "1", "RootFS": {"Layers": [A, B]}}, {"Id": "2", "RootFS": {"Layers": [A, C]}}
    users = users_by_layer([one, two], {"1": ["web:1"], "2": []}, {"2": ["keeper"]})
    layers = [layer._replace(size=10) for layer in ApiStore().layers(one)]
    described = description.describe("1", layers, (), users, ["web:1"])
    assert [layer["used_by"] for layer in described["layers"]] == [["2", "web:1"], ["web:1"]]
    assert [layer["freed_with_image"] for layer in described["layers"]] == [False, True] and (
        described["unique_size"],
        described["shared_size"],
    ) == (
        10,
        10,
    )
    totals = description.totals([model.Stored(A, 10, None), model.Stored("sha256:cache", 5, "/c")], users)
    assert totals["size"] == 15 and totals["unowned"] == [{"chain_id": "sha256:cache", "size": 5, "path": "/c"}]
    kept = description.describe("1", layers, (), users, ["web:1"], {layers[1].chain_id})["layers"]
    assert [layer["freed_with_image"] for layer in kept] == [False, False] and [
        layer["in_build_cache"] for layer in kept
    ] == [False, True]
    after = description.changes({"images": [described]}, [])
    assert len(after["removed"]) == 2 and after["added"] == []


def test_containerd_store_has_the_image_of_another_platform_only_with_all_its_content(tmp_path):
    blobs = tmp_path / "io.containerd.content.v1.content" / "blobs" / "sha256"
    blobs.mkdir(parents=True)
    index, arm, config, layer = ("sha256:" + digit * 64 for digit in "1234")
    content = {
        index: {"manifests": [{"digest": arm, "platform": {"os": "linux", "architecture": "arm64"}}]},
        arm: {"config": {"digest": config}, "layers": [{"digest": layer}]},
        config: {"os": "linux", "architecture": "arm64", "rootfs": {"diff_ids": [A]}},
    }
    for digest, blob in content.items():
        (blobs / digest[7:]).write_text(json.dumps(blob))
    reader = ContainerdStore(str(tmp_path), "overlayfs")

    def found(architecture):
        return reader.image_for({"Id": index}, lambda platform: platform["architecture"] == architecture)

    assert found("arm64") is None, "a layer is missing"
    (blobs / layer[7:]).write_text("layer")
    assert found("arm64")["RootFS"]["Layers"] == [A]
    assert found("amd64") is None

# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import hashlib
import json
import os
import platform
import struct

import pytest

from ansible_collections.flotilla.docker.plugins.module_utils.layers import bolt, containerd, model, store, survey
from ansible_collections.flotilla.docker.plugins.module_utils.layers.api import ApiStore
from ansible_collections.flotilla.docker.plugins.module_utils.layers.containerd import ContainerdStore
from ansible_collections.flotilla.docker.plugins.module_utils.layers.graphdriver import GraphdriverStore

A, B, C = ("sha256:" + letter * 64 for letter in "abc")
EMPTY = "sha256:5f70bf18a086007016e948b04aed3b82103a36bea41755b6cddfaf10ace3c6ef"


def test_a_chain_id_is_the_digest_of_all_below():
    assert model.chain_ids([]) == () and model.chain_ids([A]) == (A,)
    # sha256 of "<A> <B>", as sha256sum prints it
    assert model.chain_ids([A, B])[1] == "sha256:" + hashlib.sha256((A + " " + B).encode()).hexdigest()
    repeated = model.chain_ids([A, EMPTY, EMPTY])
    assert len(set(repeated)) == 3, "the same layer on another parent is another chain"


def _history(*commands):
    """As GET /images/X/history: newest first, (command, size)."""
    return [{"Created": 1700000000, "CreatedBy": command, "Size": size, "Comment": ""} for command, size in reversed(commands)]


@pytest.mark.parametrize(
    "commands, layers, expected",
    [
        ([("COPY a", 5), ("RUN b", 7)], 2, [0, 1]),
        ([("COPY a", 5), ("ENV x=1", 0), ("RUN b", 7)], 2, [0, None, 1]),
        ([("COPY a", 5), ("RUN mkdir /d # buildkit", 0), ("ENV x=1", 0)], 2, [0, 1, None]),
        ([("COPY a", 5), ('/bin/sh -c #(nop)  CMD ["x"]', 0), ("WORKDIR /d", 0)], 2, [0, None, 1]),
        ([("COPY a", 5), ("RUN true", 0), ("RUN mkdir /d", 0)], 2, [None, None, None]),  # one of two: nothing tells which
        ([], 3, []),
    ],
)
def test_history_of_the_api_is_joined_only_where_it_has_one_solution(commands, layers, expected):
    assert [step.layer for step in model.steps_of_api(_history(*commands), layers)] == expected


def test_history_of_the_config_keeps_empty_steps_apart():
    config = {"history": [{"created_by": "ADD"}, {"created_by": "ENV", "empty_layer": True}, {"created_by": "WORKDIR"}]}
    assert [step.layer for step in model.steps_of_config(config, 2)] == [0, None, 1]
    assert [step.layer for step in model.steps_of_config(config, 5)] == [None, None, None]


@pytest.mark.parametrize(
    "driver, folder",
    [
        ("overlay2", "overlay2/cache1/diff"),
        ("vfs", "vfs/dir/cache1"),
        ("btrfs", "btrfs/subvolumes/cache1"),
        ("fuse-overlayfs", "fuse-overlayfs/cache1/diff"),
    ],
)
def test_a_graph_driver_keeps_ids_sizes_and_directories_in_files(tmp_path, driver, folder):
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
    assert GraphdriverStore(str(tmp_path), driver).path_holds == (model.TREE if driver in ("vfs", "btrfs") else model.DIFFERENCE)


def test_inspecting_lists_directories_from_the_top_down():
    image = {"RootFS": {"Layers": [A, B, C]}, "GraphDriver": {"Data": {"UpperDir": "/top", "LowerDir": "/middle:/base"}}}
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

    # The newer header is half written: its checksum is wrong, and the older one counts.
    return b"".join(page.ljust(4096, b"\0") for page in (meta(7), meta(8, broken=True), root_page))


def test_containerds_metadata_is_read_without_its_lock(tmp_path):
    chain = model.chain_ids([A, B])
    snapshot = _inline((b"id", b"\xac\x02", 0), (b"kind", b"\x03", 0), (b"size", b"\x80\x80\x01", 0))
    copy = _inline((b"id", b"\x05", 0), (b"kind", b"\x03", 0), (b"parent", b"moby/12/" + chain[1].encode(), 0), (b"size", b"\x02", 0))
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
    (blobs / ("1" * 64)).write_text(json.dumps({"manifests": [{"digest": "sha256:" + "9" * 64}, {"digest": "sha256:" + "2" * 64}]}))
    manifest = {"config": {"digest": "sha256:" + "3" * 64}, "layers": [{"digest": C, "size": 11}, {"digest": A, "size": 22}]}
    (blobs / ("2" * 64)).write_text(json.dumps(manifest))
    (blobs / ("3" * 64)).write_text(json.dumps(config))
    reader = ContainerdStore(str(tmp_path), "overlayfs")
    reader.check()
    image = {"Id": "sha256:" + "1" * 64, "RootFS": {"Layers": [A, B]}}
    layers = reader.layers(image)
    assert [(layer.name, layer.size) for layer in reader.all_layers()] == [(chain[1], 8192), ("u5yuhk6ipqnm3fnun44vnsqvq", 1)]
    assert layers[1].path == str(folder / "snapshots" / "300" / "fs") and layers[1].compressed_size == 22 and layers[0].path is None
    assert reader.config(image)["history"][1]["created_by"] == "RUN"


def _metadata(root, leases):
    """containerd's own file, with the names of snapshots that each lease has."""
    folder = root / "io.containerd.metadata.v1.bolt"
    folder.mkdir()
    entries = []
    for lease, names in sorted(leases.items()):
        loaned = _inline(*((name.encode(), b"", 0) for name in sorted(names)))
        entries.append((lease.encode(), _inline((b"createdat", b"x", 0), (b"snapshots", _inline((b"overlayfs", loaned, 1)), 1)), 1))
    entries.append((b"without", _inline((b"createdat", b"x", 0)), 1))
    namespaces = _inline((b"moby", _inline((b"leases", _inline(*entries), 1)), 1))
    (folder / "meta.db").write_bytes(_database(_leaf((b"v1", namespaces, 1))))


def test_in_the_containerd_store_leases_tell_what_the_build_cache_keeps(tmp_path, monkeypatch):
    reader = ContainerdStore(str(tmp_path), "overlayfs")
    known = {A: (1, 1, ""), B: (2, 1, A), C: (3, 1, ""), "copy": (4, 1, B)}
    monkeypatch.setattr(reader, "_snapshots", {name: containerd.Snapshot(*fields) for name, fields in known.items()})
    container = "d" * 64
    _metadata(tmp_path, {"cache": ["copy", "gone"], container: [container, container + "-init"]})
    assert reader.cached(lambda: []) == {A, B}


def test_in_a_graph_driver_the_records_that_are_left_tell_what_the_build_cache_keeps(tmp_path):
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
    assert reader.cached(lambda: 1 / 0) == set(), "without a cache nobody is asked"
    assert reader.under_containers() == {chain[0]}
    (tmp_path / "buildkit").mkdir()
    records = [(name, _inline((b"chainid", chain_id.encode(), 0)), 1) for name, chain_id in ((b"gone", chain[2]), (b"here", chain[1]))]
    (tmp_path / "buildkit" / "snapshots.db").write_bytes(_database(_leaf(*records)))
    assert reader.cached(lambda: ["here", "other"]) == set(chain[:2]) and reader.cached(lambda: []) == set()


@pytest.mark.parametrize("reader", [ApiStore(), ContainerdStore("/nowhere", "overlayfs"), GraphdriverStore("/nowhere", "overlay2")])
def test_an_image_that_is_not_there_yet_has_no_layers(reader):
    assert reader.layers({}) == ()


def test_a_file_that_is_no_database_is_refused(tmp_path):
    (tmp_path / "metadata.db").write_bytes(b"x" * 9000)
    with pytest.raises(bolt.Broken, match="no valid bbolt header"):
        bolt.load(str(tmp_path / "metadata.db"), lambda root: root)


def test_a_daemon_elsewhere_is_never_read_from_this_hosts_files(tmp_path):
    info = {"Name": "somewhere-else", "DockerRootDir": str(tmp_path), "Driver": "overlay2"}
    assert isinstance(store.choose(info, True).store, ApiStore) and store.choose(info, True).missing
    assert store.uses_containerd({"DriverStatus": [["driver-type", "io.containerd.snapshotter.v1"]]}) and not store.uses_containerd(
        {"DriverStatus": None}
    )


def test_of_a_driver_that_is_not_known_all_but_the_directories_is_told(tmp_path):
    (tmp_path / "image" / "zfs" / "layerdb" / "sha256").mkdir(parents=True)
    choice = store.choose({"Name": platform.node(), "DockerRootDir": str(tmp_path), "Driver": "zfs"}, True)
    assert isinstance(choice.store, GraphdriverStore) and choice.store.path_holds is None and "zfs" in choice.missing[0]


def test_a_survey_counts_what_is_shared_once():
    one, two = {"Id": "1", "RootFS": {"Layers": [A, B]}}, {"Id": "2", "RootFS": {"Layers": [A, C]}}
    users = survey.users_by_layer([one, two], {"1": ["web:1"], "2": []}, {"2": ["keeper"]})
    layers = [layer._replace(size=10) for layer in ApiStore().layers(one)]
    described = survey.describe("1", layers, (), users, ["web:1"])
    assert [layer["used_by"] for layer in described["layers"]] == [["2", "web:1"], ["web:1"]]
    assert [layer["freed_with_image"] for layer in described["layers"]] == [False, True] and (described["unique_size"], described["shared_size"]) == (
        10,
        10,
    )
    totals = survey.totals([model.Stored(A, 10, None), model.Stored("sha256:cache", 5, "/c")], users)
    assert totals["size"] == 15 and totals["unowned"] == [{"chain_id": "sha256:cache", "size": 5, "path": "/c"}]
    kept = survey.describe("1", layers, (), users, ["web:1"], {layers[1].chain_id})["layers"]
    assert [layer["freed_with_image"] for layer in kept] == [False, False] and [layer["in_build_cache"] for layer in kept] == [False, True]
    after = survey.changes({"images": [described]}, [])
    assert len(after["removed"]) == 2 and after["added"] == []


def test_real_blocks_count_a_file_with_two_names_once(tmp_path):
    (tmp_path / "one").write_bytes(b"x" * 100000)
    once = survey.blocks(str(tmp_path))
    os.link(str(tmp_path / "one"), str(tmp_path / "two"))
    assert survey.blocks(str(tmp_path)) == once >= 100000 and survey.blocks(str(tmp_path / "none")) is None

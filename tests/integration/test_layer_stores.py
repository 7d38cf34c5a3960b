# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Layers in less common stores: an Engine with another storage driver pulls, and its files are compared with the result of image_layers."""

from __future__ import annotations

import contextlib
import json
import subprocess

import pytest
from ansible_collections.flotilla.docker.plugins.module_utils.layers.model import Layer

NGINX = "hub:5000/library/nginx:latest"
DATA = "/var/lib/docker/stores"
RESTART = "systemctl reset-failed docker docker.socket; systemctl restart docker"


@contextlib.contextmanager
def other_driver(host, driver):
    """The Engine with this storage driver and, where it has a graph driver, with a data root of its own."""
    before = host.execute("cat", "/etc/docker/daemon.json")
    after = dict(json.loads(before), **{"storage-driver": driver})
    if host.name.startswith("e"):
        after["data-root"] = f"{DATA}/{driver}"
    try:
        configure(host, json.dumps(after))
        yield
    finally:
        configure(host, before)
        host.execute("sh", "-c", f"! mountpoint -q {DATA}/btrfs || umount {DATA}/btrfs; rm -rf {DATA}")


def configure(host, text):
    host.execute("sh", "-c", f"cat > /etc/docker/daemon.json <<'END'\n{text}\nEND\n{RESTART}")


def install(host, package):
    host.execute(
        "sh",
        "-c",
        f"apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends {package}",
    )


def btrfs_volume(host):
    """A btrfs file system for the data root. The mount comes from this machine, because hosts may not open its loop devices."""
    install(host, "btrfs-progs")
    host.execute(
        "sh", "-c", f"mkdir -p {DATA}/btrfs; truncate -s 200M {DATA}/btrfs.img; mkfs.btrfs -q {DATA}/btrfs.img"
    )
    described = json.loads(
        subprocess.run(["docker", "inspect", host.container], check=True, capture_output=True).stdout
    )[0]
    volume = next(mount["Source"] for mount in described["Mounts"] if mount["Destination"] == "/var/lib/docker")
    image = volume + f"{DATA}/btrfs.img"[len("/var/lib/docker") :]
    device = subprocess.run(
        ["losetup", "--find", "--show", image], check=True, capture_output=True, text=True
    ).stdout.strip()
    try:
        host.execute("sh", "-c", f"test -e {device} || mknod {device} b 7 {device[len('/dev/loop') :]}")
        inside = ["nsenter", "--mount", "--target", str(described["State"]["Pid"])]
        subprocess.run([*inside, "mount", "-t", "btrfs", device, f"{DATA}/btrfs"], check=True)
    finally:
        # It is removed with the mount.
        subprocess.run(["losetup", "--detach", device], check=True)


def assert_on_disk(play, host, driver, holds):
    """The six layers of nginx are in the reported directories, the topmost with the base's files exactly where directories hold the whole tree."""
    top, base_too = "{{ seen.images[0].layers[5].path }}/", "bin/busybox"
    tree = holds == "tree"
    finished = play(
        [
            {"flotilla.docker.image_pull": {"name": NGINX, "layers": True}, "register": "pulled"},
            {"flotilla.docker.image_layers": {"name": NGINX, "blocks": True}, "register": "seen"},
            {"ansible.builtin.command": {"argv": ["stat", top + "usr/share/nginx/html/index.html"]}},
            {
                "ansible.builtin.command": {"argv": ["stat", top + base_too]},
                "register": "base",
                "failed_when": f"(base.rc == 0) != {tree}",
            },
            {
                "ansible.builtin.command": {
                    "argv": "{{ ['du', '-s', '--block-size=1'] + seen.images[0].layers | map(attribute='path') }}"
                },
                "register": "used",
            },
            {
                "ansible.builtin.assert": {
                    "that": [
                        f"seen.driver == '{driver}' and seen.path_holds == '{holds}' and seen.missing == []",
                        "pulled.path_holds == seen.path_holds and pulled.missing == []",
                        *(
                            f"seen.images[0].layers | map(attribute='{field}') == pulled.images[0].layers | map(attribute='{field}')"
                            for field in Layer._fields
                        ),
                        "seen.images[0].layers | map(attribute='path') | unique | length == 6",
                        "seen.images[0].layers | selectattr('size') | length == 6",
                        "seen.images[0].layers | map(attribute='blocks') | map('string') == used.stdout_lines | map('split') | map('first')",
                        f"(seen.images[0].layers[5].blocks > 10000000) == {tree}",
                        "seen.totals.layer_count == 6 and seen.totals.unowned == []",
                        "seen.totals.size == seen.images[0].unique_size + seen.images[0].shared_size",
                    ]
                }
            },
        ],
        hosts=host.name,
    )
    assert finished.returncode == 0, finished.stdout + finished.stderr


def on(quick, *others):
    return pytest.mark.parametrize(
        "host", [quick, *(pytest.param(name, marks=pytest.mark.long) for name in others)], indirect=True
    )


@on("e28", "e20", "e26")
def test_vfs_copies_the_tree_for_each_layer(empty, play):
    with other_driver(empty, "vfs"):
        assert_on_disk(play, empty, "vfs", "tree")


@on("c28", "c26")
def test_native_snapshotter_copies_the_tree_for_each_layer(empty, play):
    with other_driver(empty, "native"):
        assert_on_disk(play, empty, "native", "tree")
        for image in empty.api.images():
            empty.api.remove_image(image["Id"], force=True)


@pytest.mark.long
@pytest.mark.parametrize("host", ["e20", "e26", "e28"], indirect=True)
def test_fuse_overlayfs_stores_differences(empty, play):
    install(empty, "fuse-overlayfs")
    with other_driver(empty, "fuse-overlayfs"):
        assert_on_disk(play, empty, "fuse-overlayfs", "difference")


@pytest.mark.long
@pytest.mark.parametrize("host", ["e20", "e26", "e28"], indirect=True)
def test_btrfs_takes_a_snapshot_of_the_tree_for_each_layer(empty, play):
    btrfs_volume(empty)
    with other_driver(empty, "btrfs"):
        assert_on_disk(play, empty, "btrfs", "tree")

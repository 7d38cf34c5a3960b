# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import os

import pytest
from ansible_collections.flotilla.docker.plugins.module_utils.data_root import check, steps
from ansible_collections.flotilla.docker.plugins.module_utils.errors import BadOption


@pytest.fixture
def root(tmp_path):
    """A data root with a container, an image, a link, a hard link and an executable."""
    root = tmp_path / "old"
    for folder in ("containers/1", "image/overlay2/imagedb/content/sha256", "volumes"):
        (root / folder).mkdir(parents=True)
    (root / "containers/1/config.json").write_text("{}")
    (root / "containers/1/run.sh").write_text("#!/bin/sh")
    (root / "containers/1/run.sh").chmod(0o755)
    (root / "image/overlay2/imagedb/content/sha256/abc").write_text("image")
    os.link(root / "containers/1/config.json", root / "containers/1/twin.json")
    os.symlink("config.json", root / "containers/1/link")
    return root


@pytest.fixture
def copied(root, tmp_path):
    steps.copy(str(root), str(tmp_path / "new"))
    return tmp_path / "new"


def test_a_copy_is_the_same(root, copied):
    assert check.difference(str(root), str(copied)) == ""


def unlink_twin(new):
    (new / "containers/1/twin.json").unlink()
    (new / "containers/1/twin.json").write_text("{}")
    os.utime(new / "containers/1/twin.json", ns=(0, (new / "containers/1/config.json").stat().st_mtime_ns))
    os.utime(new / "containers/1", ns=(0, (new.parent / "old/containers/1").stat().st_mtime_ns))


DIFFERENCES = {
    "": lambda new: (new / "extra").write_text(""),
    "containers/1/config.json": lambda new: (new / "containers/1/config.json").write_text("[1]"),
    "containers/1/run.sh": lambda new: (new / "containers/1/run.sh").chmod(0o644),
    "containers/1/link": lambda new: (
        (new / "containers/1/link").unlink(),
        os.symlink("other", new / "containers/1/link"),
    ),
    "containers/1": lambda new: (new / "containers/1/extra").write_text(""),
    "volumes": lambda new: (new / "volumes").rmdir(),
    "image/overlay2/imagedb/content/sha256/abc": lambda new: os.utime(
        new / "image/overlay2/imagedb/content/sha256/abc", (0, 0)
    ),
}


@pytest.mark.parametrize("where", DIFFERENCES)
def test_a_difference_is_found(root, copied, where):
    DIFFERENCES[where](copied)
    found = check.difference(str(root), str(copied))
    # An entry that is missing or added shows in its folder too.
    assert found and os.path.join(str(copied), where).rstrip("/").startswith(found.rstrip("/"))


def test_a_hard_link_that_was_torn_is_found(root, copied):
    unlink_twin(copied)
    assert check.difference(str(root), str(copied)).endswith((".json", "containers/1"))


def test_another_mode_of_the_root_itself_is_found(root, copied):
    copied.chmod(0o700)
    assert check.difference(str(root), str(copied)) == str(copied)


@pytest.mark.parametrize(
    "path, holds",
    [
        ("containers/1/config.json", True),
        ("volumes/data/_data/file", True),
        ("image/overlay2/imagedb/content/sha256/abc", True),
        ("volumes/metadata.db", False),
        ("buildkit/cache.db", False),
    ],
)
def test_only_images_containers_and_volumes_are_data(tmp_path, path, holds):
    (tmp_path / path).parent.mkdir(parents=True)
    (tmp_path / path).write_text("")
    assert check.holds_data(str(tmp_path)) is holds


def test_missing_folder_has_no_data(tmp_path):
    assert check.holds_data(str(tmp_path / "none")) is False


def plan(root, new, policy="move", unfinished=None):
    return check.plan({"data-root": str(root)}, {"data-root": str(new)}, policy, unfinished)


def test_unchanged_data_root_is_not_moved(root):
    assert plan(root, str(root) + "/") is None


def test_data_root_without_data_is_not_moved(tmp_path):
    assert plan(tmp_path / "empty", tmp_path / "new") is None


def test_data_that_are_left_are_no_move(root, tmp_path):
    assert plan(root, tmp_path / "new", policy="leave") is None


@pytest.mark.parametrize("policy, keeps", [("move", False), ("copy", True)])
def test_a_move_and_a_copy(root, tmp_path, policy, keeps):
    assert plan(root, tmp_path / "new", policy) == (str(root), str(tmp_path / "new"), keeps)


def test_data_is_not_left_unless_old_data_allows_it(root, tmp_path):
    with pytest.raises(BadOption, match="old_data"):
        plan(root, tmp_path / "new", policy="refuse")


@pytest.mark.parametrize("new", ["old/inside", "."])
def test_data_root_inside_the_old_one_is_refused(root, tmp_path, new):
    with pytest.raises(BadOption, match="inside"):
        plan(root, tmp_path / new)


def test_folder_that_is_not_empty_is_refused(root, tmp_path):
    (tmp_path / "new").mkdir()
    (tmp_path / "new/file").write_text("")
    with pytest.raises(BadOption, match="empty"):
        plan(root, tmp_path / "new")


def test_an_unfinished_copy_may_be_begun_again(root, tmp_path):
    (tmp_path / "new").mkdir()
    (tmp_path / "new/file").write_text("")
    assert plan(root, tmp_path / "new", unfinished=str(tmp_path / "new"))


def test_too_little_room_is_refused(root, tmp_path, monkeypatch):
    class Full:
        f_bavail, f_frsize = 0, 4096

    monkeypatch.setattr(os, "statvfs", lambda path: Full)
    with pytest.raises(BadOption, match="free"):
        plan(root, tmp_path / "new")


def test_mounts_inside_a_folder_are_found(tmp_path):
    table = tmp_path / "mountinfo"
    table.write_text("1 0 0:1 / /data rw - x\n2 1 0:2 / /data/overlay2/a\\040b rw - x\n3 1 0:3 / /data2 rw - x\n")
    assert check.mounted_below("/data/", str(table)) == ["/data/overlay2/a b"]


def test_emptying_a_folder_leaves_the_folder_and_what_links_point_to(root, tmp_path):
    (tmp_path / "precious").mkdir()
    (tmp_path / "precious/file").write_text("")
    os.symlink(tmp_path / "precious", root / "linked")
    assert steps.empty(str(root)) == []
    assert root.is_dir() and (tmp_path / "precious/file").exists()

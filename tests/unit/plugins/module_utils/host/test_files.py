# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import os
import stat

import pytest
from ansible_collections.flotilla.docker.plugins.module_utils.errors import Missing
from ansible_collections.flotilla.docker.plugins.module_utils.host import files


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


def test_a_file_that_does_not_exist_is_none(tmp_path):
    assert files.read_text(str(tmp_path / "none")) is None


@pytest.mark.parametrize("make", [lambda path: path.mkdir(), lambda path: path.write_bytes(b"\xff\xfe")])
def test_a_file_that_cannot_be_read_names_its_path(tmp_path, make):
    make(tmp_path / "file")
    with pytest.raises(Missing, match=f"Cannot read {tmp_path}/file"):
        files.read_text(str(tmp_path / "file"))


def test_a_new_file_has_its_folders_and_mode(tmp_path):
    files.write_text(str(tmp_path / "a/b/file"), "text\n", 0o600)
    assert (tmp_path / "a/b/file").read_text() == "text\n"
    assert mode(tmp_path / "a/b/file") == 0o600


@pytest.mark.parametrize("before, asked, after", [(0o640, 0o644, 0o640), (0o644, 0o600, 0o600), (0o400, 0o644, 0o600)])
def test_an_existing_file_never_gets_more_permissions(tmp_path, before, asked, after):
    (tmp_path / "file").write_text("old")
    (tmp_path / "file").chmod(before)
    files.write_text(str(tmp_path / "file"), "new", asked)
    assert mode(tmp_path / "file") == after


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")
def test_an_existing_file_keeps_its_owner(tmp_path):
    (tmp_path / "file").write_text("old")
    os.chown(tmp_path / "file", 1234, 4321)
    files.write_text(str(tmp_path / "file"), "new", 0o644)
    assert ((tmp_path / "file").stat().st_uid, (tmp_path / "file").stat().st_gid) == (1234, 4321)


def test_none_removes_a_file_and_accepts_a_missing_one(tmp_path):
    (tmp_path / "file").write_text("old")
    for _time in range(2):
        files.write_text(str(tmp_path / "file"), None, 0o644)
    assert list(tmp_path.iterdir()) == []


def test_failed_write_keeps_the_file_and_leaves_no_temporary_file(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("old")

    def full(number):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(Missing, match="No space left on device"):
        files.write_text(str(tmp_path / "file"), "new", 0o644)
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [("file", "old")]


def test_a_backup_has_the_text_and_mode_and_is_found_again(tmp_path):
    path = tmp_path / "daemon.json"
    path.write_text("{}")
    path.chmod(0o600)
    copy = files.back_up(str(path))
    for other in (
        "daemon.json~",
        "daemon.json.bak",
        "other.json.2026-11-23T20:54:51~",
        "daemon.json.2026-11-23T20:54:51~x",
    ):
        (tmp_path / other).write_text("")
    assert files.backups_of(str(path)) == [copy]
    assert (open(copy, encoding="utf-8").read(), stat.S_IMODE(os.stat(copy).st_mode)) == ("{}", 0o600)


def test_there_is_no_backup_of_a_file_that_does_not_exist(tmp_path):
    assert files.back_up(str(tmp_path / "none")) is None
    assert files.backups_of(str(tmp_path / "no/folder")) == []

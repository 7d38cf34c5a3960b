# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import os

import pytest
from ansible_collections.flotilla.docker.plugins.module_utils import disk


def test_text_of_a_file_that_does_not_exist_is_none(tmp_path):
    assert disk.text_of(str(tmp_path / "absent")) is None


def test_text_of_a_path_below_a_file_is_none(tmp_path):
    (tmp_path / "file").write_text("text")
    assert disk.text_of(str(tmp_path / "file" / "below")) is None


def test_file_with_two_names_counts_once(tmp_path):
    (tmp_path / "one").write_bytes(b"x" * 100000)
    once = disk.bytes_on_disk(str(tmp_path))
    os.link(tmp_path / "one", tmp_path / "two")
    assert disk.bytes_on_disk(str(tmp_path)) == once


def test_symbolic_link_is_not_followed(tmp_path):
    folder = tmp_path / "folder"
    folder.mkdir()
    (tmp_path / "large").write_bytes(b"x" * 1000000)
    (folder / "link").symlink_to(tmp_path / "large")
    assert disk.bytes_on_disk(str(folder)) < 1000000


def test_size_of_a_directory_that_does_not_exist_is_an_error(tmp_path):
    with pytest.raises(OSError):
        disk.bytes_on_disk(str(tmp_path / "absent"))

# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = Path(__file__).resolve().parents[3] / "roles" / "registry_cache" / "files" / "cleanup.py"
SIZE = 1024 * 1024


@pytest.fixture
def cache(tmp_path):
    """Four blobs of a megabyte, read in the order of their names, the first one longest ago; each with its link."""
    tree = tmp_path / "docker" / "registry" / "v2"
    for number in range(4):
        name = f"{number:064x}"
        blob = tree / "blobs" / "sha256" / name[:2] / name / "data"
        link = tree / "repositories" / "library" / "nginx" / "_layers" / "sha256" / name / "link"
        for path, content in ((blob, os.urandom(SIZE)), (link, b"sha256:" + name.encode("ascii"))):
            path.parent.mkdir(parents=True)
            path.write_bytes(content)
        os.utime(str(blob), (1000 + number, 500))
    return tmp_path


def clean(folder, limit):
    subprocess.run([sys.executable, str(PROGRAM), str(folder), str(limit)], check=True)
    blobs = sorted(int(path.parent.name, 16) for path in folder.glob("docker/registry/v2/blobs/*/*/*/data"))
    links = sorted(int(path.parent.name, 16) for path in folder.glob("docker/registry/v2/repositories/**/link"))
    return blobs, links


def test_least_recently_read_images_are_removed_with_their_links(cache):
    assert clean(cache, 3 * SIZE) == ([2, 3], [2, 3])


def test_nothing_is_removed_below_the_limit(cache):
    assert clean(cache, 5 * SIZE) == ([0, 1, 2, 3], [0, 1, 2, 3])


def test_empty_cache_is_not_a_failure(tmp_path):
    assert clean(tmp_path, SIZE) == ([], [])

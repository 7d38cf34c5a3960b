# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""community.docker as users have it: from the newest wheel of the package ansible that this Python gets from PyPI."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import zipfile

from peer_suite.paths import CHECKOUT, SCRATCH

COLLECTION = "ansible_collections/community/docker"
FOLDER = SCRATCH.with_name("bench")


def tree():
    """A directory for ANSIBLE_COLLECTIONS_PATH with community.docker and this checkout."""
    found = FOLDER / "tree"
    if not (found / COLLECTION).is_dir():
        _unpack(_download(), found)
    ours = found / "ansible_collections/flotilla/docker"
    ours.parent.mkdir(exist_ok=True)
    ours.unlink(missing_ok=True)
    ours.symlink_to(CHECKOUT)
    return found


def version():
    """The version of community.docker."""
    manifest = json.loads((tree() / COLLECTION / "MANIFEST.json").read_text(encoding="utf-8"))
    return manifest["collection_info"]["version"]


def _download():
    downloads = FOLDER / "download"
    shutil.rmtree(downloads, ignore_errors=True)
    downloads.mkdir(parents=True)
    print("downloading the newest wheel of ansible from PyPI", flush=True)
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary", "ansible"]
    subprocess.run([*pip, "--dest", downloads, "ansible"], check=True)
    (wheel,) = downloads.glob("ansible-*.whl")
    return wheel


def _unpack(wheel, found):
    unfinished = found.with_name("tree.unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(unfinished, [name for name in archive.namelist() if name.startswith(COLLECTION + "/")])
    shutil.rmtree(found, ignore_errors=True)
    unfinished.rename(found)
    wheel.unlink()

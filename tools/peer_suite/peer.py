# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The peer collection: downloaded from PyPI when it is first needed, and installed in trees of collections: unchanged, and with one module redirected."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tarfile

from peer_suite.paths import CHECKOUT, SCRATCH
from peer_suite.targets import TARGETS

# The newest release whose source archive has the collections' tests; a wheel has none.
RELEASE = "12.3.0"
COLLECTION = "ansible_collections/community/docker"
ROUTING = "plugin_routing:\n  modules:\n"


def fetch():
    """The folder with the peer's collection and its tests."""
    folder = SCRATCH / f"ansible-{RELEASE}"
    if not (folder / COLLECTION).is_dir():
        archive = _download()
        with tarfile.open(archive) as source:
            wanted = [member for member in source if member.name.startswith(f"{folder.name}/{COLLECTION}/")]
            source.extractall(SCRATCH, wanted, filter="data")
        archive.unlink()
    return folder / COLLECTION


def _download():
    SCRATCH.mkdir(parents=True, exist_ok=True)
    print(f"fetching the source of ansible {RELEASE} from PyPI", flush=True)
    # pip also builds the archive's metadata, which takes most of a minute.
    subprocess.run(
        [
            sys.executable,
            "-m",
            "pip",
            "download",
            "-q",
            "--no-deps",
            "--no-binary",
            "ansible",
            "-d",
            SCRATCH,
            f"ansible=={RELEASE}",
        ],
        check=True,
    )
    return SCRATCH / f"ansible-{RELEASE}.tar.gz"


def lay_out(source, redirected=None):
    """A tree of collections: the peer's modules, with this collection's in place of the one of the target ``redirected``."""
    # Of each checkout a tree of its own, because our collection is a link to it.
    checkout = hashlib.sha256(str(CHECKOUT).encode()).hexdigest()[:8]
    finished = SCRATCH / checkout / ("baseline" if redirected is None else f"ours-{redirected}")
    if finished.is_dir():
        return finished  # another run may be at work in it
    finished.parent.mkdir(exist_ok=True)
    tree = finished.with_name(f"{finished.name}.{os.getpid()}")
    copy = tree / COLLECTION
    shutil.copytree(source, copy, ignore=shutil.ignore_patterns("tests", "docs", "changelogs"))
    if redirected is not None:
        runtime = copy / "meta/runtime.yml"
        text = runtime.read_text()
        if ROUTING not in text:
            raise SystemExit(f"{runtime} has no plugin_routing of modules to add to")
        redirect = f"    {redirected}:\n      redirect: flotilla.docker.{TARGETS[redirected].module}\n"
        runtime.write_text(text.replace(ROUTING, ROUTING + redirect))
    ours = tree / "ansible_collections/flotilla"
    ours.mkdir()
    (ours / "docker").symlink_to(CHECKOUT)
    tree.rename(finished)
    return finished

# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The peer: fetched from PyPI when it is first asked for, and laid out as two trees of collections, with and without the redirect."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tarfile

from peer_suite.paths import CHECKOUT, SCRATCH

# The newest release whose source archive has the collections' tests; a wheel has none.
RELEASE = "12.3.0"
COLLECTION = "ansible_collections/community/docker"
REDIRECT = "    docker_container:\n      redirect: flotilla.docker.container_run\n"
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
    # pip also asks the archive for its metadata, which takes the better part of a minute.
    subprocess.run([sys.executable, "-m", "pip", "download", "-q", "--no-deps", "--no-binary", "ansible", "-d", SCRATCH, f"ansible=={RELEASE}"], check=True)
    return SCRATCH / f"ansible-{RELEASE}.tar.gz"


def lay_out(source, redirected):
    """A tree of collections: the peer's modules, and ours in place of docker_container if ``redirected``."""
    finished = SCRATCH / ("ours" if redirected else "baseline")
    if finished.is_dir():
        return finished  # another run may be at work in it; our collection is a link, so it is never stale
    tree = SCRATCH / f"{finished.name}.{os.getpid()}"
    copy = tree / COLLECTION
    shutil.copytree(source, copy, ignore=shutil.ignore_patterns("tests", "docs", "changelogs"))
    if redirected:
        runtime = copy / "meta/runtime.yml"
        text = runtime.read_text()
        if ROUTING not in text:
            raise SystemExit(f"{runtime} has no plugin_routing of modules to add to")
        runtime.write_text(text.replace(ROUTING, ROUTING + REDIRECT))
    ours = tree / "ansible_collections/flotilla"
    ours.mkdir()
    (ours / "docker").symlink_to(CHECKOUT)
    tree.rename(finished)
    return finished


def tests(source):
    """The files of the integration target, in the order of their names."""
    return sorted((source / "tests/integration/targets/docker_container/tasks/tests").glob("*.yml"))

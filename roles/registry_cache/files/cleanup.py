# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""cleanup.py FOLDER BYTES: keeps a registry's storage below a size, while the registry runs.

The blobs that were read longest ago go first, until a tenth is free. A cache misses them and fetches them again; who reads one right now reads on.
"""

from __future__ import annotations

import os
import sys
import time

FREE = 0.1
DAY = 24 * 3600
# A process may be about to write a file into a folder that is this new.
HOUR = 3600


def main(root, limit):
    tree = os.path.join(root, "docker", "registry", "v2")
    remove_left_over(os.path.join(root, "incoming"))
    before = used = disk_use(root)
    removed = 0
    if used > limit:
        for path in blobs(os.path.join(tree, "blobs")):
            if used <= limit * (1 - FREE):
                break
            used -= remove_blob(path)
            removed += 1
    if removed:
        remove_dead_links(tree)
    print("%d of %d bytes were used; %d blobs removed; %d bytes are used" % (before, limit, removed, disk_use(root)))


def files(folder):
    for parent, _folders, names in os.walk(folder):
        for name in names:
            yield os.path.join(parent, name)


def status(path):
    """What stat says, or None for what has gone meanwhile."""
    try:
        return os.stat(path)
    except FileNotFoundError:
        return None


def disk_use(folder):
    return sum(found.st_blocks * 512 for found in map(status, files(folder)) if found)


def blobs(folder):
    """Paths of all blobs, those that were read longest ago first; on a disk that notes no reading, the oldest first."""
    found = [(path, status(path)) for path in files(folder) if os.path.basename(path) == "data"]
    return [path for path, state in sorted(found, key=lambda pair: _last_used(pair[1]))]


def _last_used(state):
    return max(state.st_atime, state.st_mtime) if state else 0


def remove_blob(path):
    """The bytes that this frees."""
    state = status(path)
    if state is None:
        return 0
    os.unlink(path)
    os.rmdir(os.path.dirname(path))
    return state.st_blocks * 512


def remove_left_over(folder):
    """What a download that was killed left."""
    for path in files(folder):
        state = status(path)
        if state and time.time() - state.st_mtime > DAY:
            os.unlink(path)


def remove_dead_links(tree):
    """Links of repositories to blobs that are gone, and the folders that are empty without them."""
    repositories = os.path.join(tree, "repositories")
    for path in list(files(repositories)):
        if os.path.basename(path) == "link" and not os.path.exists(target(tree, path)):
            os.unlink(path)
    for folder, _folders, _names in os.walk(repositories, topdown=False):
        state = status(folder)
        if folder != repositories and state and time.time() - state.st_mtime > HOUR and not os.listdir(folder):
            os.rmdir(folder)


def target(tree, link):
    with open(link, encoding="utf-8") as file:
        algorithm, _colon, name = file.read().strip().partition(":")
    return os.path.join(tree, "blobs", algorithm, name[:2], name, "data")


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))

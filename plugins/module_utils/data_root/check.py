# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Checks the folder of the daemon's data: what it contains, whether it can be moved, and whether a copy is the same."""

from __future__ import annotations

import os
import stat
from typing import Any, Iterator, NamedTuple

from ..errors import BadOption
from ..shapes import size_text

DEFAULT = "/var/lib/docker"
# Free space that the daemon needs in addition to the copy.
_SPARE = 1.05


class Move(NamedTuple):
    """A move of data from one folder to another, and whether the old data is kept."""

    old: str
    new: str
    keep: bool


def plan(
    observed: dict[str, Any], desired: dict[str, Any], policy: str, unfinished: str | None, default: str = DEFAULT
) -> Move | None:
    """The move that a change of data-root needs. Raises BadOption if it is impossible. ``unfinished``: the target of a copy that was interrupted.

    ``default``: the data root where none is named; that of a rootless Engine is another one, and its data are not moved.
    """
    old, new = (os.path.normpath(options.get("data-root", default)) for options in (observed, desired))
    if old == new or policy == "leave" or not holds_data(old):
        return None
    if policy == "refuse":
        choices = "move, copy or leave" if default == DEFAULT else "leave"
        raise BadOption(
            "options",
            f"must not change data-root from {old}, which holds images, containers or volumes that the daemon would lose sight of, "
            f"unless old_data is {choices}",
            got={"data-root": new},
            example="old_data: move" if default == DEFAULT else "old_data: leave",
        )
    _require_room(old, new, unfinished)
    return Move(old, new, policy == "copy")


def _refuse(new: str, must: str) -> BadOption:
    return BadOption("options", f"must name a data-root that {must}", got={"data-root": new})


def holds_data(root: str) -> bool:
    """Whether the folder has an image, a container or a volume, which the first start of an Engine does not create."""
    drivers = entries(os.path.join(root, "image"))
    inside = (*(f"image/{driver}/imagedb/content/sha256" for driver in drivers), "containers", "volumes")
    return any(set(entries(os.path.join(root, folder))) - {"metadata.db", "backingFsBlockDev"} for folder in inside)


def entries(folder: str) -> list[str]:
    """Names in a folder; empty if the folder does not exist."""
    try:
        return sorted(os.listdir(folder))
    except OSError:
        return []


def _require_room(old: str, new: str, unfinished: str | None) -> None:
    if os.path.commonpath([os.path.realpath(old), os.path.realpath(new)]) in (
        os.path.realpath(old),
        os.path.realpath(new),
    ):
        raise _refuse(new, f"is not inside {old} and does not contain it")
    if entries(new) and unfinished != new:
        raise _refuse(new, "is empty or does not exist yet")
    home = new
    while not os.path.isdir(home):
        home = os.path.dirname(home)
    room = os.statvfs(home)
    needed, free = int(size(old) * _SPARE), room.f_bavail * room.f_frsize
    if needed > free:
        raise _refuse(new, f"has space for {old}: it needs {size_text(needed)}, and {home} has {size_text(free)} free")


def size(root: str) -> int:
    """Bytes that a folder takes on its filesystem; files with several names count once."""
    seen = set()
    total = 0
    for _path, found in walk(root):
        if found.st_nlink > 1 and not stat.S_ISDIR(found.st_mode):
            if found.st_ino in seen:
                continue
            seen.add(found.st_ino)
        total += found.st_blocks * 512
    return total


def walk(root: str) -> Iterator[tuple[str, os.stat_result]]:
    """A folder and every path below it, on its filesystem. Mounts of running containers, and files that are removed meanwhile, are omitted."""
    top = os.lstat(root)
    device = top.st_dev
    yield root, top
    waiting = [root]
    while waiting:
        folder = waiting.pop()
        for name in entries(folder):
            path = os.path.join(folder, name)
            try:
                found = os.lstat(path)
            except OSError:
                continue
            if found.st_dev == device:
                yield path, found
                if stat.S_ISDIR(found.st_mode):
                    waiting.append(path)


def mounted_below(root: str, table: str = "/proc/self/mountinfo") -> list[str]:
    """Mount points inside a folder."""
    with open(table, encoding="utf-8") as lines:
        points = [line.split()[4].replace("\\040", " ") for line in lines]
    return sorted(point for point in points if point.startswith(root.rstrip("/") + "/"))


def difference(old: str, new: str) -> str:
    """The first path at which a copy is not the same, or empty: names, kinds, owners, modes, times, sizes, extended attributes and hard links."""
    links: dict[int, int] = {}
    for path, found in walk(old):
        twin = new + path[len(old) :]
        try:
            copied = os.lstat(twin)
        except OSError:
            return twin
        if (
            _looks(path, found) != _looks(twin, copied)
            or links.setdefault(found.st_ino, copied.st_ino) != copied.st_ino
        ):
            return twin
        if stat.S_ISDIR(found.st_mode) and entries(path) != entries(twin):
            return twin
        if found.st_nlink < 2 or stat.S_ISDIR(found.st_mode):
            del links[found.st_ino]
    return ""


def _looks(path: str, found: os.stat_result) -> tuple[Any, ...]:
    attributes = {
        name: os.getxattr(path, name, follow_symlinks=False) for name in os.listxattr(path, follow_symlinks=False)
    }
    kind: Any = os.readlink(path) if stat.S_ISLNK(found.st_mode) else found.st_rdev
    length = found.st_size if stat.S_ISREG(found.st_mode) else 0
    return found.st_mode, found.st_uid, found.st_gid, int(found.st_mtime), length, kind, attributes

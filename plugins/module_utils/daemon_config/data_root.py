# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The folder of the daemon's data: what is in it, whether it can go elsewhere, and whether a copy is the same."""

from __future__ import annotations

import os
import stat
from typing import Any, Dict, Iterator, List, NamedTuple, Optional, Tuple

from ..errors import BadOption

DEFAULT = "/var/lib/docker"
# Room that the daemon needs beside what is copied.
_SPARE = 1.05


class Move(NamedTuple):
    """Data that goes from one folder to another, and whether the old ones stay."""

    old: str
    new: str
    keep: bool


def plan(present: Dict[str, Any], desired: Dict[str, Any], policy: str, unfinished: Optional[str], default: str = DEFAULT) -> Optional[Move]:
    """The move that a change of data-root asks for. Raises BadOption where it cannot be. ``unfinished``: where an earlier run ended in the middle.

    ``default``: the data root where none is named; another than the system's is a user's, whose data are not moved.
    """
    old, new = (os.path.normpath(options.get("data-root", default)) for options in (present, desired))
    if old == new or policy == "leave" or not holds_data(old):
        return None
    if policy == "refuse":
        mend = "Let them be moved with old_data: move, or copied with old_data: copy, or leave" if default == DEFAULT else "Leave"
        why = "%s holds images, containers or volumes, which the daemon would no longer see. %s them with old_data: leave"
        raise _bad(new, why % (old, mend))
    _require_room(old, new, unfinished)
    return Move(old, new, policy == "copy")


def _bad(new: str, why: str) -> BadOption:
    return BadOption("options", {"data-root": new}, why)


def holds_data(root: str) -> bool:
    """More than an engine's first start makes: an image, a container or a volume."""
    drivers = entries(os.path.join(root, "image"))
    inside = (*("image/%s/imagedb/content/sha256" % driver for driver in drivers), "containers", "volumes")
    return any(set(entries(os.path.join(root, folder))) - {"metadata.db", "backingFsBlockDev"} for folder in inside)


def entries(folder: str) -> List[str]:
    """Names in a folder; none where there is no folder."""
    try:
        return sorted(os.listdir(folder))
    except OSError:
        return []


def _require_room(old: str, new: str, unfinished: Optional[str]) -> None:
    if os.path.commonpath([os.path.realpath(old), os.path.realpath(new)]) in (os.path.realpath(old), os.path.realpath(new)):
        raise _bad(new, "it and %s lie inside each other. Choose a folder beside the old one" % old)
    if entries(new) and unfinished != new:
        raise _bad(new, "there is something in it already. Give an empty folder, or one that is not there yet")
    home = new
    while not os.path.isdir(home):
        home = os.path.dirname(home)
    room = os.statvfs(home)
    needed, free = int(size(old) * _SPARE), room.f_bavail * room.f_frsize
    if needed > free:
        raise _bad(new, "%s takes %s, and the filesystem of %s has %s free. Free space there, or give it more" % (old, _amount(needed), home, _amount(free)))


def _amount(number: int) -> str:
    return "%.1f GB" % (number / 1e9) if number >= 1e9 else "%.0f MB" % (number / 1e6)


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


def walk(root: str) -> Iterator[Tuple[str, os.stat_result]]:
    """Every path below a folder, on its own filesystem. Mounts of running containers are left out, and what goes meanwhile too."""
    device = os.lstat(root).st_dev
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


def mounted_below(root: str, table: str = "/proc/self/mountinfo") -> List[str]:
    """Mount points inside a folder."""
    with open(table, encoding="utf-8") as lines:
        points = [line.split()[4].replace("\\040", " ") for line in lines]
    return sorted(point for point in points if point.startswith(root.rstrip("/") + "/"))


def difference(old: str, new: str) -> str:
    """The first path at which a copy is not the same, or empty: names, kinds, owners, modes, times, sizes, extended attributes and hard links."""
    links: Dict[int, int] = {}
    for path, found in walk(old):
        twin = new + path[len(old):]
        try:
            copied = os.lstat(twin)
        except OSError:
            return twin
        if _looks(path, found) != _looks(twin, copied) or links.setdefault(found.st_ino, copied.st_ino) != copied.st_ino:
            return twin
        if stat.S_ISDIR(found.st_mode) and entries(path) != entries(twin):
            return twin
        if found.st_nlink < 2 or stat.S_ISDIR(found.st_mode):
            del links[found.st_ino]
    return ""


def _looks(path: str, found: os.stat_result) -> Tuple[Any, ...]:
    attributes = {name: os.getxattr(path, name, follow_symlinks=False) for name in os.listxattr(path, follow_symlinks=False)}
    kind: Any = os.readlink(path) if stat.S_ISLNK(found.st_mode) else found.st_rdev
    length = found.st_size if stat.S_ISREG(found.st_mode) else 0
    return found.st_mode, found.st_uid, found.st_gid, int(found.st_mtime), length, kind, attributes

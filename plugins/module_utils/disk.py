# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reads files that may be missing or unreadable, for several packages."""

from __future__ import annotations

import os
from typing import NoReturn


def text_of(path: str) -> str | None:
    """The text of a file, or None if it does not exist. Raises OSError if it cannot be read."""
    try:
        with open(path, encoding="utf-8") as file:
            return file.read()
    except (FileNotFoundError, NotADirectoryError):
        return None


def bytes_on_disk(path: str) -> int:
    """Bytes that a directory, or a file, takes on its disk. A file with several names counts once. Raises OSError."""
    blocks: dict[tuple[int, int], int] = {}

    def add(entry: str) -> None:
        found = os.lstat(entry)
        blocks[found.st_dev, found.st_ino] = found.st_blocks * 512

    add(path)
    for folder, folders, files in os.walk(path, onerror=_raise):
        for name in folders + files:
            add(os.path.join(folder, name))
    return sum(blocks.values())


def _raise(error: OSError) -> NoReturn:
    raise error

# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Stores built images as compressed archives, outside the checkout and the Engine."""

from __future__ import annotations

import contextlib
import fcntl
import os
import subprocess
from pathlib import Path

from fleet.report import FleetError, say

PIECE = 1 << 20


def folder():
    root = os.environ.get("FLOTILLA_CACHE") or Path.home() / ".cache" / "flotilla"
    path = Path(root) / "fleet"
    path.mkdir(parents=True, exist_ok=True)
    return path


@contextlib.contextmanager
def one_builder():
    """Lock builds, so that two runs do not build the same images; the second one waits and uses the result."""
    with (folder() / "build.lock").open("w", encoding="utf-8") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("another process is building images; waiting for it")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def archive_of(reference):
    return folder() / (reference.rpartition("/")[2].replace(":", "-") + ".tar.zst")


def load(client, reference):
    """Load the image from the cache. Returns whether it was there."""
    archive = archive_of(reference)
    if not archive.exists():
        return False
    with subprocess.Popen(["zstd", "-dcq", str(archive)], stdout=subprocess.PIPE) as unpacker:
        client.images.load(pieces(unpacker.stdout))
    if unpacker.returncode:
        archive.unlink()
        say(f"{archive.name} is corrupt and was removed; building it again")
        return False
    return True


def save(client, reference):
    """Write the archive under a temporary name first, so that an incomplete one is never used."""
    archive = archive_of(reference)
    draft = archive.with_suffix(f".{os.getpid()}")
    try:
        with draft.open("wb") as out, subprocess.Popen(
            ["zstd", "-cq", "-3", "-T0"], stdin=subprocess.PIPE, stdout=out
        ) as packer:
            for piece in client.api.get_image(reference):
                packer.stdin.write(piece)
        if packer.returncode:
            raise FleetError(f"could not write {archive}: zstd exited with {packer.returncode}; is the disk full?")
        draft.rename(archive)
    finally:
        draft.unlink(missing_ok=True)


def pieces(stream):
    """The file in large pieces: docker-py would send a file object line by line."""
    return iter(lambda: stream.read(PIECE), b"")

# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Waits that end early, and are long enough for a machine that is busy with other things."""

from __future__ import annotations

import time

import docker.errors

SECONDS = 180


def until(condition, pause=0.1):
    """Wait until a condition is true, and return its value."""
    deadline = time.monotonic() + SECONDS
    while not (value := condition()):
        assert time.monotonic() < deadline, f"it did not come true within {SECONDS} seconds"
        time.sleep(pause)
    return value


def remove_all(listed, remove):
    """Remove what ``listed()`` returns until nothing is left.

    The Engine refuses to remove what exits, restarts, is being removed or has endpoints at this moment.
    """
    deadline = time.monotonic() + SECONDS
    while left := listed():
        for entry in left:
            try:
                remove(entry)
            except docker.errors.APIError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.2)

# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Prints progress, tables and errors."""

from __future__ import annotations

import threading
import time

_started = time.monotonic()
_lock = threading.Lock()


class FleetError(Exception):
    """An error that says what is wrong and what to do. It is printed without a traceback."""


def say(text):
    with _lock:
        print(f"fleet {time.monotonic() - _started:5.1f}s  {text}", flush=True)


def table(rows):
    """Text with aligned columns."""
    widths = [max(map(len, column)) for column in zip(*rows)]
    return "\n".join("  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip() for row in rows)

# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Shows live lines at the bottom of a terminal, one for each host.

Ansible runs the task of each host in a worker process, and sends all that the worker displays to the main process.
So the main process draws the lines, because only it knows all output. The callback plugin pull_progress starts and stops this there.
"""

from __future__ import annotations

import atexit
import os
import sys
import threading
from typing import TYPE_CHECKING, TextIO

from ansible import constants as C

if TYPE_CHECKING:
    from ansible.utils.display import Display

# Stdout callbacks whose output programs read, and those that do not work together with live lines:
# the terminal of ansible-runner has no viewer, and dense moves the cursor itself.
_FOR_PROGRAMS = ("json", "jsonl")
_WITHOUT_LIVE_LINES = (*_FOR_PROGRAMS, "awx_display", "dense")


class HostLine(str):
    """The new line of a host; an empty one removes it."""

    host: str

    def __new__(cls, text: str, host: str = "") -> HostLine:
        line = super().__new__(cls, text)
        line.host = host
        return line


class LiveLines:
    """Keeps the lines below all other output: erases them before other output, and draws them again afterwards.

    The mode of the terminal is not changed, so nothing must be reset if Ansible is killed.
    """

    def __init__(self, display: Display, stream: TextIO) -> None:
        self._display = display
        self._original = display.display
        self._stream = stream
        self._owner = os.getpid()
        self._lock = threading.RLock()
        self._lines: dict[str, str] = {}
        self._painted = 0
        self._line_is_open = False

    def attach(self) -> None:
        """Send all output through this object."""
        self._display.display = self.display  # type: ignore[method-assign]

    def detach(self) -> None:
        """Erase the lines, and restore the usual output."""
        self.clear()
        self._display.display = self._original  # type: ignore[method-assign]

    def display(self, msg: str, *args: object, **kwargs: object) -> None:
        """Replaces Display.display."""
        if os.getpid() != self._owner:
            self._original(msg, *args, **kwargs)
            return
        with self._lock:
            if isinstance(msg, HostLine):
                self._store(msg)
                # In one write, so that the screen does not flicker.
                self._write(self._erasure() + self._block())
            else:
                self._write(self._erasure())
                self._original(msg, *args, **kwargs)
                self._line_is_open = not (kwargs.get("newline", True) or msg.endswith("\n") or kwargs.get("log_only"))
                self._write(self._block())

    def clear(self) -> None:
        """Remove all lines."""
        if os.getpid() == self._owner:
            with self._lock:
                self._lines.clear()
                self._write(self._erasure())

    def _store(self, line: HostLine) -> None:
        if line:
            self._lines[line.host] = str(line)
        else:
            self._lines.pop(line.host, None)

    def _erasure(self) -> str:
        rows, self._painted = self._painted, 0
        return f"\r\033[{rows}A\033[J" if rows else ""

    def _block(self) -> str:
        # A prompt must stay the last line on the screen.
        rows = [] if self._line_is_open else lay_out(self._lines, *_size(self._stream))
        self._painted = len(rows)
        return "".join(row + "\n" for row in rows)

    def _write(self, text: str) -> None:
        if text:
            self._stream.write(text)
            self._stream.flush()


def lay_out(lines: dict[str, str], columns: int, rows: int) -> list[str]:
    """Rows that fit on the screen, truncated instead of wrapped. The last row counts the hosts without a row."""
    width = max((len(host) for host in lines), default=0) + 2
    laid_out = [f"pulling: {f'[{host}]':<{width}} {text}" for host, text in lines.items()]
    room = max(rows - 2, 1)
    if len(laid_out) > room:
        laid_out[room - 1 :] = [f"pulling: {len(laid_out) - room + 1} more hosts"]
    return [row[: max(columns - 1, 1)] for row in laid_out]


def _size(stream: TextIO) -> tuple[int, int]:
    try:
        columns, rows = os.get_terminal_size(stream.fileno())
    except (OSError, ValueError):
        columns, rows = 0, 0
    return columns or 80, rows or 24


def output_is_text() -> bool:
    """Whether users and not programs read the output of Ansible."""
    return _stdout_callback() not in _FOR_PROGRAMS


def terminal_supports_them() -> bool:
    """Whether Ansible displays to a terminal that can show live lines."""
    terminal = sys.stdout.isatty() and os.environ.get("TERM", "dumb") not in ("", "dumb", "unknown")
    return terminal and _stdout_callback() not in _WITHOUT_LIVE_LINES


def _stdout_callback() -> str:
    return C.DEFAULT_STDOUT_CALLBACK.rpartition(".")[2]


_started: LiveLines | None = None


def start(display: Display, stream: TextIO) -> None:
    """Show live lines until ``stop``, or until the process ends. Workers that start later inherit it."""
    global _started  # pylint: disable=global-statement
    stop()
    _started = LiveLines(display, stream)
    _started.attach()
    atexit.register(_started.clear)


def stop() -> None:
    """Restore the display to its state before ``start``."""
    global _started  # pylint: disable=global-statement
    if _started:
        _started.detach()
        atexit.unregister(_started.clear)
        _started = None


def are_shown() -> bool:
    """Whether a displayed HostLine is shown as a live line."""
    return _started is not None

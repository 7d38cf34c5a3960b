# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Living lines at the bottom of a terminal, one for each host.

Ansible runs each host's task in a process of its own and carries all that these display to the process that started them.
So the one who paints is that process: it alone knows what else is written, and makes room for it. It comes to be the painter
because strategies import an action plugin before they start the processes that run it.
"""

from __future__ import annotations

import atexit
import os
import sys
import threading

from ansible import constants as C
from ansible.utils.display import Display
from ansible.utils.multiprocessing import context as multiprocessing_context

# Stdout callbacks whose output programs read, and those that a block of lines would not suit:
# ansible-runner's has a terminal that nobody looks at, and dense paints by itself.
_FOR_PROGRAMS = ("json", "jsonl")
_WITHOUT_BOARD = (*_FOR_PROGRAMS, "awx_display", "dense")


class HostLine(str):
    """What to show of a host from now on; nothing, if it is empty. Whoever does not know this class shows a text."""

    host: str

    def __new__(cls, text: str, host: str = "") -> "HostLine":
        line = super().__new__(cls, text)
        line.host = host
        return line


class Board:
    """Keeps the lines below all other output: takes them away before anything is written, and paints them again after it.

    Leaves the terminal in no mode of its own, so that nothing is to be mended when Ansible is killed.
    """

    def __init__(self, display, stream) -> None:
        self._display_as_ever = display.display
        self._stream = stream
        self._owner = os.getpid()
        self._lock = threading.RLock()
        self._lines: dict[str, str] = {}
        self._painted = 0
        self._line_is_open = False

    def display(self, msg, *args, **kwargs):
        """In place of Display.display."""
        if os.getpid() != self._owner:
            return self._display_as_ever(msg, *args, **kwargs)
        with self._lock:
            if isinstance(msg, HostLine):
                self._take_in(msg)
                # In one go: a screen between the two would flicker.
                self._write(self._erasure() + self._block())
            else:
                self._write(self._erasure())
                self._display_as_ever(msg, *args, **kwargs)
                self._line_is_open = not (kwargs.get("newline", True) or msg.endswith("\n") or kwargs.get("log_only"))
                self._write(self._block())
        return None

    def clear(self) -> None:
        """No lines from now on."""
        if os.getpid() == self._owner:
            with self._lock:
                self._lines.clear()
                self._write(self._erasure())

    def _take_in(self, line: HostLine) -> None:
        if line:
            self._lines[line.host] = str(line)
        else:
            self._lines.pop(line.host, None)

    def _erasure(self) -> str:
        rows, self._painted = self._painted, 0
        return "\r\033[%dA\033[J" % rows if rows else ""

    def _block(self) -> str:
        # Behind a prompt there is no place for lines.
        rows = [] if self._line_is_open else lay_out(self._lines, *_size(self._stream))
        self._painted = len(rows)
        return "".join(row + "\n" for row in rows)

    def _write(self, text: str) -> None:
        if text:
            self._stream.write(text)
            self._stream.flush()


def lay_out(lines: dict[str, str], columns: int, rows: int) -> list[str]:
    """As rows that fit the screen, cut rather than wrapped. Hosts for which there is no row are counted in the last one."""
    width = max((len(host) for host in lines), default=0) + 2
    laid_out = ["pulling: %-*s %s" % (width, "[%s]" % host, text) for host, text in lines.items()]
    room = max(rows - 2, 1)
    if len(laid_out) > room:
        laid_out[room - 1:] = ["pulling: %d hosts more" % (len(laid_out) - room + 1)]
    return [row[: max(columns - 1, 1)] for row in laid_out]


def _size(stream) -> tuple[int, int]:
    try:
        columns, rows = os.get_terminal_size(stream.fileno())
    except (OSError, ValueError):
        columns, rows = 0, 0
    return columns or 80, rows or 24


def is_for_people() -> bool:
    """Whether what Ansible displays is read by somebody, rather than by a program."""
    return _callback() not in _FOR_PROGRAMS


def _callback() -> str:
    return C.DEFAULT_STDOUT_CALLBACK.rpartition(".")[2]


def can_live() -> bool:
    """Whether living lines suit what Ansible displays to."""
    terminal = sys.stdout.isatty() and os.environ.get("TERM", "dumb") not in ("", "dumb", "unknown")
    return terminal and _callback() not in _WITHOUT_BOARD


def _take_over() -> bool:
    """Whether there is a board from now on; workers inherit the answer."""
    in_a_worker = multiprocessing_context.parent_process() is not None
    if in_a_worker or not can_live():
        return False
    display = Display()
    board = Board(display, sys.stdout)
    display.display = board.display
    atexit.register(board.clear)
    return True


LIVING = _take_over()

# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs a command in a pseudo-terminal and records its screen."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import signal
import struct
import subprocess
import termios
import time

import pyte


class Terminal:
    """One command in its own pseudo-terminal. ``screens`` has each screen that differs from the one before, as a list of rows."""

    def __init__(self, command, environment, columns=120, rows=30, term="xterm"):
        self.screens = []
        self.raw = b""
        self._screen = pyte.HistoryScreen(columns, rows, history=5000)
        self._stream = pyte.ByteStream(self._screen)
        self._master, slave = pty.openpty()
        self._set_size(columns, rows)
        self.process = subprocess.Popen(
            command,
            stdin=slave,
            stdout=slave,
            stderr=slave,
            env=dict(environment, TERM=term),
            preexec_fn=_own_terminal,
            start_new_session=True,
        )
        os.close(slave)

    def resize(self, columns, rows):
        """Change the size of the window."""
        self._set_size(columns, rows)
        self._screen.resize(rows, columns)

    def type(self, key):
        """Send keys."""
        os.write(self._master, key)

    def watch(self, until=lambda rows: False, seconds=400):
        """Read until a screen fulfils ``until``, or until the command ends. Returns whether it was seen."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if not self._read():
                self.process.wait(timeout=120)
                return False
            if self.screens and until(self.screens[-1]):
                return True
        raise AssertionError("the command did not end within {} seconds:\n{}".format(seconds, "\n".join(self.rows())))

    def rows(self):
        """The rows of the screen now, without empty rows at the end."""
        return _trimmed(self._screen.display)

    def everything(self):
        """All rows: those that scrolled out of the screen, and those on it."""
        old = ["".join(row[column].data for column in range(self._screen.columns)) for row in self._screen.history.top]
        return [row.rstrip() for row in old] + self.rows()

    def _read(self):
        """Read the output. False when the command has closed the terminal."""
        ready, _writable, _errors = select.select([self._master], [], [], 0.2)
        if not ready:
            return self.process.poll() is None
        try:
            written = os.read(self._master, 65536)
        except OSError:
            return False
        self.raw += written
        self._stream.feed(written)
        rows = self.rows()
        if not self.screens or rows != self.screens[-1]:
            self.screens.append(rows)
        return bool(written)

    def _set_size(self, columns, rows):
        fcntl.ioctl(self._master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def __enter__(self):
        return self

    def __exit__(self, *_error):
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
        os.close(self._master)


def _own_terminal():
    """Ctrl-C reaches the command only if this is its controlling terminal."""
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


def _trimmed(rows):
    rows = [row.rstrip() for row in rows]
    while rows and not rows[-1]:
        rows.pop()
    return rows

# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Detects that the controller no longer waits for this run: the play has ended, or the connection is lost.

With a terminal, the kernel sends SIGHUP when the connection is lost. With pipelining there is a pipe or a socket, and no signal. If the
controller's worker is gone (a task's timeout, a killed worker), its ssh keeps running until it has output to write. So this run writes an empty
line at intervals, which Ansible ignores before a result: ssh cannot write it and exits, which closes the connection on this side.
"""

from __future__ import annotations

import contextlib
import os
import select
import signal
import stat
import threading
import time
from typing import Iterator

STDOUT = 1
# Seconds between two empty lines. Most runs end before the first.
INTERVAL = 10.0
# Seconds after which the signal is sent again. Python notes a signal that arrives just before a wait, and then waits nevertheless.
REPEAT = 1.0


@contextlib.contextmanager
def watched(descriptor: int = STDOUT, number: int = signal.SIGHUP, interval: float = INTERVAL) -> Iterator[None]:
    """In this context, send signal ``number`` to the main thread from when the reader of the result is lost. Nothing is written or sent afterwards."""
    watch = _Watch(descriptor, number, interval)
    threading.Thread(target=watch.run, daemon=True).start()
    try:
        yield
    finally:
        watch.end()


class _Watch:
    def __init__(self, descriptor: int, number: int, interval: float) -> None:
        self._descriptor = descriptor
        self._number = number
        self._interval = interval
        self._ended = False
        # Locked while a line is written, so that no line is written into a result, or a signal is sent.
        self._acting = threading.Lock()
        self._poll = select.poll()
        # No events are requested: errors and hang-ups are always reported. Files and /dev/null never report any.
        self._poll.register(descriptor, 0)

    def run(self) -> None:
        """Run until the reader is lost or the context ends. No lines are written to a file, which is read later."""
        passes_on = not stat.S_ISREG(os.fstat(self._descriptor).st_mode)
        while not self._ended:
            events = self._poll.poll(self._interval * 1000)
            lost = bool(events and events[0][1] & (select.POLLERR | select.POLLHUP))
            if lost or (passes_on and not self._write_line()):
                while self._send_signal():
                    time.sleep(REPEAT)
                return

    def end(self) -> None:
        """Stop writing lines and sending signals."""
        self._ended = True
        with self._acting:  # wait for the end of what is being written or sent
            pass

    def _send_signal(self) -> bool:
        """To the main thread, which may be waiting for the Engine: no other thread would interrupt that. Returns False at the end."""
        with self._acting:
            if not self._ended:
                signal.pthread_kill(threading.main_thread().ident or 0, self._number)
            return not self._ended

    def _write_line(self) -> bool:
        with self._acting:
            try:
                return self._ended or os.write(self._descriptor, b"\n") == 1
            except OSError:
                return False

# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reads and shows the progress of a long operation."""

from __future__ import annotations

import contextlib
import signal
import threading
from typing import Any, Callable, Iterator


class Watcher(threading.Thread):
    """Calls ``read`` for a text and ``show`` with it, after each of the waits. Only ``not_read`` gets the error of a read that fails."""

    def __init__(
        self,
        read: Callable[[], str],
        show: Callable[[str], None],
        not_read: Callable[[Exception], None],
        waits: Iterator[float],
    ) -> None:
        super().__init__(daemon=True)
        self._read = read
        self._show = show
        self._not_read = not_read
        self._waits = waits
        self._stopped = threading.Event()
        self._sending = threading.Lock()
        self.has_shown = False

    def run(self) -> None:
        for wait in self._waits:
            # A read fails until the module has created its file, so the same wait is repeated.
            while not self._stopped.wait(wait) and not self._read_and_show():
                pass
            if self._stopped.is_set():
                return

    def _read_and_show(self) -> bool:
        try:
            text = self._read()
        except Exception as error:  # pylint: disable=broad-exception-caught
            self._send(self._not_read, error)
            return False
        self.has_shown = self._send(self._show, text) or self.has_shown
        return True

    def _send(self, send: Callable[[Any], None], content: object) -> bool:
        with self._sending:
            if not self._stopped.is_set():
                send(content)
                return True
        return False

    def stop(self) -> None:
        """Stop showing progress, even if a read hangs, or if the output is not read."""
        self._stop_sending()
        self.join(timeout=1)

    def _stop_sending(self) -> None:
        self._stopped.set()
        # What is being sent is completed first.
        if self._sending.acquire(timeout=1):
            self._sending.release()

    @contextlib.contextmanager
    def running(self) -> Iterator[None]:
        """Progress is shown within this context."""
        with self._ended_between_messages():
            self.start()
            try:
                yield
            finally:
                self.stop()

    @contextlib.contextmanager
    def _ended_between_messages(self) -> Iterator[None]:
        """A signal that ends this process waits for the message that is being sent.

        Ansible ends its workers by a signal. A worker that ended within a message would keep the lock of the queue to the main process, which
        would wait for that lock forever.
        """

        def end(number: int, frame: Any) -> None:
            self._stop_sending()
            handlers[number](number, frame)

        found = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
        handlers = {number: handler for number, handler in found.items() if callable(handler)}
        # Only the main thread may set handlers, and a strategy plugin may run tasks in other threads.
        if threading.current_thread() is not threading.main_thread():
            handlers.clear()
        for number in handlers:
            signal.signal(number, end)
        try:
            yield
        finally:
            for number, handler in handlers.items():
                signal.signal(number, handler)


def constant(seconds: float, first: float) -> Iterator[float]:
    """Waits for live lines: a pull that ends within ``first`` seconds shows nothing."""
    yield first
    while True:
        yield seconds


def doubling(first: float, longest: float) -> Iterator[float]:
    """Waits for plain lines: each is twice the one before."""
    wait = first
    while True:
        yield wait
        wait = min(wait * 2, longest)

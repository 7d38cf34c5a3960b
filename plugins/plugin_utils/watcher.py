# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reads and shows the progress of a long operation."""

from __future__ import annotations

import threading
from typing import Callable, Iterator


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
        self._showing = threading.Lock()
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
            self._not_read(error)
            return False
        with self._showing:
            if not self._stopped.is_set():
                self.has_shown = True
                self._show(text)
        return True

    def stop(self) -> None:
        """Stop showing progress, even if a read hangs, or if the output is not read."""
        self._stopped.set()
        # What is being shown is completed first.
        if self._showing.acquire(timeout=1):
            self._showing.release()
        self.join(timeout=1)


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

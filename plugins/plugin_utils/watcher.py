# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Looks now and then at something that lasts, and shows what it sees."""

from __future__ import annotations

import threading
from typing import Callable, Iterator


class Watcher(threading.Thread):
    """Calls ``look`` for a text and ``show`` with it, after each of the waits. A look that fails is told to ``missed``, and nobody else."""

    def __init__(self, look: Callable[[], str], show: Callable[[str], None], missed: Callable[[Exception], None], waits: Iterator[float]) -> None:
        super().__init__(daemon=True)
        self._look = look
        self._show = show
        self._missed = missed
        self._waits = waits
        self._ended = threading.Event()
        self._showing = threading.Lock()
        self.shown = False

    def run(self) -> None:
        for wait in self._waits:
            if self._ended.wait(wait):
                return
            try:
                text = self._look()
            except Exception as error:  # pylint: disable=broad-exception-caught
                self._missed(error)
                continue
            with self._showing:
                if not self._ended.is_set():
                    self.shown = True
                    self._show(text)

    def stop(self) -> None:
        """Nothing is shown from now on, even if a look hangs."""
        with self._showing:
            self._ended.set()
        self.join(timeout=1)


def often(seconds: float, first: float) -> Iterator[float]:
    """For a terminal: what is over by ``first`` shows nothing, and costs nothing."""
    yield first
    while True:
        yield seconds


def seldom(first: float, longest: float) -> Iterator[float]:
    """For a log: each wait twice the one before."""
    wait = first
    while True:
        yield wait
        wait = min(wait * 2, longest)

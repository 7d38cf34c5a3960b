# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A request to end, by signal, becomes an error, so that a run that is stopped half way takes back what it did."""

from __future__ import annotations

import contextlib
import signal
import threading
from typing import Any, Iterator, Optional

from .errors import Interrupted

# Seconds after which the error is raised again. Python drops what is raised in a finaliser, and a signal may find any of a library's.
REPEAT = 0.5

_REQUESTS = (signal.SIGTERM, signal.SIGHUP)


class _Watch:
    """Who hears requests to end. ``asked`` is the first one's number."""

    def __init__(self) -> None:
        self.asked = 0
        self.held = False

    def hear(self, number: int, frame: Any) -> None:
        """The signals' handler."""
        self.asked = self.asked or number
        if not self.held:
            self.stop()

    def stop(self) -> None:
        """Raise Interrupted, and again after a while."""
        signal.setitimer(signal.ITIMER_REAL, REPEAT)
        raise Interrupted("The run was stopped by signal %d" % self.asked, "Run the task again: it settles what is left")


_watch: Optional[_Watch] = None


@contextlib.contextmanager
def as_errors() -> Iterator[None]:
    """Raise Interrupted on a request to end, again and again until it leaves this context or comes to one of ignored()."""
    watch = _Watch()
    with _handling(watch.hear, watch):
        yield


def ignored() -> Any:
    """Nothing stops what is done here."""
    return _handling(signal.SIG_IGN, None)


@contextlib.contextmanager
def held() -> Iterator[None]:
    """Let what is done here come to its end first. A request whose answer nobody awaits would be carried out while it is taken back."""
    watch = _watch if threading.current_thread() is threading.main_thread() else None
    if watch is None or watch.held:
        yield
        return
    watch.held = True
    try:
        yield
    finally:
        watch.held = False
        if watch.asked:  # an error goes first; the timer reminds those who bear it
            signal.setitimer(signal.ITIMER_REAL, REPEAT)
    if watch.asked:
        watch.stop()


@contextlib.contextmanager
def _handling(handler: Any, watch: Optional[_Watch]) -> Iterator[None]:
    global _watch  # pylint: disable=global-statement
    signal.setitimer(signal.ITIMER_REAL, 0)
    former, previous = _watch, {}
    for number in (*_REQUESTS, signal.SIGALRM):
        with contextlib.suppress(ValueError):  # only the main thread may set handlers
            previous[number] = signal.signal(number, handler)
    _watch = watch
    try:
        yield
    finally:
        _watch = former
        signal.setitimer(signal.ITIMER_REAL, 0)
        for number, old in previous.items():
            signal.signal(number, old)

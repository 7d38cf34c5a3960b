# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Turns signals that stop the run into errors, so that an interrupted run is rolled back."""

from __future__ import annotations

import contextlib
import signal
import threading
from typing import TYPE_CHECKING, Callable, Iterator, Optional, Union

from .errors import Interrupted

if TYPE_CHECKING:
    from types import FrameType

    _Handler = Union[Callable[[int, Optional[FrameType]], None], signal.Handlers]

# Seconds after which the error is raised again. Python drops what is raised in a finaliser, and a signal may find any of a library's.
REPEAT = 0.5

_REQUESTS = (signal.SIGTERM, signal.SIGHUP)


class _Watch:
    """Receives the signals. ``asked`` is the number of the first one."""

    def __init__(self) -> None:
        self.asked = 0
        self.held = False

    def hear(self, number: int, frame: FrameType | None) -> None:
        """The signal handler. Only the first signal raises; then the timer does, so that a second one cannot cut the start of the rollback."""
        again, self.asked = bool(self.asked), self.asked or number
        if not self.held and (not again or number == signal.SIGALRM):
            self.stop()

    def stop(self) -> None:
        """Raise Interrupted now, and again at intervals."""
        signal.setitimer(signal.ITIMER_REAL, REPEAT)
        raise Interrupted(
            "Interrupted by signal %d" % self.asked, "Run the task again to clean up anything left behind"
        )


class _Thread(threading.local):
    """The state that check() reads in a thread."""

    asked: threading.Event | None = None


_watch: _Watch | None = None
_thread = _Thread()


def _in_main_thread() -> bool:
    return threading.current_thread() is threading.main_thread()


@contextlib.contextmanager
def as_errors() -> Iterator[None]:
    """Raise Interrupted on a signal, and repeat it until the error leaves this context or a context of ignored() begins."""
    watch = _Watch()
    with _handling(watch.hear, watch):
        yield


@contextlib.contextmanager
def ignored() -> Iterator[None]:
    """Signals do not interrupt this context."""
    if not _in_main_thread():
        asked, _thread.asked = _thread.asked, None
        try:
            yield
        finally:
            _thread.asked = asked
        return
    with _handling(signal.SIG_IGN, None):
        yield


@contextlib.contextmanager
def interrupted_by(asked: threading.Event) -> Iterator[None]:
    """Only the main thread receives signals. In another one, check() raises Interrupted once ``asked`` is set."""
    _thread.asked = asked
    try:
        yield
    finally:
        _thread.asked = None


def check() -> None:
    """Raise Interrupted in a thread if its run was interrupted."""
    if _thread.asked is not None and _thread.asked.is_set():
        raise Interrupted("Interrupted by a signal", "Run the task again to clean up anything left behind")


@contextlib.contextmanager
def held() -> Iterator[None]:
    """Delay signals to the end of this context. The Engine would carry out an interrupted request during the rollback."""
    watch = _watch if _in_main_thread() else None
    if watch is None or watch.held:
        yield
        return
    watch.held = True
    try:
        yield
    finally:
        watch.held = False
        if watch.asked:  # an error in the context takes precedence; the timer raises Interrupted if it is caught
            signal.setitimer(signal.ITIMER_REAL, REPEAT)
    if watch.asked:
        watch.stop()


@contextlib.contextmanager
def _handling(handler: _Handler, watch: _Watch | None) -> Iterator[None]:
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

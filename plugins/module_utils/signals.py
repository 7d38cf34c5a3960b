# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A request to end, by signal, becomes an error, so that a run that is stopped half way takes back what it did."""

from __future__ import annotations

import contextlib
import signal
from typing import Any, Iterator, List

from .errors import Interrupted

# Seconds after which the error is raised again. Python drops what is raised in a finaliser, and a signal may find any of a library's.
REPEAT = 0.5

_REQUESTS = (signal.SIGTERM, signal.SIGHUP)


@contextlib.contextmanager
def as_errors() -> Iterator[None]:
    """Raise Interrupted on a request to end, again and again until it leaves this context or comes to one of ignored()."""
    asked: List[int] = []

    def interrupt(number: int, frame: Any) -> None:
        asked.append(number)
        signal.setitimer(signal.ITIMER_REAL, REPEAT)
        raise Interrupted("The run was stopped by signal %d" % asked[0], "Run the task again: it settles what is left")

    with _handling(interrupt):
        yield


def ignored() -> Any:
    """Nothing stops what is done here."""
    return _handling(signal.SIG_IGN)


@contextlib.contextmanager
def _handling(handler: Any) -> Iterator[None]:
    signal.setitimer(signal.ITIMER_REAL, 0)
    previous = {}
    for number in (*_REQUESTS, signal.SIGALRM):
        with contextlib.suppress(ValueError):  # only the main thread may set handlers
            previous[number] = signal.signal(number, handler)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        for number, old in previous.items():
            signal.signal(number, old)

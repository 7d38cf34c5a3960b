# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Waits for a daemon until it answers, or until it is certain that it will not."""

from __future__ import annotations

import time
from typing import Any, Callable

from .diagnosis import RUNNING

_PAUSE = 0.5


def wait_until_settled(
    look: Callable[[float], Any],
    seconds: float,
    sleep: Callable[[float], None] = time.sleep,
    clock: Callable[[], float] = time.monotonic,
) -> Any:
    """Call ``look(seconds left)`` for up to ``seconds``, while its diagnosis may still become running. Returns its last result."""
    end = clock() + seconds
    while True:
        seen = look(max(end - clock(), 1))
        if seen.diagnosis.state == RUNNING or seen.diagnosis.final or clock() + _PAUSE > end:
            return seen
        sleep(_PAUSE)

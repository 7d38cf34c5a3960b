# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Stops or kills a container."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, Mapping, NamedTuple

from ..errors import Conflict, NotFound, StepFailed

if TYPE_CHECKING:
    from ..engine.engine import Engine

# Seconds between two checks of a container that was sent a signal.
_PAUSE = 0.1


class StopRule(NamedTuple):
    """The task's options for stopping. ``timeout`` is in seconds before SIGKILL (None: the container's own, else 10)."""

    timeout: int | None = None
    kill: bool = False
    signal: str | None = None


def rule_of(params: Mapping[str, Any]) -> StopRule:
    """The rule in a task's parameters."""
    return StopRule(params.get("stop_timeout"), bool(params.get("force_kill")), params.get("kill_signal"))


def longest_stop(rule: StopRule, own: int | None = None) -> int:
    """Seconds after which the Engine sends SIGKILL: the task's, else the container's ``own``, else 10."""
    return next(seconds for seconds in (rule.timeout, own, 10) if seconds is not None)


def stop_or_kill(engine: Engine, container: str, name: str, rule: StopRule, own: int | None = None) -> None:
    """Stop or kill. A container that is not running is not an error.

    If the container ignores the signal, StepFailed is raised after as many seconds as a stop would take.
    """
    seconds = longest_stop(rule, own)
    if not rule.kill:
        engine.containers.stop(container, rule.timeout, seconds)
        return
    try:
        engine.containers.kill(container, rule.signal)
    except (Conflict, NotFound):
        return  # it is not running, or was removed when it exited
    deadline = time.monotonic() + seconds
    while _is_running(engine, container):
        if time.monotonic() > deadline:
            raise StepFailed(
                f"Container {name} is still running {seconds} s after signal {rule.signal or 'SIGKILL'}",
                "Use a kill_signal that stops the container, raise stop_timeout, or remove force_kill to stop it with SIGKILL at the end",
            )
        time.sleep(_PAUSE)


def _is_running(engine: Engine, container: str) -> bool:
    found = engine.containers.find(container)
    return bool(found and found["State"]["Running"])

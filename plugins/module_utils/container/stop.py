# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How a container is brought to a halt."""

from __future__ import annotations

from typing import Any, Mapping, NamedTuple, Optional

from ..errors import Conflict, NotFound


class StopRule(NamedTuple):
    """What the task says about stopping. ``timeout`` in seconds before SIGKILL (None: the container's own, else 10)."""

    timeout: Optional[int] = None
    kill: bool = False
    signal: Optional[str] = None


def rule_of(params: Mapping[str, Any]) -> StopRule:
    """The rule in a task's parameters."""
    return StopRule(params.get("stop_timeout"), bool(params.get("force_kill")), params.get("kill_signal"))


def longest_stop(rule: StopRule, own: Optional[int] = None) -> int:
    """Seconds after which the Engine kills: the task's, else the container's ``own``, else 10."""
    return next(seconds for seconds in (rule.timeout, own, 10) if seconds is not None)


def halt(engine: Any, key: str, rule: StopRule, own: Optional[int] = None) -> None:
    """Stop or kill; a container that stands still already is no error."""
    if not rule.kill:
        engine.containers.stop(key, rule.timeout, longest_stop(rule, own))
        return
    try:
        engine.containers.kill(key, rule.signal)
        engine.containers.wait(key)
    except (Conflict, NotFound):
        pass  # "is not running", or gone with its end

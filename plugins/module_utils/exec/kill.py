# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Stops a command that takes too long. The Engine API has no request for it."""

from __future__ import annotations

import contextlib
import os
import signal
import time
from typing import TYPE_CHECKING, Any, Mapping

from ..errors import FlotillaError
from .command import MARKER, Command

if TYPE_CHECKING:
    from ..engine.engine import Engine


# Seconds between checks of a process, for the Engine to begin a command, and for it to notice the end of one after each signal.
_PAUSE, _BEGUN_WITHIN = 0.1, 3.0
_AFTER_SIGNAL = {signal.SIGTERM: 3.0, signal.SIGKILL: 15.0}


def end(engine: Engine, exec_id: str, container: str, marker: str | None) -> str:
    """The signal that stopped the command; empty if it still runs. ``marker`` is in the environment of its processes."""
    found = _begun(engine, exec_id)
    if not found.get("Running"):
        return ""
    for number, seconds in _AFTER_SIGNAL.items():
        if not (_from_host(engine, found, number) or _by_shell(engine, container, marker, number)):
            return ""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if not (engine.execs.find(exec_id) or {}).get("Running"):
                return number.name
            time.sleep(_PAUSE)
    return ""


def _begun(engine: Engine, exec_id: str) -> Mapping[str, Any]:
    """The inspected command, once it has a process or an exit code. The Engine answers a start before it has begun the command."""
    deadline = time.monotonic() + _BEGUN_WITHIN
    while True:
        found = engine.execs.find(exec_id) or {}
        pending = found.get("ExitCode") is None and not (found.get("Running") and found.get("Pid"))
        if not found or not pending or time.monotonic() > deadline:
            return found
        time.sleep(_PAUSE)


def _by_shell(engine: Engine, container: str, marker: str | None, number: signal.Signals) -> bool:
    """A shell in the container finds the processes by their environment. The caller checks whether they have exited."""
    if not marker:
        return False
    script = (
        f'for p in /proc/[0-9]*; do if grep -q "{MARKER}={marker}" "$p/environ" 2>/dev/null; '
        f'then kill -{int(number)} "${{p#/proc/}}"; fi; done'
    )
    try:
        found = engine.execs.create(container, Command(["sh", "-c", script], {}, None, user="0").body(detach=True))
        engine.execs.start_detached(found["Id"], False)
        for _look in range(20):
            state = engine.execs.find(found["Id"]) or {}
            if not state.get("Running"):
                return state.get("ExitCode") in (0, None)
            time.sleep(_PAUSE)
    except FlotillaError:
        return False  # the container has no shell
    return True  # Podman takes seconds to notice that the shell has ended


def _from_host(engine: Engine, found: Mapping[str, Any], number: int) -> bool:
    """Send a signal to the command's process group, if its processes run on this host and this user may signal them."""
    pid, container_id = found.get("Pid") or 0, found.get("ContainerID") or "?"
    if not engine.is_local or pid <= 1:
        return False
    with contextlib.suppress(OSError):
        # The process id may be from another host.
        with open(f"/proc/{pid}/cgroup", encoding="utf-8") as file:
            ours = container_id in file.read()
        if ours and os.getpgid(pid) == pid:
            os.killpg(pid, number)
            return True
        if ours:
            os.kill(pid, number)
            return True
    return False

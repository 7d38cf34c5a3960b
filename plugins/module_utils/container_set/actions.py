# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a run does to a member, by its steps."""

from __future__ import annotations

from typing import Any, Iterable

from ..container import running, steps
from ..step import Step

# The first match counts.
_ACTIONS: tuple[tuple[type, str], ...] = (
    (steps.RenameToBackup, "replace"),
    (steps.Create, "create"),
    (steps.RemoveContainer, "remove"),
    (steps.Update, "update"),
    (steps.Connect, "update"),
    (steps.Disconnect, "update"),
    (running.Restart, "restart"),
    (running.Start, "start"),
    (running.Stop, "stop"),
    (running.Pause, "pause"),
    (steps.RestoreName, "restore"),
)
_DISRUPTIVE = (steps.RenameToBackup, running.Restart, steps.Disconnect)


def action(taken: Iterable[Step[Any]]) -> str:
    """create, replace, update, start, stop, restart, pause, restore, remove or none."""
    kinds = {type(step) for step in taken}
    return next((word for kind, word in _ACTIONS if kind in kinds), "none")


def is_disruptive(taken: Iterable[Step[Any]]) -> bool:
    """Whether a running container does not answer requests during these steps."""
    return any(isinstance(step, _DISRUPTIVE) for step in taken)

# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the task wants, beside what is there. Reads, never changes anything."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Mapping

from . import comparison, lookup
from .task import Decided, Steps, Task, read_task

if TYPE_CHECKING:
    from ..engine.engine import Engine


def decide(engine: Engine, params: Mapping[str, Any]) -> Steps:
    """The steps that make the container as the task describes it."""
    task = read_task(engine, params)
    return (yield from reach(engine, task, lookup.find(engine, task.name)))


def reach(engine: Engine, task: Task, found: lookup.Found) -> Steps:
    """Steps from what was found to what the task describes. What only a change needs is imported when there is one."""
    if found.container is not None:
        task = task._replace(name=found.container["Name"].lstrip("/"))  # the task may name the container by its id
    compared = comparison.compare_settled(engine, task, found)
    if compared is not None and found.container is not None and not compared.differences:
        if comparison.is_in_state(task, found.container):
            return Decided(found.container, fresh=True, warnings=compared.warnings)
    from . import changes  # pylint: disable=import-outside-toplevel

    return (yield from changes.reach(engine, task, found, compared))

# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Replaces a container. The old one is removed only when the new one runs as described."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Mapping

from ..image.reference import parse_known
from . import dependencies, lookup, recreate
from .creation import create_body, desired_image, host_check, kept_job, make, remove_old, start_and_verify, stop_steps
from .display import Change, change
from .handle import Handle
from .running import AwaitHealthy, Pause, Start
from .steps import RenameToBackup, TakeName
from .task import Decided, Steps, Task

if TYPE_CHECKING:
    from ..engine.engine import Engine
    from ..option_table import Difference


def replace(
    engine: Engine,
    task: Task,
    container: dict[str, Any],
    image: Mapping[str, Any] | None,
    differences: list,
    new_image: Change | None,
) -> Steps:
    """The steps of a replacement; ``differences`` and ``new_image`` say why, for the diff."""
    if not task.params.get("image"):
        image, name = yield from _own_image(engine, task, container)
        task = task._replace(params=dict(task.params, image=name))
    elif image is None and not new_image:
        image = yield from desired_image(engine, task)
    if task.complete:
        body, endpoints = create_body(task, image), task.endpoints
    else:
        body = _body_like(engine, task, container, task.named)
        endpoints = recreate.endpoints_of(container, task.named)
    was_running = container["State"]["Running"]
    runs = task.runs or (task.state == "present" and was_running)
    yield from dependencies.create_missing(engine, task, body, endpoints)
    yield host_check(task, body, endpoints, container, runs)
    before, after = _diff(task, differences, new_image)
    if task.hooks.start_first and was_running and runs and not task.is_job:
        return (yield from _start_first(engine, task, container, body, endpoints, before, after))
    old, new = Handle(task.name, container["Id"]), Handle(task.name)
    yield RenameToBackup(old, lookup.backup_name(task.name), was_running)
    yield from make(engine, task, new, body, endpoints, before, after)
    if was_running:
        yield from stop_steps(task, old, container)
    if runs:
        return (yield from start_and_verify(task, new, old, {"running": was_running}))
    yield remove_old(task, old)
    return Decided()


def _own_image(engine: Engine, task: Task, container: dict[str, Any]) -> Steps:
    """The image of the container and what to create a new one from: its name if that still refers to the image, else its id.

    With pull: always, it is the image that the name refers to in the registry.
    """
    name = container["Config"]["Image"]
    reference = parse_known(name)
    if task.params["pull"] in ("always", True, "True") and reference and not reference.image_id:
        return (yield from task.hooks.image(engine, dict(task.params, image=name))), name
    named = engine.images.find(name)
    if named and named["Id"] == container["Image"]:
        return named, name
    return engine.images.find(container["Image"]), container["Image"]


def _start_first(
    engine: Engine,
    task: Task,
    container: dict[str, Any],
    body: dict[str, Any],
    endpoints: Mapping[str, Any],
    before: dict[str, Any],
    after: dict[str, Any],
) -> Steps:
    """The old container keeps its name and runs until the new one, under another name, is ready."""
    old, new = Handle(task.name, container["Id"]), Handle(task.name, current_name=lookup.successor_name(task.name))
    yield from make(engine, task, new, body, endpoints, before, after)
    yield Start(new, task.rule, task.params["grace"])
    if task.state == "healthy":
        yield AwaitHealthy(new, task.params["healthy_wait_timeout"])
    yield from task.hooks.ready(new)
    if task.params.get("paused"):
        yield Pause(new, True, {"paused": False}, {"paused": True})
    yield RenameToBackup(old, lookup.backup_name(task.name), ran=True)
    yield TakeName(new)
    yield from stop_steps(task, old, container)
    yield remove_old(task, old)
    return Decided()


def _diff(task: Task, differences: list[Difference], new_image: Change | None) -> Change:
    before, after = change(differences, task.params)
    if new_image:
        before.update(new_image[0])
        after.update(new_image[1])
    if task.params["recreate"] and not differences and not new_image:
        before["recreate"], after["recreate"] = False, True
    return before, after


def _body_like(engine: Engine, task: Task, old: dict[str, Any], desired: Mapping[Any, Any]) -> dict[str, Any]:
    """The body for a container with all settings of ``old``, changed by the options that the task names."""
    image = engine.images.find(old["Image"]) or {}
    body = recreate.create_body(old, image, desired, task.modes)
    return kept_job(task, dict(body, Image=task.params["image"]))

# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Plans the steps from the containers that were found to what the task describes. Reads, never changes anything."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..image.reference import parse_known, parse_reference
from ..shapes import PREDEFINED_NETWORKS
from . import dependencies, lookup, table
from .comparison import Compared, compare, keeps_image, last_declared, other_platform
from .creation import create_body, desired_image, host_check, make, start_and_verify, stop_steps
from .display import shown
from .handle import Handle
from .running import AwaitHealthy, AwaitRemoval, Pause, Restart
from .steps import RemoveContainer, Require, RestoreName
from .task import Decided, Steps, Task

if TYPE_CHECKING:
    from ..engine.engine import Engine


def reach(engine: Engine, task: Task, found: lookup.Found, compared: Compared | None) -> Steps:
    """The steps from the containers that were found to what the task describes. ``compared`` is set if the container keeps its image."""
    if task.state == "absent":
        return (yield from _absent(task, found))
    found = yield from _settle(engine, task, found)
    if found.container is None:
        return (yield from _create(engine, task))
    return (yield from _repair(engine, task, found, found.container, compared))


def _absent(task: Task, found: lookup.Found) -> Steps:
    if found.container is not None:
        old = Handle(task.name, found.container["Id"])
        yield from _removal(task, old, found.container)
    if found.backup:
        backup = Handle(lookup.backup_name(task.name), found.backup)
        yield RemoveContainer(
            backup,
            not task.params["keep_volumes"],
            force=True,
            summary=f"remove leftover of an interrupted run of {task.name}",
        )
    return Decided(None, fresh=True)


def _removal(task: Task, old: Handle, inspected: dict[str, Any]) -> Steps:
    state = inspected["State"]
    if state["Status"] == "removing":
        yield AwaitRemoval(old, task.params.get("removal_wait_timeout") or task.params["timeout"])
        return
    if state["Running"]:
        yield from stop_steps(task, old, inspected)
    volumes = not task.params["keep_volumes"]
    yield RemoveContainer(
        old,
        volumes,
        force=state["Status"] == "dead",
        before={"exists": True, "running": state["Running"]},
        after={"exists": False},
    )


def _settle(engine: Engine, task: Task, found: lookup.Found) -> Steps:
    """Clean up after a run that was interrupted during a replacement."""
    container = found.container
    if container and container["State"]["Status"] == "removing":
        yield AwaitRemoval(
            Handle(task.name, container["Id"]), task.params.get("removal_wait_timeout") or task.params["timeout"]
        )
        found = found._replace(container=None)
        container = None
    if not found.backup:
        return found
    backup, old = Handle(lookup.backup_name(task.name), found.backup), engine.containers.find(found.backup)
    old_runs = old is not None and old["State"]["Running"]
    if container and container["State"]["Running"] and (yield from _works(task, container)):
        # The new container works; only the removal of the old one is missing.
        if old_runs:
            yield from task.hooks.drain(backup, old)
        yield RemoveContainer(
            backup,
            not task.params["keep_volumes"],
            force=True,
            stop=task.rule,
            summary=f"remove leftover of an interrupted run of {task.name}",
        )
        return found._replace(backup=None)
    if container:
        yield RemoveContainer(
            Handle(task.name, container["Id"]),
            True,
            force=True,
            stop=task.rule,
            summary=f"remove incomplete container {task.name}",
        )
    restored = yield RestoreName(backup, task.name, starts=task.runs and not old_runs)
    return lookup.Found(restored.value, None, False)


def _works(task: Task, container: dict[str, Any]) -> Steps:
    """Whether a new container, which an interrupted run started, may take the place of the old one."""
    state = container["State"]
    if not task.runs:
        return True
    if state.get("Restarting") or task.state == "healthy" and (state.get("Health") or {}).get("Status") != "healthy":
        return False
    return (yield from task.hooks.works(Handle(task.name, container["Id"])))


def _create(engine: Engine, task: Task) -> Steps:
    yield from _require_resolved(task)
    image = yield from desired_image(engine, task)
    body = create_body(task, image)
    yield from dependencies.create_missing(engine, task, body, task.endpoints)
    yield host_check(task, body, task.endpoints, None, task.runs)
    new = Handle(task.name)
    after = dict(shown(task.desired, task.params), exists=True)
    yield from make(engine, task, new, body, task.endpoints, {"exists": False}, after)
    if not task.runs:
        return Decided()
    return (yield from start_and_verify(task, new))


def _require_resolved(task: Task) -> Steps:
    if task.unresolved:
        errors = tuple(unresolved.error for unresolved in task.unresolved)
        yield Require(f"check what container {task.name} refers to", lambda engine: errors)


def _repair(
    engine: Engine, task: Task, found: lookup.Found, container: dict[str, Any], compared: Compared | None
) -> Steps:
    # pylint: disable=import-outside-toplevel  # a new container needs none of these
    from .repair import can_reconnect, repair_networks, update_step
    from .replacement import replace

    if task.state == "stopped":
        # A missing network or image does not matter for stopping it.
        task = task._replace(modes=dict(task.modes, **{entry.row: table.IGNORE for entry in task.unresolved}))
    else:
        yield from _require_resolved(task)
    image, new_image = None, None
    if compared is None:
        image, new_image = yield from _image_of(engine, task, found, container)
        compared = compare(engine, task, container, image)
    differences = compared.differences
    networks = [difference for difference in differences if difference.option.name == "networks"]
    others = [difference for difference in differences if difference.option.name != "networks"]
    if not can_reconnect(networks):
        networks, others = [], differences
    update = (
        update_step(Handle(task.name, container["Id"]), container, others, task.params)
        if engine.containers.can_update
        else None
    )
    if new_image or task.params["recreate"] or container["State"]["Status"] == "dead" or (others and update is None):
        decided = yield from replace(engine, task, container, image, differences, new_image)
        return decided._replace(warnings=compared.warnings)
    if update is not None:
        yield update
    connected = sorted({name for difference in networks for name in difference.desired} - set(PREDEFINED_NETWORKS))
    yield from dependencies.create_networks(engine, task, connected)
    # Without a record: Podman passes unknown options of endpoints to its drivers.
    record = last_declared(engine, task, container) is not None
    changed = yield from repair_networks(Handle(task.name, container["Id"]), container, networks, record)
    decided = yield from _into_state(task, container, update is not None or changed)
    return decided._replace(warnings=compared.warnings)


def _image_of(engine: Engine, task: Task, found: lookup.Found, container: dict[str, Any]) -> Steps:
    """The image, if it had to be inspected, and how it differs: None, or before and after for the diff."""
    moved = other_platform(engine, task, container)
    if not moved and keeps_image(task, found, container):
        return None, None
    name = task.params["image"]
    wanted, current = parse_reference(name), parse_known(container["Config"]["Image"])
    image = yield from task.hooks.image(engine, task.params)
    before = {"image": container["Config"]["Image"], "image_id": container["Image"]}
    if image is None or image["Id"] != container["Image"]:
        return image, (before, {"image": name, "image_id": image["Id"] if image else "known after the pull"})
    renamed = (
        current is not None
        and wanted.tag
        and current.tag
        and wanted.names(image)  # not the start of an id
        and (wanted.repository_path, wanted.tag) != (current.repository_path, current.tag)
    )
    if renamed and task.params["image_name_mismatch"] == "recreate":
        return image, (before, {"image": name, "image_id": image["Id"]})
    return image, moved


def _into_state(task: Task, container: dict[str, Any], changed: bool) -> Steps:
    """Start, stop, restart or pause: the last steps, when the settings of the container are as described."""
    handle, state = Handle(task.name, container["Id"]), container["State"]
    if task.runs and not state["Running"]:
        return (yield from start_and_verify(task, handle, restarts=container.get("RestartCount") or 0))
    if task.state == "stopped" and state["Running"]:
        yield from stop_steps(task, handle, container, {"running": True}, {"running": False})
        return Decided()
    if task.params["restart"] and state["Running"]:
        yield Restart(handle, task.rule, task.params["grace"], container)
        changed = True
    paused = task.params.get("paused")
    if paused is not None and state["Running"] and task.state != "stopped" and bool(state.get("Paused")) != paused:
        yield Pause(handle, paused, {"paused": not paused}, {"paused": paused})
        changed = True
    if task.state == "healthy" and (container["State"].get("Health") or {}).get("Status") != "healthy":
        inspected = (yield AwaitHealthy(handle, task.params["healthy_wait_timeout"])).value
        return Decided(inspected, fresh=inspected is not None)
    return Decided(container, fresh=not changed)

# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""From what the task wants and what is there to steps. Reads, never changes anything."""

from __future__ import annotations

from typing import Any, Mapping

from ..image.platform import is_for
from ..image.reference import parse_known, parse_reference
from . import declared, kernel, lookup, preflight, table
from .making import bring_up, create_body, make, refuse_image_labels, remove_old, thaw, wanted_image
from .pulling import platform_of_container, pull_steps
from .repair import can_reconnect, repair_networks, update_step
from .show import change, shown
from .steps import AwaitHealthy, AwaitRemoval, Handle, Pause, Reinstate, Remove, Restart, SetAside, Stop
from .task import Decided, Steps, Task, read_task


def decide(engine: Any, params: Mapping[str, Any]) -> Steps:
    """Bring the container into the state that the task describes."""
    task = read_task(engine, params)
    found = lookup.find(engine, task.name)
    if found.container is not None:
        task = task._replace(name=found.container["Name"].lstrip("/"))  # it may have been named by its id
    if task.state == "absent":
        return (yield from _absent(task, found))
    found = yield from _settle(engine, task, found)
    if found.container is None:
        return (yield from _create(engine, task))
    return (yield from _repair(engine, task, found))


def _absent(task: Task, found: lookup.Found) -> Steps:
    if found.container is not None:
        old = Handle(task.name, found.container["Id"])
        yield from _removal(task, old, found.container)
    if found.aside:
        aside = Handle(lookup.aside_name(task.name), found.aside)
        yield Remove(aside, not task.params["keep_volumes"], force=True, summary="remove what a broken run of %s left behind" % task.name)
    return Decided(None, fresh=True)


def _removal(task: Task, old: Handle, inspected: dict[str, Any]) -> Steps:
    state = inspected["State"]
    if state["Status"] == "removing":
        yield AwaitRemoval(old, task.params.get("removal_wait_timeout") or task.params["timeout"])
        return
    if state["Running"]:
        yield from thaw(old, inspected)
        yield Stop(old, task.rule, inspected)
    volumes = not task.params["keep_volumes"]
    yield Remove(old, volumes, force=state["Status"] == "dead", before={"exists": True, "running": state["Running"]}, after={"exists": False})


def _settle(engine: Any, task: Task, found: lookup.Found) -> Steps:
    """Put in order what a run that was broken off in the middle of a replacement left behind."""
    container = found.container
    if container and container["State"]["Status"] == "removing":
        yield AwaitRemoval(Handle(task.name, container["Id"]), task.params.get("removal_wait_timeout") or task.params["timeout"])
        found = found._replace(container=None)
        container = None
    if not found.aside:
        return found
    aside = Handle(lookup.aside_name(task.name), found.aside)
    if container and container["State"]["Running"]:
        # The new one got as far as running; the old one is what was about to be removed.
        yield Remove(aside, not task.params["keep_volumes"], force=True, summary="remove what a broken run of %s left behind" % task.name)
        return found._replace(aside=None)
    if container:
        yield Remove(Handle(task.name, container["Id"]), True, force=True, summary="remove container %s that a broken run left half made" % task.name)
    yield Reinstate(aside, task.name)
    return lookup.Found(engine.containers.find(found.aside), None, False)


def _create(engine: Any, task: Task) -> Steps:
    image = yield from wanted_image(engine, task)
    body = create_body(task, image)
    preflight.check(engine, task.name, body, task.endpoints, None)
    new = Handle(task.name)
    yield from make(engine, task, new, body, before={"exists": False}, after=dict(shown(task.desired, task.params), exists=True))
    if not task.runs:
        return Decided()
    return (yield from bring_up(task, new))


def _repair(engine: Any, task: Task, found: lookup.Found) -> Steps:
    container = found.container
    image, new_image = yield from _image_of(engine, task, found)
    last, base = _declared(engine, task, container), _base_image(engine, task, container, image)
    refuse_image_labels(task, base)
    differences = table.differences(task.desired, container, base, task.modes, last)
    differences, warnings = kernel.enforceable(engine, differences, last)
    networks = [difference for difference in differences if difference.option.name == "networks"]
    others = [difference for difference in differences if difference.option.name != "networks"]
    if not can_reconnect(networks):
        networks, others = [], differences
    update = update_step(Handle(task.name, container["Id"]), container, others, task.params) if engine.containers.can_update else None
    if new_image or task.params["recreate"] or container["State"]["Status"] == "dead" or (others and update is None):
        decided = yield from _replace(engine, task, container, image, others, new_image)
        return decided._replace(warnings=tuple(warnings))
    if update is not None:
        yield update
    changed = yield from repair_networks(engine, Handle(task.name, container["Id"]), container, networks)
    decided = yield from _into_state(task, container, update is not None or changed)
    return decided._replace(warnings=tuple(warnings))


def _declared(engine: Any, task: Task, container: dict[str, Any]) -> Any:
    # Podman fills in limits that nobody declared, so there what has left cannot be told from its defaults.
    return declared.of_container(container) if task.params["track_declared"] and not engine.is_podman else None


def _base_image(engine: Any, task: Task, container: dict[str, Any], image: Any) -> Any:
    """A function that inspects the image whose own settings count, once and only if it is called."""
    known: list[Any] = []

    def inspect() -> Any:
        if not known:
            current = task.params["image_comparison"] == "current-image" or not task.params.get("image")
            if current:
                known.append(engine.images.find(container["Image"]) or {})
            else:
                known.append(image or engine.images.find(parse_reference(task.params["image"]).key) or {})
        return known[0]

    return inspect


def _image_of(engine: Any, task: Task, found: lookup.Found) -> Steps:
    """The image, where it had to be inspected, and what is new about it: None, or before and after for the diff."""
    container = found.container
    name = task.params.get("image")
    moved = _other_platform(engine, task, container)
    if not name or (task.modes["image"] == "ignore" and not moved):
        return None, None
    wanted, current = parse_reference(name), parse_known(container["Config"]["Image"])
    if found.image_unmoved and wanted == current and task.params["pull"] not in ("always", True) and not moved:
        return None, None
    image = yield from pull_steps(engine, task.params)
    before = {"image": container["Config"]["Image"], "image_id": container["Image"]}
    if image is None or image["Id"] != container["Image"]:
        return image, (before, {"image": name, "image_id": image["Id"] if image else "known after the pull"})
    renamed = current is not None and wanted.tag and current.tag and (wanted.repository_path, wanted.tag) != (current.repository_path, current.tag)
    if renamed and task.params["image_name_mismatch"] == "recreate":
        return image, (before, {"image": name, "image_id": image["Id"]})
    return image, moved


def _other_platform(engine: Any, task: Task, container: dict[str, Any]) -> Any:
    """Before and after for the diff if the container was made for another platform than the task wants, else None."""
    wanted = task.params.get("platform")
    if not wanted or not task.params.get("image") or task.modes["platform"] == "ignore":
        return None
    found = platform_of_container(engine, container)
    return None if found is None or is_for(found, wanted) else ({"platform": str(found)}, {"platform": wanted})


def _replace(engine: Any, task: Task, container: dict[str, Any], image: Any, differences: list, new_image: Any) -> Steps:
    """Set the old one aside, try the new one, and remove the old one only when the new one lives."""
    if not task.params.get("image"):
        task = task._replace(params=dict(task.params, image=container["Config"]["Image"]))
    if image is None:
        image = yield from wanted_image(engine, task)
    body = create_body(task, image)
    preflight.check(engine, task.name, body, task.endpoints, container)
    old, new = Handle(task.name, container["Id"]), Handle(task.name)
    before, after = _diff(task, differences, new_image)
    was_running = container["State"]["Running"]
    yield SetAside(old, lookup.aside_name(task.name), was_running)
    yield from make(engine, task, new, body, before, after)
    if was_running:
        yield from thaw(old, container)
        yield Stop(old, task.rule, container)
    if task.runs or (task.state == "present" and was_running):
        return (yield from bring_up(task, new, old, {"running": was_running}))
    yield remove_old(task, old)
    return Decided()


def _diff(task: Task, differences: list, new_image: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    before, after = change(differences, task.params)
    if new_image:
        before.update(new_image[0])
        after.update(new_image[1])
    if task.params["recreate"] and not differences and not new_image:
        before["recreate"], after["recreate"] = False, True
    return before, after


def _into_state(task: Task, container: dict[str, Any], changed: bool) -> Steps:
    """Start, stop, restart, pause: what is left when the container itself is as described."""
    handle, state = Handle(task.name, container["Id"]), container["State"]
    if task.runs and not state["Running"]:
        return (yield from bring_up(task, handle, restarts=container.get("RestartCount") or 0))
    if task.state == "stopped" and state["Running"]:
        yield from thaw(handle, container)
        yield Stop(handle, task.rule, container, {"running": True}, {"running": False})
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

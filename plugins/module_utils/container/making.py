# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The way of a new container: image, create body, create, start, and see that it lives."""

from __future__ import annotations

from typing import Any, Callable, Optional

from ..errors import BadOption, StepFailed
from . import table
from .pulling import pull_steps
from .steps import AwaitEnd, AwaitHealthy, Connect, Create, Handle, Pause, Remove, Start
from .task import Decided, Steps, Task


def wanted_image(engine: Any, task: Task) -> Steps:
    """The inspected image, or None if in check mode it is only known that there would be another one."""
    if not task.params.get("image"):
        raise BadOption("image", None, "there is no container %s yet, and without an image none can be created" % task.name, "image: nginx:1.27")
    return (yield from pull_steps(engine, task.params))


def create_body(task: Task, image: Any) -> dict[str, Any]:
    """The body of POST /containers/create, without networks."""
    refuse_image_labels(task, lambda: image)
    body = table.create_body(task.desired, task.params["image"], task.params["track_declared"])
    if task.is_job and task.params.get("auto_remove"):
        # The Engine would remove the job together with its log, so the plan does it when the log is read.
        body["HostConfig"]["AutoRemove"] = False
    return body


def refuse_image_labels(task: Task, image: Callable[[], Any]) -> None:
    """StepFailed where strict labels cannot be had, because the image brings others."""
    if task.modes["labels"] != "strict" or task.params["image_label_mismatch"] != "fail":
        return
    brought = set(((image() or {}).get("Config") or {}).get("Labels") or {})
    surplus = brought - set(next((value for option, value in task.desired.items() if option.name == "labels"), {}))
    if surplus:
        raise StepFailed(
            "The image brings labels that the task does not set, and labels of an image cannot be removed: %s" % ", ".join(sorted(surplus)),
            "Set them in labels, or use image_label_mismatch: ignore",
        )


def make(engine: Any, task: Task, new: Handle, body: dict[str, Any], before: Any, after: Any) -> Steps:
    """Create and connect. Engines before API 1.44 take one endpoint at create."""
    at_create = dict(task.endpoints) if task.params["networks_cli_compatible"] else {}
    if not engine.speaks("1.44"):
        mode = body["HostConfig"].get("NetworkMode")
        at_create = {name: endpoint for name, endpoint in at_create.items() if name == mode}
    if at_create:
        body["NetworkingConfig"] = {"EndpointsConfig": at_create}
    yield Create(new, body, task.params.get("platform"), before, after)
    for network, endpoint in task.endpoints.items():
        if network not in at_create:
            yield Connect(new, network, endpoint)


def bring_up(task: Task, container: Handle, old: Optional[Handle] = None, before: Any = None, restarts: int = 0) -> Steps:
    """Start and see that it lives; only then remove the one that it replaces."""
    job = task.is_job
    started = yield Start(container, task.rule, 0.0 if job else task.params["grace"], restarts, before or {"running": False}, {"running": True})
    inspected = started.value
    if task.state == "healthy" and not job:
        inspected = (yield AwaitHealthy(container, task.params["healthy_wait_timeout"])).value
    if job:
        return (yield from _finish_job(task, container, old))
    if task.params.get("paused"):
        yield Pause(container, True, {"paused": False}, {"paused": True})
        inspected = None
    if old is not None:
        yield remove_old(task, old)
    return Decided(inspected, inspected is not None)


def remove_old(task: Task, old: Handle) -> Remove:
    """The last step of a replacement, and the only one that cannot be taken back."""
    return Remove(old, not task.params["keep_volumes"], force=True, summary="remove replaced container %s" % old.name)


def _finish_job(task: Task, container: Handle, old: Optional[Handle]) -> Steps:
    ended = (yield AwaitEnd(container, bool(task.params.get("tty")))).value
    if old is not None:
        yield remove_old(task, old)
    removes = bool(task.params["cleanup"] or task.params.get("auto_remove"))
    if removes:
        yield Remove(container, not task.params["keep_volumes"], force=True)
    return Decided(None, removes, ended)


def thaw(container: Handle, inspected: dict[str, Any]) -> Steps:
    """Unpause what is paused: the Engine stops no paused container."""
    if inspected["State"].get("Paused"):
        yield Pause(container, False)

# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Creates a container: image, create body, create, start, and a check that it keeps running."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Mapping

from ..errors import BadOption
from . import host_checks, table
from .comparison import refuse_image_labels
from .handle import Handle
from .running import AwaitEnd, AwaitHealthy, Pause, Start, Stop
from .steps import Connect, Create, RemoveContainer, Require
from .task import Decided, Steps, Task

if TYPE_CHECKING:
    from ..engine.engine import Engine


def desired_image(engine: Engine, task: Task) -> Steps:
    """The inspected image. None if in check mode it is only known that the image would change."""
    if not task.params.get("image"):
        # In check mode, an earlier task may not have pulled the image yet.
        problem = BadOption(
            "image", f"is required, because container {task.name} does not exist yet", example="image: nginx:1.27"
        )
        yield Require("check the image", lambda target: (problem,))
        return None
    return (yield from task.hooks.image(engine, task.params))


def create_body(task: Task, image: Mapping[str, Any] | None) -> dict[str, Any]:
    """The body of POST /containers/create, without networks."""
    refuse_image_labels(task, lambda: image)
    return kept_job(task, table.create_body(task.desired, task.params["image"], task.params["track_declared"]))


def kept_job(task: Task, body: dict[str, Any]) -> dict[str, Any]:
    """The same, for a job whose log is read before it is removed."""
    if task.is_job and task.params.get("auto_remove"):
        # The Engine would remove the container of the job together with its log, so the plan removes it after reading the log.
        body["HostConfig"]["AutoRemove"] = False
    return body


def host_check(
    task: Task, body: Mapping[str, Any], endpoints: Mapping[str, Any], replaced: Mapping[str, Any] | None, starts: bool
) -> Require:
    """A check of the requirements of the new container on its host."""
    return Require(
        f"check what container {task.name} needs on the host",
        lambda engine: host_checks.problems(
            engine, task.name, body, endpoints, replaced, starts, task.params.get("create_networks")
        ),
    )


def make(
    engine: Engine,
    task: Task,
    new: Handle,
    body: dict[str, Any],
    endpoints: Mapping[str, Any],
    before: dict[str, Any],
    after: dict[str, Any],
) -> Steps:
    """Create and connect. Engines before API 1.44 accept only one endpoint at create."""
    at_create = dict(endpoints) if task.params["networks_cli_compatible"] else {}
    if not engine.speaks("1.44"):
        mode = body["HostConfig"].get("NetworkMode")
        at_create = {name: endpoint for name, endpoint in at_create.items() if name == mode}
    if at_create:
        body["NetworkingConfig"] = {"EndpointsConfig": at_create}
    yield Create(new, body, task.params.get("platform"), before, after)
    for network, endpoint in endpoints.items():
        if network not in at_create:
            yield Connect(new, network, endpoint)


def start_and_verify(
    task: Task, container: Handle, old: Handle | None = None, before: dict[str, Any] | None = None, restarts: int = 0
) -> Steps:
    """Start and check that the container keeps running; only then remove the one that it replaces."""
    job = task.is_job
    started = yield Start(
        container,
        task.rule,
        0.0 if job else task.params["grace"],
        restarts,
        before or {"running": False},
        {"running": True},
    )
    inspected = started.value
    if task.state == "healthy" and not job:
        inspected = (yield AwaitHealthy(container, task.params["healthy_wait_timeout"])).value
    yield from task.hooks.ready(container)
    if job:
        return (yield from _finish_job(task, container, old))
    if task.params.get("paused"):
        yield Pause(container, True, {"paused": False}, {"paused": True})
        inspected = None
    if old is not None:
        yield remove_old(task, old)
    return Decided(inspected, inspected is not None)


def stop_steps(
    task: Task,
    container: Handle,
    inspected: dict[str, Any],
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> Steps:
    """Drain and stop a running container. The Engine cannot stop a paused container."""
    if inspected["State"].get("Paused"):
        yield Pause(container, False)
    yield from task.hooks.drain(container, inspected)
    yield Stop(container, task.rule, inspected, before, after)


def remove_old(task: Task, old: Handle) -> RemoveContainer:
    """The last step of a replacement, and the only one that cannot be rolled back."""
    return RemoveContainer(
        old, not task.params["keep_volumes"], force=True, summary=f"remove replaced container {old.name}"
    )


def _finish_job(task: Task, container: Handle, old: Handle | None) -> Steps:
    ended = (yield AwaitEnd(container, task.params["output_logs"])).value
    task.hooks.ended(ended)
    if old is not None:
        yield remove_old(task, old)
    removes = bool(task.params["cleanup"] or task.params.get("auto_remove"))
    if removes:
        yield RemoveContainer(container, not task.params["keep_volumes"], force=True)
    return Decided(None, removes, ended)

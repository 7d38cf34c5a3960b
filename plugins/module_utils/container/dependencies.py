# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Networks and volumes that the task names and that do not exist: created with defaults before the container, as docker compose does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Iterable, Mapping

from ..shapes import PREDEFINED_NETWORKS

if TYPE_CHECKING:
    from ..engine.engine import Engine
    from .task import Steps, Task


def networks_of(body: Mapping[str, Any], endpoints: Mapping[str, Any]) -> list[str]:
    """Names of the networks of a new container, without the Engine's predefined ones."""
    mode = body["HostConfig"].get("NetworkMode") or ""
    named = set(endpoints) | ({mode} if not mode.startswith("container:") else set())
    return sorted(named - {"", *PREDEFINED_NETWORKS})


def volumes_of(body: Mapping[str, Any]) -> list[str]:
    """Names of volumes that would have the Engine's defaults. The Engine itself creates volumes with other drivers or labels."""
    host = body["HostConfig"]
    binds = [] if host.get("VolumeDriver") else [bind.split(":")[0] for bind in host.get("Binds") or ()]
    mounts = [
        mount["Source"]
        for mount in host.get("Mounts") or ()
        if mount["Type"] == "volume" and mount.get("Source") and not _has_own_settings(mount)
    ]
    return sorted({source for source in binds + mounts if not source.startswith("/")})


def _has_own_settings(mount: Mapping[str, Any]) -> bool:
    settings = mount.get("VolumeOptions") or {}
    return bool(settings.get("DriverConfig") or settings.get("Labels"))


def create_missing(engine: Engine, task: Task, body: Mapping[str, Any], endpoints: Mapping[str, Any]) -> Steps:
    """Create what the task allows to create, with the Engine's defaults. One request for each name."""
    yield from create_networks(engine, task, networks_of(body, endpoints))
    if task.params.get("create_volumes"):
        from ..volume.steps import default_volume  # pylint: disable=import-outside-toplevel

        for name in volumes_of(body):
            if engine.volumes.find(name) is None:
                yield default_volume(name)


def create_networks(engine: Engine, task: Task, names: Iterable[str]) -> Steps:
    """Create networks that do not exist, if the task allows it."""
    if task.params.get("create_networks"):
        from ..network.creation import default_network  # pylint: disable=import-outside-toplevel

        for name in names:
            if engine.networks.find(name) is None:
                yield default_network(name)

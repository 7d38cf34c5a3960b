# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Podman's Docker-compatible API (4.3 to 5.8): where it answers otherwise than the Engine does, made to look like the Engine's."""

from __future__ import annotations

from typing import Any, Iterator, Mapping, Optional

from ..errors import Missing, NotFound
from . import podman_shapes as shapes
from .containers import Containers
from .daemon import Daemon
from .images import Images


class PodmanContainers(Containers):
    """Podman forgets or rewrites part of what it was asked for, so create notes it in a label, and find tells it from there."""

    def find(self, name: str, size: Optional[bool] = None) -> Optional[dict[str, Any]]:
        found = super().find(name, size)
        return None if found is None else shapes.container(found)

    def create(self, name: str, body: dict[str, Any], platform: Optional[str] = None) -> dict[str, Any]:
        return super().create(name, shapes.noted(body), platform)

    def update(self, name: str, body: dict[str, Any]) -> dict[str, Any]:
        try:
            return super().update(name, body)
        except NotFound as error:
            raise Missing("This Podman cannot change a container in place", "Set recreate: true for this task, or upgrade Podman to 5") from error


class PodmanDaemon(Daemon):
    """Its registries stand in registries.conf; /info has them in another place."""

    def info(self) -> dict[str, Any]:
        return shapes.info(super().info())

    def search(self, term: str, limit: Any = None, filters: Any = None) -> list[dict[str, Any]]:
        return [shapes.hit(entry) for entry in super().search(term, limit, filters)]


class PodmanImages(Images):
    """It says less about a pull, and has no route to ask a registry."""

    def pull(
        self, name: str, tag: str, platform: Optional[str] = None, login: Optional[Mapping[str, str]] = None, stall_timeout: Optional[float] = None
    ) -> Iterator[dict[str, Any]]:
        for message in super().pull(name, tag, platform, login, stall_timeout):
            yield message
            if message.get("status") == "Download complete":
                # It unpacks while it downloads, and has no word for the end of it.
                yield dict(message, status="Pull complete")

    def distribution(self, reference: str, login: Optional[Mapping[str, str]] = None) -> dict[str, Any]:
        raise Missing("Podman's API cannot ask a registry about an image")

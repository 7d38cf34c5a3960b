# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Podman's Docker-compatible API (4.3 to 5.8): where it answers otherwise than the Engine does, made to look like the Engine's."""

from __future__ import annotations

import re
from typing import Any, Iterator, Mapping, Optional

from ..errors import Missing
from . import podman_shapes as shapes
from .api import Api
from .containers import Containers
from .daemon import Daemon
from .images import Images


class PodmanContainers(Containers):
    """Podman forgets or rewrites part of what it was asked for, so create notes it in a label, and find tells it from there."""

    def __init__(self, api: Api, version: str) -> None:
        super().__init__(api)
        self._version = tuple(int(part) for part in re.findall(r"\d+", version)[:2])

    @property
    def can_update(self) -> bool:
        """5.4.2 is the oldest that was seen to have the route; 4.3.1 has none."""
        return self._version >= (5, 4)

    def update(self, name: str, body: dict[str, Any]) -> dict[str, Any]:
        return super().update(name, shapes.update(body))

    def ignored(self, body: Mapping[str, Any]) -> dict[str, Any]:
        return shapes.ignored(body, before_5=self._version < (5,))

    def find(self, name: str, size: Optional[bool] = None) -> Optional[dict[str, Any]]:
        found = super().find(name, size)
        return None if found is None else shapes.container(found)

    def create(self, name: str, body: dict[str, Any], platform: Optional[str] = None) -> dict[str, Any]:
        return super().create(name, shapes.noted(dict(body, Image=shapes.full_name(body["Image"]))), platform)


class PodmanDaemon(Daemon):
    """Its registries stand in registries.conf; /info has them in another place."""

    def info(self) -> dict[str, Any]:
        return shapes.info(super().info())

    def search(self, term: str, limit: Any = None, filters: Any = None) -> list[dict[str, Any]]:
        return [shapes.hit(entry) for entry in super().search(term, limit, filters)]


class PodmanImages(Images):
    """It says less about a pull, has no route to ask a registry, and takes a short name for that of any registry's image that ends so.

    So names go to it in full: nginx is docker.io/library/nginx, as with Docker.
    """

    def find(self, reference: str, platform: Optional[str] = None) -> Optional[dict[str, Any]]:
        return super().find(shapes.full_name(reference), platform)

    def history(self, reference: str) -> list[dict[str, Any]]:
        return super().history(shapes.full_name(reference))

    def pull(
        self, name: str, tag: str, platform: Optional[str] = None, login: Optional[Mapping[str, str]] = None, stall_timeout: Optional[float] = None
    ) -> Iterator[dict[str, Any]]:
        for message in super().pull(shapes.full_name(name), tag, platform, login, stall_timeout):
            yield message
            if message.get("status") == "Download complete":
                # It unpacks while it downloads, and has no word for the end of it.
                yield dict(message, status="Pull complete")

    def remove(self, reference: str, force: bool = False, prune: bool = True) -> list[dict[str, str]]:
        gone = super().remove(shapes.full_name(reference), force, prune)
        return [{kind: shapes.image_id(text) if kind == "Deleted" else text for kind, text in entry.items() if text} for entry in gone]

    def distribution(self, reference: str, login: Optional[Mapping[str, str]] = None, within: Optional[float] = None) -> dict[str, Any]:
        raise Missing("Podman's API cannot ask a registry about an image")

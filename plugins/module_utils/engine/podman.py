# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Podman's Docker-compatible API (4.3 to 5.8): responses that differ from the Engine's are converted."""

from __future__ import annotations

import re
from typing import Any, Iterator, Mapping

from ..errors import Missing
from . import podman_shapes as shapes
from .api import Api, Objects, api_number
from .containers import Containers
from .daemon import Daemon
from .flavour import Flavour
from .images import Images
from .networks import Networks


def flavour(version: str) -> Flavour:
    """Podman ``version``, such as "5.8.6"."""
    return Flavour(
        "podman",
        "Podman",
        "podman.service",
        "podman.socket",
        lambda api: PodmanContainers(api, version),
        PodmanDaemon,
        PodmanImages,
        PodmanNetworks,
        image_store="containers",
        fills_in_limits=True,
        predefined_networks=frozenset({"podman"}),
        has_endpoint_ids=False,
        applied_on_connect=frozenset({"Aliases"}),
        shows_endpoint_settings=False,
        has_config_only_networks=False,
        keeps_network_options=False,
        # Tested: not with 4.3.1 and 5.4.2, but with 5.8.6.
        keeps_output_after_stdin=api_number(version.partition("-")[0]) >= (5, 8),
    )


class PodmanContainers(Containers):
    """Podman drops or rewrites part of a create request, so create records it in a label, and find reads it from there."""

    def __init__(self, api: Api, version: str) -> None:
        super().__init__(api)
        self._version = tuple(int(part) for part in re.findall(r"\d+", version)[:2])

    @property
    def can_update(self) -> bool:
        """5.4.2 is the oldest tested version with this route; 4.3.1 does not have it."""
        return self._version >= (5, 4)

    def update(self, name: str, body: dict[str, Any]) -> dict[str, Any]:
        return super().update(name, shapes.update(body))

    def top(self, name: str) -> dict[str, Any]:
        return shapes.processes(super().top(name))

    def ignored(self, body: Mapping[str, Any]) -> dict[str, Any]:
        return shapes.ignored(body, before_5=self._version < (5,))

    def find(self, name: str, size: bool | None = None) -> dict[str, Any] | None:
        found = super().find(name, size)
        return None if found is None else shapes.container(found)

    def create(self, name: str, body: dict[str, Any], platform: str | None = None) -> dict[str, Any]:
        return super().create(name, shapes.noted(dict(body, Image=shapes.full_name(body["Image"]))), platform)


class PodmanNetworks(Networks):
    """Podman accepts Docker's name of the option for the MTU and shows its own."""

    def find(self, name: str) -> dict[str, Any] | None:
        found = super().find(name)
        return None if found is None else shapes.network(found)

    def list(self, /, **filters: object) -> list[dict[str, Any]]:
        return [shapes.network(found) for found in super().list(**filters)]


class PodmanDaemon(Daemon):
    """Its registries come from registries.conf; /info has them in a different field. Its disk usage has names and sizes of volumes only."""

    def info(self) -> dict[str, Any]:
        return shapes.info(super().info())

    def volumes_with_sizes(self) -> list[dict[str, Any]]:
        sizes = {volume["Name"]: volume.get("UsageData") for volume in super().volumes_with_sizes()}
        listed = self._api.get("list volumes", "/volumes")["Volumes"] or []
        return [dict(volume, UsageData=sizes.get(volume["Name"])) for volume in listed]

    def search(self, term: str, limit: int | None = None) -> list[dict[str, Any]]:
        return [shapes.hit(entry) for entry in super().search(term, limit)]


class PodmanImages(Images):
    """It reports less about a pull, cannot query a registry, and resolves a short name to any registry's image with that ending.

    So full names are sent: docker.io/library/nginx for nginx, as with Docker.
    """

    def find(self, reference: str, platform: str | None = None) -> dict[str, Any] | None:
        return super().find(shapes.full_name(reference), platform)

    def history(self, reference: str, platform: str | None = None) -> list[dict[str, Any]]:
        return super().history(shapes.full_name(reference), platform)

    def pull(
        self,
        name: str,
        tag: str,
        platform: str | None = None,
        login: Mapping[str, str] | None = None,
        stall_timeout: float | None = None,
    ) -> Iterator[dict[str, Any]]:
        for message in super().pull(shapes.full_name(name), tag, platform, login, stall_timeout):
            yield message
            if message.get("status") == "Download complete":
                # Podman unpacks while it downloads, and does not report when it has unpacked.
                yield dict(message, status="Pull complete")

    def remove(self, reference: str, force: bool = False, prune: bool = True) -> Objects:
        gone = super().remove(shapes.full_name(reference), force, prune)
        return [
            {kind: shapes.image_id(text) if kind == "Deleted" else text for kind, text in entry.items() if text}
            for entry in gone
        ]

    def distribution(
        self, reference: str, login: Mapping[str, str] | None = None, within: float | None = None
    ) -> dict[str, Any]:
        raise Missing("Podman's API cannot query a registry for an image")

# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The Docker Engine: what modules see of it. One short method per API call, in a file per kind of object."""

from __future__ import annotations

from typing import Any

from .api import Api, api_number
from .containers import Containers
from .daemon import Daemon
from .images import Images
from .networks import Networks
from .podman import PodmanContainers, PodmanDaemon, PodmanImages
from .volumes import Volumes


class Engine:
    """A daemon that answered. ``api_version`` is what requests use; ``headers`` are those of its ping."""

    def __init__(self, api: Api, headers: dict[str, str]) -> None:
        self.api_version = api.version
        self.address = api.address
        self.headers = headers
        self.containers = PodmanContainers(api, headers["Libpod-Api-Version"]) if self.is_podman else Containers(api)
        self.daemon = PodmanDaemon(api) if self.is_podman else Daemon(api)
        self.images = PodmanImages(api) if self.is_podman else Images(api)
        self.networks = Networks(api)
        self.volumes = Volumes(api)

    @property
    def max_api_version(self) -> str:
        """The newest API version that the daemon speaks."""
        return self.headers.get("Api-Version", self.api_version)

    @property
    def is_podman(self) -> bool:
        """Whether Podman's Docker-compatible API answered instead of Docker."""
        return "Libpod-Api-Version" in self.headers

    @property
    def is_local(self) -> bool:
        """Whether it was reached over a socket of this host. It may still run in a container of its own."""
        return self.address.startswith(("unix://", "/"))

    def speaks(self, version: str) -> bool:
        """Whether requests use API ``version`` or a newer one."""
        return api_number(self.api_version) >= api_number(version)


def newest_common(server: str, ours: str) -> Any:
    """The API version to use with a server: the older of the two."""
    return min(server, ours, key=api_number)

# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The Docker Engine as modules use it: one short method per API call, in a file per kind of object."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from . import flavour
from .api import Api, api_number

# A host compiles what a task imports, so each kind of object is imported when it is first used.
# pylint: disable=import-outside-toplevel
if TYPE_CHECKING:
    from .containers import Containers
    from .credentials import DockerConfig
    from .daemon import Daemon
    from .execs import Execs
    from .images import Images
    from .networks import Networks
    from .volumes import Volumes


class Engine:
    """A daemon that answered. ``api_version`` is what requests use; ``headers`` are those of its ping; ``flavour`` is its product.

    Other packages import this class for their types only, under TYPE_CHECKING.
    """

    def __init__(self, api: Api, headers: dict[str, str]) -> None:
        self._api = api
        self.api_version = api.version
        self.address = api.address
        self.headers = headers
        self.flavour = flavour.of(headers)

    @cached_property
    def containers(self) -> Containers:
        """Requests for containers."""
        return self.flavour.containers(self._api)

    @cached_property
    def images(self) -> Images:
        """Requests for images."""
        return self.flavour.images(self._api)

    @cached_property
    def daemon(self) -> Daemon:
        """Requests for the daemon itself."""
        return self.flavour.daemon(self._api)

    @cached_property
    def networks(self) -> Networks:
        """Requests for networks."""
        return self.flavour.networks(self._api)

    @cached_property
    def volumes(self) -> Volumes:
        """Requests for volumes."""
        from .volumes import Volumes

        return Volumes(self._api)

    @cached_property
    def execs(self) -> Execs:
        """Requests for commands in containers."""
        from .execs import Execs

        return Execs(self._api)

    @cached_property
    def docker_config(self) -> DockerConfig:
        """The logins of the user who runs the module."""
        from .credentials import DockerConfig

        return DockerConfig()

    def allow(self, seconds: float) -> None:
        """Let each later request take this long where the timeout of the connection is shorter."""
        self._api.allow(seconds)

    @property
    def is_local(self) -> bool:
        """Whether it was reached over a socket of this host. It may still run in a container of its own."""
        return self.address.startswith("unix://")

    def speaks(self, version: str) -> bool:
        """Whether requests use API ``version`` or a newer one."""
        return api_number(self.api_version) >= api_number(version)

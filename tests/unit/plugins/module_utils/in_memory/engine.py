# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An Engine in memory, with one part for each kind of object."""

from __future__ import annotations

from typing import Any

from ansible_collections.flotilla.docker.plugins.module_utils.engine.credentials import DockerConfig
from ansible_collections.flotilla.docker.plugins.module_utils.engine.flavour import DOCKER

from .containers import API, Containers
from .daemon import Daemon
from .execs import Execs
from .images import Images, image
from .networks import Networks
from .volumes import Volumes


class Engine:
    """An Engine. ``failures`` maps an operation, such as "start" or "remove web", to the error that its next request raises.

    ``calls`` are the operations of all changes, ``removed`` the names of what was removed. ``on_removal`` is called after each removal.
    ``allowed`` are the seconds that requests were allowed to take.
    """

    flavour = DOCKER
    encrypted = False

    def __init__(
        self,
        docker: str = "28.5",
        api: Any = None,
        images: Any = (),
        networks: Any = ("bridge", "front", "back"),
        address: str = "tcp://engine:2375",
        info: Any = (),
    ) -> None:
        self.api_version = api or API[docker]
        self.address = address
        self.failures: dict[str, Exception] = {}
        self.calls: list[str] = []
        self.removed: list[str] = []
        self.allowed: list[float] = []
        self.on_removal: Any = lambda: None
        self.docker_config = DockerConfig({"HOME": "/nonexistent"})
        self.images = Images(self._note, images or [image()])
        self.containers = Containers(self._note, self.images, docker)
        self.execs = Execs(self._note)
        self.networks = Networks(self._note, self.containers, networks)
        self.volumes = Volumes(self._note)
        self.daemon = Daemon(self._note, self.volumes, info)

    def speaks(self, version: str) -> bool:
        return tuple(map(int, self.api_version.split("."))) >= tuple(map(int, version.split(".")))

    @property
    def is_local(self) -> bool:
        return self.address.startswith("unix://")

    def allow(self, seconds: float) -> None:
        self.allowed.append(seconds)

    def _note(self, verb: str, name: str = "") -> None:
        self.calls.append(verb)
        for operation in (verb, f"{verb} {name}"):
            if operation in self.failures:
                raise self.failures.pop(operation)
        if verb.startswith("remove") and name:
            self.removed.append(name)
            self.on_removal()

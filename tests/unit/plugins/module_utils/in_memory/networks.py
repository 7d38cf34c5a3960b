# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Networks in memory, in the form of Docker 28.5.2."""

from __future__ import annotations

import copy
import itertools
from typing import Any

from ansible_collections.flotilla.docker.plugins.module_utils.errors import ApiError, NotFound


class Networks:
    """``known`` are the networks by name. ``refuse`` are names of networks that cannot be created."""

    def __init__(self, journal: Any, containers: Any, names: Any = ()) -> None:
        self.known: dict[str, Any] = {}
        self.refuse: Any = {}
        self._journal = journal
        self._containers = containers
        self._ids = (f"{number:064x}" for number in itertools.count(2**32))
        for name in names:
            self.create({"Name": name})

    def list(self, name: Any = (), **filters: Any) -> Any:
        """Filters that are not named here have no effect."""
        wanted = [text.strip("^$").split("(")[0] for text in name]
        return [
            copy.deepcopy(network)
            for network in self.known.values()
            if not wanted or any(network["Name"].startswith(text) for text in wanted)
        ]

    def find(self, key: str) -> Any:
        return next((network for network in self.list() if key in (network["Name"], network["Id"])), None)

    def create(self, body: Any) -> Any:
        name = body["Name"]
        if name in self.refuse:
            raise ApiError(f"create network {name}", 400, "no free address pool")
        network = {"Driver": "bridge", "Scope": "local", "Options": {}, "Labels": {}, **copy.deepcopy(body)}
        network["Id"] = next(self._ids)
        self.known[name] = network
        return {"Id": network["Id"], "Warning": ""}

    def remove(self, key: str, name: str = "") -> bool:
        found = self.find(key)
        if found:
            self._journal("remove", found["Name"])
            del self.known[found["Name"]]
        return bool(found)

    def connect(self, network: str, key: str, endpoint: Any, name: str = "") -> None:
        self._journal("connect")
        if network not in self.known:
            raise NotFound("connect", 404, f"network {network} not found")
        container = self._containers.stored(key)
        container["NetworkSettings"]["Networks"][network] = dict(
            endpoint,
            NetworkID=self.known[network]["Id"],
            EndpointID="e" if container["State"]["Running"] else "",
        )

    def disconnect(self, network: str, key: str, name: str = "") -> None:
        self._journal("disconnect")
        del self._containers.stored(key)["NetworkSettings"]["Networks"][network]

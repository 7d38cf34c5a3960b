# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Networks of the Engine."""

from __future__ import annotations

from typing import Any

from ..errors import NotFound
from ..shapes import is_called
from .api import Api


class Networks:
    """One method per API call; None for "not found"."""

    def __init__(self, api: Api) -> None:
        self._api = api

    def find(self, name: str) -> dict[str, Any] | None:
        """The inspected network by name or id, or None."""
        try:
            found = self._api.get(f"inspect network {name}", "/networks/{0}", name)
        except NotFound:
            return None
        return found if is_called(found, name) else None

    def list(self, /, **filters: object) -> list[dict[str, Any]]:
        """Networks that match Engine API filters such as name=["web"]."""
        return self._api.get("list networks", "/networks", filters=filters or None)

    def connect(self, network: str, container: str, endpoint: dict[str, Any], name: str = "") -> None:
        """Attach a container with an EndpointSettings dict. ``name`` is for messages."""
        self._api.post(
            f"connect container {name or container} to network {network}",
            "/networks/{0}/connect",
            network,
            body={"Container": container, "EndpointConfig": endpoint},
        )

    def disconnect(self, network: str, container: str, name: str = "") -> None:
        """Detach a container. ``name`` is for messages."""
        self._api.post(
            f"disconnect container {name or container} from network {network}",
            "/networks/{0}/disconnect",
            network,
            body={"Container": container, "Force": True},
        )

    def create(self, body: dict[str, Any]) -> dict[str, Any]:
        """Id and Warning of the new network. A name that exists is a Conflict; before API 1.44 the Engine only checks for it on request."""
        if not self._api.speaks("1.44"):
            body = dict(body, CheckDuplicate=True)
        return self._api.post(f"create network {body['Name']}", "/networks/create", body=body)

    def remove(self, network: str, name: str = "") -> bool:
        """Remove by id or name. False if it does not exist. ``name`` is for messages."""
        try:
            self._api.delete(f"remove network {name or network}", "/networks/{0}", network)
        except NotFound:
            return False
        return True

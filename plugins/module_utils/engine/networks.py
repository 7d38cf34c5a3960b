# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Networks of the Engine."""

from __future__ import annotations

import contextlib
from typing import Any

from ..errors import NotFound
from .api import Api


class Networks:
    """One method per API call; None for "not found"."""

    def __init__(self, api: Api) -> None:
        self._api = api

    def find(self, name: str) -> dict[str, Any] | None:
        """The inspected network, or None."""
        try:
            return self._api.get(f"inspect network {name}", "/networks/{0}", name)
        except NotFound:
            return None

    def list(self, /, **filters: object) -> list[dict[str, Any]]:
        """Networks that match Engine API filters such as name=["web"]."""
        return self._api.get("list networks", "/networks", filters=filters or None)

    def connect(self, network: str, container: str, endpoint: dict[str, Any]) -> None:
        """Attach a container with an EndpointSettings dict."""
        self._api.post(
            f"connect {container} to network {network}",
            "/networks/{0}/connect",
            network,
            body={"Container": container, "EndpointConfig": endpoint},
        )

    def disconnect(self, network: str, container: str) -> None:
        """Detach a container."""
        self._api.post(
            f"disconnect {container} from network {network}",
            "/networks/{0}/disconnect",
            network,
            body={"Container": container, "Force": True},
        )

    def create(self, body: dict[str, Any]) -> dict[str, Any]:
        """Id and Warning of the new network. A name that exists is a Conflict; before API 1.44 the Engine only checks for it on request."""
        if not self._api.speaks("1.44"):
            body = dict(body, CheckDuplicate=True)
        return self._api.post(f"create network {body['Name']}", "/networks/create", body=body)

    def remove(self, network: str, name: str = "") -> None:
        """Remove by id or name. No error if it does not exist. ``name`` is for messages."""
        with contextlib.suppress(NotFound):
            self._api.delete(f"remove network {name or network}", "/networks/{0}", network)

# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Networks of the Engine."""

from __future__ import annotations

from typing import Any, Optional

from ..errors import NotFound
from .api import Api


class Networks:
    """One method per API call; None for "not found"."""

    def __init__(self, api: Api) -> None:
        self._api = api

    def find(self, name: str) -> Optional[dict[str, Any]]:
        """The inspected network, or None."""
        try:
            return self._api.get("inspect network %s" % name, "/networks/{0}", name)
        except NotFound:
            return None

    def list(self, **filters: Any) -> list[dict[str, Any]]:
        """Networks that match Engine API filters such as name=["web"]."""
        return self._api.get("list networks", "/networks", filters=filters or None)

    def connect(self, network: str, container: str, endpoint: dict[str, Any]) -> None:
        """Attach a container with an EndpointSettings dict."""
        self._api.post(
            "connect %s to network %s" % (container, network), "/networks/{0}/connect", network, body={"Container": container, "EndpointConfig": endpoint}
        )

    def disconnect(self, network: str, container: str) -> None:
        """Detach a container."""
        self._api.post(
            "disconnect %s from network %s" % (container, network), "/networks/{0}/disconnect", network, body={"Container": container, "Force": True}
        )

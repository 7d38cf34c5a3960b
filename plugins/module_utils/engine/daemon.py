# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The daemon itself."""

from __future__ import annotations

from typing import Any

from .api import Api


class Daemon:
    """One method per API call."""

    def __init__(self, api: Api) -> None:
        self._api = api

    def require_answer(self, within: float = 5.0) -> None:
        """Raises Unreachable unless the daemon answers a ping in that many seconds: whether silence is its own or a registry's."""
        self._api.ping(within)

    def version(self) -> dict[str, Any]:
        """GET /version: the engine and its components."""
        return self._api.get("read the daemon's version", "/version")

    def info(self) -> dict[str, Any]:
        """GET /info."""
        return self._api.get("read the daemon's settings", "/info")

    def disk_usage(self, **params: Any) -> dict[str, Any]:
        """GET /system/df. Walks all volumes and writable layers: seconds on a large host."""
        return self._api.get("read the daemon's disk usage", "/system/df", **params)

    def build_cache(self) -> list[str]:
        """Ids of the build cache's records. Before API 1.42 as slow as all of the disk usage."""
        kind = {"type": "build-cache"} if self._api.speaks("1.42") else {}
        usage = self.disk_usage(**kind)
        # Engine 29 has the list in two places, of which it announces to take away the first.
        return [record["ID"] for record in usage.get("BuildCache") or (usage.get("BuildCacheUsage") or {}).get("Items") or ()]

    def search(self, term: str, limit: Any = None, filters: Any = None) -> list[dict[str, Any]]:
        """GET /images/search: the daemon asks the index; filters are applied after the limit."""
        return self._api.get("search the index for %s" % term, "/images/search", term=term, limit=limit, filters=filters) or []

# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The Docker daemon."""

from __future__ import annotations

import time
from typing import Any

from .api import Api


class Daemon:
    """One method per API call."""

    def __init__(self, api: Api) -> None:
        self._api = api

    def require_answer(self, within: float = 5.0) -> None:
        """Raise Unreachable unless the daemon responds to a ping in time. Shows whether the daemon or a registry does not respond."""
        self._api.ping(within)

    def version(self) -> dict[str, Any]:
        """GET /version: the Engine and its components."""
        return self._api.get("read the Engine's version", "/version")

    def info(self) -> dict[str, Any]:
        """GET /info."""
        return self._api.get("read the Engine's settings", "/info")

    def has_reloaded(self, since: float) -> bool:
        """GET /events: whether the daemon has applied its configuration since this time of its host, which is this host."""
        wanted = {"type": ["daemon"], "event": ["reload"]}
        span = {"since": f"{since:.9f}", "until": f"{time.time():.9f}"}
        return bool(self._api.raw("read the Engine's events", "/events", filters=wanted, **span))

    def login(self, login: dict[str, str]) -> dict[str, str]:
        """POST /auth: whether a registry accepts these credentials. Returns Status and, for some registries, IdentityToken."""
        return self._api.post(f"log in to {login['serveraddress']}", "/auth", body=login) or {}

    def disk_usage(self, **params: Any) -> dict[str, Any]:
        """GET /system/df. Walks all volumes and writable layers: seconds on a large host."""
        return self._api.get("read the Engine's disk usage", "/system/df", **params)

    def volumes_with_sizes(self) -> list[dict[str, Any]]:
        """Volumes with UsageData: Size and RefCount. Walks their files; before API 1.42 as slow as all of the disk usage."""
        usage = self.disk_usage(**({"type": "volume"} if self._api.speaks("1.42") else {}))
        return usage.get("Volumes") or (usage.get("VolumeUsage") or {}).get("Items") or []

    def prune_build_cache(self, **params: Any) -> dict[str, Any]:
        """CachesDeleted and SpaceReclaimed in bytes. ``params``: all, filters, keep-storage."""
        return self._api.post("prune the build cache", "/build/prune", **params) or {}

    def build_cache(self) -> list[str]:
        """Ids of the build cache's records. Before API 1.42 as slow as all of the disk usage."""
        return [record["ID"] for record in self.build_cache_records()]

    def build_cache_records(self) -> list[dict[str, Any]]:
        """The build cache's records: ID, Type, Size, InUse, Shared, CreatedAt, LastUsedAt."""
        kind = {"type": "build-cache"} if self._api.speaks("1.42") else {}
        usage = self.disk_usage(**kind)
        # Engine 29 has the list in two fields, of which the first is deprecated.
        return usage.get("BuildCache") or (usage.get("BuildCacheUsage") or {}).get("Items") or []

    def search(self, term: str, limit: int | None = None) -> list[dict[str, Any]]:
        """GET /images/search: the Engine asks the index for at most ``limit`` results."""
        return self._api.get(f"search the index for {term}", "/images/search", term=term, limit=limit) or []

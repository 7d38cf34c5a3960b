# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The daemon itself in memory."""

from __future__ import annotations

from typing import Any

from ansible_collections.flotilla.docker.plugins.module_utils.errors import ApiError

_LIMITS = (
    "MemoryLimit",
    "SwapLimit",
    "OomKillDisable",
    "CPUShares",
    "CpuCfsPeriod",
    "CpuCfsQuota",
    "CPUSet",
    "KernelMemory",
    "PidsLimit",
)


class Daemon:
    """A daemon whose kernel can enforce all limits.

    ``settings`` are fields of /info that differ. ``asked`` counts the requests for it. ``password`` is the one that a registry accepts.
    ``reloads`` are the answers to has_reloaded, of which the last one is repeated.
    ``build_cache_sizes`` are the sizes of the build cache's records by their ids.
    """

    def __init__(self, journal: Any, volumes: Any, settings: Any = ()) -> None:
        self.settings = dict(settings)
        self.asked = 0
        self.password = "secret"
        self.reloads = [True]
        self.build_cache_sizes: dict[str, int] = {}
        self._journal = journal
        self._volumes = volumes

    def require_answer(self, within: float = 5.0) -> None:
        pass

    def version(self) -> Any:
        return {"Version": "29.7.2", "ApiVersion": "1.55", "MinAPIVersion": "1.40"}

    def info(self) -> Any:
        self.asked += 1
        known = dict(
            dict.fromkeys(_LIMITS, True),
            Driver="overlay2",
            DriverStatus=[],
            Runtimes={"runc": {}},
            DefaultRuntime="runc",
            LoggingDriver="json-file",
            CgroupVersion="1",
            Swarm={"LocalNodeState": "inactive"},
            Plugins={"Network": ["bridge", "overlay"]},
        )
        return dict(known, **self.settings)

    def has_reloaded(self, since: float) -> bool:
        return self.reloads.pop(0) if len(self.reloads) > 1 else self.reloads[0]

    def login(self, login: Any) -> Any:
        if login.get("password") != self.password:
            raise ApiError("log in", 401, "unauthorized: incorrect username or password")
        return {"Status": "Login Succeeded"}

    def disk_usage(self, **params: Any) -> Any:
        """As Engine 29 returns it of a host without images: without LayersSize."""
        return {"ImageUsage": {}, "ContainerUsage": {}, "VolumeUsage": {}, "BuildCacheUsage": {}}

    def volumes_with_sizes(self) -> Any:
        return [dict(volume, UsageData={"Size": 100}) for volume in self._volumes.list()]

    def build_cache(self) -> Any:
        return list(self.build_cache_sizes)

    def build_cache_records(self) -> Any:
        return [{"ID": key, "Type": "regular", "Size": size} for key, size in self.build_cache_sizes.items()]

    def prune_build_cache(self, **params: Any) -> Any:
        gone, self.build_cache_sizes = self.build_cache_sizes, {}
        for key in gone:
            self._journal("remove", key)
        return {"CachesDeleted": list(gone), "SpaceReclaimed": sum(gone.values())}

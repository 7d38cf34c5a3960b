# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Volumes in memory."""

from __future__ import annotations

import copy
from typing import Any

from ansible_collections.flotilla.docker.plugins.module_utils.errors import ApiError


class Volumes:
    """Volumes. ``refuse`` are driver options with which a create request fails.

    ``raced`` is a volume that another client creates before the next create request.
    """

    def __init__(self, journal: Any) -> None:
        self.known: dict[str, Any] = {}
        self._journal = journal
        self.refuse: Any = {}
        self.raced: Any = None

    def list(self, **filters: Any) -> Any:
        """Filters have no effect."""
        return [copy.deepcopy(volume) for volume in self.known.values()]

    def find(self, name: str) -> Any:
        return copy.deepcopy(self.known.get(name))

    def create(self, body: Any) -> Any:
        if self.raced:
            self.known[body["Name"]], self.raced = self.raced, None
        wanted = body.get("DriverOpts") or {}
        if self.refuse and self.refuse == wanted and not body["Name"].endswith("probe"):
            raise ApiError("create volume", 400, "it does not work")
        volume = {
            "Name": body["Name"],
            "Driver": body.get("Driver") or "local",
            "Options": wanted,
            "Labels": body.get("Labels"),
        }
        return self.known.setdefault(body["Name"], volume)

    def remove(self, name: str, force: bool = False) -> bool:
        self._journal("remove", name)
        return self.known.pop(name, None) is not None

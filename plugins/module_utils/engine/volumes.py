# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Volumes of the Engine."""

from __future__ import annotations

from typing import Any

from ..errors import NotFound
from .api import Api


class Volumes:
    """One method per API call."""

    def __init__(self, api: Api) -> None:
        self._api = api

    def list(self, /, **filters: object) -> list[dict[str, Any]]:
        """Volumes that match Engine API filters such as dangling=["true"]."""
        return self._api.get("list volumes", "/volumes", filters=filters or None)["Volumes"] or []

    def find(self, name: str) -> dict[str, Any] | None:
        """The inspected volume, or None. A driver that cannot be reached is an error, whatever its status."""
        try:
            return self._api.get(f"inspect volume {name}", "/volumes/{0}", name)
        except NotFound as error:
            if "plugin" in error.explanation:
                raise
            return None

    def create(self, body: dict[str, Any]) -> dict[str, Any]:
        """The volume. Of a name that exists the Engine returns the existing volume and ignores the body."""
        return self._api.post(f"create volume {body['Name']}", "/volumes/create", body=body)

    def remove(self, name: str, force: bool = False) -> bool:
        """Remove. False if it does not exist. ``force`` removes it also if its driver does not answer."""
        try:
            self._api.delete(f"remove volume {name}", "/volumes/{0}", name, force=force)
        except NotFound:
            return False
        return True

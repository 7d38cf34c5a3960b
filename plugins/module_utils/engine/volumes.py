# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Volumes of the Engine."""

from __future__ import annotations

from typing import Any

from .api import Api


class Volumes:
    """One method per API call."""

    def __init__(self, api: Api) -> None:
        self._api = api

    def list(self, **filters: Any) -> list[dict[str, Any]]:
        """Volumes that match Engine API filters such as dangling=["true"]."""
        return self._api.get("list volumes", "/volumes", filters=filters or None)["Volumes"] or []

# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The return values of each member of container_set."""

from __future__ import annotations

from typing import Any, Mapping

from ..errors import FlotillaError


def trimmed(inspected: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """The names, ids and state of a container; None if there is none."""
    if inspected is None:
        return None
    state = inspected["State"]
    return {
        "id": inspected["Id"],
        "name": inspected["Name"].lstrip("/"),
        "image": inspected["Config"]["Image"],
        "image_id": inspected["Image"],
        "status": state["Status"],
        "health": (state.get("Health") or {}).get("Status"),
        "restarts": inspected.get("RestartCount") or 0,
        "ports": (inspected.get("NetworkSettings") or {}).get("Ports") or {},
    }


def failure(error: FlotillaError | None) -> dict[str, Any] | None:
    """An error with its facts, such as the end of the container's log."""
    return None if error is None else dict(error.facts, msg=str(error))

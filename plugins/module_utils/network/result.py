# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A network as the module returns it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Mapping

from ..masking import mask_options

if TYPE_CHECKING:
    from ..engine.engine import Engine


def network(inspected: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """The Engine's inspection with secret driver options masked; None for a network that does not exist."""
    if inspected is None:
        return None
    return dict(inspected, Options=mask_options(inspected.get("Options") or {}))


def current_state(engine: Engine, params: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    """The current state after a failure, as a sentence and as facts."""
    name = params["name"]
    found = engine.networks.find(name)
    if found is None or found["Name"] != name:
        return f" There is no network {name} now.", {"network": None}
    connected = ", ".join(sorted(entry["Name"] for entry in (found.get("Containers") or {}).values())) or "none"
    return f" Network {name} exists; connected running containers: {connected}.", {"network": network(found)}

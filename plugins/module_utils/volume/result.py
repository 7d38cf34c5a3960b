# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A volume as the module returns it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Mapping

from ..masking import mask_options

if TYPE_CHECKING:
    from ..engine.engine import Engine


def volume(inspected: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """The Engine's inspection with secrets in driver options masked; None for a volume that does not exist."""
    if inspected is None:
        return None
    options = inspected.get("Options")
    return dict(inspected, Options=mask_options(options) if options else options)


def current_state(engine: Engine, params: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    """The current state after a failure, as a sentence and as facts."""
    found = engine.volumes.find(params["name"])
    sentence = f" There is no volume {params['name']} now." if found is None else f" Volume {params['name']} exists."
    return sentence, {"volume": volume(found)}

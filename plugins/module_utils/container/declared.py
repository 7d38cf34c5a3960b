# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the task declared when the container was made: names only, kept in a label.

It makes the comparison three-way, as in ``kubectl apply``: what was declared then and is not now has left the task.
"""

from __future__ import annotations

import json
from typing import Any, Mapping

LABEL = "flotilla.docker.declared"

# option -> names of its members; an empty tuple for an option that is one value
Declared = Mapping[str, Any]


def of_values(desired: Mapping[Any, Any]) -> dict[str, list[str]]:
    """The names in the values of a task: {Option: API value}."""
    return {option.name: sorted(value) if option.is_map else [] for option, value in desired.items()}


def to_label(desired: Mapping[Any, Any]) -> str:
    """The label's text. It holds no value, so no secret."""
    return json.dumps(of_values(desired), sort_keys=True, separators=(",", ":"))


def of_container(inspected: Mapping[str, Any]) -> Any:
    """What the container's label says; None for a container that this collection did not make."""
    text = ((inspected.get("Config") or {}).get("Labels") or {}).get(LABEL)
    try:
        declared = json.loads(text) if text else None
    except ValueError:
        return None
    return declared if isinstance(declared, dict) else None

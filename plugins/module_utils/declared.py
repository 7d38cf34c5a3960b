# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The options that a task declared for a container, network or volume: only their names, stored in a label.

With the label, the comparison is three-way, as in ``kubectl apply``: an option that was declared then and is not declared now was removed from the task.
"""

from __future__ import annotations

import json
from typing import Any, Mapping

LABEL = "flotilla.docker.declared"

# option -> names of its members; an empty tuple for an option that is one value
Declared = Mapping[str, Any]


def without_record(members: Mapping[str, Any]) -> dict[str, Any]:
    """Members of a map option, such as labels, without the label of this collection."""
    return {name: value for name, value in members.items() if name != LABEL}


def of_values(desired: Mapping[Any, Any]) -> dict[str, list[str]]:
    """The names in the values of a task: {Option: API value}."""
    return {option.name: option.names(value) for option, value in desired.items()}


def to_label(desired: Mapping[Any, Any], earlier: Declared | None = None) -> str:
    """The label's text. It contains no values, so no secrets. ``earlier`` is a record to which the names are added."""
    names = dict(earlier or {})
    for option, added in of_values(desired).items():
        names[option] = sorted({*names.get(option, ()), *added})
    return json.dumps(names, sort_keys=True, separators=(",", ":"))


def of_labels(labels: Mapping[str, str] | None) -> dict[str, Any] | None:
    """The names in the label of an object; None for an object that this collection did not create."""
    text = (labels or {}).get(LABEL)
    try:
        declared = json.loads(text) if text else None
    except ValueError:
        return None
    return declared if isinstance(declared, dict) else None

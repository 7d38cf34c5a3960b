# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""API values in the words of the task, with secrets masked, for diffs."""

from __future__ import annotations

from typing import Any, Mapping

from .secrets import mask_env


def shown(values: Mapping[Any, Any], params: Mapping[str, Any]) -> dict[str, Any]:
    """Option names to values that a person may see."""
    return {option.name: _value(option, value, params) for option, value in values.items()}


def _value(option: Any, value: Any, params: Mapping[str, Any]) -> Any:
    if option.name == "env" and value:
        return mask_env(value, params.get("secret_env") or ())
    if option.is_map and value and all(entry is True for entry in value.values()):
        return sorted(value)
    return value

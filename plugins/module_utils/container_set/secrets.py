# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Masks secret variables of all members."""

from __future__ import annotations

from typing import Any, Mapping

from ..container import secrets


def mask_params(params: Mapping[str, Any]) -> tuple[dict[str, Any], set[str]]:
    """The parameters of the set as they may be shown, and the values that may appear nowhere.

    Also called for invalid parameters, so values can have any type.
    """
    hidden: set[str] = set()
    defaults = params.get("defaults")
    named = defaults.get("secret_env") if isinstance(defaults, dict) else None

    def masked(entry: object) -> Any:
        if entry is None:
            return None
        if not isinstance(entry, dict):
            return secrets.HIDDEN
        shown, values = secrets.mask_params(dict(entry, secret_env=entry.get("secret_env") or named))
        hidden.update(values)
        return {name: shown[name] if name in ("env", "labels") else value for name, value in entry.items()}

    containers = params.get("containers")
    shown = [masked(entry) for entry in containers] if isinstance(containers, list) else masked(containers)
    return dict(params, defaults=masked(defaults), containers=shown), hidden

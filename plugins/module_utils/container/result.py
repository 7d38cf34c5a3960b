# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The inspected container as the modules return it."""

from __future__ import annotations

from typing import Any, Iterable

from .secrets import mask_labels, mask_lines


def container(inspected: dict[str, Any] | None, secret_env: Iterable[str] = ()) -> dict[str, Any] | None:
    """The Engine's inspection with secret variables and passwords in addresses masked; None for a container that does not exist."""
    if inspected is None:
        return None
    config = dict(inspected.get("Config") or {})
    config["Env"] = mask_lines(config.get("Env"), secret_env)
    if config.get("Labels"):
        config["Labels"] = mask_labels(config["Labels"])
    return dict(inspected, Config=config)

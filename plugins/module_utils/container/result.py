# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The inspected container as the modules return it."""

from __future__ import annotations

from typing import Any, Iterable, Optional

from .secrets import mask_lines


def container(inspected: Optional[dict[str, Any]], secret_env: Iterable[str] = ()) -> Optional[dict[str, Any]]:
    """The Engine's own inspection with secret variables masked; None for a container that is not there."""
    if inspected is None:
        return None
    config = dict(inspected.get("Config") or {})
    config["Env"] = mask_lines(config.get("Env"), secret_env)
    return dict(inspected, Config=config)

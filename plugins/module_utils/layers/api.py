# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What inspecting an image tells of its layers, where the store itself cannot be read."""

from __future__ import annotations

from typing import Any, Mapping, Tuple

from .model import DIFFERENCE, Layer, chain_ids


class ApiStore:
    """Layers from the Engine API alone. Paths are there for overlay-like graph drivers only, and are those that the daemon sees."""

    path_holds = DIFFERENCE

    def layers(self, image: Mapping[str, Any]) -> Tuple[Layer, ...]:
        """The layers of an inspected image, base first."""
        diff_ids = (image.get("RootFS") or {}).get("Layers") or []
        paths = _paths(image)
        if len(paths) != len(diff_ids):
            paths = (None,) * len(diff_ids)
        return tuple(Layer(index, diff_id, chain_id, path=path) for index, (diff_id, chain_id, path) in enumerate(zip(diff_ids, chain_ids(diff_ids), paths)))

    def config(self, image: Mapping[str, Any]) -> None:
        """The API has no config with marks in its history."""


def _paths(image: Mapping[str, Any]) -> Tuple[Any, ...]:
    """LowerDir is the nearest layer first; it is missing in an image of one layer."""
    data = (image.get("GraphDriver") or {}).get("Data") or {}
    lower = [path for path in (data.get("LowerDir") or "").split(":") if path]
    return tuple(reversed(([data["UpperDir"]] if data.get("UpperDir") else []) + lower))

# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Layers from the Engine API, if the store itself cannot be read."""

from __future__ import annotations

from typing import Any, Callable, Iterable, Mapping

from .model import DIFFERENCE, Layer, SinglePlatformStore, Stored, chain_ids


class ApiStore(SinglePlatformStore):
    """Layers from the Engine API alone. Only overlay-like graph drivers show paths, and these are paths on the Engine's host."""

    path_holds: str | None = DIFFERENCE

    def check(self) -> None:
        """There are no files to read."""

    def layers(self, image: Mapping[str, Any]) -> tuple[Layer, ...]:
        """The layers of an inspected image, base first."""
        diff_ids = (image.get("RootFS") or {}).get("Layers") or []
        paths = _paths(image)
        if len(paths) != len(diff_ids):
            paths = (None,) * len(diff_ids)
        return tuple(
            Layer(index, diff_id, chain_id, path=path)
            for index, (diff_id, chain_id, path) in enumerate(zip(diff_ids, chain_ids(diff_ids), paths))
        )

    def config(self, image: Mapping[str, Any]) -> None:
        """The API does not show which steps of the history created no layer."""

    def all_layers(self) -> list[Stored] | None:
        """The API lists no layers."""
        return None

    def in_build_cache(self, records: Callable[[], Iterable[str]]) -> set[str] | None:
        """The API does not show which layers the build cache's records have."""
        return None


def _paths(image: Mapping[str, Any]) -> tuple[Any, ...]:
    """LowerDir is the nearest layer first; it is missing in an image of one layer."""
    data = (image.get("GraphDriver") or {}).get("Data") or {}
    lower = [path for path in (data.get("LowerDir") or "").split(":") if path]
    return tuple(reversed(([data["UpperDir"]] if data.get("UpperDir") else []) + lower))

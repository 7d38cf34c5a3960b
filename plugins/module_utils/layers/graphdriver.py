# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The layer store of the Engine's graph drivers (overlay2, vfs, btrfs, fuse-overlayfs): files below the data root, for root only."""

from __future__ import annotations

import json
import os
from typing import Any, Mapping, Optional, Sequence, Tuple

from .model import Layer, chain_ids

# Where the driver keeps a layer's directory. Of vfs and btrfs it is the whole tree at that layer, not the difference.
_DIRECTORIES = {
    "overlay2": "overlay2/%s/diff",
    "fuse-overlayfs": "fuse-overlayfs/%s/diff",
    "vfs": "vfs/dir/%s",
    "btrfs": "btrfs/subvolumes/%s",
}


class GraphdriverStore:
    """Reads layers of one data root. PermissionError and FileNotFoundError are the caller's to explain."""

    def __init__(self, data_root: str, driver: str) -> None:
        self.data_root = data_root
        self.driver = driver
        self.metadata = os.path.join(data_root, "image", driver)

    def check(self) -> None:
        """Raises OSError where the store cannot be read."""
        os.listdir(os.path.join(self.metadata, "layerdb", "sha256"))

    def layers(self, image: Mapping[str, Any]) -> Tuple[Layer, ...]:
        """The layers of an inspected image, base first."""
        diff_ids: Sequence[str] = (image.get("RootFS") or {}).get("Layers") or ()
        return tuple(self._layer(index, diff_id, chain_id) for index, (diff_id, chain_id) in enumerate(zip(diff_ids, chain_ids(diff_ids))))

    def config(self, image: Mapping[str, Any]) -> Optional[Mapping[str, Any]]:
        """The config of an inspected image, or None."""
        text = _text(os.path.join(self.metadata, "imagedb", "content", "sha256", _hex(image["Id"])))
        return json.loads(text) if text else None

    def all_layers(self) -> Mapping[str, int]:
        """Size by chain id of every layer there is, also of those that no image uses."""
        folder = os.path.join(self.metadata, "layerdb", "sha256")
        return {"sha256:" + name: int(_text(os.path.join(folder, name, "size")) or 0) for name in sorted(os.listdir(folder))}

    def _layer(self, index: int, diff_id: str, chain_id: str) -> Layer:
        folder = os.path.join(self.metadata, "layerdb", "sha256", _hex(chain_id))
        size, cache_id = _text(os.path.join(folder, "size")), _text(os.path.join(folder, "cache-id"))
        return Layer(index, diff_id, chain_id, self._digest(diff_id), None, int(size) if size else None, self._directory(cache_id))

    def _digest(self, diff_id: str) -> Optional[str]:
        """The compressed digest that the layer was pulled or pushed under; a layer that was built here has none."""
        text = _text(os.path.join(self.metadata, "distribution", "v2metadata-by-diffid", "sha256", _hex(diff_id)))
        known = json.loads(text) if text else []
        return known[-1]["Digest"] if known else None

    def _directory(self, cache_id: Optional[str]) -> Optional[str]:
        pattern = _DIRECTORIES.get(self.driver)
        path = os.path.join(self.data_root, pattern % cache_id) if pattern and cache_id else None
        return path if path and os.path.isdir(path) else None


def _hex(digest: str) -> str:
    return digest.split(":", 1)[1]


def _text(path: str) -> Optional[str]:
    try:
        with open(path, encoding="utf-8") as file:
            return file.read().strip()
    except FileNotFoundError:
        return None

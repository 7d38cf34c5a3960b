# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The layer store of the Engine's graph drivers (overlay2, vfs, btrfs, fuse-overlayfs): files below the data root, for root and for its owner."""

from __future__ import annotations

import json
import os
from typing import Any, Callable, Iterable, Mapping, Sequence

from ..disk import text_of
from . import bolt
from .model import DIFFERENCE, TREE, Layer, SinglePlatformStore, Stored, chain_ids

# Where the driver stores a layer's directory, and its content.
_DIRECTORIES = {
    "overlay2": ("overlay2/%s/diff", DIFFERENCE),
    "fuse-overlayfs": ("fuse-overlayfs/%s/diff", DIFFERENCE),
    "vfs": ("vfs/dir/%s", TREE),
    "btrfs": ("btrfs/subvolumes/%s", TREE),
}


class GraphdriverStore(SinglePlatformStore):
    """Reads layers of one data root."""

    def __init__(self, data_root: str, driver: str) -> None:
        self.data_root = data_root
        self.driver = driver
        self.metadata = os.path.join(data_root, "image", driver)
        self._pattern: str | None
        self.path_holds: str | None
        self._pattern, self.path_holds = _DIRECTORIES.get(driver, (None, None))

    def check(self) -> None:
        """Raises OSError if the store cannot be read."""
        os.listdir(os.path.join(self.metadata, "layerdb", "sha256"))

    def layers(self, image: Mapping[str, Any]) -> tuple[Layer, ...]:
        """The layers of an inspected image, base first."""
        diff_ids: Sequence[str] = (image.get("RootFS") or {}).get("Layers") or ()
        return tuple(
            self._layer(index, diff_id, chain_id)
            for index, (diff_id, chain_id) in enumerate(zip(diff_ids, chain_ids(diff_ids)))
        )

    def config(self, image: Mapping[str, Any]) -> Mapping[str, Any] | None:
        """The config of an inspected image, or None."""
        text = _stripped(os.path.join(self.metadata, "imagedb", "content", "sha256", _hex(image["Id"])))
        return json.loads(text) if text else None

    def all_layers(self) -> list[Stored]:
        """All layers, including those that no image uses."""
        return [
            Stored("sha256:" + name, int(self._of(name, "size") or 0), self._directory(self._of(name, "cache-id")))
            for name in self._names()
        ]

    def in_build_cache(self, records: Callable[[], Iterable[str]]) -> set[str]:
        """Chain ids of layers that the build cache keeps. ``records`` gives the ids of its records; it is asked only if that matters.

        Raises OSError or StoreUnreadable.
        """
        layers = self._cache_layers()
        if not set(layers.values()) & {"sha256:" + name for name in self._names()}:
            return set()
        # BuildKit does not delete the entries of removed records.
        live = set(records())
        return self.with_parents(chain_id for record, chain_id in layers.items() if record in live)

    def under_containers(self) -> set[str]:
        """Chain ids of the layers that containers use, also where their image is gone."""
        mounts = os.path.join(self.metadata, "layerdb", "mounts")
        tops = [
            _stripped(os.path.join(mounts, name, "parent"))
            for name in (os.listdir(mounts) if os.path.isdir(mounts) else ())
        ]
        return self.with_parents(top for top in tops if top)

    def with_parents(self, chain_ids: Iterable[str]) -> set[str]:
        """These layers and all below them, as far as the store has them."""
        found: set[str] = set()
        for chain_id in chain_ids:
            while chain_id and chain_id not in found and self._of(_hex(chain_id), "diff"):
                found.add(chain_id)
                chain_id = self._of(_hex(chain_id), "parent") or ""
        return found

    def _cache_layers(self) -> dict[str, str]:
        """Chain ids by the build cache's records, some of which may be gone."""
        path = os.path.join(self.data_root, "buildkit", "snapshots.db")
        if not os.path.exists(path):
            return {}
        return bolt.load(path, _read_chains)

    def _names(self) -> list[str]:
        return sorted(os.listdir(os.path.join(self.metadata, "layerdb", "sha256")))

    def _of(self, name: str, entry: str) -> str | None:
        return _stripped(os.path.join(self.metadata, "layerdb", "sha256", name, entry))

    def _layer(self, index: int, diff_id: str, chain_id: str) -> Layer:
        size, cache_id = self._of(_hex(chain_id), "size"), self._of(_hex(chain_id), "cache-id")
        return Layer(
            index,
            diff_id,
            chain_id,
            self._digest(diff_id),
            None,
            int(size) if size else None,
            self._directory(cache_id),
        )

    def _digest(self, diff_id: str) -> str | None:
        """The compressed digest that the layer was pulled or pushed under; a layer that was built here has none."""
        text = _stripped(os.path.join(self.metadata, "distribution", "v2metadata-by-diffid", "sha256", _hex(diff_id)))
        known = json.loads(text) if text else []
        return known[-1]["Digest"] if known else None

    def _directory(self, cache_id: str | None) -> str | None:
        path = os.path.join(self.data_root, self._pattern % cache_id) if self._pattern and cache_id else None
        return path if path and os.path.isdir(path) else None


def _read_chains(root: bolt.Bucket) -> dict[str, str]:
    found = {}
    for name, entry in root.items():
        chain_id = entry.values().get(b"chainid") if isinstance(entry, bolt.Bucket) else None
        if chain_id:
            found[name.decode("utf-8")] = chain_id.decode("utf-8")
    return found


def _hex(digest: str) -> str:
    return digest.split(":", 1)[1]


def _stripped(path: str) -> str | None:
    text = text_of(path)
    return None if text is None else text.strip()

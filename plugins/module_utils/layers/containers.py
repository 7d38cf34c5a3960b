# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""containers/storage, where Podman keeps images: JSON files and a directory for each layer. Nothing is locked, because nothing is written."""

from __future__ import annotations

import base64
import json
import os
from typing import Any, Callable, Dict, Iterable, List, Mapping, Optional, Set, Tuple

from .model import DIFFERENCE, TREE, Layer, Stored, chain_ids

# Where the driver keeps a layer's directory, and what lies there.
_DIRECTORIES = {"overlay": ("overlay/%s/diff", DIFFERENCE), "vfs": ("vfs/dir/%s", TREE)}

Entry = Mapping[str, Any]


class ContainersStore:
    """Reads layers of one graph root. PermissionError and FileNotFoundError are the caller's to explain.

    Sizes are those of the layers' tar archives, which is what the store notes.
    """

    def __init__(self, graph_root: str, driver: str) -> None:
        self.graph_root = graph_root
        self.driver = driver
        self._pattern, self.path_holds = _DIRECTORIES.get(driver, (None, None))
        self._by_chain: Optional[Dict[str, Entry]] = None

    def check(self) -> None:
        """Raises OSError where the store cannot be read."""
        self._by_chain = _by_chain_id(self._read("layers", "layers.json"))

    def layers(self, image: Mapping[str, Any]) -> Tuple[Layer, ...]:
        """The layers of an inspected image, base first."""
        diff_ids = (image.get("RootFS") or {}).get("Layers") or ()
        return tuple(self._layer(index, diff_id, chain_id) for index, (diff_id, chain_id) in enumerate(zip(diff_ids, chain_ids(diff_ids))))

    def config(self, image: Mapping[str, Any]) -> Optional[Mapping[str, Any]]:
        """The config of an inspected image, or None. Files are named after what they hold, in base64 where that has signs that a name must not have."""
        digest = image["Id"] if ":" in image["Id"] else "sha256:" + image["Id"]
        name = "=" + base64.b64encode(digest.encode()).decode()
        try:
            return self._read("images", digest.split(":", 1)[1], name)
        except FileNotFoundError:
            return None

    def all_layers(self) -> List[Stored]:
        """Every layer there is, also those that no image uses."""
        return [Stored(chain_id, entry.get("diff-size") or 0, self._directory(entry)) for chain_id, entry in sorted(self._known().items())]

    def cached(self, records: Callable[[], Iterable[str]]) -> Set[str]:
        """No layers: what Podman keeps from builds are images."""
        return set()

    def _layer(self, index: int, diff_id: str, chain_id: str) -> Layer:
        entry = self._known().get(chain_id) or {}
        digest = entry.get("compressed-diff-digest")
        return Layer(index, diff_id, chain_id, digest, entry.get("compressed-size") if digest else None, entry.get("diff-size"), self._directory(entry))

    def _directory(self, entry: Entry) -> Optional[str]:
        path = os.path.join(self.graph_root, self._pattern % entry["id"]) if self._pattern and entry else None
        return path if path and os.path.isdir(path) else None

    def _known(self) -> Dict[str, Entry]:
        if self._by_chain is None:
            self.check()
        return self._by_chain or {}

    def _read(self, kind: str, *names: str) -> Any:
        with open(os.path.join(self.graph_root, "%s-%s" % (self.driver, kind), *names), encoding="utf-8") as file:
            return json.load(file)


def _by_chain_id(entries: List[Entry]) -> Dict[str, Entry]:
    """Layers by the id that the OCI image spec gives a layer with all below it: the store's own ids are made in another way.

    What a container has written is a layer without a digest, and is left out.
    """
    by_id = {entry["id"]: entry for entry in entries}
    return {chain_ids(diff_ids)[-1]: entry for entry in entries for diff_ids in [_diff_ids(entry, by_id)] if diff_ids}


def _diff_ids(entry: Optional[Entry], by_id: Mapping[str, Entry]) -> List[str]:
    """The diff ids of a layer and all below it, base first; empty where one is not known."""
    found: List[str] = []
    while entry:
        if not entry.get("diff-digest"):
            return []
        found.append(entry["diff-digest"])
        if not entry.get("parent"):
            return found[::-1]
        entry = by_id.get(entry["parent"])
    return []

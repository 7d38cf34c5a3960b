# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Podman's layer store containers/storage: JSON files and a directory for each layer. It is only read, so it is not locked."""

from __future__ import annotations

import base64
import json
import os
from typing import Any, Callable, Iterable, Mapping

from .model import DIFFERENCE, TREE, Layer, SinglePlatformStore, Stored, chain_ids

# Where the driver stores a layer's directory, and its content.
_DIRECTORIES = {"overlay": ("overlay/%s/diff", DIFFERENCE), "vfs": ("vfs/dir/%s", TREE)}

Entry = Mapping[str, Any]


class PodmanStore(SinglePlatformStore):
    """Reads layers of one graph root. Sizes are those of the layers' tar archives."""

    def __init__(self, graph_root: str, driver: str) -> None:
        self.graph_root = graph_root
        self.driver = driver
        self._pattern: str | None
        self.path_holds: str | None
        self._pattern, self.path_holds = _DIRECTORIES.get(driver, (None, None))
        self._by_chain: dict[str, Entry] | None = None

    def check(self) -> None:
        """Raises OSError if the store cannot be read."""
        self._by_chain = _by_chain_id(self._read("layers", "layers.json"))

    def layers(self, image: Mapping[str, Any]) -> tuple[Layer, ...]:
        """The layers of an inspected image, base first."""
        diff_ids = (image.get("RootFS") or {}).get("Layers") or ()
        return tuple(
            self._layer(index, diff_id, chain_id)
            for index, (diff_id, chain_id) in enumerate(zip(diff_ids, chain_ids(diff_ids)))
        )

    def config(self, image: Mapping[str, Any]) -> Mapping[str, Any] | None:
        """The config of an inspected image, or None. Its file is named after the digest, in base64 because of the colon."""
        digest = image["Id"] if ":" in image["Id"] else "sha256:" + image["Id"]
        name = "=" + base64.b64encode(digest.encode()).decode()
        try:
            return self._read("images", digest.split(":", 1)[1], name)
        except FileNotFoundError:
            return None

    def all_layers(self) -> list[Stored]:
        """All layers, including those that no image uses."""
        return [
            Stored(chain_id, entry.get("diff-size") or 0, self._directory(entry))
            for chain_id, entry in sorted(self._known().items())
        ]

    def in_build_cache(self, records: Callable[[], Iterable[str]]) -> set[str]:
        """Empty: Podman's build cache consists of images."""
        return set()

    def _layer(self, index: int, diff_id: str, chain_id: str) -> Layer:
        entry = self._known().get(chain_id) or {}
        digest = entry.get("compressed-diff-digest")
        return Layer(
            index,
            diff_id,
            chain_id,
            digest,
            entry.get("compressed-size") if digest else None,
            entry.get("diff-size"),
            self._directory(entry),
        )

    def _directory(self, entry: Entry) -> str | None:
        path = os.path.join(self.graph_root, self._pattern % entry["id"]) if self._pattern and entry else None
        return path if path and os.path.isdir(path) else None

    def _known(self) -> dict[str, Entry]:
        if self._by_chain is None:
            self.check()
        return self._by_chain or {}

    def _read(self, kind: str, *names: str) -> Any:
        with open(os.path.join(self.graph_root, f"{self.driver}-{kind}", *names), encoding="utf-8") as file:
            return json.load(file)


def _by_chain_id(entries: list[Entry]) -> dict[str, Entry]:
    """Layers by the id that the OCI image spec gives a layer with all below it: the store's own ids are made in another way.

    What a container has written is a layer without a digest, and is left out.
    """
    by_id = {entry["id"]: entry for entry in entries}
    found = {}
    for entry in entries:
        diff_ids = _diff_ids(entry, by_id)
        if diff_ids:
            found[chain_ids(diff_ids)[-1]] = entry
    return found


def _diff_ids(entry: Entry | None, by_id: Mapping[str, Entry]) -> list[str]:
    """The diff ids of a layer and all below it, base first; empty if one is not known."""
    found: list[str] = []
    # A chain cannot be longer than the list, except in a corrupt file in which a layer is its own ancestor.
    for _layer in by_id:
        if not entry or not entry.get("diff-digest"):
            return []
        found.append(entry["diff-digest"])
        if not entry.get("parent"):
            return found[::-1]
        entry = by_id.get(entry["parent"])
    return []

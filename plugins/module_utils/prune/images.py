# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Selects unused images and their names to remove, and computes the bytes that this frees."""

from __future__ import annotations

import math
from collections import Counter
from typing import TYPE_CHECKING, Any, Iterable, Mapping

from ..image.reference import parse_known
from ..layers.api import ApiStore
from .selection import Filters, Item, Keep

if TYPE_CHECKING:
    from ..engine.engine import Engine


def unused(
    listed: Iterable[Mapping[str, Any]], used: set[str], filters: Filters, keep: Keep
) -> list[tuple[Item, list[str]]]:
    """Images whose ids are not in ``used``, with the names to remove, or the id of an image without a name. Newest first.

    Like docker image prune, only images without a name, unless the filter dangling is false.
    """
    # The Engine lists images of the same second, and the names of an image, in any order.
    entries = sorted(listed, key=lambda entry: (-(entry.get("Created") or 0), _name(entry)))
    newest = _newest(entries, keep.newest)
    chosen = []
    for entry in entries:
        tags, digests = _names(entry)
        item = Item(entry["Id"], _name(entry), entry.get("Labels") or {}, entry.get("Created") or 0)
        if entry["Id"] in used or not filters.match(item) or keep.keeps(item, *_spellings(*tags, *digests)):
            continue
        if tags and (filters.flag("dangling", True) or newest.intersection(tags)):
            continue
        chosen.append((item, tags or [entry["Id"]]))
    return chosen


def _names(entry: Mapping[str, Any]) -> tuple[list[str], list[str]]:
    """Names with tags and names with digests, each in alphabetical order."""
    tags = sorted(tag for tag in entry.get("RepoTags") or () if tag != "<none>:<none>")
    return tags, sorted(digest for digest in entry.get("RepoDigests") or () if "<none>" not in digest)


def _spellings(*names: str) -> set[str]:
    """All that a task may write for these names: with and without the tag, and the registry of Docker Hub."""
    found = set(names)
    for reference in filter(None, map(parse_known, names)):
        found |= {reference.repository_path, reference.name, reference.familiar, reference.canonical}
    return found


def _name(entry: Mapping[str, Any]) -> str:
    tags, digests = _names(entry)
    return (tags or digests or [entry["Id"]])[0]


def _newest(entries: Iterable[Mapping[str, Any]], count: int) -> set[str]:
    """The tags of each repository's newest images; ``entries`` are newest first.

    The Engine lists times in seconds. Images that are as old as the last of the newest are among them, because their order is not known.
    """
    by_repository: dict[str, list[tuple[str, float, str]]] = {}
    for entry in entries:
        for tag in entry.get("RepoTags") or ():
            reference = parse_known(tag)
            if reference:
                repository = f"{reference.registry}/{reference.repository}"
                by_repository.setdefault(repository, []).append((tag, entry.get("Created") or 0, entry["Id"]))
    newest: set[str] = set()
    for tagged in by_repository.values():
        images = list(dict.fromkeys(image_id for _tag, _created, image_id in tagged))[:count]
        oldest = min((created for _tag, created, image_id in tagged if image_id in images), default=math.inf)
        newest.update(tag for tag, created, _id in tagged if created >= oldest)
    return newest


class LayerSizes:
    """Bytes by chain id of all images, read before anything is removed: an inspection and a history for each image that may go.

    ``freed`` is the sum for those that were deleted.
    """

    def __init__(self, engine: Engine, listed: Iterable[Mapping[str, Any]], going: set[str]) -> None:
        self._layers: dict[str, tuple[str, ...]] = {}
        self._sizes: dict[str, int] = {}
        self.freed = 0
        for entry in listed:
            inspected = engine.images.find(entry["Id"]) or {}
            self._layers[entry["Id"]] = tuple(layer.chain_id for layer in ApiStore().layers(inspected))
            if entry["Id"] in going:
                self._measure(engine, entry["Id"])
        self._users = Counter(layer for layers in self._layers.values() for layer in set(layers))

    def _measure(self, engine: Engine, image_id: str) -> None:
        """Steps of the history without bytes created no layer, or an empty one."""
        steps = [step.get("Size") or 0 for step in reversed(engine.images.history(image_id))]
        layers = self._layers[image_id]
        sizes = steps if len(steps) == len(layers) else [size for size in steps if size]
        if len(sizes) == len(layers):
            self._sizes.update(zip(layers, sizes))
        elif layers:
            # Empty layers cannot be distinguished from steps without a layer; the sum is correct.
            self._sizes.update((layer, 0) for layer in layers[:-1] if layer not in self._sizes)
            known = sum(self._sizes[layer] for layer in layers[:-1])
            self._sizes[layers[-1]] = max(sum(sizes) - known, 0)

    def delete(self, deleted: Iterable[str]) -> None:
        """Add to ``freed`` the bytes of layers that no other image has now."""
        for image_id in deleted:
            for layer in set(self._layers.pop(image_id, ())):
                self._users[layer] -= 1
                if not self._users[layer]:
                    self.freed += self._sizes.get(layer, 0)

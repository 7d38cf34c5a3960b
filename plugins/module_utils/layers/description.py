# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Return values of image_layers: images with their layers, totals of the host, and changes since an earlier result."""

from __future__ import annotations

from typing import AbstractSet, Any, Iterable, Mapping, Sequence

from .history import HistoryStep
from .model import Layer, Stored
from .tree import render
from .usage import NOBODY, Users


def describe(
    image_id: str,
    layers: Sequence[Layer],
    steps: Sequence[HistoryStep],
    users: Mapping[str, Users],
    names: Sequence[str],
    in_build_cache: AbstractSet[str] | None = None,
) -> dict[str, Any]:
    """One image of the result. ``in_build_cache`` are the chain ids of layers that the build cache keeps; None if that is not known."""
    described = [_layer(layer, users.get(layer.chain_id, NOBODY), in_build_cache) for layer in layers]
    shared = sum(layer["size"] or 0 for layer in described if not layer["freed_with_image"])
    total = sum(layer["size"] or 0 for layer in described)
    return {
        "reference": (list(names) or [image_id])[0],
        "references": list(names),
        "id": image_id,
        "layer_count": len(layers),
        "layers": described,
        "history": [step._asdict() for step in steps],
        "unique_size": total - shared,
        "shared_size": shared,
        "rendered": render((list(names) or [image_id])[0], described),
    }


def totals(all_layers: Sequence[Stored], users: Mapping[str, Users]) -> dict[str, Any]:
    """The host's layers, each counted once."""
    unowned = [
        {"chain_id": layer.name, "size": layer.size, "path": layer.path}
        for layer in all_layers
        if layer.name not in users
    ]
    return {
        "layer_count": len(all_layers),
        "size": sum(layer.size for layer in all_layers),
        "unowned": unowned,
        "unowned_size": sum(layer["size"] for layer in unowned),
    }


def changes(before: Mapping[str, Any], images: Sequence[Mapping[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    """Layers that were added and removed since an earlier result."""
    old, new = _by_chain(before.get("images") or ()), _by_chain(images)
    return {
        "added": [new[key] for key in new if key not in old],
        "removed": [old[key] for key in old if key not in new],
    }


def _layer(layer: Layer, users: Users, in_build_cache: AbstractSet[str] | None) -> dict[str, Any]:
    in_cache = None if in_build_cache is None else layer.chain_id in in_build_cache
    return dict(
        layer._asdict(),
        used_by=sorted(set(users.names)),
        containers=sorted(set(users.containers)),
        in_build_cache=in_cache,
        freed_with_image=len(set(users.images)) <= 1 and not users.containers and not in_cache,
    )


def _by_chain(images: Iterable[Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    keys = ("chain_id", "path", "size", "created_by", "used_by")
    return {
        layer["chain_id"]: {key: layer.get(key) for key in keys}
        for image in images
        for layer in image.get("layers") or ()
    }

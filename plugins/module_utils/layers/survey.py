# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""All layers of a host at once: who uses which, what is counted twice, what nobody owns, and what has changed since."""

from __future__ import annotations

import os
from typing import AbstractSet, Any, Dict, List, Mapping, NamedTuple, Optional, Sequence, Tuple

from .model import HistoryStep, Layer, Stored, chain_ids

_UNITS = ("B", "kB", "MB", "GB", "TB")


class Users(NamedTuple):
    """Who has a layer: ids and names of images, and names of containers."""

    images: List[str]
    names: List[str]
    containers: List[str]


# Of the build cache, where it is not known what it keeps.
Cached = Optional[AbstractSet[str]]


def users_by_layer(images: Sequence[Mapping[str, Any]], names: Mapping[str, List[str]], containers: Mapping[str, List[str]]) -> Dict[str, Users]:
    """By chain id. ``images`` are inspected; ``names`` and ``containers`` go by image id."""
    users: Dict[str, Users] = {}
    for image in images:
        for chain_id in chain_ids((image.get("RootFS") or {}).get("Layers") or ()):
            entry = users.setdefault(chain_id, Users([], [], []))
            entry.images.append(image["Id"])
            entry.names.extend(names.get(image["Id"]) or [image["Id"]])
            entry.containers.extend(containers.get(image["Id"], []))
    return users


def describe(
    image_id: str, layers: Sequence[Layer], steps: Sequence[HistoryStep], users: Mapping[str, Users], names: Sequence[str], cached: Cached = None
) -> Dict[str, Any]:
    """One image of the result. ``cached`` are the chain ids that the build cache keeps."""
    described = [_layer(layer, users.get(layer.chain_id, Users([], [], [])), cached) for layer in layers]
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


def totals(all_layers: Sequence[Stored], users: Mapping[str, Users]) -> Dict[str, Any]:
    """The host's layers, each counted once."""
    unowned = [{"chain_id": layer.name, "size": layer.size, "path": layer.path} for layer in all_layers if layer.name not in users]
    return {
        "layer_count": len(all_layers),
        "size": sum(layer.size for layer in all_layers),
        "unowned": unowned,
        "unowned_size": sum(layer["size"] for layer in unowned),
    }


def changes(before: Mapping[str, Any], images: Sequence[Mapping[str, Any]]) -> Dict[str, List[Dict[str, Any]]]:
    """Layers that came and went since an earlier result."""
    old, new = _by_chain(before.get("images") or ()), _by_chain(images)
    return {"added": [new[key] for key in new if key not in old], "removed": [old[key] for key in old if key not in new]}


def render(title: str, layers: Sequence[Mapping[str, Any]]) -> str:
    """A tree to read: size, short chain id and command of each layer."""
    lines = ["%s (%d layers)" % (title, len(layers))]
    for layer in layers:
        branch = "└─" if layer is layers[-1] else "├─"
        command = " ".join((layer["created_by"] or "").split())
        lines.append("%s %d  %9s  %s  %s" % (branch, layer["index"], size_text(layer["size"]), layer["chain_id"][7:19], command[:80]))
    return "\n".join(lines)


def size_text(size: Optional[int]) -> str:
    """As docker images writes sizes: powers of 1000, three digits."""
    if size is None:
        return "?"
    value, unit = float(size), 0
    while value >= 1000 and unit < len(_UNITS) - 1:
        value, unit = value / 1000, unit + 1
    return "%.3g%s" % (value, _UNITS[unit])


def blocks(path: Optional[str]) -> Optional[int]:
    """Bytes that a directory takes on its disk; a file with several names counts once. None where it cannot be read."""
    if path is None:
        return None
    seen: Dict[Tuple[int, int], int] = {}
    try:
        for folder, folders, files in os.walk(path, onerror=_raise):
            for name in [""] + files + [link for link in folders if os.path.islink(os.path.join(folder, link))]:
                entry = os.lstat(os.path.join(folder, name))
                seen[entry.st_dev, entry.st_ino] = entry.st_blocks * 512
    except OSError:
        return None
    return sum(seen.values())


def _raise(error: OSError) -> None:
    raise error


def _layer(layer: Layer, users: Users, cached: Cached) -> Dict[str, Any]:
    in_cache = None if cached is None else layer.chain_id in cached
    return dict(
        layer._asdict(),
        used_by=sorted(set(users.names)),
        containers=sorted(set(users.containers)),
        in_build_cache=in_cache,
        freed_with_image=len(set(users.images)) <= 1 and not users.containers and not in_cache,
    )


def _by_chain(images: Any) -> Dict[str, Dict[str, Any]]:
    keys = ("chain_id", "path", "size", "created_by", "used_by")
    return {layer["chain_id"]: {key: layer.get(key) for key in keys} for image in images for layer in image.get("layers") or ()}

# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A layer, its ids, and the step of the build that made it."""

from __future__ import annotations

import datetime
import hashlib
import re
from typing import Any, List, Mapping, NamedTuple, Optional, Sequence, Tuple

# Instructions that only write metadata, in the words of the classic builder and of BuildKit.
_METADATA = re.compile(
    r"^(?:/bin/sh -c #\(nop\)\s+|\|\d+ .*)?\s*(ENV|CMD|ENTRYPOINT|LABEL|EXPOSE|VOLUME|USER|ARG|STOPSIGNAL|HEALTHCHECK|MAINTAINER|ONBUILD|SHELL)\b"
)

# What a layer's directory holds: its own files, or those of all layers up to it.
DIFFERENCE, TREE = "difference", "tree"


class Layer(NamedTuple):
    """One layer of an image. What a store cannot tell is None; sizes are bytes."""

    index: int
    diff_id: str
    chain_id: str
    digest: Optional[str] = None
    compressed_size: Optional[int] = None
    size: Optional[int] = None
    path: Optional[str] = None
    created: Optional[str] = None
    created_by: Optional[str] = None
    comment: Optional[str] = None


class Stored(NamedTuple):
    """One layer of a store. ``name`` is its chain id or, of a layer that only the build cache has, the id of the cache's record."""

    name: str
    size: int
    path: Optional[str]


class HistoryStep(NamedTuple):
    """One step of the build, oldest first. ``layer`` is the index of what it made; None for metadata, or where nothing tells which."""

    created: Optional[str]
    created_by: str
    comment: str
    layer: Optional[int]


def chain_ids(diff_ids: Sequence[str]) -> Tuple[str, ...]:
    """The ids under which stores keep and share layers: a layer counts with all that lies below it (OCI image spec)."""
    chain: List[str] = []
    for diff_id in diff_ids:
        text = "%s %s" % (chain[-1], diff_id) if chain else ""
        chain.append("sha256:" + hashlib.sha256(text.encode()).hexdigest() if chain else diff_id)
    return tuple(chain)


def steps_of_config(config: Mapping[str, Any], layer_count: int) -> Tuple[HistoryStep, ...]:
    """History from an image's config, which marks the steps without a layer."""
    history = config.get("history") or []
    return _numbered(history, [not step.get("empty_layer") for step in history], layer_count)


def steps_of_api(history: Sequence[Mapping[str, Any]], layer_count: int) -> Tuple[HistoryStep, ...]:
    """History from GET /images/X/history: newest first, and without the mark. A size of 0 does not mean that there is no layer."""
    oldest_first = [
        {"created": _iso(step.get("Created")), "created_by": step.get("CreatedBy"), "comment": step.get("Comment"), "size": step.get("Size") or 0}
        for step in reversed(history)
    ]
    return _numbered(oldest_first, _makers(oldest_first, layer_count), layer_count)


def _makers(history: Sequence[Mapping[str, Any]], layer_count: int) -> List[bool]:
    """Which steps made a layer, if the counts leave one solution; no step at all otherwise."""
    sized = [step["size"] > 0 for step in history]
    possible = [has_size or not _METADATA.match(step["created_by"] or "") for has_size, step in zip(sized, history)]
    for makers in ([True] * len(history), sized, possible):
        if sum(makers) == layer_count:
            return makers
    return [False] * len(history)


def _numbered(history: Sequence[Mapping[str, Any]], makers: Sequence[bool], layer_count: int) -> Tuple[HistoryStep, ...]:
    if sum(makers) != layer_count:
        makers = [False] * len(history)
    steps, index = [], 0
    for step, makes_layer in zip(history, makers):
        steps.append(HistoryStep(step.get("created"), step.get("created_by") or "", step.get("comment") or "", index if makes_layer else None))
        index += makes_layer
    return tuple(steps)


def join_history(layers: Sequence[Layer], steps: Sequence[HistoryStep]) -> Tuple[Layer, ...]:
    """Layers with the step that made each."""
    made_by = {step.layer: step for step in steps if step.layer is not None}
    return tuple(
        (
            layer._replace(created=made_by[layer.index].created, created_by=made_by[layer.index].created_by, comment=made_by[layer.index].comment)
            if layer.index in made_by
            else layer
        )
        for layer in layers
    )


def _iso(seconds: Any) -> Optional[str]:
    """Unix seconds, as the API gives them, in the config's form."""
    if not isinstance(seconds, int) or seconds <= 0:
        return None
    return datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")

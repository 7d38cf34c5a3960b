# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The history of an image: the steps of its build, and which of them created each layer."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Mapping, NamedTuple, Sequence

from ..shapes import iso_time

if TYPE_CHECKING:
    from ..engine.engine import Engine
    from .model import Image, Layer, LayerStore

# Instructions that only write metadata, as the classic builder and BuildKit record them.
_METADATA = re.compile(
    r"^(?:/bin/sh -c #\(nop\)\s+|\|\d+ .*)?\s*(ENV|CMD|ENTRYPOINT|LABEL|EXPOSE|VOLUME|USER|ARG|STOPSIGNAL|HEALTHCHECK|MAINTAINER|ONBUILD|SHELL)\b"
)


class HistoryStep(NamedTuple):
    """One step of the build, oldest first. ``layer`` is the index of the layer that it created; None for metadata, or if it cannot be determined."""

    created: str | None
    created_by: str
    comment: str
    layer: int | None


def read(
    engine: Engine, store: LayerStore, image: Image, layer_count: int, platform: str | None = None
) -> tuple[HistoryStep, ...]:
    """The history of an inspected image, from the store or else from the Engine. ``platform`` is the one that the image was inspected for."""
    config = store.config(image)
    if config:
        return steps_of_config(config, layer_count)
    return steps_of_api(engine.images.history(image["Id"], platform), layer_count)


def steps_of_config(config: Mapping[str, Any], layer_count: int) -> tuple[HistoryStep, ...]:
    """History from an image's config, which marks the steps without a layer."""
    history = config.get("history") or []
    return _numbered(history, [not step.get("empty_layer") for step in history], layer_count)


def steps_of_api(history: Sequence[Mapping[str, Any]], layer_count: int) -> tuple[HistoryStep, ...]:
    """History from GET /images/X/history: newest first, and without the mark. A size of 0 does not mean that there is no layer."""
    oldest_first = [
        {
            "created": iso_time(step.get("Created")),
            "created_by": step.get("CreatedBy"),
            "comment": step.get("Comment"),
            "size": step.get("Size") or 0,
        }
        for step in reversed(history)
    ]
    return _numbered(oldest_first, _makers(oldest_first, layer_count), layer_count)


def _makers(history: Sequence[Mapping[str, Any]], layer_count: int) -> list[bool]:
    """Which steps created a layer, if the counts allow only one solution; otherwise none."""
    sized = [step["size"] > 0 for step in history]
    possible = [has_size or not _METADATA.match(step["created_by"] or "") for has_size, step in zip(sized, history)]
    for makers in ([True] * len(history), sized, possible):
        if sum(makers) == layer_count:
            return makers
    return [False] * len(history)


def _numbered(
    history: Sequence[Mapping[str, Any]], makers: Sequence[bool], layer_count: int
) -> tuple[HistoryStep, ...]:
    if sum(makers) != layer_count:
        makers = [False] * len(history)
    steps, index = [], 0
    for step, makes_layer in zip(history, makers):
        steps.append(
            HistoryStep(
                step.get("created"),
                step.get("created_by") or "",
                step.get("comment") or "",
                index if makes_layer else None,
            )
        )
        index += makes_layer
    return tuple(steps)


def join(layers: Sequence[Layer], steps: Sequence[HistoryStep]) -> tuple[Layer, ...]:
    """Layers with the step that created each."""
    made_by = {step.layer: step for step in steps if step.layer is not None}
    return tuple(
        (
            layer._replace(
                created=made_by[layer.index].created,
                created_by=made_by[layer.index].created_by,
                comment=made_by[layer.index].comment,
            )
            if layer.index in made_by
            else layer
        )
        for layer in layers
    )

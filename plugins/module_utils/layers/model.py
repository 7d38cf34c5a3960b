# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A layer with its ids and its build step, and the interface of layer stores."""

from __future__ import annotations

import hashlib
from typing import AbstractSet, Any, Callable, Iterable, Mapping, NamedTuple, Protocol, Sequence

# What a layer's directory holds: its own files, or those of all layers up to it.
DIFFERENCE, TREE = "difference", "tree"

# An image as GET /images/NAME/json returns it.
Image = Mapping[str, Any]


class Layer(NamedTuple):
    """One layer of an image. Values that a store does not know are None; sizes are in bytes."""

    index: int  # type: ignore[assignment]  # hides tuple.index, which is not used
    diff_id: str
    chain_id: str
    digest: str | None = None
    compressed_size: int | None = None
    size: int | None = None
    path: str | None = None
    created: str | None = None
    created_by: str | None = None
    comment: str | None = None


class Stored(NamedTuple):
    """One layer of a store. ``name`` is its chain id or, of a layer that only the build cache has, the id of the cache's record."""

    name: str
    size: int
    path: str | None


class LayerStore(Protocol):
    """Where the layers of a host's images are kept. A store reads files, or knows only what the Engine API shows.

    Raises OSError or StoreUnreadable where its files cannot be read.
    """

    # What the directory of a layer holds: DIFFERENCE or TREE; None if it is not known where the driver keeps layers.
    path_holds: str | None

    def check(self) -> None:
        """Raises OSError or StoreUnreadable if the store cannot be read."""

    def layers(self, image: Image) -> tuple[Layer, ...]:
        """The layers of an inspected image, base first."""

    def config(self, image: Image) -> Mapping[str, Any] | None:
        """The config of an inspected image, or None."""

    def image_for(self, image: Image, is_desired: Callable[[Mapping[str, Any]], bool]) -> Image | None:
        """The image of another platform under the same name, in the form of an inspected image; None if the host does not have it.

        ``is_desired`` is given platforms in the OCI image spec's form.
        """

    def all_layers(self) -> list[Stored] | None:
        """Every layer in the store, also those that no image uses; None if files are not read."""

    def in_build_cache(self, records: Callable[[], Iterable[str]]) -> AbstractSet[str] | None:
        """Chain ids of layers that the build cache keeps; None if files are not read.

        ``records`` gives the ids of the build cache's records; it is asked only if that matters.
        """

    def under_containers(self) -> AbstractSet[str]:
        """Chain ids of the layers that containers use, also where their image is gone."""


class SinglePlatformStore:
    """Base of stores that have one platform of an image, which is the one that the Engine shows."""

    def image_for(self, image: Image, is_desired: Callable[[Mapping[str, Any]], bool]) -> Image | None:
        """None, because the store has only one platform of an image."""
        return None

    def under_containers(self) -> AbstractSet[str]:
        """Nothing: where an image cannot be deleted while it has containers, its layers stay without being listed."""
        return frozenset()


def chain_ids(diff_ids: Sequence[str]) -> tuple[str, ...]:
    """The ids under which stores keep and share layers: of a layer together with all below it (OCI image spec)."""
    chain: list[str] = []
    for diff_id in diff_ids:
        text = f"{chain[-1]} {diff_id}" if chain else ""
        chain.append("sha256:" + hashlib.sha256(text.encode()).hexdigest() if chain else diff_id)
    return tuple(chain)

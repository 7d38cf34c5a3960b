# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Predicts what removing an image would untag and delete, for each of the two image stores."""

from __future__ import annotations

from typing import AbstractSet, Mapping, NamedTuple, Sequence

from ..errors import StepFailed
from .reference import Reference


class ImageEntry(NamedTuple):
    """An image with the data for its removal. ``names`` are tags and digests; ``layers`` are chain ids, base first."""

    id: str
    names: tuple[Reference, ...] = ()
    parent: str = ""
    layers: tuple[str, ...] = ()


class ImageUser(NamedTuple):
    """A container and the image that it was created from."""

    name: str
    image: str
    running: bool = False


class Effect(NamedTuple):
    """Names that are removed, and ids that are deleted: images, and with graph drivers their layers by chain id."""

    untagged: list[str]
    deleted: list[str]


def untag(
    asked: Reference | None, names: Sequence[Reference], containerd: bool
) -> tuple[list[Reference], list[Reference]]:
    """Names that are removed and names that are kept when an image is removed by the name ``asked``, or by its id (None)."""
    if asked is None:
        return list(names), []
    same = [name for name in names if name.shares_repository(asked)]
    if asked.digest and containerd:
        gone = same
    elif asked.digest:
        gone = [name for name in same if name.digest == asked.digest and not name.tag]
    else:
        gone = [name for name in same if name.tag == asked.tag and not name.digest]
        # The digests of a repository are removed with its last tag.
        if not any(name.tag and name not in gone for name in same):
            gone += [name for name in same if name.digest]
    return gone, [name for name in names if name not in gone]


class PredictedHost:
    """Images and containers of a host after the predicted removals.

    ``kept`` are chain ids of layers that are kept for the build cache, or for containers whose image was removed.
    """

    def __init__(
        self,
        images: Mapping[str, ImageEntry],
        containers: Sequence[ImageUser],
        kept: AbstractSet[str] = frozenset(),
        containerd: bool = False,
    ) -> None:
        self.images: dict[str, ImageEntry] = dict(images)
        self.containers = list(containers)
        self.kept = set(kept)
        self.containerd = containerd
        self._known = set(images)

    def entry_of(self, image: ImageEntry) -> ImageEntry | None:
        """The image after the predicted removals; None if it was deleted. Some Engines omit images from their list; these are added here."""
        if image.id not in self._known:
            self._known.add(image.id)
            self.images[image.id] = image
        return self.images.get(image.id)

    def remove(self, image_id: str, asked: Reference | None, force: bool, prune: bool) -> Effect:
        """Remove an image by a name, or by its id (None). The functions below check what Engines refuse."""
        effect = Effect([], [])
        gone, left = untag(asked, self.images[image_id].names, self.containerd)
        if self.containerd and not left and asked in self.images[image_id].names:
            if self._users(image_id) or (not force and self.children_of(image_id)):
                # It is kept without a name for its containers and for images that were built on it; the Engine reports only the name in the request.
                self._untag(image_id, gone, Effect([], []))
                return Effect([asked.familiar], [])  # type: ignore[union-attr]
        self._untag(image_id, gone, effect)
        if not left:
            self._delete(image_id, prune, effect)
        return effect

    def children_of(self, image_id: str) -> list[str]:
        """Images that were built on this one."""
        return [image.id for image in self.images.values() if image.parent == image_id]

    def _delete(self, image_id: str, prune: bool, effect: Effect) -> None:
        if self.children_of(image_id) and not self.containerd:
            return
        image = self.images.pop(image_id)
        effect.deleted.append(image_id)
        effect.deleted.extend([] if self.containerd else self._freed(image))
        parent = self.images.get(image.parent)
        if prune and parent and not parent.names and not self._users(parent.id):
            self._delete(parent.id, prune, effect)

    def _untag(self, image_id: str, gone: Sequence[Reference], effect: Effect) -> None:
        image = self.images[image_id]
        self.images[image_id] = image._replace(names=tuple(name for name in image.names if name not in gone))
        effect.untagged.extend(sorted(name.familiar for name in gone))

    def _freed(self, image: ImageEntry) -> list[str]:
        """Layers that become unused, topmost first as in the Engine's list. A container keeps those of its image."""
        if self._users(image.id):
            self.kept |= set(image.layers)
        held = {chain_id for other in self.images.values() for chain_id in other.layers} | self.kept
        return [chain_id for chain_id in reversed(image.layers) if chain_id not in held]

    def _users(self, image_id: str) -> list[ImageUser]:
        return [container for container in self.containers if container.image == image_id]


def refuse_in_use(asked: str, containers: Sequence[ImageUser], force: bool) -> None:
    """Refuse to remove an image in use. Engines refuse too, but name the id of only one container; with force they remove the name of an image in use."""
    running = [container.name for container in containers if container.running]
    stopped = [container.name for container in containers if not container.running]
    if running or (stopped and not force):
        raise StepFailed(
            "The image {} is in use by {}".format(
                asked, ", ".join([f"{name} (running)" for name in running] + stopped)
            ),
            "Remove these containers first"
            + ("" if running else ", or set force: true: the containers keep the image, but it loses its name"),
            containers=running + stopped,
        )


def refuse_several_names(asked: str, names: Sequence[Reference]) -> None:
    """Refuse to remove an image with several names by its id without force, as Engines do."""
    if not is_single(names):
        raise StepFailed(
            "The image {} has several names: {}".format(asked, ", ".join(name.familiar for name in names)),
            "Remove it by these names, or set force: true",
        )


def is_single(names: Sequence[Reference]) -> bool:
    """Whether an Engine counts these names as one: a tag, and digests of its repository."""
    return sum(1 for name in names if name.tag) <= 1 and len({(name.registry, name.repository) for name in names}) <= 1


def refuse_children(asked: str, children: Sequence[str]) -> None:
    """Refuse to remove an image that others were built on by its id, even with force."""
    if children:
        raise StepFailed(
            "Other images of this host were built on the image {}: {}".format(asked, ", ".join(sorted(children))),
            "Remove these first, or remove only the names of the image",
            children=sorted(children),
        )

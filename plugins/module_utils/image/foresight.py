# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What removing an image would do, told without doing it: the rules by which engines untag and delete, for each of the two image stores."""

from __future__ import annotations

from typing import AbstractSet, Dict, List, Mapping, NamedTuple, Optional, Sequence, Tuple

from ..errors import StepFailed
from .reference import Reference


class Image(NamedTuple):
    """An image as far as removing it goes. ``names`` are tags and digests that are names of their own; ``layers`` chain ids, base first."""

    id: str
    names: Tuple[Reference, ...] = ()
    parent: str = ""
    layers: Tuple[str, ...] = ()


class Container(NamedTuple):
    """A container and the image that it was created from."""

    name: str
    image: str
    running: bool = False


class Effect(NamedTuple):
    """Names that go, and ids of what is deleted: images, and with graph drivers their layers by chain id."""

    untagged: List[str]
    deleted: List[str]


def untag(asked: Optional[Reference], names: Sequence[Reference], containerd: bool) -> Tuple[List[Reference], List[Reference]]:
    """Names that go and names that stay when an image is removed under the name ``asked``, or by its id (None)."""
    if asked is None:
        return list(names), []
    same = [name for name in names if name.shares_repository(asked)]
    if asked.digest and containerd:
        gone = same
    elif asked.digest:
        gone = [name for name in same if name.digest == asked.digest and not name.tag]
    else:
        gone = [name for name in same if name.tag == asked.tag and not name.digest]
        # A repository's digests go with its last tag.
        if not any(name.tag and name not in gone for name in same):
            gone += [name for name in same if name.digest]
    return gone, [name for name in names if name not in gone]


class Host:
    """Images and containers of a host, as removals that are foreseen leave them one after the other.

    ``kept`` are chain ids of layers that something else than images holds: a build cache, containers whose image is gone.
    """

    def __init__(self, images: Mapping[str, Image], containers: Sequence[Container], kept: AbstractSet[str] = frozenset(), containerd: bool = False) -> None:
        self.images: Dict[str, Image] = dict(images)
        self.containers = list(containers)
        self.kept = set(kept)
        self.containerd = containerd

    def remove(self, image_id: str, asked: Optional[Reference], force: bool, prune: bool) -> Effect:
        """Remove an image by a name, or by its id (None), as far as engines let it go; what they refuse is for the functions below."""
        effect = Effect([], [])
        gone, left = untag(asked, self.images[image_id].names, self.containerd)
        if self.containerd and not left and asked in self.images[image_id].names:
            if self._users(image_id) or (not force and self.children_of(image_id)):
                # It stays without a name, for its containers and for what was built on it; of all its names the one that was asked for is told.
                self._untag(image_id, gone, Effect([], []))
                return Effect([asked.familiar], [])  # type: ignore[union-attr]
        self._untag(image_id, gone, effect)
        if not left:
            self._delete(image_id, prune, effect)
        return effect

    def children_of(self, image_id: str) -> List[str]:
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

    def _freed(self, image: Image) -> List[str]:
        """Layers that nobody else has, topmost first as engines name them. A container keeps those that it stands on."""
        if self._users(image.id):
            self.kept |= set(image.layers)
        held = {chain_id for other in self.images.values() for chain_id in other.layers} | self.kept
        return [chain_id for chain_id in reversed(image.layers) if chain_id not in held]

    def _users(self, image_id: str) -> List[Container]:
        return [container for container in self.containers if container.image == image_id]


def refuse_in_use(asked: str, containers: Sequence[Container], force: bool) -> None:
    """Engines refuse too, but tell the id of one container only; and with force they take the name from an image that runs."""
    running = [container.name for container in containers if container.running]
    stopped = [container.name for container in containers if not container.running]
    if running or (stopped and not force):
        raise StepFailed(
            "The image %s is in use by %s" % (asked, ", ".join(["%s (running)" % name for name in running] + stopped)),
            "Remove these containers first" + ("" if running else ", or set force: true, which leaves them without their image's name"),
            containers=running + stopped,
        )


def refuse_several_names(asked: str, names: Sequence[Reference]) -> None:
    """By an id an engine removes one name, with its digest, and no more unless it is forced."""
    if not is_single(names):
        raise StepFailed(
            "The image %s has several names: %s" % (asked, ", ".join(name.familiar for name in names)), "Remove it by these names, or set force: true"
        )


def is_single(names: Sequence[Reference]) -> bool:
    """Whether engines take these names for one: a tag, and digests of its repository."""
    return sum(1 for name in names if name.tag) <= 1 and len({(name.registry, name.repository) for name in names}) <= 1


def refuse_children(asked: str, children: Sequence[str]) -> None:
    """Not even force removes an image by its id that others were built on."""
    if children:
        raise StepFailed(
            "Other images of this host were built on the image %s: %s" % (asked, ", ".join(sorted(children))),
            "Remove these first, or only the image's names by naming them",
            children=sorted(children),
        )

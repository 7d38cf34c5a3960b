# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Removing images: a step that foresees what goes and what stays, and says why an image may not go."""

from __future__ import annotations

from typing import AbstractSet, Any, Callable, Dict, List, Mapping, Optional, Set

from ..errors import Conflict
from ..layers.api import ApiStore
from ..layers.store import uses_containerd
from ..step import Outcome, Step
from .foresight import Container, Effect, Host, Image, is_single, refuse_children, refuse_in_use, refuse_several_names, untag
from .reference import Reference, parse_known

_RUNNING = ("running", "paused", "restarting")


class View:
    """What removals have to know of a host, read once and only when it is needed.

    ``kept`` gives, for the daemon's /info, the chain ids of layers that stay whatever is removed.
    """

    def __init__(self, engine: Any, kept: Callable[[Mapping[str, Any]], AbstractSet[str]]) -> None:
        self._engine = engine
        self._kept = kept
        self._info: Optional[Mapping[str, Any]] = None
        self._containers: Optional[List[Container]] = None
        self._host: Optional[Host] = None

    @property
    def info(self) -> Mapping[str, Any]:
        """The daemon's /info."""
        if self._info is None:
            self._info = self._engine.daemon.info()
        return self._info

    @property
    def containerd(self) -> bool:
        """Whether images are in the containerd image store, or in Podman's, which is told of in the same way: no layers, and no digests beside a tag."""
        return self._engine.is_podman or uses_containerd(self.info)

    @property
    def containers(self) -> List[Container]:
        """Of all images."""
        if self._containers is None:
            self._containers = [container_of(entry) for entry in self._engine.containers.list()]
        return self._containers

    @property
    def host(self) -> Host:
        """The host as foreseen removals leave it. Inspects every image where layers are deleted one by one."""
        if self._host is None:
            images = {image.id: image for image in (image_of(entry, self.containerd) for entry in self._engine.images.list(all=True))}
            kept: Set[str] = set()
            if not self.containerd:
                inspected = {image_id: self._engine.images.find(image_id) or {} for image_id in images}
                layers = {image_id: ApiStore().layers(image) for image_id, image in inspected.items()}
                images = {image_id: image._replace(layers=tuple(layer.chain_id for layer in layers[image_id])) for image_id, image in images.items()}
                kept = set(self._kept(self.info)) | self._under_orphans(images, {layer.path: layer.chain_id for each in layers.values() for layer in each})
            self._host = Host(images, self.containers, kept, self.containerd)
        return self._host

    def _under_orphans(self, images: Mapping[str, Image], chain_ids: Mapping[Optional[str], str]) -> Set[str]:
        """Layers below containers whose image is gone, as far as directories tell them."""
        kept: Set[str] = set()
        for orphan in (container for container in self.containers if container.image not in images):
            data = ((self._engine.containers.find(orphan.name) or {}).get("GraphDriver") or {}).get("Data") or {}
            kept.update(chain_ids[path] for path in (data.get("LowerDir") or "").split(":") if path in chain_ids)
        return kept


class Remove(Step):
    """Remove a name of an image, and the image with its last name. It is no failure if it is not there."""

    def __init__(self, asked: str, view: View, force: bool, prune: bool) -> None:
        self.asked = asked
        self.view = view
        self.force = force
        self.prune = prune
        self.summary = "remove image %s" % asked

    def predict(self, engine: Any) -> Outcome:
        found = engine.images.find(self.asked)
        # An earlier step may be foreseen to have removed it, or this name of it.
        image = self.view.host.images.get(found["Id"]) if found else None
        name = self._name(image) if image else None
        if image is None or (name and not untag(name, image.names, self.view.containerd)[0]):
            return self._outcome(None, Effect([], []))
        self._refuse(image, name)
        if name is None and not self.view.containerd:
            refuse_children(self.asked, self.view.host.children_of(image.id))
        return self._outcome(image, self.view.host.remove(image.id, name, self.force, self.prune))

    def apply(self, engine: Any) -> Outcome:
        found = engine.images.find(self.asked)
        if found is None:
            return self._outcome(None, Effect([], []))
        image = image_of(found, self.view.containerd)
        self._refuse(image, self._name(image))
        try:
            gone = engine.images.remove(self.asked, self.force, self.prune)
        except Conflict as error:
            if "dependent child images" in error.explanation:
                refuse_children(self.asked, [entry["Id"] for entry in engine.images.list(all=True) if entry.get("ParentId") == image.id])
            raise
        untagged = [_familiar(entry["Untagged"]) for entry in gone if "Untagged" in entry]
        deleted = [entry["Deleted"] for entry in gone if "Deleted" in entry]
        # The containerd store keeps an image without a name, for those that were built on it, and tells that it was deleted.
        if image.id in deleted and self.view.containerd and engine.images.find(image.id):
            deleted.remove(image.id)
        return self._outcome(image, Effect(sorted(untagged), deleted))

    def _name(self, image: Image) -> Optional[Reference]:
        """The name that was asked for; None for an id, whole or short."""
        hexadecimal = image.id.split(":", 1)[1]
        reference = parse_known(self.asked)
        by_id = image.id.startswith(self.asked) or hexadecimal.startswith(self.asked) or (reference is not None and bool(reference.image_id))
        return None if by_id else reference

    def _refuse(self, image: Image, name: Optional[Reference]) -> None:
        last = not untag(name, image.names, self.view.containerd)[1]
        # A digest beside a tag is not the last name, but graph drivers let it go from a used image by force only.
        if last or (not self.force and not self.view.containerd and is_single(image.names)):
            refuse_in_use(self.asked, [container for container in self.view.containers if container.image == image.id], self.force)
        if name is None and not self.force:
            refuse_several_names(self.asked, image.names)

    def _outcome(self, image: Optional[Image], effect: Effect) -> Outcome:
        gone: Dict[str, List[str]] = {"untagged": effect.untagged, "deleted": effect.deleted}
        before, after = ({self.asked: image.id}, {self.asked: None if effect.deleted else "untagged"}) if image else ({}, {})
        return Outcome(bool(effect.untagged or effect.deleted), gone, before, after)


def image_of(entry: Mapping[str, Any], containerd: bool) -> Image:
    """From inspecting or listing. The containerd store makes digests up from the id; of its names, those that are digests are among the tags."""
    texts = list(entry.get("RepoTags") or ()) + ([] if containerd else list(entry.get("RepoDigests") or ()))
    names = [known for known in map(parse_known, texts) if known]
    return Image(entry["Id"], tuple(dict.fromkeys(names)), entry.get("ParentId") or entry.get("Parent") or "")


def container_of(entry: Mapping[str, Any]) -> Container:
    """From the list of containers."""
    name = entry["Names"][0].lstrip("/") if entry.get("Names") else entry["Id"][:12]
    return Container(name, entry["ImageID"], entry.get("State") in _RUNNING)


def _familiar(name: str) -> str:
    known = parse_known(name)
    return known.familiar if known else name

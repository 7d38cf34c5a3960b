# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The step that removes an image, predicts what is removed and what is kept, and explains why an image cannot be removed."""

from __future__ import annotations

from typing import TYPE_CHECKING, AbstractSet, Any, Callable, Mapping

from ..errors import Conflict
from ..layers.api import ApiStore
from ..shapes import container_name, image_store, is_running
from ..step import Outcome, Step
from .reference import Reference, parse_known
from .removal_rules import (
    Effect,
    ImageEntry,
    ImageUser,
    PredictedHost,
    is_single,
    refuse_children,
    refuse_in_use,
    refuse_several_names,
    untag,
)

if TYPE_CHECKING:
    from ..engine.engine import Engine

NOTHING = Effect([], [])


class View:
    """The data of a host that removals need, read once and only when it is needed.

    ``kept`` returns, for the Engine's /info, the chain ids of layers that are never removed.
    """

    def __init__(self, engine: Engine, kept: Callable[[Mapping[str, Any]], AbstractSet[str]]) -> None:
        self._engine = engine
        self._kept = kept
        self._info: Mapping[str, Any] | None = None
        self._containers: list[ImageUser] | None = None
        self._host: PredictedHost | None = None

    def info(self) -> Mapping[str, Any]:
        """The Engine's /info."""
        if self._info is None:
            self._info = self._engine.daemon.info()
        return self._info

    def is_containerd(self) -> bool:
        """Whether removals work as in the containerd image store, also with Podman: they report no layers, and no digests in addition to a tag."""
        return image_store(self.info(), self._engine.flavour.image_store) != "graphdriver"

    def containers(self) -> list[ImageUser]:
        """The containers of all images."""
        if self._containers is None:
            self._containers = [user_of(entry) for entry in self._engine.containers.list()]
        return self._containers

    def host(self) -> PredictedHost:
        """The host after the removals that were predicted so far. Inspects every image if removals delete single layers."""
        if self._host is None:
            containerd = self.is_containerd()
            entries = [image_of(entry, containerd) for entry in self._engine.images.list(all=True)]
            images = {image.id: image for image in entries}
            kept: set[str] = set()
            if not containerd:
                images, kept = self._with_layers(images)
            self._host = PredictedHost(images, self.containers(), kept, containerd)
        return self._host

    def _with_layers(self, images: Mapping[str, ImageEntry]) -> tuple[dict[str, ImageEntry], set[str]]:
        """The images with their layers, and the layers that are kept for other reasons than images."""
        layers = {image_id: ApiStore().layers(self._engine.images.find(image_id) or {}) for image_id in images}
        known = {
            image_id: image._replace(layers=tuple(layer.chain_id for layer in layers[image_id]))
            for image_id, image in images.items()
        }
        by_path = {layer.path: layer.chain_id for each in layers.values() for layer in each if layer.path}
        return known, set(self._kept(self.info())) | self._under_orphans(known, by_path)

    def _under_orphans(self, images: Mapping[str, ImageEntry], chain_ids: Mapping[str, str]) -> set[str]:
        """Layers of containers whose image was removed, as far as their directories are known."""
        kept: set[str] = set()
        for orphan in (container for container in self.containers() if container.image not in images):
            data = ((self._engine.containers.find(orphan.name) or {}).get("GraphDriver") or {}).get("Data") or {}
            kept.update(chain_ids[path] for path in (data.get("LowerDir") or "").split(":") if path in chain_ids)
        return kept


class RemoveImage(Step):
    """Remove a name of an image, and the image with its last name. A missing image is not an error."""

    undoable = False

    def __init__(self, asked: str, view: View, force: bool, prune: bool) -> None:
        self.asked = asked
        self.view = view
        self.force = force
        self.prune = prune
        self.summary = f"remove image {asked}"

    def predict(self, engine: Engine) -> Outcome:
        found = engine.images.find(self.asked)
        # An earlier step may have removed it, or this name of it, in the prediction.
        image = self.view.host().entry_of(image_of(found, self.view.is_containerd())) if found else None
        name = self._name(image) if image else None
        if image is None or (name and not untag(name, image.names, self.view.is_containerd())[0]):
            return self._outcome(None, NOTHING)
        self._refuse(image, name)
        if name is None and not self.view.is_containerd():
            refuse_children(self.asked, self.view.host().children_of(image.id))
        return self._outcome(image, self.view.host().remove(image.id, name, self.force, self.prune))

    def apply(self, engine: Engine) -> Outcome:
        found = engine.images.find(self.asked)
        if found is None:
            return self._outcome(None, NOTHING)
        image = image_of(found, self.view.is_containerd())
        self._refuse(image, self._name(image))
        try:
            gone = engine.images.remove(self.asked, self.force, self.prune)
        except Conflict as error:
            if "dependent child images" in error.explanation:
                refuse_children(
                    self.asked,
                    [entry["Id"] for entry in engine.images.list(all=True) if entry.get("ParentId") == image.id],
                )
            raise
        untagged = [_familiar(entry["Untagged"]) for entry in gone if "Untagged" in entry]
        deleted = [entry["Deleted"] for entry in gone if "Deleted" in entry]
        # The containerd store keeps an image without a name for the images that were built on it, but reports that it was deleted.
        if image.id in deleted and self.view.is_containerd() and engine.images.find(image.id):
            deleted.remove(image.id)
        return self._outcome(image, Effect(sorted(untagged), deleted))

    def _name(self, image: ImageEntry) -> Reference | None:
        """The name to remove; None for an id, whole or short."""
        hexadecimal = image.id.split(":", 1)[1]
        reference = parse_known(self.asked)
        by_id = (
            image.id.startswith(self.asked)
            or hexadecimal.startswith(self.asked)
            or (reference is not None and bool(reference.image_id))
        )
        return None if by_id else reference

    def _refuse(self, image: ImageEntry, name: Reference | None) -> None:
        last = not untag(name, image.names, self.view.is_containerd())[1]
        # A digest is not counted as a name if there is a tag, but graph drivers remove it from a used image only with force.
        if last or (not self.force and not self.view.is_containerd() and is_single(image.names)):
            refuse_in_use(
                self.asked,
                [container for container in self.view.containers() if container.image == image.id],
                self.force,
            )
        if name is None and not self.force:
            refuse_several_names(self.asked, image.names)

    def _outcome(self, image: ImageEntry | None, effect: Effect) -> Outcome:
        gone: dict[str, list[str]] = {"untagged": effect.untagged, "deleted": effect.deleted}
        before, after = (
            ({self.asked: image.id}, {self.asked: None if effect.deleted else "untagged"}) if image else ({}, {})
        )
        return Outcome(bool(effect.untagged or effect.deleted), gone, before, after)


def image_of(entry: Mapping[str, Any], containerd: bool) -> ImageEntry:
    """The image from an inspection or a list. In the containerd store, RepoDigests are derived from the id; digests that are names are in RepoTags."""
    texts = list(entry.get("RepoTags") or ()) + ([] if containerd else list(entry.get("RepoDigests") or ()))
    names = [known for known in map(parse_known, texts) if known]
    return ImageEntry(entry["Id"], tuple(dict.fromkeys(names)), entry.get("ParentId") or entry.get("Parent") or "")


def user_of(entry: Mapping[str, Any]) -> ImageUser:
    """From the list of containers."""
    return ImageUser(container_name(entry), entry["ImageID"], is_running(entry))


def _familiar(name: str) -> str:
    known = parse_known(name)
    return known.familiar if known else name

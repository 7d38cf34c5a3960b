# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Removing images: what goes, what stays, and why it may not go."""

from __future__ import annotations

from typing import Any, Dict, List, Mapping, NamedTuple, Optional, Sequence, Set

from ..errors import StepFailed
from ..step import Outcome, Step
from .reference import Reference, parse_known

Image = Mapping[str, Any]


class Effect(NamedTuple):
    """Names that would go, and the id of the image if it would go itself."""

    untagged: List[str]
    deleted: Optional[str] = None


class Remove(Step):
    """Remove a name of an image, and the image with its last name. ``containers`` are those that were created from it."""

    def __init__(self, asked: str, image: Image, containers: Sequence[Mapping[str, Any]], force: bool, prune: bool) -> None:
        self.asked = asked
        self.image = image
        self.force = force
        self.prune = prune
        self.effect = effect(parse_known(asked), image)
        self.summary = "remove image %s" % asked
        self._containers = containers

    def predict(self, engine: Any) -> Outcome:
        self._refuse_in_use()
        return self._outcome({"untagged": self.effect.untagged, "deleted": [self.effect.deleted] if self.effect.deleted else []})

    def apply(self, engine: Any) -> Outcome:
        self._refuse_in_use()
        gone = engine.images.remove(self.asked, self.force, self.prune)
        return self._outcome(
            {
                "untagged": [_familiar(entry["Untagged"]) for entry in gone if "Untagged" in entry],
                "deleted": [entry["Deleted"] for entry in gone if "Deleted" in entry],
            }
        )

    def _refuse_in_use(self) -> None:
        """Engines refuse too, but tell the id of one container only; and with force they take the image from a stopped one."""
        if not self.effect.deleted:
            return
        running = [_name(container) for container in self._containers if container.get("State") in ("running", "paused", "restarting")]
        stopped = [_name(container) for container in self._containers if container.get("State") not in ("running", "paused", "restarting")]
        if running or (stopped and not self.force):
            raise StepFailed(
                "The image %s is in use by %s" % (self.asked, ", ".join(["%s (running)" % name for name in running] + stopped)),
                "Remove these containers first" + ("" if running else ", or set force: true, which leaves them without their image's name"),
                containers=running + stopped,
            )
        if parse_known(self.asked) is None or parse_known(self.asked).image_id:  # type: ignore[union-attr]
            self._refuse_several_names()

    def _refuse_several_names(self) -> None:
        if len(self.effect.untagged) > 1 and not self.force and len({_repository(name) for name in self.effect.untagged}) > 1:
            raise StepFailed(
                "The image %s has several names: %s" % (self.asked, ", ".join(self.effect.untagged)), "Remove it by these names, or set force: true"
            )

    def _outcome(self, gone: Dict[str, List[str]]) -> Outcome:
        return Outcome(
            bool(gone["untagged"] or gone["deleted"]), gone, {self.asked: self.image["Id"]}, {self.asked: None if self.effect.deleted else "untagged"}
        )


def effect(reference: Optional[Reference], image: Image) -> Effect:
    """What removing a name does to an inspected image. By an id, all names go."""
    tags = [known for known in map(parse_known, image.get("RepoTags") or ()) if known]
    digests = [known for known in map(parse_known, image.get("RepoDigests") or ()) if known]
    # The containerd store keeps names only; what it reports as digests goes with them, unsaid.
    if any(known.digest == image["Id"] for known in digests):
        digests = [known for known in digests if reference is not None and known == reference]
    by_name = reference is not None and not reference.image_id and reference.names(image)
    if not by_name or reference is None:
        return Effect([known.familiar for known in tags + digests], image["Id"])
    if reference.digest:
        left: Set[Reference] = {tag for tag in tags if not tag.shares_repository(reference)} | {
            other for other in digests if not other.shares_repository(reference)
        }
        gone = [known for known in tags + digests if known.shares_repository(reference)]
    else:
        others = [tag for tag in tags if tag != reference]
        # A repository's digest goes with its last tag.
        last = not any(tag.shares_repository(reference) for tag in others)
        gone = [reference] + ([other for other in digests if other.shares_repository(reference)] if last else [])
        left = set(others) | ({other for other in digests if not other.shares_repository(reference)} if last else set(digests))
    return Effect([known.familiar for known in gone], None if left else image["Id"])


def _name(container: Mapping[str, Any]) -> str:
    return container["Names"][0].lstrip("/") if container.get("Names") else container["Id"][:12]


def _familiar(name: str) -> str:
    known = parse_known(name)
    return known.familiar if known else name


def _repository(name: str) -> str:
    known = parse_known(name)
    return known.name if known else name

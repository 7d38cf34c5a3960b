# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Decides whether an image has to be pulled."""

from __future__ import annotations

from typing import Any, Callable, Generator, Mapping, Optional

from ..errors import BadOption, Missing
from ..step import Outcome, Step
from .platform import is_for, parse_platform, platform_of
from .reference import Reference
from .steps import Pull, Pulled, PullOptions

POLICIES = ("always", "missing", "never")

Image = Mapping[str, Any]


def ensure(
    engine: Any, reference: Reference, policy: str, platform: Optional[str] = None, options: Optional[PullOptions] = None
) -> Generator[Pull, Outcome, Optional[Image]]:
    """The inspected image, pulled if the policy wants it. In check mode None if a pull would bring another image than the host has now."""
    options = (options or PullOptions())._replace(platform=platform)
    if platform:
        parse_platform(platform)
    present = engine.images.find(reference.key, platform)
    if not must_pull(reference, present, policy, platform):
        return present
    outcome = yield Pull(reference, present, options)
    return outcome.value.image


class Ensure(Step):
    """ensure() as one step, for images that are brought side by side."""

    def __init__(self, reference: Reference, policy: str, options: PullOptions) -> None:
        self.reference = reference
        self.policy = policy
        self.options = options
        self.summary = "pull image %s" % reference.familiar

    def predict(self, engine: Any) -> Outcome:
        return self._do(engine, Pull.predict)

    def apply(self, engine: Any) -> Outcome:
        return self._do(engine, Pull.apply)

    def _do(self, engine: Any, verb: Callable[[Pull, Any], Outcome]) -> Outcome:
        platform = self.options.platform
        present = engine.images.find(self.reference.key, platform)
        if must_pull(self.reference, present, self.policy, platform):
            return verb(Pull(self.reference, present, self.options), engine)
        return Outcome(False, Pulled(present))


def must_pull(reference: Reference, present: Optional[Image], policy: str, platform: Optional[str] = None) -> bool:
    """Whether the registry has to be asked. Raises Missing if the policy forbids what would be needed."""
    usable = present is not None and fits(present, platform)
    if reference.image_id:
        if usable:
            return False
        raise Missing("There is no image with the id %s, and an id cannot be pulled" % reference.image_id, "Name it by repository and tag or digest")
    if policy == "never":
        if usable:
            return False
        raise Missing(
            "The image %s is not there%s, and the policy is never to pull" % (reference.familiar, " for %s" % platform if platform else ""),
            "Pull or load it first, or use pull: missing",
        )
    if policy not in ("always", "missing"):
        raise BadOption("pull", policy, "it is none of %s" % ", ".join(POLICIES), "pull: missing")
    return policy == "always" or not usable


def fits(image: Image, platform: Optional[str]) -> bool:
    """Whether an inspected image has content, for the asked platform if there is one."""
    if "RootFS" in image and not (image["RootFS"] or {}).get("Layers"):
        # The containerd store knows images of which another platform's content alone is here; images without layers have a platform.
        return platform_of(image) is not None and not platform
    return not platform or is_for(platform_of(image), platform)

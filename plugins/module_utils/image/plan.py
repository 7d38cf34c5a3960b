# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Decides whether an image has to be pulled."""

from __future__ import annotations

from typing import TYPE_CHECKING, Callable, Generator

from ..errors import BadOption, FlotillaError, Missing
from ..shapes import PULL_POLICIES
from ..step import Outcome, Step
from .reference import Reference
from .steps import Image, Pull, PullContext, Pulled, PullOptions, find, fits

if TYPE_CHECKING:
    from ..engine.engine import Engine


def ensure(
    engine: Engine,
    reference: Reference,
    policy: str,
    options: PullOptions = PullOptions(),
    context: PullContext = PullContext(),
) -> Generator[Step, Outcome, Pulled]:
    """The image, pulled if the policy requires it. In check mode None if a pull would replace the present image."""
    present = find(engine, reference, options.platform, context)
    try:
        if not must_pull(reference, present, policy, options.platform):
            return Pulled(present)
    except Missing as error:
        return (yield Absent(reference.familiar, error)).value
    return (yield Pull(reference, present, options, context)).value


class Absent(Step):
    """An image that is missing on the host: a failure, except in check mode, because an earlier task may provide it."""

    undoable = False

    def __init__(self, name: str, error: FlotillaError) -> None:
        self.error = error
        self.summary = f"use image {name}"

    def predict(self, engine: Engine) -> Outcome:
        return Outcome(True, Pulled(None), warnings=(f"{self.error} Without check mode this is an error.",))

    def actions(self, outcome: Outcome) -> list[str]:
        return []

    def apply(self, engine: Engine) -> Outcome:
        raise self.error


class Ensure(Step):
    """Pull an image if the policy requires it. The value is Pulled."""

    undoable = False

    def __init__(
        self, reference: Reference, policy: str, options: PullOptions, context: PullContext = PullContext()
    ) -> None:
        self.reference = reference
        self.policy = policy
        self.options = options
        self.context = context
        self.summary = f"pull image {reference.familiar}"

    def predict(self, engine: Engine) -> Outcome:
        return self._do(engine, lambda step, target: step.predict(target))

    def apply(self, engine: Engine) -> Outcome:
        return self._do(engine, lambda step, target: step.apply(target))

    def _do(self, engine: Engine, verb: Callable[[Step, Engine], Outcome]) -> Outcome:
        platform = self.options.platform
        present = find(engine, self.reference, platform, self.context)
        try:
            if not must_pull(self.reference, present, self.policy, platform):
                return Outcome(False, Pulled(present))
        except Missing as error:
            return verb(Absent(self.reference.familiar, error), engine)
        return verb(Pull(self.reference, present, self.options, self.context), engine)


def must_pull(reference: Reference, present: Image | None, policy: str, platform: str | None = None) -> bool:
    """Whether the image has to be pulled. Raises Missing if the policy forbids a pull that would be needed."""
    usable = present is not None and fits(present, platform)
    if reference.image_id:
        if usable:
            return False
        raise Missing(
            f"There is no image with the id {reference.image_id} on this host, and an id cannot be pulled",
            "Use repository and tag, or repository and digest",
        )
    if policy == "never":
        if usable:
            return False
        raise Missing(
            "There is no image {} on this host{}, and pull is never".format(
                reference.familiar, f" for {platform}" if platform else ""
            ),
            "Pull or load the image first, or set pull to missing",
        )
    if policy not in ("always", "missing"):
        raise BadOption(
            "pull", "must be one of {}".format(", ".join(PULL_POLICIES)), got=policy, example="pull: missing"
        )
    return policy == "always" or not usable

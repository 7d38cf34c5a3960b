# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Steps that pull images."""

from __future__ import annotations

import random
import time
from typing import TYPE_CHECKING, Any, Callable, Mapping, NamedTuple

from ..errors import ApiError, FlotillaError, PullFailed, Unreachable
from ..step import Outcome, Step
from .failures import pull_failed, stalled
from .platform import is_for, parse_platform, platform_of, platform_of_descriptor
from .progress import Progress
from .progress_file import watch_nothing
from .reference import Reference
from .source import EngineSource, Remote, Source

if TYPE_CHECKING:
    from ..engine.engine import Engine

LONGEST_DELAY = 120.0
# Number of retries after a stall. Each takes minutes to detect, and a second retry rarely helps.
STALLS = 1
# Failures that a login can prevent.
_NEEDS_LOGIN = ("login_required", "denied", "unknown_image")
# What a registry says of an image that does not exist. In check mode, an earlier task may build or push it.
_FROM_EARLIER_TASK = _NEEDS_LOGIN

# An image as GET /images/NAME/json returns it.
Image = Mapping[str, Any]


class PullOptions(NamedTuple):
    """Options of a task for pulls. Times are in seconds."""

    platform: str | None = None
    retries: int = 0
    retry_delay: float = 5.0
    stall_timeout: float = 120.0
    check: str = "registry"


class PullContext(NamedTuple):
    """Objects that a pull uses. ``image_for`` returns the image of another platform from the layer store, if that can be read."""

    source: Source = EngineSource()
    watch: Callable[[Reference, Progress], None] = watch_nothing
    image_for: Callable[[Image, str], Image | None] = lambda image, platform: None
    sleep: Callable[[float], None] = time.sleep
    clock: Callable[[], float] = time.monotonic


class Pulled(NamedTuple):
    """The value of a pull. ``image`` is inspected; None if check mode cannot know it. ``remote`` is set in check mode only."""

    image: Image | None
    progress: Progress | None = None
    attempts: int = 0
    seconds: float = 0.0
    remote: Remote | None = None


class Pull(Step):
    """Pull the current image of a name. ``present`` is the inspected image that the host has under that name."""

    undoable = False

    def __init__(
        self,
        reference: Reference,
        present: Image | None = None,
        options: PullOptions = PullOptions(),
        context: PullContext = PullContext(),
    ) -> None:
        self.reference = reference
        self.present = present
        self.options = options
        self.context = context
        self.summary = f"pull image {reference.familiar}"

    def predict(self, engine: Engine) -> Outcome:
        """Compare the digest with the registry. If the registry's digest is not known, a change is predicted."""
        if self.options.check != "registry":
            return self._outcome(self.options.check == "always" or self.present is None, Pulled(self.present))
        try:
            remote = self.context.source.remote(engine, self.reference)
        except PullFailed as failure:
            if failure.kind not in _FROM_EARLIER_TASK:
                raise
            warning = (
                f"{failure} Without check mode this is an error, unless an earlier task builds or pushes the image."
            )
            return Outcome(True, Pulled(None), warnings=(warning,))
        if self.present is None:
            return self._outcome(True, Pulled(None, remote=remote))
        known = self.reference.digests_in(self.present)
        if not fits(self.present, self.options.platform):
            # An index has one digest for all its platforms.
            return self._outcome(True, Pulled(None, remote=remote))
        if remote.digest and remote.digest in known:
            return self._outcome(False, Pulled(self.present, remote=remote))
        if remote.digest and not known:
            remote = remote._replace(
                reason="the image on the host has no digest to compare, like any built or loaded image"
            )
        return self._outcome(True, Pulled(None if remote.digest and known else self.present, remote=remote))

    def apply(self, engine: Engine) -> Outcome:
        """Pull, with retries if they may help. The image is inspected afterwards, because the stream is not reliable and an old image may be present."""
        started = self.context.clock()
        progress, attempts = self._pull(engine)
        found = find(engine, self.reference, self.options.platform, self.context)
        image = self._verified(engine, found or engine.images.find(self.reference.key))
        progress.forget(image["Id"])
        changed = self.present is None or _identity(self.present) != _identity(image)
        if self.options.platform and self.present and not fits(self.present, self.options.platform):
            # Content of another platform of the same index, which neither id nor names show.
            changed = changed or bool(progress.pulled)
        return self._outcome(changed, Pulled(image, progress, attempts, self.context.clock() - started), progress)

    def _pull(self, engine: Engine) -> tuple[Progress, int]:
        attempt, stalls = 1, 0
        while True:
            try:
                return self._pull_once(engine), attempt
            except PullFailed as failure:
                stalls += failure.kind == "stalled"
                explained, delay = self._explain(failure, self._delay(attempt))
                hopeless = not explained.transient or delay > LONGEST_DELAY * 1.25
                if hopeless or attempt > self.options.retries or stalls > STALLS:
                    explained.facts["attempts"] = attempt
                    raise explained from failure
                self.context.sleep(delay)
            attempt += 1

    def _explain(self, failure: PullFailed, delay: float) -> tuple[PullFailed, float]:
        """The failure with the answers of registry and mirrors, and how long to wait before the next attempt."""
        verdict = self.context.source.explain(self.reference, failure)
        parts = [failure.message] + ([verdict.text] if verdict.text else [])
        if failure.kind in _NEEDS_LOGIN:
            parts += self.context.source.logins.warnings(self.reference.registry)
        facts = dict(failure.facts, rate_limit=verdict.rate_limit) if verdict.rate_limit else failure.facts
        facts = {name: value for name, value in facts.items() if name not in ("kind", "transient")}
        transient = failure.transient or verdict.transient
        explained = PullFailed(". ".join(parts), failure.advice, verdict.kind or failure.kind, transient, **facts)
        return explained, max(delay, verdict.retry_after or 0)

    def _delay(self, attempt: int) -> float:
        """The delay doubles each time; a random part prevents that all hosts of a fleet retry at the same time."""
        return min(self.options.retry_delay * 2 ** (attempt - 1), LONGEST_DELAY) * random.uniform(0.75, 1.25)

    def _pull_once(self, engine: Engine) -> Progress:
        progress = Progress()
        limit = self.options.stall_timeout
        moved = self.context.clock()
        login = self.context.source.logins.find(self.reference.registry)
        try:
            for message in engine.images.pull(
                self.reference.repository_path, self.reference.version, self.options.platform, login, limit
            ):
                now = self.context.clock()
                if progress.add(message):
                    moved = now
                elif now - moved > limit:
                    raise stalled(self.reference, limit, progress)
                self.context.watch(self.reference, progress)
        except ApiError as error:
            raise pull_failed(self.reference, error.explanation) from error
        except Unreachable as error:
            if error.kind == "hung":
                engine.daemon.require_answer()
                raise stalled(self.reference, limit, progress) from error
            raise
        # Engine 26 appends an error to a successful pull if the platform differs; _verified has a better message.
        if progress.error and not (progress.digest and "does not match" in progress.error):
            raise pull_failed(self.reference, progress.error)
        return progress

    def _verified(self, engine: Engine, image: Image | None) -> Image:
        """The image, if the host has it under the desired name and for the desired platform."""
        if image is None or not self.reference.names(image):
            raise PullFailed(
                f"The Engine pulled {self.reference.familiar} without an error, but does not have it under that name",
                "Look at journalctl -u docker. An old image of that name may still be on the host",
                kind="stale",
                transient=False,
            )
        desired, found = self.options.platform, platform_of(image)
        if not desired or not found or is_for(found, desired):
            return image
        if self._is_offered(engine, desired):
            # Before API 1.49, the Engine API shows only one platform of an index, and it is not this one.
            platform = parse_platform(desired)
            return dict(image, Os=platform.os, Architecture=platform.architecture, Variant=platform.variant, RootFS={})
        raise PullFailed(
            f"{self.reference.familiar} is not offered for {parse_platform(desired)}: the registry has it for {found}",
            "Remove platform from the task to use this image, or name an image that is built for this platform",
            kind="wrong_platform",
            transient=False,
        )

    def _is_offered(self, engine: Engine, desired: str) -> bool:
        """Whether the registry has an index with this platform, which only matters if the host has several platforms of it."""
        if self.present is None or engine.speaks("1.49"):
            return False
        try:
            answer = engine.images.distribution(
                self.reference.pullable, self.context.source.logins.find(self.reference.registry)
            )
        except FlotillaError:
            return False
        return any(is_for(platform_of_descriptor(entry), desired) for entry in answer.get("Platforms") or ())

    def _outcome(self, changed: bool, value: Pulled, progress: Progress | None = None) -> Outcome:
        before = self.present["Id"] if self.present else None
        after = (value.image["Id"] if value.image else "unknown until it is pulled") if changed else before
        name = self.reference.familiar
        warnings = tuple(progress.warnings) if progress else ()
        warnings += self.context.source.logins.warnings(self.reference.registry)
        return Outcome(changed, value, {name: before}, {name: after}, warnings)


def find(engine: Engine, reference: Reference, platform: str | None, context: PullContext) -> Image | None:
    """The inspected image for the desired platform, or None, if the Engine or its store shows that; else for the platform that the Engine shows."""
    image = engine.images.find(reference.key, str(parse_platform(platform)) if platform else None)
    if image and platform and not fits(image, platform):
        return context.image_for(image, platform) or image
    return image


def fits(image: Image, platform: str | None) -> bool:
    """Whether an inspected image has content, for the desired platform if there is one."""
    if "RootFS" in image and not (image["RootFS"] or {}).get("Layers"):
        # The containerd store lists images of which only another platform's content is on the host; images without layers have a platform.
        return platform_of(image) is not None and not platform
    return not platform or is_for(platform_of(image), platform)


def _identity(image: Image) -> tuple:
    """The parts that a pull may change: id and names. The Engine's messages about changes are wrong in several cases."""
    return image["Id"], sorted(image.get("RepoTags") or ()), sorted(image.get("RepoDigests") or ())

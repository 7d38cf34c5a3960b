# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Steps that change which images a host has."""

from __future__ import annotations

import random
import time
from typing import Any, Callable, Mapping, NamedTuple, Optional

from ..errors import ApiError, PullFailed, Unreachable
from ..step import Outcome, Step
from .failures import pull_failed, stalled
from .platform import is_for, parse_platform, platform_of
from .progress import Progress
from .reference import Reference
from .remote import Remote, ask_engine

LONGEST_DELAY = 120.0
# How many stalls are tried again. Each takes minutes to be told, and the second rarely differs from the first.
STALLS = 1


class EngineLookup:
    """What the daemon alone can tell about a registry. hub/lookup.py can tell more."""

    def remote(self, engine: Any, reference: Reference, login: Optional[Mapping[str, str]] = None) -> Remote:
        """The registry's digest, for check mode."""
        return ask_engine(engine, reference, login)

    def explain(self, reference: Reference, failure: PullFailed, login: Optional[Mapping[str, str]] = None) -> Any:
        """None: what lies behind a failed pull is not known."""


class PullOptions(NamedTuple):
    """How to pull. ``login`` has the keys of Docker's config."""

    platform: Optional[str] = None
    login: Optional[Mapping[str, str]] = None
    retries: int = 0
    retry_delay: float = 5.0
    stall_timeout: float = 120.0
    lookup: Any = EngineLookup()
    check: str = "registry"
    watch: Callable[[Reference, Progress], None] = lambda reference, progress: None
    sleep: Callable[[float], None] = time.sleep
    clock: Callable[[], float] = time.monotonic


class Pulled(NamedTuple):
    """What came of a pull. ``image`` is inspected; None if a check cannot know it. ``remote`` is set in check mode only."""

    image: Optional[Mapping[str, Any]]
    progress: Optional[Progress] = None
    attempts: int = 0
    seconds: float = 0.0
    remote: Optional[Remote] = None


class Pull(Step):
    """Bring an image as its registry has it now. ``present`` is what the host has under that name, inspected."""

    def __init__(self, reference: Reference, present: Optional[Mapping[str, Any]] = None, options: PullOptions = PullOptions()) -> None:
        self.reference = reference
        self.present = present
        self.options = options
        self.summary = "pull image %s" % reference.familiar

    def predict(self, engine: Any) -> Outcome:
        """Compares the registry's digest. Where it cannot be had the pull counts as a change."""
        if self.options.check != "registry":
            return self._outcome(self.options.check == "always" or self.present is None, Pulled(self.present))
        remote = self.options.lookup.remote(engine, self.reference, self.options.login)
        if self.present is None:
            return self._outcome(True, Pulled(None, remote=remote))
        known = self.reference.digests_in(self.present)
        if remote.digest and remote.digest in known:
            return self._outcome(False, Pulled(self.present, remote=remote))
        if remote.digest and not known:
            remote = remote._replace(reason="the host has the image without a digest to compare, as built and loaded images are")
        return self._outcome(True, Pulled(None if remote.digest and known else self.present, remote=remote))

    def apply(self, engine: Any) -> Outcome:
        """Pull, again if that may help. The image is inspected afterwards: neither the stream nor an old image is believed."""
        started = self.options.clock()
        progress, attempts = self._pull(engine)
        image = engine.images.find(self.reference.key, self.options.platform) or engine.images.find(self.reference.key)
        image = self._verified(image)
        progress.forget(image["Id"])
        changed = self.present is None or _identity(self.present) != _identity(image)
        return self._outcome(changed, Pulled(image, progress, attempts, self.options.clock() - started), progress)

    def _pull(self, engine: Any) -> tuple[Progress, int]:
        attempt, stalls = 1, 0
        while True:
            try:
                return self._pull_once(engine), attempt
            except PullFailed as failure:
                stalls += failure.kind == "stalled"
                explained, delay = self._explain(failure, self._delay(attempt))
                if not explained.transient or attempt > self.options.retries or stalls > STALLS or delay > LONGEST_DELAY * 1.25:
                    explained.facts["attempts"] = attempt
                    raise explained from failure
                self.options.sleep(delay)
            attempt += 1

    def _explain(self, failure: PullFailed, delay: float) -> tuple[PullFailed, float]:
        """The failure with what registry and mirrors say about it, and how long to wait before the next attempt."""
        verdict = self.options.lookup.explain(self.reference, failure, self.options.login)
        if verdict is None:
            return failure, delay
        message = failure.message + (". " + verdict.text if verdict.text else "")
        facts = dict(failure.facts, rate_limit=verdict.rate_limit) if verdict.rate_limit else failure.facts
        facts = {name: value for name, value in facts.items() if name not in ("kind", "transient")}
        explained = PullFailed(message, failure.advice, verdict.kind or failure.kind, failure.transient or verdict.transient, **facts)
        return explained, max(delay, verdict.retry_after or 0)

    def _delay(self, attempt: int) -> float:
        """Doubles each time; with jitter, so that a fleet does not come back as one."""
        return min(self.options.retry_delay * 2 ** (attempt - 1), LONGEST_DELAY) * random.uniform(0.75, 1.25)

    def _pull_once(self, engine: Any) -> Progress:
        progress = Progress()
        limit = self.options.stall_timeout
        moved = self.options.clock()
        try:
            for message in engine.images.pull(self.reference.repository_path, self.reference.version, self.options.platform, self.options.login, limit):
                now = self.options.clock()
                if progress.add(message):
                    moved = now
                elif now - moved > limit:
                    raise stalled(self.reference, limit, progress)
                self.options.watch(self.reference, progress)
        except ApiError as error:
            raise pull_failed(self.reference, error.explanation) from error
        except Unreachable as error:
            if error.kind == "hung":
                engine.daemon.require_answer()
                raise stalled(self.reference, limit, progress) from error
            raise
        # Engine 26 appends an error to a pull that succeeded if the platform is another one; _verified says it better.
        if progress.error and not (progress.digest and "does not match" in progress.error):
            raise pull_failed(self.reference, progress.error)
        return progress

    def _verified(self, image: Optional[Mapping[str, Any]]) -> Mapping[str, Any]:
        """The image, if it is there under the asked name and for the asked platform."""
        if image is None or not self.reference.names(image):
            raise PullFailed(
                "The engine pulled %s without an error, but does not have it under that name" % self.reference.familiar,
                "Look at journalctl -u docker; an old image of that name may still be there",
                kind="stale",
                transient=False,
            )
        wanted, found = self.options.platform, platform_of(image)
        if wanted and found and not is_for(found, wanted):
            raise PullFailed(
                "%s is not offered for %s: what the registry has is for %s" % (self.reference.familiar, parse_platform(wanted), found),
                "Leave platform out to take it as it is, or name an image that is built for it",
                kind="wrong_platform",
                transient=False,
            )
        return image

    def _outcome(self, changed: bool, value: Pulled, progress: Optional[Progress] = None) -> Outcome:
        before = self.present["Id"] if self.present else None
        after = (value.image["Id"] if value.image else "unknown until it is pulled") if changed else before
        name = self.reference.familiar
        return Outcome(changed, value, {name: before}, {name: after}, tuple(progress.warnings) if progress else ())


def _identity(image: Mapping[str, Any]) -> tuple:
    """What a pull may change: the id, and the names. The engine's words about it are wrong in several cases."""
    return image["Id"], sorted(image.get("RepoTags") or ()), sorted(image.get("RepoDigests") or ())

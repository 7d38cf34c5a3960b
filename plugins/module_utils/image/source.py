# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Asks the registry of an image for its digest without pulling, and for the cause of a failed pull."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Mapping, NamedTuple, Protocol

from ..errors import ApiError, Missing, PullFailed, Unreachable
from .failures import classify, pull_failed
from .login import Login, Logins

if TYPE_CHECKING:
    from ..engine.engine import Engine
    from .reference import Reference

# Seconds for the Engine's own attempts. Engine 20.10 tries an unreachable registry for half a minute.
PATIENCE = 15.0
# Permanent failures: a pull would fail in the same way.
FINAL = ("unknown_image", "login_required", "denied", "bad_reference", "wrong_platform")


class Remote(NamedTuple):
    """A registry's answer: ``digest``, or None and the ``reason``. ``source`` is the Engine, registry or mirror that answered."""

    digest: str | None = None
    reason: str = ""
    source: str = ""
    rate_limit: Mapping[str, Any] | None = None


class Verdict(NamedTuple):
    """The answers of registry and mirrors after a failed pull. ``text`` is a sentence; ``retry_after`` is in seconds."""

    text: str = ""
    transient: bool = False
    kind: str | None = None
    retry_after: float | None = None
    rate_limit: Mapping[str, Any] | None = None


class Source(Protocol):
    """Answers questions of a pull about an image's registry."""

    logins: Logins

    def remote(self, engine: Engine, reference: Reference) -> Remote:
        """The registry's digest, for check mode. Raises PullFailed if a pull would fail permanently."""

    def explain(self, reference: Reference, failure: PullFailed) -> Verdict:
        """The cause of a failed pull, as far as it can be found."""


class EngineSource:
    """Asks only through the Engine. registry/lookup.py finds out more."""

    def __init__(self, logins: Logins | None = None) -> None:
        self.logins = logins or Logins()

    def remote(self, engine: Engine, reference: Reference) -> Remote:
        """The registry's digest."""
        return ask_engine(engine, reference, self.logins.find(reference.registry))

    def explain(self, reference: Reference, failure: PullFailed) -> Verdict:
        """Adds nothing to the failure."""
        return Verdict()


def ask_engine(engine: Engine, reference: Reference, login: Login | None = None) -> Remote:
    """The digest, requested through the Engine. Docker Hub counts it as a pull. Raises PullFailed if a pull would fail permanently."""
    try:
        answer = engine.images.distribution(reference.pullable, login, PATIENCE)
    except ApiError as error:
        if classify(error.explanation).kind in FINAL:
            raise pull_failed(reference, error.explanation) from error
        return Remote(reason=error.explanation.strip(), source="engine")
    except Missing as error:
        return Remote(reason=error.message, source="engine")
    except Unreachable as error:
        reason = (
            f"the registry did not answer the Engine within {PATIENCE:g} s" if error.kind == "hung" else error.message
        )
        return Remote(reason=reason, source="engine")
    return Remote(digest=answer["Descriptor"]["digest"], source="engine")

# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a registry has under a name, asked without pulling."""

from __future__ import annotations

from typing import Any, Mapping, NamedTuple, Optional

from ..errors import ApiError, Missing, Unreachable
from .failures import classify, pull_failed
from .reference import Reference

# Seconds for the daemon's own attempts. Engine 20.10 tries a registry that is gone for half a minute.
PATIENCE = 15.0
# Nothing that a later run could change by itself: a pull would fail in the same way.
FINAL = ("unknown_image", "login_required", "denied", "bad_reference", "wrong_platform")


class Remote(NamedTuple):
    """A registry's answer: ``digest``, or None and the ``reason``. ``source`` is who was asked."""

    digest: Optional[str] = None
    reason: str = ""
    source: str = ""
    rate_limit: Optional[Mapping[str, Any]] = None


def ask_engine(engine: Any, reference: Reference, login: Optional[Mapping[str, str]] = None) -> Remote:
    """The digest through the daemon. Docker Hub counts it as a pull. Raises PullFailed where a pull would fail for good."""
    try:
        answer = engine.images.distribution(reference.pullable, login, PATIENCE)
    except ApiError as error:
        if classify(error.explanation).kind in FINAL:
            raise pull_failed(reference, error.explanation) from error
        return Remote(reason=error.explanation.strip(), source="engine")
    except Missing as error:
        return Remote(reason=error.message, source="engine")
    except Unreachable as error:
        reason = "the registry gave the daemon no answer within %g s" % PATIENCE if error.kind == "hung" else error.message
        return Remote(reason=reason, source="engine")
    return Remote(digest=answer["Descriptor"]["digest"], source="engine")

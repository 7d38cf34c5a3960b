# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every exception that this collection raises. The runner turns each into ``fail_json`` in one place.

* FlotillaError
  * BadOption        an option's value cannot work; raised before anything was changed
  * Missing          something that the task needs is not there (docker-py, a context, an image, a network)
  * Unreachable      no usable answer from the daemon; ``kind`` says why
  * ApiTooOld        an option needs a newer Engine API
  * ApiError         the Engine answered with an error status
    * NotFound       404
    * Conflict       409
  * NotMet           something is not as the task demands; ``facts`` are all that was found
  * StepFailed       a step was done, but what it promised did not come true
    * PullFailed     an image did not arrive; ``kind`` says why, ``transient`` whether trying again may help
  * SearchFailed     an index of images gave no usable answer; ``kind`` says why
* Interrupted        the run was asked to stop by a signal; no Exception, so that nobody on its way takes it for a failure that can be borne
"""

from __future__ import annotations

from typing import Any


class Explained(BaseException):
    """What went wrong in ``message``, what to do about it in ``advice``; ``facts`` are added to the failed result."""

    def __init__(self, message: str, advice: str = "", **facts: Any) -> None:
        super().__init__(message)
        self.message = message
        self.advice = advice
        self.facts = facts

    def __str__(self) -> str:
        return " ".join(sentence(part) for part in (self.message, self.advice) if part)


class FlotillaError(Explained, Exception):
    """A failure. Whoever knows how to go on may catch it."""


class BadOption(FlotillaError):
    """``option`` has a ``value`` that cannot work because of ``reason``; ``example`` is one that can."""

    def __init__(self, option: str, value: Any, reason: str, example: str = "") -> None:
        super().__init__(
            "The option %s cannot be %r: %s" % (option, value, reason),
            "Write it like this: %s" % example if example else "",
            option=option,
        )
        self.option = option


class Missing(FlotillaError):
    """Something that the task needs is not there."""


class Unreachable(FlotillaError):
    """The daemon gave no usable answer.

    ``kind`` is one of no_socket, permission, refused, hung, cut, tls, name, no_route, proxy, version, address, ssh,
    not_installed (on the other side of ssh), credentials or unknown.
    """

    def __init__(self, message: str, advice: str = "", kind: str = "unknown", **facts: Any) -> None:
        super().__init__(message, advice, **facts)
        self.kind = kind


class ApiTooOld(FlotillaError):
    """An option needs a newer Engine API than the daemon speaks."""


class ApiError(FlotillaError):
    """The Engine answered ``status`` (an HTTP status code) and ``explanation`` (its own words)."""

    def __init__(self, action: str, status: int, explanation: str, advice: str = "", who: str = "the Docker Engine") -> None:
        super().__init__("Cannot %s: %s answered %s: %s" % (action, who, status, explanation), advice, status_code=status)
        self.status = status
        self.explanation = explanation


class NotFound(ApiError):
    """The Engine answered 404."""


class Conflict(ApiError):
    """The Engine answered 409."""


class NotMet(FlotillaError):
    """Something is not as the task demands; ``facts`` are all that was found."""


class StepFailed(FlotillaError):
    """A step was done, but what it promised did not come true."""


class PullFailed(StepFailed):
    """An image did not arrive. ``kind`` is a class of image/failures.py; ``transient`` says whether trying again may help."""

    def __init__(self, message: str, advice: str, kind: str, transient: bool, **facts: Any) -> None:
        super().__init__(message, advice, kind=kind, **facts)
        self.kind = kind
        self.transient = transient


class SearchFailed(FlotillaError):
    """An index gave no usable answer. ``kind`` is unreachable, refused, rate_limited, not_an_index, unknown_image, server_error or bad_filter."""

    def __init__(self, message: str, advice: str, kind: str, **facts: Any) -> None:
        super().__init__(message, advice, kind=kind, **facts)
        self.kind = kind


class Interrupted(Explained):
    """The run was asked to stop by a signal."""


def sentence(text: str) -> str:
    """The text with a full stop, if it has no end yet."""
    text = text.strip()
    return text if text.endswith((".", "!", "?")) else text + "."

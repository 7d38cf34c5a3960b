# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every exception that this collection raises. The runner turns each into ``fail_json`` in one place.

* FlotillaError
  * BadOption        an option has an invalid value; raised before anything is changed
    * MissingFile    the file that it names does not exist
  * Missing          something that the task needs does not exist (a context, an image, a network)
    * SdkMissing     docker-py, which is needed for a request; the request was not sent
  * Unreachable      no usable answer from the Engine; ``kind`` says why
  * ApiTooOld        an option needs a newer Engine API
  * ApiError         the Engine answered with an error status
    * NotFound       404
    * Conflict       409
  * NotMet           a requirement of the task is not met; ``facts`` are all that was found
  * StepFailed       a step was performed without the expected result
    * PullFailed     an image could not be pulled; ``kind`` says why, ``transient`` whether a retry may help
  * NoAnswer         a server gave no usable answer over HTTP; ``kind`` says why
  * StoreUnreadable  files of a layer store are not in the expected form
  * SearchFailed     an index of images gave no usable answer; ``kind`` says why
* Interrupted        a signal stops the run; not an Exception, so that no handler of Exception catches it
"""

from __future__ import annotations

from typing import Any


class Explained(BaseException):
    """``message`` says what failed and why, ``advice`` what to do; ``facts`` are added to the failed result."""

    def __init__(self, message: str, advice: str = "", **facts: object) -> None:
        super().__init__(message)
        self.message = message
        self.advice = advice
        self.facts: dict[str, Any] = facts

    def __str__(self) -> str:
        return " ".join(sentence(part) for part in (self.message, self.advice) if part)


class FlotillaError(Explained, Exception):
    """A failure. Callers that can continue may catch it. ``kind`` is a class of causes, if there is one."""

    kind: str | None = None


_NOTHING = object()


class BadOption(FlotillaError):
    """``option`` is not valid. ``problem`` continues the sentence that starts with the option's name: "must be 1 or more".

    ``got`` is the value that was found, ``example`` a line that can be pasted into a task.
    """

    def __init__(self, option: str, problem: str, got: object = _NOTHING, example: str = "") -> None:
        super().__init__(
            f"{option} {problem}" + ("" if got is _NOTHING else f" (got {got!r})"),
            option=option,
        )
        self.option = option
        self.example = example

    def __str__(self) -> str:
        # No full stop after the example, because users paste it.
        return super().__str__() + (f" Example: {self.example}" if self.example else "")


class MissingFile(BadOption):
    """An option names a file that does not exist."""


class Missing(FlotillaError):
    """Something that the task needs does not exist."""


class SdkMissing(Missing):
    """docker-py is not installed. Raised before the first request that needs it, so nothing was sent yet."""


class Unreachable(FlotillaError):
    """The Engine gave no usable answer.

    ``kind`` is one of no_socket, permission, refused, hung, cut, tls, name, no_route, proxy, version, address, ssh,
    not_installed (on the other side of ssh), credentials or unknown.
    """

    kind: str

    def __init__(self, message: str, advice: str = "", kind: str = "unknown", **facts: object) -> None:
        super().__init__(message, advice, **facts)
        self.kind = kind


class ApiTooOld(FlotillaError):
    """An option needs a newer API than that of the Engine."""


class ApiError(FlotillaError):
    """The Engine answered with ``status`` (an HTTP status code) and ``explanation`` (its message)."""

    def __init__(
        self, action: str, status: int, explanation: str, advice: str = "", who: str = "the Docker Engine"
    ) -> None:
        super().__init__(f"Cannot {action}: {who} answered {status}: {explanation}", advice, status_code=status)
        self.status = status
        self.explanation = explanation


class NotFound(ApiError):
    """The Engine answered 404."""


class Conflict(ApiError):
    """The Engine answered 409."""


class NotMet(FlotillaError):
    """A requirement of the task is not met; ``facts`` are all that was found."""


class StepFailed(FlotillaError):
    """A step was performed without the expected result."""


class PullFailed(StepFailed):
    """An image could not be pulled. ``kind`` is a class of image/failures.py; ``transient`` says whether a retry may help."""

    kind: str

    def __init__(self, message: str, advice: str, kind: str, transient: bool, **facts: object) -> None:
        super().__init__(message, advice, kind=kind, **facts)
        self.kind = kind
        self.transient = transient


class SearchFailed(FlotillaError):
    """An index gave no usable answer. ``kind`` is unreachable, refused, rate_limited, not_an_index, unknown_image, server_error or bad_filter."""

    kind: str

    def __init__(self, message: str, advice: str, kind: str, **facts: object) -> None:
        super().__init__(message, advice, kind=kind, **facts)
        self.kind = kind


class NoAnswer(FlotillaError):
    """A server gave no usable answer over HTTP. ``kind`` is name, refused, timed_out, tls, cut, too_large or unreachable."""

    kind: str

    def __init__(self, message: str, advice: str, kind: str) -> None:
        super().__init__(message, advice, kind=kind)
        self.kind = kind


class StoreUnreadable(FlotillaError):
    """Files of a layer store are not in the expected form, or were written to while they were read."""


class Interrupted(Explained):
    """A signal stops the run."""


def sentence(text: str) -> str:
    """The text, with a full stop at the end if it has none."""
    text = text.strip()
    return text if text.endswith((".", "!", "?")) else text + "."

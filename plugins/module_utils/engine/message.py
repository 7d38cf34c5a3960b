# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A request to the Docker Engine, its response, and the limits of a response."""

from __future__ import annotations

import time
from typing import Iterable, Mapping, NamedTuple

# The most bytes of one response, far more than any listing has, and of one message of a stream.
LARGEST_RESPONSE = 256 * 1024**2
LARGEST_MESSAGE = 16 * 1024**2
# Seconds after the timeout in which a response must be complete, if its parts keep coming.
COMPLETE_WITHIN = 600.0


class Budget:
    """Limits for one response, so that a daemon cannot keep a task running forever or fill the memory."""

    def __init__(self, timeout: float) -> None:
        self._timeout = timeout
        self._seconds = timeout + COMPLETE_WITHIN
        self._end = time.monotonic() + self._seconds
        self._left = LARGEST_RESPONSE

    def remaining(self) -> float:
        """Seconds that remain for the whole response."""
        left = self._end - time.monotonic()
        if left <= 0:
            raise self.too_slow()
        return left

    def wait(self) -> float:
        """Seconds to wait for the next part."""
        return min(self.remaining(), self._timeout)

    def take(self, size: int) -> None:
        """Count ``size`` bytes."""
        self._left -= size
        if self._left < 0:
            raise OSError(f"the response is larger than {LARGEST_RESPONSE // 1024**2} MiB")

    def too_slow(self) -> OSError:
        """The error for a response that is not complete in time."""
        return OSError(f"the response is not complete after {self._seconds:g} s")

    def joined(self, chunks: Iterable[bytes]) -> bytes:
        """All chunks of a response."""
        found = []
        for chunk in chunks:
            self.take(len(chunk))
            self.remaining()
            found.append(chunk)
        return b"".join(found)


class Request(NamedTuple):
    """``target`` is the path with the query as they are sent: /v1.45/containers/json?all=1."""

    method: str
    target: str
    headers: Mapping[str, str] = {}
    body: str | None = None


class Answer(NamedTuple):
    """A response with any HTTP status, read to its end."""

    status: int
    headers: dict[str, str]
    content: bytes = b""

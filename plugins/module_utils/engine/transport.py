# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The interface for sending requests to the Docker Engine. Its implementations are unix_socket.py and docker_py.py, with one test suite for both."""

from __future__ import annotations

from typing import Any, ContextManager, Iterator, NamedTuple

from .message import Answer, Request

try:
    from typing import Protocol
except ImportError:  # the import test of ansible-test runs on older Pythons than the targets have
    Protocol = object  # type: ignore[assignment]


class Stream(NamedTuple):
    """A response whose content is still arriving; ``head.content`` is read only if the status is an error."""

    head: Answer
    chunks: Iterator[bytes]


class Hijacked(NamedTuple):
    """``connection`` is None if the status is an error."""

    head: Answer
    connection: Any


class Transport(Protocol):
    """Sends one request and reads the response. Raises the exceptions of its library; failures.reporting converts them."""

    def send(self, request: Request, timeout: float) -> Answer:
        """``timeout`` in seconds is for the connection and for each wait for more of the response."""


class StreamTransport(Transport, Protocol):
    """Can return a response while it is arriving."""

    client: Any

    @property
    def encrypted(self) -> bool:
        """Whether the connection to the daemon uses TLS."""

    def stream(self, request: Request, timeout: float) -> ContextManager[Stream]:
        """``timeout`` in seconds is for each wait for more of the response."""

    def hijack(self, request: Request, timeout: float) -> ContextManager[Hijacked]:
        """``timeout`` in seconds is for the response; reads from the connection have their own timeouts."""

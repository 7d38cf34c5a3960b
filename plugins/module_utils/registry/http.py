# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Sends one HTTP request with limits on time and bytes. The other files of this package get ``fetch`` as a parameter, so their tests need no network."""

from __future__ import annotations

import json
import queue
import threading
import time
from typing import TYPE_CHECKING, Any, Callable, Mapping, NamedTuple
from urllib.error import HTTPError

from .. import explanations
from ..errors import NoAnswer
from ..explanations import Rule
from ..shapes import host_of

if TYPE_CHECKING:
    from http.client import HTTPResponse

# Seconds without data; for the headers, including redirects; and for a body that is kept in memory.
TIMEOUT = 15.0
HEADERS_WITHIN = 45.0
BODY_WITHIN = 60.0
# Bytes of a body that is kept in memory. Registries limit manifests to 4 MiB.
LARGEST_BODY = 32 * 1024 * 1024
# A body that is written to a file may be large, so only its speed is limited: bytes in each span of seconds.
SLOWEST_BYTES, SLOWEST_SPAN = 64 * 1024, 60.0
PIECE = 1024 * 1024
AGENT = "flotilla.docker"

# Patterns for messages of Python's ssl, socket and http.client, also inside those of urllib and Ansible.
RULES = (
    Rule(
        "timed_out",
        r"timed out|timeout",
        advice="Check that the host reaches the server, and proxies and firewalls between them",
    ),
    Rule(
        "tls",
        r"CERTIFICATE|certificate|SSL|TLS",
        advice="Check the certificate of the server and the CA file that is used for it, and whether the server speaks TLS at all",
    ),
    Rule(
        "name",
        r"Name or service not known|name resolution|No address associated|nodename nor servname",
        advice="Check the host name, and the DNS settings of the host",
    ),
    Rule(
        "refused",
        r"refused|No route to host|unreachable",
        advice="Check host and port, and that the server is running",
    ),
    Rule(
        "cut",
        r"reset|closed connection|IncompleteRead|BadStatusLine|Broken pipe|without response",
        advice="Check the server and the network, then run the task again",
    ),
)
_UNKNOWN = Rule("unreachable", "", advice="Check the address, the network and the proxy settings")


class Answer(NamedTuple):
    """The answer of a server, with any status. Names of headers are lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes = b""

    def json(self) -> Any:
        """The decoded body. Raises ValueError."""
        return json.loads(self.body.decode("utf-8"))


def no_answer(url: str, text: str, kind: str | None = None) -> NoAnswer:
    """The error for a request without a usable answer, from the message of a library or our own."""
    rule = explanations.first(RULES, text) or _UNKNOWN
    return NoAnswer(f"{host_of(url)} cannot be reached: {text}", rule.advice, kind or rule.kind)


def fetch(
    method: str,
    url: str,
    headers: dict[str, str] | None = None,
    data: str | None = None,
    ca_path: str | None = None,
    write: Callable[[bytes], Any] | None = None,
    limit: int | None = None,
) -> Answer:
    """The answer to one request. Raises NoAnswer. Credentials are not sent to the target of a redirect; there are ten redirects at most (urllib).

    ``write`` receives the body in pieces, if it may be too large for the memory; the answer then has no body. Errors have a body.
    ``limit`` is the maximum number of bytes of a body.
    """
    try:
        response = _within(HEADERS_WITHIN, url, lambda: _open(method, url, headers or {}, data, ca_path))
        with response:
            body = _Body(url, response, limit)
            failed = response.status >= 400 or isinstance(response, HTTPError)
            return Answer(
                response.status, _lower(response.headers), body.read() if failed or not write else body.copy(write)
            )
    except NoAnswer:
        raise
    except Exception as error:  # urllib, http.client, ssl, socket and Ansible raise different exceptions
        text = str(getattr(error, "reason", None) or error) or type(error).__name__
        raise no_answer(url, text) from error


def _open(method: str, url: str, headers: dict[str, str], data: str | None, ca_path: str | None) -> Any:
    # It imports cryptography and other libraries, which most runs of a module do not need.
    from ansible.module_utils.urls import open_url  # pylint: disable=import-outside-toplevel

    try:
        return open_url(
            url,
            method=method,
            headers=headers,
            data=data,
            ca_path=ca_path,
            timeout=TIMEOUT,
            http_agent=AGENT,
            unredirected_headers=["Authorization"],
            follow_redirects="safe",
            use_netrc=False,
        )
    except HTTPError as error:
        return error


def _within(seconds: float, url: str, work: Callable[[], Any]) -> Any:
    """The result of ``work``, or NoAnswer after a time limit: urllib has none for name resolution, or for headers that arrive byte by byte."""
    done: queue.Queue = queue.Queue()

    def run() -> None:
        try:
            done.put((work(), None))
        except BaseException as error:
            done.put((None, error))

    threading.Thread(target=run, daemon=True).start()
    try:
        result, error = done.get(timeout=seconds)
    except queue.Empty:
        raise no_answer(url, f"timed out: no answer within {seconds:g} s") from None
    if error is not None:
        raise error
    return result


class _Body:
    """The body of a response, in pieces as they arrive."""

    def __init__(self, url: str, response: HTTPResponse | HTTPError, limit: int | None) -> None:
        self._url = url
        # read() would wait for a whole piece.
        self._read = getattr(response, "read1", None) or response.read
        self._limit = limit
        self._came = 0

    def read(self) -> bytes:
        """The whole body. Raises NoAnswer if it is larger, or takes longer, than any answer of a registry."""
        deadline = time.monotonic() + BODY_WITHIN
        self._limit = min(self._limit or LARGEST_BODY, LARGEST_BODY)
        pieces = []
        for piece in self._pieces():
            pieces.append(piece)
            if time.monotonic() > deadline:
                raise no_answer(self._url, f"timed out: the answer is not complete after {BODY_WITHIN:g} s")
        return b"".join(pieces)

    def copy(self, write: Callable[[bytes], Any]) -> bytes:
        """Pass the body to ``write``. Raises NoAnswer if it arrives too slowly."""
        until, before = time.monotonic() + SLOWEST_SPAN, 0
        for piece in self._pieces():
            write(piece)
            if time.monotonic() > until:
                if self._came - before < SLOWEST_BYTES:
                    raise no_answer(
                        self._url, f"timed out: only {self._came - before} bytes arrived in {SLOWEST_SPAN:g} s"
                    )
                until, before = time.monotonic() + SLOWEST_SPAN, self._came
        return b""

    def _pieces(self) -> Any:
        for piece in iter(lambda: self._read(PIECE), b""):
            self._came += len(piece)
            if self._limit is not None and self._came > self._limit:
                raise no_answer(self._url, f"the answer has more than {self._limit} bytes", kind="too_large")
            yield piece


def _lower(headers: Mapping[str, str] | None) -> dict[str, str]:
    """Headers in lower case; several fields with one name are joined (RFC 9110)."""
    found: dict[str, str] = {}
    for name, value in (headers or {}).items():
        key = name.lower()
        found[key] = f"{found[key]}, {value}" if key in found else value
    return found

# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One HTTP call to the Docker Engine, on docker-py's transport."""

from __future__ import annotations

import json
from contextlib import nullcontext
from typing import Any, Iterator, Optional

from .. import signals
from .failures import reporting


class Api:
    """The Engine API: paths and JSON. docker-py carries the requests: sockets, TLS, SSH and proxies.

    Bodies and query parameters are ours, because docker-py's keyword API lags behind the Engine's.
    """

    def __init__(self, client: Any, address: str) -> None:
        self.client = client
        self.address = address

    @property
    def version(self) -> str:
        """The API version that requests use, such as "1.45"."""
        return self.client._version

    def speaks(self, version: str) -> bool:
        """Whether requests use API ``version`` or a newer one."""
        return api_number(self.version) >= api_number(version)

    def get(self, action: str, path: str, *names: str, headers: Optional[dict] = None, within: Optional[float] = None, **params: Any) -> Any:
        """The decoded answer of a GET; ``within`` in seconds replaces the connection's timeout where it is shorter."""
        return self._call(action, "GET", path, names, params, headers=headers, within=within)

    def post(
        self, action: str, path: str, *names: str, body: Any = None, timeout: Optional[float] = None, headers: Optional[dict] = None, **params: Any
    ) -> Any:
        """The decoded answer of a POST; ``timeout`` in seconds replaces the connection's own where it is longer."""
        return self._call(action, "POST", path, names, params, body, timeout, headers)

    def delete(self, action: str, path: str, *names: str, timeout: Optional[float] = None, **params: Any) -> Any:
        """The decoded answer of a DELETE."""
        return self._call(action, "DELETE", path, names, params, timeout=timeout)

    def raw(self, action: str, path: str, *names: str, **params: Any) -> bytes:
        """The undecoded answer of a GET."""
        with reporting(action, self.address, self.client.timeout):
            return self._send("GET", path, names, params, timeout=self.client.timeout).content

    def stream(
        self, action: str, method: str, path: str, *names: str, headers: Optional[dict] = None, stall_timeout: Optional[float] = None, **params: Any
    ) -> Iterator[Any]:
        """The JSON messages of a stream as they come. No message for ``stall_timeout`` seconds ends it with Unreachable (hung)."""
        with reporting(action, self.address, stall_timeout or self.client.timeout):
            response = self._send(method, path, names, params, headers=headers, timeout=stall_timeout or self.client.timeout, stream=True)
            try:
                yield from _json_messages(response.iter_content(chunk_size=None))
            finally:
                response.close()

    def ping(self, timeout: Optional[float] = None) -> dict[str, str]:
        """The headers of GET /_ping: Api-Version, Server, Swarm, Libpod-Api-Version. The only call that needs no API version."""
        timeout = min(timeout or self.client.timeout, self.client.timeout)
        with reporting("reach the Docker daemon", self.address, timeout):
            # GET, not HEAD: a refusal, such as of plain HTTP on a TLS port, has its reason in the body.
            response = self.client.get(self.client._url("/_ping", versioned_api=False), timeout=timeout)
            self.client._raise_for_status(response)
            return dict(response.headers)

    def _call(
        self, action: str, method: str, path: str, names: Any, params: dict, body: Any = None, timeout: Any = None, headers: Any = None, within: Any = None
    ) -> Any:
        limit = self._timeout(timeout) if within is None else min(within, self.client.timeout)
        with reporting(action, self.address, limit), nullcontext() if method == "GET" else signals.held():
            response = self._send(method, path, names, params, body, headers, limit)
            return response.json() if response.content else None

    def _send(self, method: str, path: str, names: Any, params: dict, body: Any = None, headers: Any = None, timeout: Any = None, stream: bool = False) -> Any:
        response = self.client.request(
            method,
            self.client._url(path, *names),
            params={key: _query(value) for key, value in params.items() if value is not None},
            data=None if body is None else json.dumps(body),
            headers=dict({"Content-Type": "application/json"} if body is not None else {}, **(headers or {})),
            timeout=timeout,
            stream=stream,
        )
        self.client._raise_for_status(response)
        return response

    def _timeout(self, longer: Optional[float]) -> Any:
        return self.client.timeout if longer is None else max(self.client.timeout, longer)


def api_number(version: str) -> tuple[int, ...]:
    """ "1.44" as (1, 44), so that 1.9 is older than 1.44."""
    return tuple(int(part) for part in version.split("."))


def _query(value: Any) -> Any:
    if isinstance(value, bool):
        return "1" if value else "0"
    return json.dumps(value) if isinstance(value, (dict, list)) else value


def _json_messages(chunks: Iterator[bytes]) -> Iterator[Any]:
    """Messages may be cut anywhere by chunks, and several may share one line."""
    decoder = json.JSONDecoder()
    pending = ""
    for chunk in chunks:
        pending = (pending + chunk.decode("utf-8", "replace")).lstrip()
        while pending:
            try:
                message, end = decoder.raw_decode(pending)
            except ValueError:
                break
            yield message
            pending = pending[end:].lstrip()

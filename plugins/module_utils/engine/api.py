# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Calls to the Docker Engine: paths, parameters and JSON, and the choice of the transport."""

from __future__ import annotations

import json
import re
import threading
import time
from contextlib import nullcontext
from typing import TYPE_CHECKING, Any, Callable, Dict, List, Mapping
from urllib.parse import quote, urlencode

from .. import signals
from ..errors import ApiError, NotFound
from .failures import raise_for_status, reporting
from .message import Request

if TYPE_CHECKING:
    from .transport import StreamTransport, Transport

# The newest API version whose requests and answers are tested; newer servers support it, too.
TESTED_API = "1.51"
OLDEST_API = "1.24"

# Before API 1.44, clients can create two networks of one name at the same time. Those of this collection then remove all but one within seconds.
_AMBIGUOUS = re.compile(r"network \S+ is ambiguous")
_AMBIGUOUS_FOR, _PAUSE = 5.0, 0.2

# A decoded list of objects. Classes with a method list() cannot use the type's name.
Objects = List[Dict[str, Any]]


class Api:
    """The Engine API. GET requests go through ``reader``, all others and streams through what ``make_changer`` makes for the first of them.

    Bodies and query parameters are ours, because docker-py's keyword API lags behind the Engine's.
    """

    def __init__(
        self, address: str, timeout: float, reader: Transport, make_changer: Callable[[], StreamTransport]
    ) -> None:
        self.address = address
        # Seconds for each wait for the daemon, unless a call sets another value.
        self.timeout = self._timeout = timeout
        # The API version that requests use, such as "1.45".
        self.version = OLDEST_API
        self._reader = reader
        self._make_changer = make_changer
        self._made: StreamTransport | None = None
        self._making = threading.Lock()

    def allow(self, seconds: float) -> None:
        """Let each later request take this long where the timeout of the connection is shorter."""
        self.timeout = max(self._timeout, seconds)

    @property
    def changer(self) -> StreamTransport:
        """The transport for changes and streams. Raises SdkMissing if that is docker-py and it is not installed."""
        with self._making:
            if self._made is None:
                self._made = self._make_changer()
            return self._made

    @property
    def encrypted(self) -> bool:
        """Whether the connection to the daemon uses TLS."""
        return not self.address.startswith("unix://") and self.changer.encrypted

    def speaks(self, version: str) -> bool:
        """Whether requests use API ``version`` or a newer one."""
        return api_number(self.version) >= api_number(version)

    def get(
        self,
        action: str,
        path: str,
        *names: str,
        headers: Mapping[str, str] | None = None,
        within: float | None = None,
        **params: object,
    ) -> Any:
        """The decoded answer of a GET; ``within`` in seconds replaces the connection's timeout if it is shorter."""
        return self._call(action, "GET", path, names, params, headers=headers, within=within)

    def post(
        self,
        action: str,
        path: str,
        *names: str,
        body: object = None,
        timeout: float | None = None,
        headers: Mapping[str, str] | None = None,
        **params: object,
    ) -> Any:
        """The decoded answer of a POST; ``timeout`` in seconds replaces the connection's timeout if it is longer."""
        deadline = time.monotonic() + _AMBIGUOUS_FOR
        while True:
            try:
                return self._call(action, "POST", path, names, params, body, timeout, headers)
            except ApiError as error:
                if not _AMBIGUOUS.search(error.explanation) or time.monotonic() > deadline:
                    raise
            time.sleep(_PAUSE)

    def delete(self, action: str, path: str, *names: str, timeout: float | None = None, **params: object) -> Any:
        """The decoded answer of a DELETE."""
        return self._call(action, "DELETE", path, names, params, longer=timeout)

    def exists(self, action: str, route: str, *names: str, **params: object) -> bool:
        """Whether a HEAD request is answered with success; False for 404."""
        try:
            with reporting(action, self.address, self.timeout):
                self._send(action, self.request("HEAD", route, names, params), self.timeout)
        except NotFound:
            return False
        return True

    def raw(self, action: str, path: str, *names: str, **params: object) -> bytes:
        """The undecoded answer of a GET."""
        with reporting(action, self.address, self.timeout):
            return self._send(action, self.request("GET", path, names, params), self.timeout)

    def ping(self, timeout: float | None = None) -> dict[str, str]:
        """The headers of GET /_ping: Api-Version, Server, Swarm, Libpod-Api-Version. The only call that needs no API version."""
        limit = min(timeout or self.timeout, self.timeout)
        with reporting("reach the Docker daemon", self.address, limit):
            # GET, not HEAD: a refusal, such as of plain HTTP on a TLS port, has its reason in the body.
            answer = self._reader.send(Request("GET", "/_ping"), limit)
            raise_for_status("reach the Docker daemon", answer, self.address)
            return answer.headers

    def _call(
        self,
        action: str,
        method: str,
        path: str,
        names: tuple[str, ...],
        params: Mapping[str, Any],
        body: object = None,
        longer: float | None = None,
        headers: Mapping[str, str] | None = None,
        within: float | None = None,
    ) -> Any:
        limit = max(self.timeout, longer or 0) if within is None else min(within, self.timeout)
        request = self.request(method, path, names, params, body, headers)
        with reporting(action, self.address, limit), nullcontext() if method == "GET" else signals.held():
            content = self._send(action, request, limit).strip()
            # Podman answers some requests with OK as plain text, and others with a line break.
            return json.loads(content) if content and content != b"OK" else None

    def _send(self, action: str, request: Request, timeout: float) -> bytes:
        carrier = self._reader if request.method in ("GET", "HEAD") else self.changer
        answer = carrier.send(request, timeout)
        raise_for_status(action, answer, self.address)
        return answer.content

    def request(
        self,
        method: str,
        path: str,
        names: tuple[str, ...],
        params: Mapping[str, Any],
        body: object = None,
        headers: Mapping[str, str] | None = None,
    ) -> Request:
        """A request for the API: ``names`` fill the fields of ``path``, ``params`` without None are the query, and ``body`` becomes JSON."""
        target = f"/v{self.version}" + path.format(*(quote(name, safe="/:") for name in names))
        query = urlencode({key: _query(value) for key, value in params.items() if value is not None})
        if query:
            target += f"?{query}"
        if body is None:
            return Request(method, target, headers or {})
        return Request(method, target, dict(headers or {}, **{"Content-Type": "application/json"}), json.dumps(body))


def api_number(version: str) -> tuple[int, ...]:
    """ "1.44" as (1, 44), so that 1.9 is older than 1.44."""
    return tuple(int(part) for part in version.split("."))


def older(one: str, other: str) -> str:
    """The older of two API versions, which is the newest that server and client both support."""
    return min(one, other, key=api_number)


def _query(value: object) -> Any:
    if isinstance(value, bool):
        return "1" if value else "0"
    return json.dumps(value) if isinstance(value, (dict, list)) else value

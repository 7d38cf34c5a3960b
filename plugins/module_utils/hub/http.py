# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One HTTP request. Everything else in this folder is given ``fetch`` and so needs no network in its tests."""

from __future__ import annotations

import json
import re
from typing import Any, Callable, Dict, Mapping, NamedTuple, Optional
from urllib.error import HTTPError

from ..errors import FlotillaError

TIMEOUT = 15.0
PIECE = 1024 * 1024
AGENT = "flotilla.docker"

# The words of Python's ssl, socket and http.client, wherever urllib and Ansible have put them.
_WORDS = (
    ("timed_out", r"timed out|timeout"),
    ("tls", r"CERTIFICATE|certificate|SSL|TLS"),
    ("name", r"Name or service not known|name resolution|No address associated|nodename nor servname"),
    ("refused", r"refused|No route to host|unreachable"),
    ("cut", r"reset|closed connection|IncompleteRead|BadStatusLine|Broken pipe"),
)


class Answer(NamedTuple):
    """What a server answered, whatever its status. Names of headers are lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes = b""

    def json(self) -> Any:
        """The decoded body. Raises ValueError."""
        return json.loads(self.body.decode("utf-8"))


class NoAnswer(FlotillaError):
    """A server gave no answer; ``kind`` is name, refused, timed_out, tls, cut or unreachable."""

    def __init__(self, url: str, kind: str, text: str) -> None:
        super().__init__("%s cannot be reached: %s" % (_host(url), text), "Check the name, the network and the proxy settings", kind=kind)
        self.kind = kind


def fetch(
    method: str,
    url: str,
    headers: Optional[Dict[str, str]] = None,
    data: Optional[str] = None,
    ca_path: Optional[str] = None,
    write: Optional[Callable[[bytes], Any]] = None,
) -> Answer:
    """The answer to one request. Raises NoAnswer. Credentials do not follow a redirect.

    ``write`` is given the body piece by piece, where that may be too large for the memory; the answer has none then. Errors come as a body.
    """
    # It brings cryptography and much else, which most runs of a module never need.
    from ansible.module_utils.urls import open_url  # pylint: disable=import-outside-toplevel

    try:
        with open_url(
            url, method=method, headers=headers or {}, data=data, ca_path=ca_path, timeout=TIMEOUT, http_agent=AGENT,
            unredirected_headers=["Authorization"], follow_redirects="safe", use_netrc=False,
        ) as response:
            return Answer(response.status, _lower(response.headers), _pass_on(response, write) if write else response.read())
    except HTTPError as error:
        with error:
            return Answer(error.code, _lower(error.headers or {}), error.read() if error.fp else b"")
    except Exception as error:  # urllib, http.client, ssl, socket and Ansible each raise their own
        text = str(getattr(error, "reason", None) or error) or type(error).__name__
        raise NoAnswer(url, next((kind for kind, words in _WORDS if re.search(words, text)), "unreachable"), text) from error


def _pass_on(response: Any, write: Callable[[bytes], Any]) -> bytes:
    for piece in iter(lambda: response.read(PIECE), b""):
        write(piece)
    return b""


def _lower(headers: Any) -> Dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}


def _host(url: str) -> str:
    return url.split("://", 1)[-1].split("/", 1)[0]

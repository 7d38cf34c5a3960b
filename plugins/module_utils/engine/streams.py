# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Requests whose response arrives bit by bit: the messages of a pull, and the input and output of a command in a container."""

from __future__ import annotations

import codecs
import json
import socket
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Iterator, Mapping

from .failures import raise_for_status, reporting
from .message import LARGEST_MESSAGE

if TYPE_CHECKING:
    from .api import Api
    from .hijack import Connection


def messages(
    api: Api,
    action: str,
    method: str,
    path: str,
    headers: Mapping[str, str] | None = None,
    stall_timeout: float | None = None,
    **params: object,
) -> Iterator[Any]:
    """The JSON messages of a stream as they arrive. Raises Unreachable (hung) after ``stall_timeout`` seconds without a message."""
    limit = stall_timeout or api.timeout
    request = api.request(method, path, (), params, headers=headers)
    with reporting(action, api.address, limit), api.changer.stream(request, limit) as stream:
        raise_for_status(action, stream.head, api.address)
        yield from _json_messages(stream.chunks, limit)


@contextmanager
def hijacked(api: Api, action: str, path: str, *names: str, body: object = None) -> Iterator[Connection]:
    """A POST after whose answer the connection carries raw bytes both ways."""
    request = api.request("POST", path, names, {}, body, {"Connection": "Upgrade", "Upgrade": "tcp"})
    with reporting(action, api.address, api.timeout), api.changer.hijack(request, api.timeout) as taken:
        raise_for_status(action, taken.head, api.address)
        yield taken.connection


def _json_messages(chunks: Iterator[bytes], limit: float) -> Iterator[Any]:
    """Messages may be cut anywhere by chunks, and several may share one line. Chunks without a message for ``limit`` seconds are a stall."""
    decoder = json.JSONDecoder()
    text = codecs.getincrementaldecoder("utf-8")("replace")
    pending = ""
    moved = time.monotonic()
    for chunk in chunks:
        pending = (pending + text.decode(chunk)).lstrip()
        while pending:
            try:
                message, end = decoder.raw_decode(pending)
            except ValueError:
                break
            yield message
            moved = time.monotonic()
            pending = pending[end:].lstrip()
        if len(pending) > LARGEST_MESSAGE:
            raise OSError(f"a message is larger than {LARGEST_MESSAGE // 1024**2} MiB")
        if time.monotonic() - moved > limit:
            raise socket.timeout("timed out")

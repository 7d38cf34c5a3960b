# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A connection that the Engine has taken over from HTTP ("hijacked"): raw bytes both ways, for commands in containers."""

from __future__ import annotations

import contextlib
import select
import socket
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import requests

CHUNK = 65536


class Connection:
    """Reads and writes independently, so that a command that reads slowly cannot block its own output."""

    def __init__(self, sock: socket.socket, buffered: bytes) -> None:
        self._socket = sock
        self._buffered = buffered
        self._to_send: memoryview | None = None
        self._end_input = True
        self._socket.setblocking(False)

    def feed(self, data: bytes | None, ended: bool = True) -> None:
        """Set the standard input of the command, which is sent while read() waits, followed by ``ended``. None sends nothing."""
        self._end_input = ended
        if data is not None:
            self._to_send = memoryview(data)
            self._send()

    def read(self, seconds: float) -> bytes | None:
        """More output; None after this time without output, and b"" at its end."""
        if self._buffered:
            data, self._buffered = self._buffered, b""
            return data
        # select does not see bytes that TLS has already decrypted.
        ready = getattr(self._socket, "pending", lambda: 0)() > 0
        writable = [self._socket] if self._to_send else []
        if not ready:
            readable, sendable, _broken = select.select([self._socket], writable, [], seconds)
            if sendable:
                self._send()
            if not readable:
                return None
        try:
            return self._socket.recv(CHUNK)
        except (BlockingIOError, InterruptedError):
            return None
        except OSError as error:
            if "timed out" in str(error) or type(error).__name__ in ("SSLWantReadError", "SSLWantWriteError"):
                return None
            raise

    def _send(self) -> None:
        if self._to_send:
            with contextlib.suppress(BlockingIOError, InterruptedError):
                self._to_send = self._to_send[self._socket.send(self._to_send[:CHUNK]) :]
        if self._to_send is not None and not self._to_send:
            self._to_send = None
            if not self._end_input:
                return
            # This ends the command's input. TLS cannot close one direction, see container_exec.
            with contextlib.suppress(OSError):
                self._socket.shutdown(socket.SHUT_WR)


def take_over(response: requests.Response) -> Connection:
    """The connection of a streamed answer of requests, with the bytes that were read after the header."""
    reader = response.raw._fp.fp
    sock = reader.raw._sock
    sock.setblocking(False)
    try:
        buffered = reader.peek()
    except (BlockingIOError, OSError):
        buffered = b""
    connection = Connection(sock, buffered)
    # Otherwise the socket is closed when the answer is garbage collected.
    connection.answer = response  # type: ignore[attr-defined]
    return connection

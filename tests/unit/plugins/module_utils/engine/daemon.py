# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A small real daemon on a unix socket: it reads HTTP requests and writes the bytes that a test gives it."""

from __future__ import annotations

import contextlib
import json
import socket
import threading

PING = {"Api-Version": "1.51", "Server": "Docker/28.5.2 (linux)"}
HANG = object()


def answer(content=b"OK", status=200, chunked=False, **headers):
    """An HTTP/1.1 answer as bytes; header names have _ for -."""
    if not isinstance(content, bytes):
        content = json.dumps(content).encode()
    lines = [f"HTTP/1.1 {status} Reason"] + [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    if chunked:
        half = len(content) // 2
        parts = [content[:half], content[half:], b""]
        body = b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in parts if part or part is parts[-1])
        lines.append("Transfer-Encoding: chunked")
    else:
        body = content
        lines.append(f"Content-Length: {len(content)}")
    return ("\r\n".join(lines) + "\r\n\r\n").encode() + body


class Daemon:
    """Answers each request with what ``respond(method, target, body)`` returns: bytes, HANG, or bytes and False to close then."""

    def __init__(self, path, respond):
        self.url = f"unix://{path}"
        self.requests = []
        self.connections = 0
        self._respond = respond
        self._open = []
        self._server = socket.socket(socket.AF_UNIX)
        self._server.bind(str(path))
        self._server.listen(5)
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self):
        """Behave like a stopped daemon."""
        self._server.close()
        self.drop()

    def drop(self):
        """Close all connections, like a daemon that restarts."""
        for connection in self._open:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def _accept(self):
        with contextlib.suppress(OSError):
            while True:
                connection = self._server.accept()[0]
                self.connections += 1
                self._open.append(connection)
                threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection):
        with contextlib.suppress(OSError), connection, connection.makefile("rb") as stream:
            while True:
                line = stream.readline().decode()
                if not line:
                    return
                method, target, _version = line.split()
                headers = {}
                for header in iter(stream.readline, b"\r\n"):
                    name, _colon, value = header.decode().partition(":")
                    headers[name.lower()] = value.strip()
                body = stream.read(int(headers.get("content-length", 0)))
                self.requests.append(f"{method} {target}")
                reply = self._respond(method, target, body)
                if reply is HANG:
                    threading.Event().wait()
                data, keep = reply if isinstance(reply, tuple) else (reply, True)
                connection.sendall(data)
                if not keep:
                    return


@contextlib.contextmanager
def daemon(path, respond):
    """A Daemon during the context. ``respond`` may be the answer itself; then a ping is always answered as by Engine 28."""
    if not callable(respond):
        reply = respond

        def respond(method, target, body):
            return answer(**PING) if target == "/_ping" else reply

    running = Daemon(path, respond)
    try:
        yield running
    finally:
        running.close()

# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reads from a daemon on this host with the standard library, because importing docker-py takes longer than the work of most tasks."""

from __future__ import annotations

import select
import socket
from http.client import HTTPConnection
from typing import Any

from .message import Answer, Budget, Request


class UnixSocket:
    """Requests over a Unix socket, on one connection for each thread that sends requests at the same time."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._idle: list[_Connection] = []

    def send(self, request: Request, timeout: float) -> Answer:
        """Raises OSError or http.client.HTTPException."""
        connection = self._take(timeout)
        try:
            connection.request(request.method, request.target, request.body, dict(request.headers))
            response = connection.getresponse()
            answer = Answer(response.status, dict(response.headers.items()), response.read())
        except BaseException:  # signals too: the rest of this response must not be read as the start of the next one
            connection.close()
            raise
        self._idle.append(connection)
        return answer

    def _take(self, timeout: float) -> _Connection:
        try:
            connection = self._idle.pop()
        except IndexError:
            connection = _Connection(self._path)
        connection.prepare(timeout)
        return connection


class _Socket(socket.socket):
    """Reads no more than its budget, and waits no longer."""

    budget: Budget

    def recv_into(self, *args: Any) -> int:
        self.settimeout(self.budget.wait())
        try:
            size = super().recv_into(*args)
            self.budget.take(size)
            return size
        except socket.timeout as error:
            waited = error
        self.budget.remaining()
        raise waited


class _Connection(HTTPConnection):
    """HTTP over a Unix socket; connects by itself when it is not connected."""

    def __init__(self, path: str) -> None:
        super().__init__("localhost")
        self._path = path
        self._budget = Budget(0)

    def prepare(self, timeout: float) -> None:
        """Set the timeout, and drop a connection that the daemon has closed since its last response."""
        self.timeout = timeout
        self._budget = Budget(timeout)
        if not isinstance(self.sock, _Socket):
            return
        poll = select.poll()
        poll.register(self.sock, select.POLLIN)
        if poll.poll(0):
            self.close()
        else:
            self.sock.settimeout(timeout)
            self.sock.budget = self._budget

    def connect(self) -> None:
        connected = _Socket(socket.AF_UNIX, socket.SOCK_STREAM)
        connected.budget = self._budget
        try:
            connected.settimeout(self.timeout)
            connected.connect(self._path)
        except BaseException:
            connected.close()
            raise
        self.sock = connected

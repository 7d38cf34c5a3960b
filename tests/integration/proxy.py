# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A socket in front of an Engine's that records connections and requests."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import socket
import threading

_REQUEST = re.compile(rb"(?:^|\r\n\r\n|[}\n])((?:HEAD|GET|POST|PUT|DELETE) \S+) HTTP/1\.1\r\n")


class Recording:
    """The recorded connections and requests, from the proxy's log."""

    def __init__(self, socket_path, log):
        self.address = f"unix://{socket_path}"
        self._log = log

    def _lines(self):
        return self._log.read_text(encoding="utf-8").splitlines()

    @property
    def requests(self):
        """ "GET /v1.51/containers/web/json" and so on, in order."""
        return [line for line in self._lines() if line not in ("connection", "withheld")]

    @property
    def connections(self):
        """How many were opened."""
        return self._lines().count("connection")

    @property
    def withholds(self):
        """Whether an answer was not passed on: the Engine has carried out its request."""
        return "withheld" in self._lines()


@contextlib.contextmanager
def recording(upstream, folder, withheld=None):
    """Run the proxy in a separate process, so that this one has no threads and can fork modules.

    From a request with ``withheld`` in its path on, answers on its connection are not passed on, so that a module waits there for its end.
    """
    path, log = folder / "proxy.sock", folder / "proxy.log"
    path.unlink(missing_ok=True)
    log.write_text("", encoding="utf-8")
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(str(path))
    listener.listen(16)
    pid = os.fork()
    if pid == 0:
        try:
            _serve(listener, upstream[len("unix://") :], log, withheld)
        finally:
            os._exit(0)
    listener.close()
    try:
        yield Recording(path, log)
    finally:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)


def _serve(listener, upstream, log, withheld):
    with log.open("a", encoding="utf-8", buffering=1) as lines:
        while True:
            client, _address = listener.accept()
            lines.write("connection\n")
            server = socket.socket(socket.AF_UNIX)
            server.connect(upstream)
            mute = threading.Event()
            threading.Thread(target=_ask, args=(client, server, lines, withheld, mute), daemon=True).start()
            threading.Thread(target=_answer, args=(server, client, lines, mute), daemon=True).start()


def _ask(client, server, lines, withheld, mute):
    with contextlib.suppress(OSError):
        while data := client.recv(65536):
            for request in _REQUEST.findall(data):
                if withheld and withheld in request.decode():
                    mute.set()
                lines.write(request.decode() + "\n")
            server.sendall(data)
        server.shutdown(socket.SHUT_WR)


def _answer(server, client, lines, mute):
    with contextlib.suppress(OSError):
        while data := server.recv(65536):
            if mute.is_set():
                lines.write("withheld\n")
            else:
                client.sendall(data)
        client.shutdown(socket.SHUT_WR)

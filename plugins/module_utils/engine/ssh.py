# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""HTTP through the program ssh, as the docker CLI does it. Nobody is asked anything, and nothing waits for ever.

docker-py's own transport needs paramiko, or lets ssh ask for passwords and read without a timeout.
"""

from __future__ import annotations

import atexit
import shlex
import socket
import subprocess
import tempfile
from typing import Any, List, Optional
from urllib.parse import urlsplit

from .sdk import requests

# Seconds for the network; ssh has more for what comes after.
CONNECT_WITHIN = 10
# Seconds that ssh has to say why it ends, once the connection has ended.
_LAST_WORDS = 3
# docker-py wants a port.
BASE_URL = "http://docker-through-ssh:22"


def command(url: str, timeout: float) -> List[str]:
    """The words that lead to the daemon at ``url``: ssh://[USER@]HOST[:PORT][/SOCKET]."""
    parts = urlsplit(url)
    words = ["ssh", "-T", "-o", "BatchMode=yes", "-o", "ConnectTimeout=%d" % max(1, min(CONNECT_WITHIN, timeout / 2))]
    words += ["-l", parts.username] if parts.username else []
    words += ["-p", str(parts.port)] if parts.port else []
    socket_path = parts.path.rstrip("/")
    daemon = ["--host", "unix://" + socket_path] if socket_path else []
    return [*words, "--", parts.hostname or "", " ".join(shlex.quote(word) for word in ["docker", *daemon, "system", "dial-stdio"])]


class Tunnel:
    """One ssh that carries one connection; our end of it is a socket like any other, with timeouts."""

    def __init__(self, words: List[str], timeout: Any) -> None:
        self.socket, theirs = socket.socketpair()
        self.socket.settimeout(timeout)
        # A file, because nobody reads a pipe while ssh runs.
        self._said = tempfile.TemporaryFile()  # pylint: disable=consider-using-with
        try:
            self._ssh = subprocess.Popen(  # pylint: disable=ansible-bad-function,consider-using-with  # it runs beside us, on a socket
                words, stdin=theirs, stdout=theirs, stderr=self._said
            )
        except OSError:
            self.socket.close()
            raise
        finally:
            theirs.close()
        # It ends with its connection; a daemon that hangs would keep it.
        atexit.register(self._ssh.kill)

    def last_words(self) -> str:
        """Why ssh or the other side ended, in their words; empty while it runs."""
        try:
            status = self._ssh.wait(_LAST_WORDS)
        except subprocess.TimeoutExpired:
            return ""
        self._said.seek(0)
        lines = [line.strip(" @\r") for line in self._said.read().decode("utf-8", "replace").splitlines()]
        said = "; ".join(line for line in lines if line and not line.startswith("Warning: Permanently added"))
        return said or ("ssh ended with status %d" % status if status else "")


def mount(client: Any, url: str, timeout: float) -> None:
    """Let docker-py's ``client`` send its requests to BASE_URL through ssh."""
    # Proxies of the environment have no part in it.
    client.trust_env = False
    client.mount(BASE_URL, _adapter(command(url, timeout)))


def _adapter(words: List[str]) -> Any:
    """Made when it is needed: requests may be missing where this file is only imported."""
    # pylint: disable=import-outside-toplevel
    from urllib3.connection import HTTPConnection
    from urllib3.connectionpool import HTTPConnectionPool

    class Connection(HTTPConnection):
        """Its socket leads to an ssh of its own."""

        tunnel: Optional[Tunnel] = None

        def connect(self) -> None:
            self.tunnel = Tunnel(words, self.timeout)
            self.sock = self.tunnel.socket

    class Pool(HTTPConnectionPool):
        """Remembers the newest connection, to ask it why it ended."""

        newest: Optional[Connection] = None

        def _new_conn(self) -> Any:
            self.newest = Connection("localhost", timeout=self.timeout.connect_timeout)
            return self.newest

    class Adapter(requests.adapters.HTTPAdapter):
        """Whatever the address, there is one pool."""

        pool = Pool("localhost", maxsize=10)

        def get_connection(self, url: Any, proxies: Any = None) -> Any:
            return self.pool

        def get_connection_with_tls_context(self, request: Any, verify: Any, proxies: Any = None, cert: Any = None) -> Any:
            return self.pool

        def send(self, request: Any, *args: Any, **more: Any) -> Any:
            try:
                return super().send(request, *args, **more)
            except requests.exceptions.ConnectionError as error:
                failed = error
            tunnel = self.pool.newest.tunnel if self.pool.newest else None
            said = tunnel.last_words() if tunnel else ""
            # Raised here, so that nothing hides the words behind the broken connection that they explain.
            raise requests.exceptions.ConnectionError(said) if said else failed

    return Adapter()

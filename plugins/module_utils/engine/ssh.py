# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""HTTP through the program ssh, as in the docker CLI. It never prompts, and every wait has a timeout.

The SSH transport of docker-py needs paramiko, or lets ssh prompt for passwords and reads without a timeout.
"""

from __future__ import annotations

import atexit
import shlex
import socket
import subprocess
import tempfile
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from .sdk import requests

if TYPE_CHECKING:
    from docker import APIClient


# Seconds to connect. Login and requests have the timeout of the task.
CONNECT_WITHIN = 10
# Seconds to wait for the exit of ssh, and for its error messages, after the connection has ended.
_EXIT_WITHIN = 3
# Bytes of those messages.
_MOST_OUTPUT = 65536
# docker-py requires a port.
BASE_URL = "http://docker-through-ssh:22"


def command(url: str, timeout: float) -> list[str]:
    """The ssh command that connects to the daemon at ``url``: ssh://[USER@]HOST[:PORT][/SOCKET]."""
    parts = urlsplit(url)
    words = ["ssh", "-T", "-o", "BatchMode=yes", "-o", "ConnectTimeout=%d" % max(1, min(CONNECT_WITHIN, timeout / 2))]
    words += ["-l", parts.username] if parts.username else []
    words += ["-p", str(parts.port)] if parts.port else []
    socket_path = parts.path.rstrip("/")
    daemon = ["--host", "unix://" + socket_path] if socket_path else []
    return [
        *words,
        "--",
        parts.hostname or "",
        " ".join(shlex.quote(word) for word in ["docker", *daemon, "system", "dial-stdio"]),
    ]


class Tunnel:
    """An ssh process with one connection; our end is a socket, with timeouts."""

    def __init__(self, words: list[str], timeout: float | None) -> None:
        self.socket, theirs = socket.socketpair()
        self.socket.settimeout(timeout)
        # A file, not a pipe: a pipe that is not read while ssh runs could fill up.
        self._stderr = tempfile.TemporaryFile()  # pylint: disable=consider-using-with
        try:
            self._ssh = subprocess.Popen(  # pylint: disable=ansible-bad-function,consider-using-with  # runs in parallel, on a socket
                words, stdin=theirs.fileno(), stdout=theirs.fileno(), stderr=self._stderr
            )
        except OSError:
            self.socket.close()
            raise
        finally:
            theirs.close()
        # It exits with its connection, except when the daemon hangs.
        atexit.register(self._ssh.kill)

    def error_output(self) -> str:
        """The error messages of ssh and of the docker CLI on the other host; empty while ssh is running."""
        try:
            status = self._ssh.wait(_EXIT_WITHIN)
        except subprocess.TimeoutExpired:
            return ""
        self._stderr.seek(0)
        lines = [line.strip(" @\r") for line in self._stderr.read(_MOST_OUTPUT).decode("utf-8", "replace").splitlines()]
        said = "; ".join(line for line in lines if line and not line.startswith("Warning: Permanently added"))
        return said or ("ssh ended with status %d" % status if status else "")


def mount(client: APIClient, url: str, timeout: float) -> None:
    """Make docker-py's ``client`` send requests for BASE_URL through ssh."""
    # Proxies from the environment do not apply to ssh.
    client.trust_env = False
    client.mount(BASE_URL, _adapter(command(url, timeout)))


def _adapter(words: list[str]) -> Any:
    """Defined in a function because requests may be missing when this file is imported."""
    # pylint: disable=import-outside-toplevel
    from urllib3.connection import HTTPConnection
    from urllib3.connectionpool import HTTPConnectionPool

    class Connection(HTTPConnection):
        """A connection with an ssh process of its own."""

        tunnel: Tunnel | None = None

        def connect(self) -> None:
            self.tunnel = Tunnel(words, self.timeout)
            self.sock = self.tunnel.socket

    class Pool(HTTPConnectionPool):
        """Keeps the newest connection, to read the error messages of its ssh."""

        newest: Connection | None = None

        def _new_conn(self) -> Any:
            self.newest = Connection("localhost", timeout=self.timeout.connect_timeout)
            return self.newest

    class Adapter(requests.adapters.HTTPAdapter):
        """Uses one pool for all addresses."""

        pool = Pool("localhost", maxsize=10)

        def get_connection(self, url: object, proxies: object = None) -> Any:
            return self.pool

        def get_connection_with_tls_context(
            self, request: object, verify: object, proxies: object = None, cert: object = None
        ) -> Any:
            return self.pool

        def send(self, request: requests.PreparedRequest, *args: Any, **more: Any) -> Any:
            try:
                return super().send(request, *args, **more)
            except requests.exceptions.ConnectionError as error:
                failed = error
            tunnel = self.pool.newest.tunnel if self.pool.newest else None
            said = tunnel.error_output() if tunnel else ""
            # Raised here, so that the messages of ssh are reported and not only "connection aborted".
            raise requests.exceptions.ConnectionError(said) if said else failed

    return Adapter()

# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Stands in for Docker Hub with a login: tokens as Hub gives them, and blobs from elsewhere. The images are the fleet's own registry's."""

from __future__ import annotations

import base64
import contextlib
import json
import threading
import urllib.error
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

TOKEN = "a-token-of-the-test"
PASSED_ON = ("Content-Type", "Docker-Content-Digest", "Docker-Distribution-Api-Version")


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        if self.path.startswith("/token"):
            return self._token()
        if self.headers.get("Authorization") != f"Bearer {TOKEN}":
            return self._answer(
                401,
                {"errors": [{"code": "UNAUTHORIZED", "message": "authentication required"}]},
                {"WWW-Authenticate": self._challenge()},
            )
        if "/blobs/" in self.path and self.command == "GET":
            # Docker Hub's blobs are served by a CDN, which must not receive the token.
            return self._answer(307, {}, {"Location": self.server.registry + self.path})
        return self._pass_on()

    do_HEAD = do_GET

    def _challenge(self):
        scope = (
            f',scope="repository:{self.path.split("/v2/")[1].rsplit("/", 2)[0]}:pull"' if self.path != "/v2/" else ""
        )
        return f'Bearer realm="{self.server.url}/token",service="registry.docker.io"{scope}'

    def _token(self):
        self.server.logins.append(self.headers.get("Authorization"))
        if self.headers.get("Authorization") != self.server.expected:
            return self._answer(401, {"details": "incorrect username or password"})
        return self._answer(
            200, {"token": TOKEN, "access_token": TOKEN, "expires_in": 300, "issued_at": "2026-11-24T00:00:00Z"}
        )

    def _pass_on(self):
        request = urllib.request.Request(self.server.registry + self.path, method=self.command)
        for value in self.headers.get_all("Accept") or []:
            request.add_header("Accept", ", ".join(filter(None, (request.get_header("Accept"), value))))
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                passed_on = {name: answer.headers[name] for name in PASSED_ON if answer.headers[name]}
                self._send(answer.status, answer.read(), passed_on, answer.headers["Content-Length"])
        except urllib.error.HTTPError as error:
            self._send(error.code, error.read(), {"Content-Type": "application/json"})

    def _answer(self, status, value, headers=None):
        self._send(status, json.dumps(value).encode(), {"Content-Type": "application/json", **(headers or {})})

    def _send(self, status, body, headers, length=None):
        self.send_response(status)
        for name, value in {**headers, "Content-Length": length or str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, format, *args):  # pylint: disable=redefined-builtin
        """Nobody reads it."""


@contextlib.contextmanager
def token_upstream(address, registry, username, password):
    """The server at ``address`` of this machine in front of ``registry`` (http://HOST:PORT); it has its ``url``, and the ``logins`` that came."""
    server = ThreadingHTTPServer((address, 0), Handler)
    server.registry, server.logins = registry, []
    server.url = "http://%s:%d" % server.server_address
    server.expected = "Basic " + base64.b64encode(f"{username}:{password}".encode()).decode()
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()

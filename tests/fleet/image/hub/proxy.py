# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A reverse proxy in front of the registry, which fails on request.

Faults are set, and requests counted, for each repository, over HTTP below /_control; see the fleet's README.
"""

from __future__ import annotations

import http.client
import json
import re
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from faults import STATUSES, Faults

REGISTRY = "127.0.0.1:5000"
# Bytes. A blob that is smaller is an image's config, which is never corrupted.
PIECE = 32768
TLS_HELLO = b"\x16\x03"
HANG = 3600
# Hop-by-hop headers belong to one connection, not to the message.
NOT_PASSED_ON = ("connection", "transfer-encoding", "keep-alive")
ERRORS = {
    "401": ("UNAUTHORIZED", "authentication required"),
    "403": ("DENIED", "requested access to the resource is denied"),
    "404": ("NAME_UNKNOWN", "repository name not known to registry"),
    "429": (
        "TOOMANYREQUESTS",
        "You have reached your unauthenticated pull rate limit. https://www.docker.com/increase-rate-limit",
    ),
    "500": ("UNKNOWN", "unknown error"),
    "503": ("UNAVAILABLE", "service unavailable"),
}
HEADERS = {
    "401": {"WWW-Authenticate": 'Basic realm="hub"'},
    "429": {
        "Retry-After": "2",
        "RateLimit-Limit": "100;w=21600",
        "RateLimit-Remaining": "0;w=21600",
        "Docker-RateLimit-Source": "192.0.2.1",
    },
    "503": {"Retry-After": "2"},
}
faults = Faults()


def parse_path(path):
    """The repository and the kind of object in a request. The name of a repository may contain slashes."""
    found = re.match(r"/v2/(?P<repository>.+)/(?P<kind>manifests|blobs|tags)/", path)
    return (found["repository"], found["kind"]) if found else ("", "other")


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    log_path = "/logs/proxy.log"

    def parse_request(self):
        """Engines try TLS first, and use plain HTTP only if the answer to TLS is an HTTP response, as a server written in Go sends it."""
        if self.raw_requestline.startswith(TLS_HELLO):
            self.wfile.write(b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\nThis port does not use TLS.\n")
            self.close_connection = True
            return False
        return super().parse_request()

    def handle_request(self):
        if self.path.startswith("/_control/"):
            return self._control(self.path[len("/_control/") :].strip("/"))
        if self.command not in ("GET", "HEAD"):
            return self._answer_json(
                405, {"errors": [{"code": "UNSUPPORTED", "message": "this proxy is for pulls; push to port 5000"}]}
            )
        repository, kind = parse_path(self.path)
        fault = faults.take(repository, self.command, kind) or {"fault": None}
        if fault["fault"] in STATUSES:
            return self._registry_error(fault["fault"])
        if fault["fault"] == "html":
            return self._answer(
                200, b"<html><title>Sign in to the network</title></html>", {"Content-Type": "text/html"}
            )
        if fault["fault"] == "hang":
            time.sleep(HANG)
        return self._pass_on(fault)

    do_GET = do_HEAD = do_PUT = do_POST = do_DELETE = handle_request

    def _control(self, path):
        subject, _slash, repository = path.partition("/")
        try:
            if subject == "faults":
                answer = self._control_faults(repository)
            elif subject == "counts" and self.command in ("GET", "DELETE"):
                if self.command == "DELETE":
                    faults.reset_counts()
                answer = faults.counts()
            else:
                raise ValueError(f"no {self.command} of {path}; there are faults/REPOSITORY and counts")
        except ValueError as mistake:
            return self._answer_json(400, {"error": str(mistake)})
        return self._answer_json(200, answer)

    def _control_faults(self, repository):
        if self.command == "PUT" and repository:
            faults.set(repository, json.loads(self.rfile.read(int(self.headers.get("Content-Length") or 0)) or b"{}"))
        elif self.command == "DELETE":
            faults.clear(repository or None)
        elif self.command != "GET":
            raise ValueError(f"no {self.command} of faults; GET, PUT faults/REPOSITORY or DELETE")
        return faults.shown()

    def _registry_error(self, status):
        code, message = ERRORS[status]
        self._answer_json(
            int(status), {"errors": [{"code": code, "message": message, "detail": None}]}, HEADERS.get(status)
        )

    def _pass_on(self, fault):
        upstream = http.client.HTTPConnection(REGISTRY, timeout=60)
        # Each header by itself: Engines send several Accept headers.
        upstream.putrequest(self.command, self.path, skip_host=True, skip_accept_encoding=True)
        for name, value in self.headers.items():
            if name.lower() not in NOT_PASSED_ON:
                upstream.putheader(name, value)
        upstream.endheaders()
        response = upstream.getresponse()
        self.send_response(response.status)
        for name, value in response.getheaders():
            if name.lower() not in NOT_PASSED_ON:
                self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self._send_body(response, fault)
        upstream.close()

    def _send_body(self, response, fault):
        sent = 0
        while piece := response.read(PIECE):
            if fault["fault"] == "corrupt" and sent == 0 and len(piece) == PIECE:
                piece = bytes([piece[0] ^ 0xFF]) + piece[1:]
            if fault["fault"] == "slow":
                time.sleep(len(piece) / fault["bytes_per_second"])
            if fault["fault"] == "cut" and sent + len(piece) > fault["bytes"]:
                self.wfile.write(piece[: fault["bytes"] - sent])
                self.close_connection = True
                return
            self.wfile.write(piece)
            sent += len(piece)

    def _answer_json(self, status, value, headers=None):
        self._answer(status, json.dumps(value).encode(), {"Content-Type": "application/json", **(headers or {})})

    def _answer(self, status, body, headers):
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, format, *args):  # pylint: disable=redefined-builtin
        with open(self.log_path, "a", encoding="utf-8") as log:
            log.write(f"{self.client_address[0]} {format % args}\n")


class Server(ThreadingHTTPServer):
    def handle_error(self, request, client_address):
        """Print nothing: clients are expected to close their connection during a fault."""


def serve(port=5001):
    Server(("", port), Handler).serve_forever()

# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Stands in for the search of Docker Hub, https://index.docker.io/v1/search, which cannot be reached from everywhere.

Its answers have the fields that the real index gives; some terms make it fail as the real one can.
"""

from __future__ import annotations

import json
import ssl
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit


def _entry(name, description, stars=0, official=False):
    return {
        "name": name,
        "description": description,
        "star_count": stars,
        "is_official": official,
        "is_automated": False,
        "is_trusted": False,
    }


INDEX = [
    _entry("nginx", "Official build of Nginx.", 21000, True),
    _entry("nginx/nginx-ingress", "NGINX and NGINX Plus Ingress Controllers for Kubernetes", 110),
    _entry("bitnami/nginx", "Container image for NGINX", 200),
    _entry("acme/nginx-plain", ""),
    _entry("busybox", "Busybox base image.", 3300, True),
    _entry("multi", "One name, two architectures.", 7, True),
    *(_entry(f"fleet/many-{number:03}", "One of very many.", number) for number in range(120)),
]
FAILURES = {
    "e429": (429, "application/json", b'{"detail":"Rate limit exceeded"}', {"Retry-After": "7"}),
    "e500": (500, "application/json", b'{"detail":"internal error"}', {}),
    "e404": (404, "text/plain", b"404 page not found\n", {}),
    "ehtml": (200, "text/html", b"<html><title>Sign in to the network</title></html>", {}),
    "enull": (200, "application/json", b'{"num_results":0,"results":null}', {}),
}


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    log_path = "/logs/search.log"

    def do_GET(self):
        url = urlsplit(self.path)
        query = parse_qs(url.query)
        if url.path == "/v1/search":
            self._search(query.get("q", [""])[0], int(query.get("n", ["25"])[0]))
        elif url.path == "/v1/_ping":
            self._answer(200, "application/json", b"true")
        else:
            self._answer(404, "application/json", b"{}")

    def _search(self, term, size):
        if term in FAILURES:
            status, content_type, body, headers = FAILURES[term]
            return self._answer(status, content_type, body, headers)
        found = [entry for entry in INDEX if term in entry["name"]]
        page = {
            "query": term,
            "page": 1,
            "page_size": size,
            "num_pages": -(-len(found) // max(size, 1)),
            "num_results": len(found),
            "results": found[:size],
        }
        return self._answer(200, "application/json", json.dumps(page).encode())

    def _answer(self, status, content_type, body, headers=None):
        self.send_response(status)
        for name, value in {"Content-Type": content_type, "Content-Length": str(len(body)), **(headers or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format, *args):  # pylint: disable=redefined-builtin
        with open(self.log_path, "a", encoding="utf-8") as log:
            log.write(f"{self.client_address[0]} {format % args}\n")


def serve(port=443, certificate="/etc/hub/hub.crt", key="/etc/hub/hub.key"):
    server = ThreadingHTTPServer(("", port), Handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    # A client that connects and says nothing must hold up its own thread only, not accept().
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    server.serve_forever()

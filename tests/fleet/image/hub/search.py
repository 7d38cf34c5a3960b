# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A substitute for Docker Hub: for https://index.docker.io/v1/search, which Engines ask, and for search and tags of https://hub.docker.com/v2/.

Its answers have the fields of the real ones. For some terms it fails as Docker Hub can.
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
    "e403": (403, "text/html", b"<html>Access denied</html>", {}),
    "eempty": (200, "application/json", b"", {}),
    "ewords": (200, "application/json", b'{"count":1,"results":["nginx"]}', {}),
    "eobject": (200, "application/json", b'{"count":1,"results":{"name":"nginx"}}', {}),
}
# The most entries that hub.docker.com returns in one page.
LARGEST_PAGE = 100


def _tag(name, day):
    return {
        "name": name,
        "digest": "sha256:" + f"{day:064x}",
        "full_size": 1000000 + day,
        "last_updated": f"{2020 + day // 300}-{day % 300 // 28 + 1:02}-{day % 28 + 1:02}T00:00:00.000000Z",
        "images": [
            {"os": "linux", "architecture": "amd64", "variant": None},
            {"os": "linux", "architecture": "arm64", "variant": "v8"},
        ],
    }


# The newest first, as Docker Hub returns them, and more than one page.
TAGS = {"library/nginx": [_tag("latest", 200), *(_tag(f"1.{day}", day) for day in range(150, 0, -1))]}


def repository(entry):
    """An entry of the index in the form of hub.docker.com."""
    return {
        "repo_name": entry["name"],
        "short_description": entry["description"],
        "star_count": entry["star_count"],
        "pull_count": 10 * entry["star_count"],
        "repo_owner": "",
        "is_automated": entry["is_automated"],
        "is_official": entry["is_official"],
    }


def page(path, found, number, size):
    """One page of a list of hub.docker.com."""
    size = min(size, LARGEST_PAGE)
    rest = found[number * size :]
    following = f"https://hub.docker.com{path}?page={number + 1}&page_size={size}" if rest else None
    return {
        "count": len(found),
        "next": following,
        "previous": None,
        "results": found[(number - 1) * size : number * size],
    }


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    log_path = "/logs/search.log"

    def do_GET(self):
        url = urlsplit(self.path)
        query = parse_qs(url.query)
        if url.path == "/v1/search":
            self._search(query.get("q", [""])[0], int(query.get("n", ["25"])[0]))
        elif url.path == "/v2/search/repositories/":
            term = query.get("query", [""])[0]
            self._page(url.path, term, [repository(entry) for entry in INDEX if term in entry["name"]], query)
        elif url.path.startswith("/v2/namespaces/") and url.path.endswith("/tags"):
            _v2, _namespaces, namespace, _repositories, name, _tags = url.path.strip("/").split("/")
            self._page(url.path, name, TAGS.get(f"{namespace}/{name}"), query)
        elif url.path == "/v1/_ping":
            self._answer(200, "application/json", b"true")
        else:
            self._answer(404, "application/json", b"{}")

    def _page(self, path, term, found, query):
        if term in FAILURES:
            return self._answer(*FAILURES[term])
        if found is None:
            return self._answer(404, "application/json", b'{"message":"object not found","errinfo":{}}')
        content = page(path, found, int(query.get("page", ["1"])[0]), int(query.get("page_size", ["10"])[0]))
        return self._answer(200, "application/json", json.dumps(content).encode())

    def _search(self, term, size):
        if term in FAILURES:
            return self._answer(*FAILURES[term])
        found = [entry for entry in INDEX if term in entry["name"]]
        content = {
            "query": term,
            "page": 1,
            "page_size": size,
            "num_pages": -(-len(found) // max(size, 1)),
            "num_results": len(found),
            "results": found[:size],
        }
        return self._answer(200, "application/json", json.dumps(content).encode())

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
    # The handshake happens in the thread of a connection: a client that sends nothing must not block accept().
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    server.serve_forever()

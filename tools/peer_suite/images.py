# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Publishes the images that the tests need in the test fleet's registry: its busybox with other settings."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import tarfile
import urllib.request

BASE = "library/busybox"
MANIFEST = "application/vnd.docker.distribution.manifest.v2+json"
CONFIG = "application/vnd.docker.container.image.v1+json"
LAYER = "application/vnd.docker.image.rootfs.diff.tar.gzip"
INDEX = "application/vnd.docker.distribution.manifest.list.v2+json"
# Engines reach the hub by this name, and are configured to use plain HTTP for it.
ON_HOSTS = "hub:5000/peer/"
CONTAINERS, SIMPLE = "docker-test-containers", "simple-1"
# How long to run, and when to become healthy; never without a second argument.
HEALTHCHECK = 'if [ -n "$1" ]; then (sleep "$1"; touch /well) & fi; exec sleep "$0"'
# Missing in the base image: the user that the tests run as, and a server that does nothing.
FILES = {
    "etc/passwd": (0o644, b"root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/false\n"),
    "usr/sbin/nginx": (0o755, b"#!/bin/sh\nexec sleep 600\n"),
}
SETTINGS = {
    "alpine3.8": {"Cmd": ["/bin/sh"]},
    "alpine3.7": {"Cmd": ["/bin/sh"], "Labels": {"release": "3.7"}},
    "busybox": {"Cmd": ["sh"]},
    "hello-world": {"Cmd": ["/bin/echo", "Hello from Docker!"]},
    "nginx-alpine": {
        "Cmd": ["nginx", "-g", "daemon off;"],
        "Env": ["PATH=/usr/sbin:/usr/bin:/sbin:/bin", "NGINX_VERSION=1"],
        "ExposedPorts": {"80/tcp": {}},
        "Labels": {"maintainer": "test"},
        "StopSignal": "SIGTERM",
    },
    "check": {
        "Entrypoint": ["/bin/sh", "-c", HEALTHCHECK],
        "Cmd": ["10m"],
        "Healthcheck": {
            "Test": ["CMD", "/bin/ls", "/well"],
            "Interval": 10**9,
            "Timeout": 10**9,
            "StartPeriod": 60 * 10**9,
            "Retries": 3,
        },
    },
    "v1": {"Cmd": ["sh"], "Labels": {"version": "1"}},
    "v2": {"Cmd": ["sh"], "Labels": {"version": "2"}},
}


def publish(registry):
    """Push the images to ``registry`` and return the variables by which the tests name them."""
    hub = Registry(registry)
    digests = {tag: hub.derive(f"peer/{CONTAINERS}", tag, settings) for tag, settings in SETTINGS.items()}
    hub.derive_index(f"peer/{SIMPLE}", "tag", {"Cmd": ["sh"]}, ("amd64", "386", "arm64"))
    base = f"{ON_HOSTS}{CONTAINERS}"
    return {
        "docker_test_image_alpine": f"{base}:alpine3.8",
        "docker_test_image_alpine_different": f"{base}:alpine3.7",
        "docker_test_image_busybox": f"{base}:busybox",
        "docker_test_image_hello_world": f"{base}:hello-world",
        "docker_test_image_registry_nginx": f"{base}:nginx-alpine",
        "docker_test_image_healthcheck": f"{base}:check",
        "docker_test_image_simple_1": f"{ON_HOSTS}{SIMPLE}:tag",
        "docker_test_image_digest_base": base,
        "registry_address": ON_HOSTS.rstrip("/"),
        "docker_test_image_digest_v1": digests["v1"].partition(":")[2],
        "docker_test_image_digest_v2": digests["v2"].partition(":")[2],
        "docker_test_image_digest_v1_image_ids": _ids(hub.configs["v1"], digests["v1"]),
        "docker_test_image_digest_v2_image_ids": _ids(hub.configs["v2"], digests["v2"]),
    }


def _ids(*digests):
    """The ids that an image may have: of its configuration, or of its manifest in a containerd image store."""
    return [digest.partition(":")[2] for digest in digests]


class Registry:
    """The requests of the OCI distribution API that are needed here."""

    def __init__(self, address):
        self.url = f"http://{address}/v2"
        self.base = json.loads(self._call("GET", f"{BASE}/manifests/latest", accept=MANIFEST))
        self.config = json.loads(self._call("GET", f"{BASE}/blobs/{self.base['config']['digest']}"))
        tar = _tar(FILES)
        self.layer = gzip.compress(tar, mtime=0)
        self.configs = {}
        self.rootfs = dict(self.config["rootfs"], diff_ids=[*self.config["rootfs"]["diff_ids"], _digest(tar)])

    def derive(self, repository, tag, settings, architecture="amd64"):
        """An image with the layers of the base and one more; returns the digest of its manifest."""
        history = [*self.config["history"], {"created": self.config["created"], "created_by": "peer_suite"}]
        config = _json(
            dict(
                self.config,
                architecture=architecture,
                rootfs=self.rootfs,
                history=history,
                config={**self.config["config"], **settings},
            )
        )
        self.configs[tag] = _digest(config)
        for blob in (self.layer, config):
            self._put_blob(repository, blob)
        for layer in self.base["layers"]:
            self._call("POST", f"{repository}/blobs/uploads/?mount={layer['digest']}&from={BASE}", b"")
        layers = [*self.base["layers"], _descriptor(LAYER, self.layer)]
        manifest = _json(dict(self.base, config=_descriptor(CONFIG, config), layers=layers))
        self._call("PUT", f"{repository}/manifests/{tag}", manifest, MANIFEST)
        return _digest(manifest)

    def derive_index(self, repository, tag, settings, architectures):
        """One name for several architectures."""
        manifests = []
        for architecture in architectures:
            digest = self.derive(repository, architecture, settings, architecture)
            size = len(self._call("GET", f"{repository}/manifests/{digest}", accept=MANIFEST))
            manifests.append(
                {
                    "mediaType": MANIFEST,
                    "digest": digest,
                    "size": size,
                    "platform": {"architecture": architecture, "os": "linux"},
                }
            )
        self._call(
            "PUT",
            f"{repository}/manifests/{tag}",
            _json({"schemaVersion": 2, "mediaType": INDEX, "manifests": manifests}),
            INDEX,
        )

    def _put_blob(self, repository, data):
        with self._open("POST", f"{self.url}/{repository}/blobs/uploads/", b"") as answer:
            where = answer.headers["Location"]
        mark = "&" if "?" in where else "?"
        self._open("PUT", f"{where}{mark}digest={_digest(data)}", data, "application/octet-stream").close()

    def _call(self, method, path, data=None, content_type=None, accept=None):
        with self._open(method, f"{self.url}/{path}", data, content_type, accept) as answer:
            return answer.read()

    @staticmethod
    def _open(method, url, data=None, content_type=None, accept=None):
        headers = {name: value for name, value in (("Content-Type", content_type), ("Accept", accept)) if value}
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        return opener.open(urllib.request.Request(url, data=data, headers=headers, method=method), timeout=30)


def _tar(files):
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for path, (mode, data) in files.items():
            entry = tarfile.TarInfo(path)
            entry.mode, entry.size = mode, len(data)
            archive.addfile(entry, io.BytesIO(data))
    return buffer.getvalue()


def _descriptor(media_type, data):
    return {"mediaType": media_type, "size": len(data), "digest": _digest(data)}


def _json(value):
    return json.dumps(value, separators=(",", ":")).encode()


def _digest(data):
    return "sha256:" + hashlib.sha256(data).hexdigest()

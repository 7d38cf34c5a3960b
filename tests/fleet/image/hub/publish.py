# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pushes the images into the registry while the image of the hub is built."""

from __future__ import annotations

import subprocess
import time
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

import catalogue
from image import OCI_INDEX, digest, index

REGISTRY = "http://127.0.0.1:5000"


def main():
    config = Path(__file__).with_name("registry.yml")
    with subprocess.Popen(["docker-registry", "serve", str(config)], stdout=subprocess.DEVNULL) as registry:
        try:
            _await_registry()
            _publish_all()
        finally:
            registry.terminate()


def _publish_all():
    publish("library/nginx", catalogue.nginx("latest"), "latest")
    publish("library/nginx", catalogue.nginx("1.0"), "1.0")
    publish("library/busybox", catalogue.busybox("1.0"), "1.0")
    publish("library/busybox", catalogue.busybox("2.0"), "2.0", "latest")
    platforms = catalogue.multi()
    for image in platforms:
        publish("library/multi", image, digest(image.manifest))
    _put_manifest("library/multi", "latest", OCI_INDEX, index(platforms))


def publish(repository, image, *references):
    for blob in image.blobs:
        _put_blob(repository, blob)
    for reference in references:
        _put_manifest(repository, reference, image.format.manifest, image.manifest)


def _put_blob(repository, blob):
    where = _request("POST", f"{REGISTRY}/v2/{repository}/blobs/uploads/").headers["Location"]
    mark = "&" if "?" in where else "?"
    _request(
        "PUT", f"{where}{mark}{urllib.parse.urlencode({'digest': digest(blob)})}", blob, "application/octet-stream"
    )


def _put_manifest(repository, reference, media_type, manifest):
    _request("PUT", f"{REGISTRY}/v2/{repository}/manifests/{reference}", manifest, media_type)
    print(f"published {repository}:{reference}")


def _request(method, url, data=None, content_type=None):
    headers = {"Content-Type": content_type} if content_type else {}
    return urllib.request.urlopen(urllib.request.Request(url, data=data, headers=headers, method=method), timeout=30)


def _await_registry():
    for _attempt in range(100):
        try:
            _request("GET", f"{REGISTRY}/v2/")
            return
        except urllib.error.URLError:
            time.sleep(0.1)
    raise SystemExit("the registry did not start within 10 s")


if __name__ == "__main__":
    main()

# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Container images as plain data: layers, a config and a manifest. Each build has the same bytes."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import tarfile
from dataclasses import dataclass, field

EPOCH = 1_700_000_000
CREATED = "2023-11-14T22:13:20Z"


@dataclass(frozen=True)
class Format:
    manifest: str
    config: str
    layer: str


DOCKER = Format(
    manifest="application/vnd.docker.distribution.manifest.v2+json",
    config="application/vnd.docker.container.image.v1+json",
    layer="application/vnd.docker.image.rootfs.diff.tar.gzip",
)
OCI = Format(
    manifest="application/vnd.oci.image.manifest.v1+json",
    config="application/vnd.oci.image.config.v1+json",
    layer="application/vnd.oci.image.layer.v1.tar+gzip",
)
OCI_INDEX = "application/vnd.oci.image.index.v1+json"


def digest(data):
    return "sha256:" + hashlib.sha256(data).hexdigest()


def descriptor(media_type, data):
    return {"mediaType": media_type, "size": len(data), "digest": digest(data)}


class Tree:
    """Files of one layer. Parent folders are added."""

    def __init__(self):
        self._entries = {}

    def file(self, path, data, mode=0o644):
        self._add(path, tarfile.REGTYPE, mode, data=data)
        return self

    def link(self, path, target):
        self._add(path, tarfile.SYMTYPE, 0o777, target=target)
        return self

    def folder(self, path, mode=0o755):
        self._add(path, tarfile.DIRTYPE, mode)
        return self

    def _add(self, path, kind, mode, data=b"", target=""):
        path = path.strip("/")
        parent = path.rpartition("/")[0]
        if parent and parent not in self._entries:
            self.folder(parent)
        entry = tarfile.TarInfo(path)
        entry.type, entry.mode, entry.mtime, entry.size, entry.linkname = kind, mode, EPOCH, len(data), target
        self._entries[path] = (entry, data)

    def tar(self):
        buffer = io.BytesIO()
        with tarfile.open(fileobj=buffer, mode="w", format=tarfile.GNU_FORMAT) as archive:
            for _path, (entry, data) in sorted(self._entries.items()):
                archive.addfile(entry, io.BytesIO(data))
        return buffer.getvalue()


@dataclass
class Image:
    """An image that is built line by line, as from a Dockerfile."""

    format: Format = DOCKER
    architecture: str = "amd64"
    settings: dict = field(default_factory=dict)
    _diffs: list = field(default_factory=list)
    _blobs: list = field(default_factory=list)
    _history: list = field(default_factory=list)

    def layer(self, created_by, tree):
        tar = tree.tar()
        self._diffs.append(digest(tar))
        self._blobs.append(gzip.compress(tar, mtime=0))
        self._history.append({"created": CREATED, "created_by": created_by})
        return self

    def setting(self, created_by, **values):
        """Add a line that only changes the config."""
        self.settings.update(values)
        self._history.append({"created": CREATED, "created_by": created_by, "empty_layer": True})
        return self

    @property
    def config(self):
        return _json(
            architecture=self.architecture,
            os="linux",
            created=CREATED,
            config=self.settings,
            rootfs={"type": "layers", "diff_ids": self._diffs},
            history=self._history,
        )

    @property
    def blobs(self):
        return [*self._blobs, self.config]

    @property
    def manifest(self):
        return _json(
            schemaVersion=2,
            mediaType=self.format.manifest,
            config=descriptor(self.format.config, self.config),
            layers=[descriptor(self.format.layer, blob) for blob in self._blobs],
        )


def index(images):
    """The index of images for several architectures."""
    manifests = [
        dict(
            descriptor(image.format.manifest, image.manifest),
            platform={"architecture": image.architecture, "os": "linux"},
        )
        for image in images
    ]
    return _json(schemaVersion=2, mediaType=OCI_INDEX, manifests=manifests)


def _json(**values):
    return json.dumps(values, separators=(",", ":")).encode()

# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The containerd image store: content blobs and the snapshotter's metadata, for root only."""

from __future__ import annotations

import json
import os
import re
from typing import Any, Callable, Iterable, Mapping, NamedTuple

from . import bolt
from .model import DIFFERENCE, TREE, Image, Layer, Stored, chain_ids

# The directory of a snapshot below its number, and its content.
_DIRECTORIES = {
    "overlayfs": ("fs", DIFFERENCE),
    "fuse-overlayfs": ("fs", DIFFERENCE),
    "native": ("", TREE),
    "btrfs": ("", TREE),
}


_COMMITTED = 3
# Snapshots of containers have the container's id as their name; the committed one ends with -init.
_OF_CONTAINER = re.compile(r"^[0-9a-f]{64}(-init)?$")


class Snapshot(NamedTuple):
    """One committed snapshot: its directory's number, the bytes on disk that containerd recorded, and the name of its parent."""

    number: int
    size: int
    parent: str = ""


class ContainerdStore:
    """Reads layers below one containerd root."""

    def __init__(self, root: str, snapshotter: str, namespace: str = "moby") -> None:
        self.snapshots_folder = os.path.join(root, f"io.containerd.snapshotter.v1.{snapshotter}")
        self._root = root
        self._snapshotter = snapshotter
        self._blobs = os.path.join(root, "io.containerd.content.v1.content", "blobs")
        self._folder: str | None
        self.path_holds: str | None
        self._folder, self.path_holds = _DIRECTORIES.get(snapshotter, (None, None))
        self._namespace = namespace
        self._snapshots: dict[str, Snapshot] | None = None

    def check(self) -> None:
        """Raises OSError or StoreUnreadable if the store cannot be read."""
        os.listdir(self._blobs)
        self._snapshots = bolt.load(os.path.join(self.snapshots_folder, "metadata.db"), self._read_snapshots)

    def layers(self, image: Mapping[str, Any]) -> tuple[Layer, ...]:
        """The layers of an inspected image, base first."""
        diff_ids = (image.get("RootFS") or {}).get("Layers") or []
        if not diff_ids:
            return ()
        manifest, _config = self._manifest(image)
        compressed: list[Mapping[str, Any]] = manifest.get("layers") or []
        if len(compressed) != len(diff_ids):
            compressed = [{}] * len(diff_ids)
        return tuple(
            self._layer(index, *ids) for index, ids in enumerate(zip(diff_ids, chain_ids(diff_ids), compressed))
        )

    def config(self, image: Mapping[str, Any]) -> Mapping[str, Any] | None:
        """The config of an inspected image, or None."""
        return self._manifest(image)[1] or None

    def image_for(self, image: Image, is_desired: Callable[[Mapping[str, Any]], bool]) -> Image | None:
        """The image of another platform of the same index, if all its content is here."""
        for entry in self._blob(image["Id"]).get("manifests") or ():
            if is_desired(entry.get("platform") or {}):
                manifest = self._blob(entry["digest"])
                config = self._blob(manifest["config"]["digest"]) if manifest.get("config") else {}
                if config and all(self._has_blob(layer["digest"]) for layer in manifest.get("layers") or ()):
                    return _inspected(image, config)
        return None

    def under_containers(self) -> set[str]:
        """Nothing: an image that has containers keeps its layers, and removing it does not list them."""
        return set()

    def all_layers(self) -> list[Stored]:
        """All layers, including those that no image uses. BuildKit keeps its own copy of each layer that it created."""
        return [
            Stored(name, snapshot.size, self._directory(snapshot)) for name, snapshot in sorted(self._known().items())
        ]

    def in_build_cache(self, records: Callable[[], Iterable[str]]) -> set[str]:
        """Chain ids of layers that the build cache keeps, by containerd's leases. Raises OSError or StoreUnreadable."""
        path = os.path.join(self._root, "io.containerd.metadata.v1.bolt", "meta.db")
        kept: set[str] = set()
        for name in bolt.load(path, self._read_leases):
            while name in self._known() and name not in kept:
                kept.add(name)
                name = self._known()[name].parent
        return {name for name in kept if name.startswith("sha256:")}

    def _layer(self, index: int, diff_id: str, chain_id: str, compressed: Mapping[str, Any]) -> Layer:
        snapshot = self._known().get(chain_id)
        return Layer(
            index,
            diff_id,
            chain_id,
            compressed.get("digest"),
            compressed.get("size"),
            snapshot.size if snapshot else None,
            self._directory(snapshot),
        )

    def _directory(self, snapshot: Snapshot | None) -> str | None:
        """None for a layer that was fetched but not unpacked."""
        if snapshot is None or self._folder is None:
            return None
        path = os.path.join(self.snapshots_folder, "snapshots", str(snapshot.number), self._folder).rstrip("/")
        return path if os.path.isdir(path) else None

    def _manifest(self, image: Mapping[str, Any]) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
        """Manifest and config of the platform that was inspected; the image's id may be that of an index of several."""
        diff_ids = (image.get("RootFS") or {}).get("Layers") or []
        top = self._blob(image["Id"])
        candidates = [self._blob(entry["digest"]) for entry in top["manifests"]] if "manifests" in top else [top]
        for manifest in candidates:
            config = self._blob(manifest["config"]["digest"]) if manifest.get("config") else {}
            if diff_ids and (config.get("rootfs") or {}).get("diff_ids") == diff_ids:
                return manifest, config
        return {}, {}

    def _has_blob(self, digest: str) -> bool:
        return os.path.exists(os.path.join(self._blobs, *digest.split(":", 1)))

    def _blob(self, digest: str) -> dict[str, Any]:
        try:
            with open(os.path.join(self._blobs, *digest.split(":", 1)), encoding="utf-8") as file:
                return json.load(file)
        except FileNotFoundError:
            return {}

    def _known(self) -> dict[str, Snapshot]:
        if self._snapshots is None:
            self.check()
        return self._snapshots or {}

    def _read_snapshots(self, root: bolt.Bucket) -> dict[str, Snapshot]:
        """Keys are "<namespace>/<number>/<name>"; of an image's layer the name is its chain id, of the build cache's the id of its record."""
        found = {}
        for key, value in root.bucket(b"v1").bucket(b"snapshots").items():
            namespace, _number, name = _key(key)
            if namespace != self._namespace or _OF_CONTAINER.match(name) or not isinstance(value, bolt.Bucket):
                continue
            fields = value.values()
            if bolt.unsigned(fields.get(b"kind", b"")) == _COMMITTED:
                parent = _key(fields[b"parent"])[2] if fields.get(b"parent") else ""
                found[name] = Snapshot(bolt.unsigned(fields[b"id"]), bolt.signed(fields.get(b"size", b"\0")), parent)
        return found

    def _read_leases(self, root: bolt.Bucket) -> set[str]:
        """Names of the snapshots that have a lease; without those of containers."""
        leased: set[str] = set()
        try:
            leases = root.bucket(b"v1").bucket(self._namespace.encode()).bucket(b"leases")
        except KeyError:
            return leased
        for _name, lease in leases.items():
            try:
                names = (
                    lease.bucket(b"snapshots").bucket(self._snapshotter.encode())
                    if isinstance(lease, bolt.Bucket)
                    else None
                )
            except KeyError:
                continue
            leased.update(name.decode("utf-8") for name, _value in (names.items() if names else ()))
        return {name for name in leased if not _OF_CONTAINER.match(name)}


def _inspected(image: Image, config: Mapping[str, Any]) -> Image:
    """As the Engine would show the image with this config."""
    return dict(
        image,
        Os=config.get("os"),
        Architecture=config.get("architecture"),
        Variant=config.get("variant"),
        Config=config.get("config"),
        RootFS={"Type": "layers", "Layers": (config.get("rootfs") or {}).get("diff_ids") or []},
    )


def _key(key: bytes) -> list[str]:
    return key.decode("utf-8").split("/", 2)


def roots(info: Mapping[str, Any]) -> list[str]:
    """Possible data folders of containerd: of the one that dockerd starts itself, and of the system's."""
    own = os.path.join(info["DockerRootDir"], "containerd", "daemon")
    return [own, "/var/lib/containerd"]

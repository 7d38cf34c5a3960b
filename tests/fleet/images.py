# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Builds the images of hosts and hub.

An image is tagged with a hash of its recipe and its parent's, so that a changed file leads to a new image.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from docker.errors import APIError, ImageNotFound

from fleet import cache
from fleet.releases import IMAGE_KINDS, RELEASES
from fleet.report import FleetError, say

RECIPES = Path(__file__).with_name("image")
REPOSITORY = "flotilla-fleet"
HOST_PACKAGES = [
    "systemd",
    "systemd-sysv",
    "dbus",
    "python3",
    "python3-apt",
    "openssh-server",
    "sudo",
    "iproute2",
    "procps",
    "ca-certificates",
    "curl",
]
HUB_RELEASE = RELEASES["13"]
BUILDERS = 2
BOOTSTRAP = [
    "mmdebstrap",
    "--variant=minbase",
    "--components=main",
    '--aptopt=APT::Install-Recommends "false"',
    # The mirror may be a frozen copy whose dates have passed.
    '--aptopt=Acquire::Check-Valid-Until "false"',
    *(f"--dpkgopt=path-exclude=/usr/share/{folder}/*" for folder in ("man", "doc", "locale")),
]
# These options of apt are for the bootstrap only; on the host, apt has Debian's defaults.
BOOTSTRAP_END = (
    '--customize-hook=rm -f "$1"/etc/ssh/ssh_host_* "$1"/etc/apt/apt.conf.d/99mmdebstrap; : > "$1"/etc/machine-id'
)


@dataclass(frozen=True)
class Base:
    """A Debian with some packages, by mmdebstrap."""

    kind: str
    suite: str
    packages: tuple

    @property
    def command(self):
        return [*BOOTSTRAP, f"--include={','.join(self.packages)}", BOOTSTRAP_END, self.suite, "-"]

    @property
    def reference(self):
        return _reference(self.kind, repr(self.command).encode())

    def ensure(self, client):
        if not _is_there(client, self.reference):
            _make(self, client)

    def make(self, client):
        repository, tag = self.reference.split(":")
        with tempfile.TemporaryFile() as errors, subprocess.Popen(
            self.command, stdout=subprocess.PIPE, stderr=errors
        ) as bootstrap:
            client.api.import_image_from_stream(cache.pieces(bootstrap.stdout), repository=repository, tag=tag)
            if bootstrap.wait():
                errors.seek(0)
                client.images.remove(self.reference, force=True)
                raise FleetError(
                    f"mmdebstrap of {self.suite} failed:\n{_tail(errors.read().decode(errors='replace').splitlines())}"
                )


@dataclass(frozen=True)
class Layered:
    """An image from a folder with a Dockerfile, on top of a parent image."""

    kind: str
    recipe: str
    parent: Base | Layered  # pylint: disable=used-before-assignment
    note: str = ""

    @property
    def reference(self):
        return _reference(
            self.kind, self.parent.reference.encode(), self.note.encode(), *_contents(RECIPES / self.recipe)
        )

    def ensure(self, client):
        if _is_there(client, self.reference) or cache.load(client, self.reference):
            return
        self.parent.ensure(client)
        _make(self, client)
        cache.save(client, self.reference)

    def make(self, client):
        said = []
        context = str(RECIPES / self.recipe)
        for line in client.api.build(
            path=context,
            tag=self.reference,
            buildargs={"PARENT": self.parent.reference},
            rm=True,
            forcerm=True,
            decode=True,
        ):
            said += line.get("stream", "").splitlines()
            if "error" in line:
                raise FleetError(f"building {self.kind} failed: {line['error']}\n{_tail(said)}")


def host_image(release, kind):
    """The image of a host: bare; engine and podman are built on bare, rootless on engine."""
    bare = Layered(f"bare-{release.name}", "bare", _base(release))
    if kind == "bare":
        return bare
    if kind == "podman":
        return Layered(f"podman-{release.name}", "podman", bare, note=release.podman)
    engine = Layered(f"engine-{release.name}", "engine", bare, note=release.engine)
    return engine if kind == "engine" else Layered(f"rootless-{release.name}", "rootless", engine)


def hub_image():
    return Layered("hub", "hub", _base(HUB_RELEASE))


def every_image():
    return [
        hub_image(),
        *(host_image(release, kind) for release in RELEASES.values() for kind in ("bare", *IMAGE_KINDS)),
    ]


def ensure(client, images):
    """Build missing images: releases in parallel, images that are built on each other in order."""
    wanted = {image.reference: image for image in images}
    if all(_is_there(client, reference) for reference in wanted):
        return
    families = {}
    for image in wanted.values():
        families.setdefault(_root(image).reference, []).append(image)
    with cache.one_builder(), ThreadPoolExecutor(BUILDERS) as pool:
        for built in [pool.submit(_ensure_family, client, family) for family in families.values()]:
            built.result()


def clean(client, everything=False):
    """Remove images and archives that this checkout no longer uses, or all of them."""
    keep = set() if everything else {reference for image in every_image() for reference in _lineage(image)}
    for image in client.images.list():
        for reference in set(image.tags) - keep:
            if reference.startswith(f"{REPOSITORY}/"):
                _remove(client, reference)
    kept_archives = {cache.archive_of(reference) for reference in keep}
    for archive in set(cache.folder().glob("*.tar.zst")) - kept_archives:
        archive.unlink()
        say(f"archive {archive.name} removed")


def _remove(client, reference):
    try:
        client.images.remove(reference)
        say(f"image {reference} removed")
    except APIError as error:
        if error.status_code != 409:
            raise
        say(f"image {reference} is kept: a fleet uses it")


def _base(release):
    return Base(f"base-{release.name}", release.suite, tuple(HOST_PACKAGES))


def _ensure_family(client, family):
    for image in sorted(family, key=lambda image: len(_lineage(image))):
        image.ensure(client)


def _make(image, client):
    say(f"image {image.kind}: building")
    started = time.monotonic()
    image.make(client)
    say(f"image {image.kind}: built in {time.monotonic() - started:.0f} s")


def _root(image):
    return image if isinstance(image, Base) else _root(image.parent)


def _lineage(image):
    return [image.reference] if isinstance(image, Base) else [*_lineage(image.parent), image.reference]


def _reference(kind, *ingredients):
    recipe = hashlib.sha256(b"\0".join(ingredients)).hexdigest()
    return f"{REPOSITORY}/{kind}:{recipe[:16]}"


def _contents(folder):
    """The names, modes (as far as git stores them) and bytes of all files."""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            yield str(path.relative_to(folder)).encode()
            yield b"x" if os.access(path, os.X_OK) else b"-"
            yield path.read_bytes()


def _is_there(client, reference):
    try:
        client.api.inspect_image(reference)
    except ImageNotFound:
        return False
    return True


def _tail(lines, count=15):
    return "\n".join(f"    {line}" for line in lines[-count:])

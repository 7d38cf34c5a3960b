# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The Debian releases of hosts, and the hosts of the command line."""

from __future__ import annotations

import re
from dataclasses import dataclass

from fleet.report import FleetError

TRAITS = ("engine", "containerd", "rootless", "podman")
IMAGE_KINDS = ("podman", "rootless", "engine")


@dataclass(frozen=True)
class Release:
    """A release. With cgroup v1 a host has real memory and CPU limits, but only systemd up to 257 boots with it."""

    name: str
    suite: str
    engine: str
    cgroup: str
    containerd_store: bool
    podman: str


RELEASES = {
    release.name: release
    for release in (
        Release("11", "bullseye", "20.10.5", "v1", False, "3.0.1"),
        Release("12", "bookworm", "20.10.24", "v1", False, "4.3.1"),
        Release("13", "trixie", "26.1.5", "v1", True, "5.4.2"),
        Release("forky", "forky", "28.5.2", "v2", True, "5.8.6"),
        Release("sid", "sid", "28.5.2", "v2", True, "5.8.6"),
    )
}


@dataclass(frozen=True)
class Host:
    name: str
    release: Release
    traits: frozenset = frozenset()

    @property
    def has_engine(self):
        """Whether this machine can reach an Engine API of the host over a shared socket."""
        return bool({"engine", "podman"} & self.traits)

    @property
    def engine_version(self):
        return self.release.podman if "podman" in self.traits else self.release.engine

    @property
    def image_kind(self):
        return next((kind for kind in IMAGE_KINDS if kind in self.traits), "bare")


def find_release(name):
    if name not in RELEASES:
        raise FleetError(f"there is no release {name!r}; choose from {', '.join(RELEASES)}")
    return RELEASES[name]


def cycled(count, names):
    """Hosts node1, node2, ..., with the releases in turn."""
    return [Host(f"node{number + 1}", find_release(names[number % len(names)])) for number in range(count)]


def parse_host(text):
    """A host from NAME=RELEASE[,TRAIT...]."""
    name, _equals, kind = text.partition("=")
    release_name, *traits = kind.split(",")
    if not re.fullmatch(r"[a-z][a-z0-9-]{0,30}", name) or name == "hub":
        raise FleetError(
            f"--host {text}: {name!r} is not a valid host name; use a-z, 0-9 and '-', and not 'hub', as in --host e26=13,engine"
        )
    release = find_release(release_name)
    unknown = sorted(set(traits) - set(TRAITS))
    if unknown:
        raise FleetError(f"--host {text}: there is no trait {unknown[0]!r}; choose from {', '.join(TRAITS)}")
    if "podman" in traits and len(traits) > 1:
        raise FleetError(f"--host {text}: podman cannot be combined with other traits; use another host for them")
    if "containerd" in traits:
        if not release.containerd_store:
            raise FleetError(
                f"--host {text}: Docker {release.engine} has no containerd image store; use release 13 or newer"
            )
        traits.append("engine")
    return Host(name, release, frozenset(traits))


def require_different_names(hosts):
    names = [host.name for host in hosts]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise FleetError(f"two hosts have the name {twice[0]}; give each --host a different name")

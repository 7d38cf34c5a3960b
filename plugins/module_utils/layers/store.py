# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Chooses where to read layers from."""

from __future__ import annotations

import platform
from typing import Any, List, Mapping, NamedTuple, Tuple

from . import bolt, containerd
from .api import ApiStore
from .containerd import ContainerdStore
from .containers import ContainersStore
from .graphdriver import GraphdriverStore

CONTAINERD_MARK = "io.containerd.snapshotter.v1"


class Choice(NamedTuple):
    """A store, its name, and in ``missing`` what it cannot tell and why."""

    store: Any
    name: str
    missing: Tuple[str, ...] = ()


def choose(info: Mapping[str, Any], is_local: bool, is_podman: bool = False) -> Choice:
    """The best store that can be read here. ``info`` is the daemon's /info; ``is_local`` whether its socket is of this host."""
    name = "containers" if is_podman else "containerd" if uses_containerd(info) else "graphdriver"
    # A daemon in a container has a socket here, but its paths mean other directories than ours.
    if not is_local or info.get("Name") != platform.node():
        return Choice(
            ApiStore(), name, ("Sizes, digests and directories of layers: the daemon is on another host or in a container, and its files cannot be read here",)
        )
    reason = "no layer store was found"
    for store in _candidates(info, name):
        try:
            store.check()
            return Choice(store, name, () if store.path_holds else ("Directories of layers: it is not known where %s keeps them" % info["Driver"],))
        except PermissionError as error:
            reason = "reading %s needs root (become)" % error.filename
            break
        except (OSError, KeyError, bolt.Broken) as error:
            reason = str(error)
    return Choice(ApiStore(), name, ("Sizes, digests and directories of layers, as far as the Engine API does not have them: %s" % reason,))


def uses_containerd(info: Mapping[str, Any]) -> bool:
    """Whether the daemon keeps images in the containerd image store."""
    return any(CONTAINERD_MARK in pair for pair in info.get("DriverStatus") or ())


def _candidates(info: Mapping[str, Any], name: str) -> List[Any]:
    if name == "graphdriver":
        return [GraphdriverStore(info["DockerRootDir"], info["Driver"])]
    if name == "containers":
        return [ContainersStore(info["DockerRootDir"], info["Driver"])]
    namespace = ((info.get("Containerd") or {}).get("Namespaces") or {}).get("Containers") or "moby"
    return [ContainerdStore(root, info["Driver"], namespace) for root in containerd.roots(info)]

# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Chooses where to read layers from."""

from __future__ import annotations

import platform
from typing import Any, Mapping, NamedTuple

from ..errors import StoreUnreadable
from ..shapes import image_store
from . import containerd
from .api import ApiStore
from .containerd import ContainerdStore
from .graphdriver import GraphdriverStore
from .model import LayerStore
from .podman import PodmanStore

_ELSEWHERE = "the Engine is on another host or in a container, and its files cannot be read here"


class Choice(NamedTuple):
    """A store and its name. ``unread`` is the reason if its files cannot be read, else empty. ``driver`` is from /info."""

    store: LayerStore
    name: str
    driver: str
    unread: str = ""

    @property
    def missing(self) -> tuple[str, ...]:
        """What the store does not know, and why."""
        if self.unread:
            return (
                f"Sizes, digests and directories of layers, as far as the Engine API does not show them: {self.unread}",
            )
        if not self.store.path_holds:
            return (f"Directories of layers: it is not known where {self.driver} stores them",)
        return ()


def choose(info: Mapping[str, Any], is_local: bool, only: str | None = None) -> Choice:
    """The store from which to read layers on this host.

    ``info`` is the Engine's /info; ``is_local`` whether its socket is of this host; ``only`` the flavour's image_store.
    """
    name = image_store(info, only)
    driver = str(info.get("Driver"))
    # An Engine in a container has a socket here, but its paths are not paths of this host.
    if not is_local or info.get("Name") != platform.node():
        return Choice(ApiStore(), name, driver, _ELSEWHERE)
    reason = "no layer store was found"
    for store in _candidates(info, name):
        try:
            store.check()
            return Choice(store, name, driver)
        except PermissionError as error:
            reason = f"reading {error.filename} needs root (become: true)"
            break
        except (OSError, KeyError, ValueError, StoreUnreadable) as error:
            reason = error.message if isinstance(error, StoreUnreadable) else str(error)
    return Choice(ApiStore(), name, driver, reason)


def _candidates(info: Mapping[str, Any], name: str) -> list[LayerStore]:
    if name == "graphdriver":
        return [GraphdriverStore(info["DockerRootDir"], info["Driver"])]
    if name == "containers":
        return [PodmanStore(info["DockerRootDir"], info["Driver"])]
    namespace = ((info.get("Containerd") or {}).get("Namespaces") or {}).get("Containers") or "moby"
    return [ContainerdStore(root, info["Driver"], namespace) for root in containerd.roots(info)]

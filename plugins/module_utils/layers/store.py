# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Chooses where to read layers from."""

from __future__ import annotations

import platform
from typing import Any, Mapping, NamedTuple, Tuple

from .api import ApiStore
from .graphdriver import GraphdriverStore

CONTAINERD_MARK = "io.containerd.snapshotter.v1"


class Choice(NamedTuple):
    """A store, and in ``missing`` what it cannot tell and why."""

    store: Any
    missing: Tuple[str, ...] = ()


def choose(info: Mapping[str, Any], is_local: bool) -> Choice:
    """The best store that can be read here. ``info`` is the daemon's /info; ``is_local`` whether its socket is of this host."""
    if not is_local or info.get("Name") not in (platform.node(), platform.node().split(".")[0]):
        return Choice(ApiStore(), ("The daemon is on another host or in a container of its own: its directories cannot be read here",))
    store = GraphdriverStore(info["DockerRootDir"], info["Driver"])
    try:
        store.check()
    except PermissionError:
        return Choice(ApiStore(), ("Reading %s needs root: use become to get sizes, digests and directories from the store itself" % info["DockerRootDir"],))
    except OSError as error:
        return Choice(ApiStore(), ("The layer store of the driver %s cannot be read: %s" % (info["Driver"], error),))
    return Choice(store)


def uses_containerd(info: Mapping[str, Any]) -> bool:
    """Whether the daemon keeps images in the containerd image store."""
    return any(CONTAINERD_MARK in pair for pair in info.get("DriverStatus") or ())

# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which images and containers use which layers of a host."""

from __future__ import annotations

from typing import Any, Mapping, NamedTuple, Sequence

from .model import chain_ids


class Users(NamedTuple):
    """Users of one layer: ids and names of images, and names of containers."""

    images: list[str]
    names: list[str]
    containers: list[str]


NOBODY = Users([], [], [])


def users_by_layer(
    images: Sequence[Mapping[str, Any]], names: Mapping[str, list[str]], containers: Mapping[str, list[str]]
) -> dict[str, Users]:
    """By chain id. ``images`` are inspected; ``names`` and ``containers`` go by image id."""
    users: dict[str, Users] = {}
    for image in images:
        for chain_id in chain_ids((image.get("RootFS") or {}).get("Layers") or ()):
            entry = users.setdefault(chain_id, Users([], [], []))
            entry.images.append(image["Id"])
            entry.names.extend(names.get(image["Id"]) or [image["Id"]])
            entry.containers.extend(containers.get(image["Id"], []))
    return users

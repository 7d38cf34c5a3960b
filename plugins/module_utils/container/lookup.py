# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Names of containers. Finds a container, and the backup that an interrupted run may have left, in two requests."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Mapping, NamedTuple

from ..errors import BadOption
from ..shapes import container_name

if TYPE_CHECKING:
    from ..engine.engine import Engine

SUFFIX = ".flotilla-replaced"
SUCCESSOR_SUFFIX = ".flotilla-new"


class Found(NamedTuple):
    """The containers that exist. ``backup`` is the id of a container that a replacement renamed.

    ``image_unmoved``: the name that the container was created from still refers to the image that it runs.
    """

    container: dict[str, Any] | None = None
    backup: str | None = None
    image_unmoved: bool = False


def checked_name(option: str, value: str) -> str:
    """A name that the Engine accepts. Raises BadOption."""
    name = value[1:] if value.startswith("/") else value
    if not re.match(r"^[a-zA-Z0-9][a-zA-Z0-9_.-]+$", name):
        raise BadOption(
            option,
            "must be two or more letters, digits, underscores, dots or hyphens, starting with a letter or digit",
            got=value,
            example=f"{option}: web-1",
        )
    return name


def backup_name(name: str) -> str:
    """The name that a container has while its replacement is tried."""
    return name + SUFFIX


def successor_name(name: str) -> str:
    """The name that a new container has until it takes over the name of the one that it replaces."""
    return name + SUCCESSOR_SUFFIX


def is_id(text: str | None) -> bool:
    """Whether a text may be an id, or the beginning of one as docker ps shows it."""
    return bool(re.match(r"^[0-9a-f]{7,64}$", text or ""))


def find(engine: Engine, name: str) -> Found:
    """Look for a container by its name, or by its id. The list is filtered by the Engine, so it has two entries at most."""
    listed = {
        container_name(entry): entry
        for entry in engine.containers.list(name=[f"^/?{re.escape(name)}({re.escape(SUFFIX)})?$"])
    }
    entry, backup = listed.get(name), listed.get(backup_name(name))
    if entry is None and is_id(name):
        return Found(engine.containers.find(name), None)
    return found_of(entry, engine.containers.find(entry["Id"]) if entry else None, backup)


def found_of(
    entry: Mapping[str, Any] | None, inspected: dict[str, Any] | None, backup: Mapping[str, Any] | None
) -> Found:
    """From entries of the Engine's list, and the inspection of the first one."""
    # The list shows the image's id instead of the name once the name refers to another image.
    unmoved = bool(
        entry
        and inspected
        and entry["Image"] == inspected["Config"]["Image"]
        and not entry["Image"].startswith("sha256:")
    )
    return Found(inspected, backup["Id"] if backup else None, unmoved)

# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Finds a container, and what a run that was broken off may have left beside it, in two requests."""

from __future__ import annotations

import re
from typing import Any, NamedTuple, Optional

SUFFIX = ".flotilla-replaced"


class Found(NamedTuple):
    """What is there. ``aside`` is the id of a container that a replacement had set aside.

    ``image_unmoved``: the name that the container was created from still stands for the image that it runs.
    """

    container: Optional[dict[str, Any]] = None
    aside: Optional[str] = None
    image_unmoved: bool = False


def aside_name(name: str) -> str:
    """The name that a container has while its replacement is tried."""
    return name + SUFFIX


def find(engine: Any, name: str) -> Found:
    """Look for a container by its name, or by its id. The list is filtered by the daemon, so it has two entries at most."""
    listed = {_name(entry): entry for entry in engine.containers.list(name=["^/?%s(%s)?$" % (re.escape(name), re.escape(SUFFIX))])}
    entry, aside = listed.get(name), listed.get(aside_name(name))
    if entry is None and re.match(r"^[0-9a-f]{12,64}$", name):
        return Found(engine.containers.find(name), None)
    inspected = engine.containers.find(entry["Id"]) if entry else None
    # The list shows the image's id instead of the name once the name stands for another image.
    unmoved = bool(entry and inspected and entry["Image"] == inspected["Config"]["Image"] and not entry["Image"].startswith("sha256:"))
    return Found(inspected, aside["Id"] if aside else None, unmoved)


def _name(entry: dict[str, Any]) -> str:
    # A linked container has more names, "/other/alias"; its own has one slash only.
    return next((name[1:] for name in entry.get("Names") or [] if name.count("/") == 1), "")

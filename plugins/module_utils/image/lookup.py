# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Resolves names of images on a host: a name of hexadecimal digits may be the start of an id."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from .reference import Reference, parse_reference

if TYPE_CHECKING:
    from ..engine.engine import Engine

# docker images shows 12 digits, and users type fewer. A whole id has 64 digits and is never a name.
_SHORT_ID = re.compile(r"^[0-9a-f]{7,63}$")


def find_reference(engine: Engine, text: str, option: str = "name", default_tag: str = "latest") -> Reference:
    """The reference for a name, or for the start of an id. As in the docker CLI, an image with that name takes precedence. Raises BadOption."""
    reference = parse_reference(text, option, default_tag)
    if not _SHORT_ID.match(text.strip()) or engine.images.find(reference.key):
        return reference
    found = engine.images.find(text.strip())
    return Reference("", "", image_id=found["Id"]) if found else reference

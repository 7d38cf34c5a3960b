# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Platforms such as "linux/arm64/v8", compared as containerd normalises them."""

from __future__ import annotations

from typing import Any, Mapping, NamedTuple, Optional

from ..errors import BadOption

_ARCHITECTURES = {"x86_64": "amd64", "x86-64": "amd64", "aarch64": "arm64", "armhf": "arm", "armel": "arm", "i386": "386", "i686": "386"}
# What a missing variant means, and the variant that an old name implies.
_VARIANTS = {"arm64": "v8", "arm": "v7", "amd64": "v1"}
_SYSTEMS = ("linux", "windows")
_IMPLIED = {"armel": "v6", "armhf": "v7"}


class Platform(NamedTuple):
    """One platform, normalised."""

    os: str
    architecture: str
    variant: str = ""

    def __str__(self) -> str:
        return "/".join(part for part in self if part)


def parse_platform(text: str) -> Platform:
    """"amd64", "linux/arm64" and "linux/arm/v7" as Platform; "linux" alone leaves the architecture empty. Raises BadOption."""
    parts = text.strip().lower().split("/")
    if len(parts) > 3 or not all(parts):
        raise BadOption("platform", text, "it is not os/architecture or os/architecture/variant", "platform: linux/arm64")
    if parts[0] in _SYSTEMS and len(parts) == 1:
        return Platform(parts[0], "")
    if len(parts) == 1:
        parts.insert(0, "linux")
    return _normal(*parts)


def platform_of(image: Mapping[str, Any]) -> Optional[Platform]:
    """An inspected image's platform, or None where the engine has no content to read it from."""
    if not image.get("Architecture"):
        return None
    return _normal(image.get("Os") or "linux", image["Architecture"], image.get("Variant") or "")


def is_for(found: Optional[Platform], wanted: str) -> bool:
    """Whether a platform is the one that was asked for; without an architecture any will do."""
    asked = parse_platform(wanted)
    return found is not None and found.os == asked.os and (not asked.architecture or found[1:] == asked[1:])


def _normal(os: str, architecture: str, variant: str = "") -> Platform:
    variant = variant.lower() or _IMPLIED.get(architecture, "")
    architecture = _ARCHITECTURES.get(architecture, architecture)
    return Platform(os, architecture, "" if variant == _VARIANTS.get(architecture) else variant)

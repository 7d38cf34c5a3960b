# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Platforms such as "linux/arm64/v8", compared as containerd normalizes them."""

from __future__ import annotations

from typing import Any, Mapping, NamedTuple

from ..errors import BadOption

_ARCHITECTURES = {
    "x86_64": "amd64",
    "x86-64": "amd64",
    "aarch64": "arm64",
    "armhf": "arm",
    "armel": "arm",
    "i386": "386",
    "i686": "386",
}
# The default variant of an architecture, and the variant that an old name means.
_VARIANTS = {"arm64": "v8", "arm": "v7", "amd64": "v1"}
_SYSTEMS = ("linux", "windows")
_IMPLIED = {"armel": "v6", "armhf": "v7"}


class Platform(NamedTuple):
    """One platform, normalized."""

    os: str
    architecture: str
    variant: str = ""

    def __str__(self) -> str:
        return "/".join(part for part in self if part)


def parse_platform(text: str) -> Platform:
    """ "amd64", "linux/arm64" and "linux/arm/v7" as Platform; "linux" alone leaves the architecture empty. Raises BadOption."""
    parts = text.strip().lower().split("/")
    if len(parts) > 3 or not all(parts):
        raise BadOption(
            "platform",
            "must have the form os/architecture or os/architecture/variant",
            got=text,
            example="platform: linux/arm64",
        )
    if parts[0] in _SYSTEMS and len(parts) == 1:
        return Platform(parts[0], "")
    if len(parts) == 1:
        parts.insert(0, "linux")
    return _normal(*parts)


def platform_of(image: Mapping[str, Any]) -> Platform | None:
    """An inspected image's platform, or None if the Engine has no content to read it from."""
    if not image.get("Architecture"):
        return None
    return _normal(image.get("Os") or "linux", image["Architecture"], image.get("Variant") or "")


def platform_of_descriptor(entry: Mapping[str, Any]) -> Platform | None:
    """A platform in the OCI image spec's form, with the keys os, architecture and variant."""
    if not entry.get("architecture"):
        return None
    return _normal(entry.get("os") or "linux", entry["architecture"], entry.get("variant") or "")


def is_for(found: Platform | None, wanted: str) -> bool:
    """Whether a platform is the desired one; without an architecture, any of that operating system."""
    desired = parse_platform(wanted)
    return found is not None and found.os == desired.os and (not desired.architecture or found[1:] == desired[1:])


def _normal(os: str, architecture: str, variant: str = "") -> Platform:
    variant = variant.lower() or _IMPLIED.get(architecture, "")
    architecture = _ARCHITECTURES.get(architecture, architecture)
    return Platform(os, architecture, "" if variant == _VARIANTS.get(architecture) else variant)

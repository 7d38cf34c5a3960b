# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The distribution of the managed host, from os-release(5)."""

from __future__ import annotations

import os
import re
import shlex
from typing import Mapping, NamedTuple

_PATHS = ("/etc/os-release", "/usr/lib/os-release")
_FAMILIES = (
    ("Debian", {"debian", "ubuntu"}),
    ("RedHat", {"rhel", "fedora", "centos"}),
    ("Suse", {"suse", "opensuse", "sles"}),
)
# Releases of Debian that a derivative may name in VERSION_CODENAME as its own.
_DEBIAN_RELEASES = {"buster", "bullseye", "bookworm", "trixie", "forky", "sid"}


class Distribution(NamedTuple):
    """``base`` is the distribution whose packages the host uses: that of Ubuntu for Linux Mint. ``release`` is the base's code name, "" if unknown."""

    id: str
    name: str
    version: str
    family: str
    base: str
    release: str


def read_distribution(paths: tuple[str, ...] = _PATHS) -> Distribution:
    """The distribution of this host. A host without the file has the family ""."""
    for path in paths:
        if os.path.isfile(path):
            with open(path, encoding="utf-8", errors="replace") as file:
                return parse_distribution(file.read())
    return parse_distribution("")


def parse_distribution(text: str) -> Distribution:
    """The distribution that an os-release file describes."""
    fields = _fields(text)
    own = fields.get("ID", "linux")
    like = [own, *fields.get("ID_LIKE", "").split()]
    family = next((name for name, ids in _FAMILIES if ids.intersection(like)), "")
    base = _debian_base(own, like, fields) if family == "Debian" else own
    release = _debian_release(own, base, fields) if family == "Debian" else fields.get("VERSION_CODENAME", "")
    return Distribution(own, fields.get("NAME", own), fields.get("VERSION_ID", ""), family, base, release)


def _debian_base(own: str, like: list[str], fields: Mapping[str, str]) -> str:
    if own in ("debian", "ubuntu"):
        return own
    # A derivative of Ubuntu names both in ID_LIKE.
    return "ubuntu" if "ubuntu" in like or "UBUNTU_CODENAME" in fields else "debian"


def _debian_release(own: str, base: str, fields: Mapping[str, str]) -> str:
    codename = fields.get("VERSION_CODENAME", "")
    if own == base:
        return codename
    stated = fields.get("UBUNTU_CODENAME" if base == "ubuntu" else "DEBIAN_CODENAME", "")
    return stated or (codename if base == "debian" and codename in _DEBIAN_RELEASES else "")


def _fields(text: str) -> dict[str, str]:
    found = re.findall(r"^\s*([A-Z][A-Z0-9_]*)=(.*?)\s*$", text, re.MULTILINE)
    return {name: _unquoted(value) for name, value in found}


def _unquoted(value: str) -> str:
    try:
        return "".join(shlex.split(value))
    except ValueError:
        return value.strip("\"'")

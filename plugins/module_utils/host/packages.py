# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reads packages of the managed host from its package manager, without locking the package manager."""

from __future__ import annotations

import os
import re
from typing import Any, Callable, Dict, Iterable, NamedTuple, Optional, Sequence

from .programs import read_output

Reader = Callable[[Sequence[str]], Optional[str]]
_FILE_NAMES = {
    ".deb": r"^(?P<name>[^_]+)_(?P<version>[^_]+)_.+\.deb$",
    ".rpm": r"^(?P<name>.+)-(?P<version>[^-]+-[^-]+)\.[^.]+\.rpm$",
}
_EPOCH = re.compile(r"^\d+(:|%3a)")
# Files in which dnf 4, dnf 5 and zypper store their locks.
_LOCKS = (
    ("/etc/dnf/plugins/versionlock.list", r"^(?!!)(?P<name>\S+?)-(?:\d+:)?\d\S*$"),
    ("/etc/dnf/versionlock.toml", r"^name\s*=\s*\"(?P<name>[^\"]+)\""),
    ("/etc/zypp/locks", r"^solvable_name:\s*(?P<name>\S+)$"),
)


class Package(NamedTuple):
    """An installed package: its version with the epoch that the package manager shows, and whether it is held at this version."""

    version: str
    held: bool


Installed = Dict[str, Package]


class PackageFile(NamedTuple):
    """A file of a package. ``version`` has no epoch, because not every file name has it."""

    path: str
    name: str
    version: str


def find_manager(family: str, exists: Callable[[str], bool] = os.path.exists) -> str:
    """apt, dnf5, dnf, yum, zypper, or "" if the host has none of them."""
    programs = {"Debian": ["apt-get"], "RedHat": ["dnf5", "dnf", "yum"], "Suse": ["zypper"]}
    found = next((name for name in programs.get(family, ()) if exists(f"/usr/bin/{name}")), "")
    return "apt" if found == "apt-get" else found


def read_installed(names: Iterable[str], family: str, read: Reader = read_output) -> Installed:
    """The packages that are installed."""
    asked = sorted(set(names))
    if not asked:
        return {}
    return _read_dpkg(asked, read) if family == "Debian" else _read_rpm(asked, read)


def _read_dpkg(names: list[str], read: Reader) -> Installed:
    form = "${Package} ${Version} ${db:Status-Want} ${db:Status-Status}\\n"
    found = {}
    for line in (read(["dpkg-query", "--show", "--showformat", form, *names]) or "").splitlines():
        words = line.split()
        if len(words) == 4 and words[3] == "installed":
            found[words[0]] = Package(words[1], words[2] == "hold")
    return found


def _read_rpm(names: list[str], read: Reader) -> Installed:
    output = read(["rpm", "--query", "--queryformat", "%{NAME} %{VERSION}-%{RELEASE} installed\\n", *names])
    rows = [line.split() for line in (output or "").splitlines()]
    locked = _locked()
    return {row[0]: Package(row[1], row[0] in locked) for row in rows if len(row) == 3 and row[2] == "installed"}


def _locked(files: Iterable[tuple[str, str]] = _LOCKS) -> set[str]:
    found: set[str] = set()
    for path, pattern in files:
        if os.path.isfile(path):
            with open(path, encoding="utf-8", errors="replace") as file:
                found.update(match.group("name") for match in re.finditer(pattern, file.read(), re.MULTILINE))
    return found


def read_candidates(names: Sequence[str], manager: str, read: Reader = read_output) -> dict[str, str]:
    """Versions that apt would install, of packages in its lists. Empty for other managers, which update their lists by themselves."""
    if manager != "apt" or not names:
        return {}
    found = {}
    for block in re.split(r"^(?=\S)", read(["apt-cache", "policy", *names]) or "", flags=re.MULTILINE):
        match = re.match(r"(\S+):\n.*?^  Candidate: (\S+)$", block, re.MULTILINE | re.DOTALL)
        if match and match.group(2) != "(none)":
            found[match.group(1)] = match.group(2)
    return found


def parse_files(paths: Iterable[str]) -> list[PackageFile]:
    """The packages among some files, by their names."""
    found = []
    for path in paths:
        name = os.path.basename(path)
        match = re.match(_FILE_NAMES.get(os.path.splitext(name)[1], r"(?!)"), name)
        if match:
            found.append(PackageFile(path, match.group("name"), _EPOCH.sub("", match.group("version"))))
    return found


def list_folder(path: str) -> list[str]:
    """Paths of all files in a folder; empty if the folder does not exist."""
    try:
        entries = sorted(os.listdir(path))
    except OSError:
        return []
    return [full for full in (os.path.join(path, entry) for entry in entries) if os.path.isfile(full)]


def as_result(installed: Installed) -> dict[str, dict[str, Any]]:
    """The packages as a return value."""
    return {name: package._asdict() for name, package in installed.items()}

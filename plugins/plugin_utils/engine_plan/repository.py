# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Docker's package repository: its address for a distribution, and the files on the host that name it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from .settings import Settings

DOCKER = "https://download.docker.com/linux/"
_MARK = "# Written by the role flotilla.docker.docker_engine."


class Repository:
    """Decisions about the repository on a host of a family that the role supports. ``facts`` is the result of docker_engine_facts."""

    def __init__(self, facts: Mapping[str, Any], settings: Settings, family: Mapping[str, Any]) -> None:
        self._settings = settings
        self._family = family
        self._distribution = facts["distribution"]
        self._files: Mapping[str, Any] = facts["files"]
        self._sources: list[Mapping[str, Any]] = facts["repository_sources"]

    @property
    def file(self) -> str:
        """The source file that the role writes."""
        return self._family["repository_file"]

    @property
    def vendor_folder(self) -> str:
        """The folder in which Docker publishes packages for the distribution. Empty if there is none."""
        folders = self._family["vendor_folders"]
        return folders.get(self._distribution["id"]) or folders.get(self._distribution["base"], "")

    @property
    def published(self) -> bool:
        """Whether a repository is known."""
        return bool(self.vendor_folder or self._settings.repository_url)

    @property
    def url(self) -> str:
        """The address, without the suite."""
        return self._settings.repository_url.rstrip("/") or DOCKER + self.vendor_folder

    @property
    def suite(self) -> str:
        """The suite, which is the release of the distribution for apt and its major version for dnf. Empty if it is not known."""
        release = {
            "release": self._distribution["release"],
            "major_version": self._distribution["version"].partition(".")[0],
            "": "",
        }
        return self._settings.repository_suite or release[self._family["vendor_suite"]]

    @property
    def text(self) -> str:
        """The source file for apt."""
        lines = [
            _MARK,
            "Types: deb",
            f"URIs: {self.url}",
            f"Suites: {self.suite}",
            "Components: stable",
            f"Signed-By: {self._family['keyring']}",
        ]
        return "\n".join(lines) + "\n"

    @property
    def current(self) -> bool:
        """Whether the files of the repository are as the role writes them. Never for dnf, whose own module compares them."""
        if self._family["manager"] != "apt":
            return False
        key, given = self._checksum(self._family["keyring"]), self._settings.repository_key
        key_current = key == _sha256(given) if given else key != ""
        return key_current and self._checksum(self.file) == _sha256(self.text) and not self.replaced_files

    @property
    def old(self) -> bool:
        """Whether an earlier run wrote files of the repository, and this run uses another source."""
        known = self._files.get(self.file) or {}
        return self._settings.source != "docker" and known.get("first_line") in (_MARK, "[docker]")

    @property
    def replaced_files(self) -> list[str]:
        """Source files that name this repository alone. apt fails for all repositories if two files name the same one with different keys."""
        return list(dict.fromkeys(source["file"] for source in self._others if source["alone"]))

    @property
    def mixed_files(self) -> list[str]:
        """Source files that name this repository with another key, among other repositories."""
        mixed = [source for source in self._others if not source["alone"]]
        return list(dict.fromkeys(one["file"] for one in mixed if one["signed_by"] != self._family["keyring"]))

    @property
    def _others(self) -> list[Mapping[str, Any]]:
        if self._settings.source != "docker":
            return []
        own = self.file
        return [source for source in self._sources if source["file"] != own and source["uri"] == self.url]

    def _checksum(self, path: str) -> str:
        return (self._files.get(path) or {}).get("sha256", "")


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()

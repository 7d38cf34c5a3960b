# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which packages of Docker Engine and of docker-py a host should have, and which it lacks."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from ansible.module_utils.compat.version import LooseVersion

from .settings import Settings

# The oldest docker-py that the modules work with.
OLDEST_DOCKER_PY = "5.0.0"
_SINGLE_PACKAGE_RELEASES = ("buster", "bullseye", "bookworm")
_EPOCH = re.compile(r"^[0-9]+:")


class Packages:
    """Decisions about packages on a host of a family that the role supports. ``facts`` is the result of docker_engine_facts."""

    def __init__(self, facts: Mapping[str, Any], settings: Settings, family: Mapping[str, Any]) -> None:
        self._settings = settings
        self._family = family
        self._distribution = facts["distribution"]
        self.installed: Mapping[str, Any] = facts["packages"]
        self._candidates: Mapping[str, str] = facts["candidates"]
        self._environment: Mapping[str, Any] = facts["interpreters"][settings.interpreter]
        self._extra_names = [name_of(package) for package in settings.extra_packages]
        self.in_folder: dict[str, str] = {file["name"]: file["version"] for file in facts["package_files"]}

    @property
    def flavour(self) -> str:
        """``docker`` for Docker's packages, ``distribution`` for those of the distribution. In a folder, the files decide."""
        if self._settings.source == "folder":
            return "docker" if "docker-ce" in self.in_folder else "distribution"
        return self._settings.source

    def engines(self, flavour: str) -> list[str]:
        """Packages of the Engine and its docker command. Empty if there are none."""
        own = self._family["own_engines"].get(self._distribution["id"]) if flavour == "distribution" else None
        return list(self._family["engines"][flavour] if own is None else own)

    @property
    def pinned(self) -> list[str]:
        """Packages of the Engine, which the version and the hold of the role's variables apply to."""
        cli = self._family["separate_cli"]
        # Debian 12 and older, and every Ubuntu, ship the docker command inside docker.io.
        separate = (
            self.flavour == "distribution"
            and self._distribution["base"] != "ubuntu"
            and self._distribution["release"] not in _SINGLE_PACKAGE_RELEASES
        )
        return self.engines(self.flavour) + ([cli] if cli and separate else [])

    @property
    def names(self) -> list[str]:
        """All packages that the role installs."""
        docker_py = {
            "distribution": [self._family["python_package"]],
            "venv": self._family["venv_packages"],
            "none": [],
        }
        return _unique([*self.pinned, *self.companions, *docker_py[self.python], *self._extra_names])

    @property
    def companions(self) -> list[str]:
        """Packages that the Engine needs."""
        return list(self._family["companions"][self.flavour])

    @property
    def wanted(self) -> list[str]:
        """The same for the package manager: with versions, where the role's variables give them."""
        version = self._settings.version
        suffix = f"{self._family['version_sign']}{version}" if version else ""
        others = [name for name in self.names if name not in [*self.pinned, *self._extra_names]]
        return [*(name + suffix for name in self.pinned), *others, *self._settings.extra_packages]

    @property
    def missing(self) -> list[str]:
        """Packages that the host lacks."""
        return self._absent(self.names)

    @property
    def other_versions(self) -> list[str]:
        """Installed versions of the Engine's packages that are not the wanted one."""
        if not self._settings.version:
            return []
        versions = [self.installed[name]["version"] for name in self._present(self.pinned)]
        return [version for version in versions if not re.search(self._version_pattern, version)]

    @property
    def _version_pattern(self) -> str:
        pattern = re.escape(self._settings.version).replace(r"\*", ".*")
        if self._family["manager"] == "dnf":
            # rpm shows no epochs.
            return f"^{_EPOCH.sub('', pattern)}(-|$)"
        return f"^{pattern}$" if self._family["manager"] == "apt" else f"^{pattern}"

    @property
    def folder_differs(self) -> bool:
        """Whether a file of the folder has another version than the package on the host. Not every file name has an epoch."""
        found = {name: _EPOCH.sub("", package["version"]) for name, package in self.installed.items()}
        return any(found.get(name) != version for name, version in self.in_folder.items() if name in self.names)

    @property
    def files_differ(self) -> bool:
        """Whether the folder decides which version is installed, and has another one than the host."""
        return self._settings.source == "folder" and not self._settings.version and self.folder_differs

    @property
    def installation_needed(self) -> bool:
        """Whether the package manager has something to do."""
        pinned_extras = any("=" in package for package in self._settings.extra_packages)
        return bool(self.missing or self.other_versions or pinned_extras or self.files_differ)

    @property
    def available(self) -> bool:
        """Whether the package manager knows the Engine's packages. In check mode, apt finds only packages that are in its lists."""
        return all(name in (self._candidates or self.installed) for name in self.pinned)

    @property
    def conflicts(self) -> list[str]:
        """Installed packages that cannot be there together with the Engine's."""
        return self._present(self._family["conflicts"][self.flavour])

    @property
    def held(self) -> list[str]:
        """Packages that are held at their version."""
        return [name for name, package in self.installed.items() if package["held"]]

    @property
    def to_release(self) -> list[str]:
        """Packages of the Engine that are held and should not be."""
        return [] if self._settings.hold else [name for name in self.pinned if name in self.held]

    @property
    def to_hold(self) -> list[str]:
        """Packages of the Engine that should be held and are not."""
        return [name for name in self.pinned if name not in self.held] if self._settings.hold else []

    @property
    def replaced(self) -> list[str]:
        """Installed packages that the installation removes, or whose version it changes."""
        changed = self._present([*self.pinned, *self.companions]) if self.other_versions or self.files_differ else []
        return self.conflicts + changed

    @property
    def replaced_specs(self) -> list[str]:
        """The same, with their present versions, for the package manager."""
        sign = self._family["version_sign"]
        return [f"{name}{sign}{self.installed[name]['version']}" for name in self.replaced]

    @property
    def python_packaged(self) -> bool:
        """Whether the distribution has a package of docker-py that is new enough."""
        packaged = self._family["python_packaged"]
        if "only_on" in packaged:
            return self._distribution["id"] in packaged["only_on"]
        return self._distribution["release"] not in packaged["not_on"]

    @property
    def python(self) -> str:
        """Where docker-py comes from: ``distribution``, ``venv`` or ``none``."""
        if self._settings.python != "auto":
            return self._settings.python
        return "distribution" if self.python_packaged else "venv"

    @property
    def venv_ready(self) -> bool:
        """Whether the virtual environment has the wanted docker-py."""
        found, wanted = self._environment["docker_py"], self._settings.python_version
        if not found:
            return False
        return LooseVersion(found) == LooseVersion(wanted) if wanted else is_new_enough(found)

    @property
    def rootless(self) -> list[str]:
        """Packages of rootless Engines. Empty if there are none."""
        return list(self._family["rootless_packages"][self.flavour])

    @property
    def rootless_missing(self) -> list[str]:
        """Those of them that the host lacks."""
        return self._absent(self.rootless)

    @property
    def removable(self) -> list[str]:
        """Packages that an uninstallation removes."""
        return self._present(self._family["removable"])

    def _present(self, names: Iterable[str]) -> list[str]:
        return [name for name in names if name in self.installed]

    def _absent(self, names: Iterable[str]) -> list[str]:
        return [name for name in names if name not in self.installed]


def name_of(package: str) -> str:
    """The name of an extra package, which may be given with a version: docker-compose=2.32.4-3."""
    return package.partition("=")[0]


def is_new_enough(docker_py: str) -> bool:
    """Whether the modules work with this version of docker-py."""
    return bool(docker_py) and LooseVersion(docker_py) >= LooseVersion(OLDEST_DOCKER_PY)


def lookups(families: Mapping[str, Any], extra_packages: Iterable[str], rootless: bool) -> dict[str, list[str]]:
    """What docker_engine_facts looks up, for all families, because it runs before the family is known: ``packages``, ``candidates`` and ``files``."""
    every = list(families.values())
    engines = [name for family in every for names in _lists(family, "engines", "own_engines") for name in names]
    parts = ["companions", "conflicts"] + (["rootless_packages"] if rootless else [])
    others = [name for family in every for names in _lists(family, *parts) for name in names]
    others += [name for family in every for name in [*family["removable"], *family["venv_packages"]]]
    others += [name for family in every for name in (family["python_package"], family["separate_cli"]) if name]
    files = [family[key] for key in ("keyring", "repository_file") for family in every if family[key]]
    return {
        "packages": _unique([*engines, *others, *map(name_of, extra_packages)]),
        "candidates": _unique(engines),
        "files": files,
    }


def _lists(family: Mapping[str, Any], *keys: str) -> Iterable[list[str]]:
    return [names for key in keys for names in family[key].values()]


def _unique(names: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(names))

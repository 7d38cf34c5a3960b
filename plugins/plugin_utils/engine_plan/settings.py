# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Variables of the role docker_engine on which its plan depends."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from ansible_collections.flotilla.docker.plugins.filter.as_type import as_type

# Tags of the role with which no packages are installed.
_OTHER_TAGS = {"configure", "service", "verify", "rootless", "access"}
_PREFIX = "docker_engine_"
# Types of the fields that are variables, and the arguments of as_type.
_KINDS = {"str": ("str",), "bool": ("bool",), "int": ("int",), "list[str]": ("list", "str"), "list[Any]": ("list",)}


@dataclass(frozen=True)
class Settings:
    """The converted variables, and what Ansible knows of the host and of the run."""

    state: str
    source: str
    python: str
    version: str
    hold: bool
    extra_packages: list[str]
    remove_conflicts: bool
    repository_url: str
    repository_suite: str
    repository_key: str
    packages_folder: str
    packages_remote_src: bool
    python_version: str
    tls_address: str
    tls_ca: str
    tls_certificate: str
    tls_key: str
    tls_valid_days: int
    wait: int
    registry_logins: list[Any]
    users: list[str]
    rootless_users: list[str]
    rootless_only: bool
    # Not variables of the role.
    interpreter: str
    host: str
    check_mode: bool
    run_tags: list[str]
    skip_tags: list[str]

    @property
    def installs(self) -> bool:
        """Whether the tags of the run include the installation."""
        others = {_PREFIX + tag for tag in _OTHER_TAGS}
        return bool(set(self.run_tags) - others) and f"{_PREFIX}install" not in self.skip_tags


def read(given: Mapping[str, Any]) -> Settings:
    """The settings, from ``docker_engine_...`` variables, the path of the virtual environment's Python, and Ansible's variables of the host and the run."""
    others = {
        "interpreter": given["_docker_engine_interpreter"],
        "host": given["inventory_hostname"],
        "check_mode": given["ansible_check_mode"],
        "run_tags": list(given["ansible_run_tags"]),
        "skip_tags": list(given["ansible_skip_tags"]),
    }
    variables = {
        field.name: (_PREFIX + field.name, str(field.type)) for field in fields(Settings) if field.name not in others
    }
    converted = {
        field: as_type(given[name], _KINDS[kind][0], name, *_KINDS[kind][1:])
        for field, (name, kind) in variables.items()
    }
    return Settings(**converted, **others)

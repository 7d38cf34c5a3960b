# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reads everything that the role docker_engine needs to know about a host, in one module run."""

from __future__ import annotations

import glob
import grp
import hashlib
import os
import pwd
from typing import Any, Mapping

from ..errors import FlotillaError
from ..host import apt_sources, dockerd, interpreters, packages, systemd, users
from ..host.distribution import Distribution, read_distribution
from ..rootless import requirements
from ..rootless.host import RECORD_FOLDER

UNITS = ("docker.service", "docker.socket")
_OF_UNIT = ("load_state", "active_state", "enabled")


def read(params: Mapping[str, Any]) -> dict[str, Any]:
    """The module's result."""
    distribution = read_distribution()
    manager = packages.find_manager(distribution.family)
    folder = packages.list_folder(params["packages_folder"]) if params["packages_folder"] else []
    files = packages.parse_files([*params["package_files"], *folder])
    asked = [*params["packages"], *params["candidates"], *(file.name for file in files)]
    installed = packages.read_installed(asked, distribution.family)
    # Empty if the host does not run systemd.
    units = systemd.read_units(UNITS) or {}
    wanted = [] if any(name in installed for name in params["candidates"]) else params["candidates"]
    return {
        "distribution": distribution._asdict(),
        "service_manager": _service_manager(),
        "package_manager": manager,
        "packages": packages.as_result(installed),
        "candidates": packages.read_candidates(wanted, manager),
        "folder_files": folder,
        "package_files": [file._asdict() for file in files],
        "files": {path: _file(path) for path in params["files"]},
        "repository_sources": _sources(distribution, params["repository_url"]),
        "units": {name: {key: unit[key] for key in _OF_UNIT} for name, unit in units.items()},
        "python": interpreters.read_current(),
        "interpreters": {path: interpreters.read_interpreter(path) for path in params["interpreters"]},
        "users": {name: _groups(name) for name in params["users"]},
        "rootless": _rootless(params["rootless_users"], params["rootless_environment"]),
        "daemon_json": _daemon_json(units[UNITS[0]]["command"] if units else ""),
        "configuration": _configuration(params["configuration"], units),
    }


def _configuration(options: Mapping[str, Any], units: Mapping[str, Any]) -> dict[str, Any] | None:
    if not options or not units or units[UNITS[0]]["active_state"] != "active":
        return None
    # A bare host does not need it.
    from .configuration import if_unchanged  # pylint: disable=import-outside-toplevel

    return if_unchanged(options)


def _file(path: str) -> dict[str, str] | None:
    """Checksum and first line of a file, or None if there is no such file."""
    try:
        with open(path, "rb") as file:
            content = file.read()
    except OSError:
        return None
    first = content.split(b"\n", 1)[0].decode("utf-8", "replace")
    return {"sha256": hashlib.sha256(content).hexdigest(), "first_line": first}


def _service_manager() -> str:
    if os.path.isdir("/run/systemd/system"):
        return "systemd"
    try:
        with open("/proc/1/comm", encoding="utf-8") as file:
            return file.read().strip()
    except OSError:
        return "unknown"


def _sources(distribution: Distribution, uri: str) -> list[dict[str, Any]]:
    if distribution.family != "Debian" or not uri:
        return []
    return [source._asdict() for source in apt_sources.read_sources(uri.rstrip("/"))]


def _groups(name: str) -> list[str] | None:
    """The groups of a user, or None if there is no such user."""
    try:
        account = pwd.getpwnam(name)
        numbers = os.getgrouplist(name, account.pw_gid)
    except KeyError:
        return None
    return sorted(_group(number) for number in numbers)


def _group(number: int) -> str:
    try:
        return grp.getgrgid(number).gr_name
    except KeyError:
        return str(number)


def _rootless(names: list[str], environment: Mapping[str, Any]) -> dict[str, Any]:
    problems = {name: _problem(name, environment) for name in names}
    return {
        "managed": sorted(os.path.basename(path)[: -len(".json")] for path in glob.glob(f"{RECORD_FOLDER}/*.json")),
        "problems": {name: problem for name, problem in problems.items() if problem},
    }


def _problem(name: str, environment: Mapping[str, Any]) -> str:
    """Why a user cannot have a rootless Engine, with advice; "" if the user can."""
    try:
        requirements.require_ready(requirements.require_account(name, users.find(name)), environment)
    except FlotillaError as error:
        return str(error)
    return ""


def _daemon_json(command: str) -> dict[str, Any]:
    found = dockerd.read_configuration(dockerd.configuration_path(command))
    return {
        "path": found["path"],
        "exists": found["exists"],
        "modified": systemd.moment(found["modified"]),
        "error": found["error"],
    }

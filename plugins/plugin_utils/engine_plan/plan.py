# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the role docker_engine does on a host, decided once for all tasks from the facts of the host and the role's variables."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from . import refusals
from .packages import OLDEST_DOCKER_PY, Packages, is_new_enough
from .repository import Repository
from .settings import Settings


def decide(facts: Mapping[str, Any], settings: Settings, families: Mapping[str, Any]) -> dict[str, Any]:
    """The plan. ``facts`` is the result of docker_engine_facts. On a host that the role does not support, it has little more than refusals."""
    units = _units(facts)
    known = {**units, "rootless_only": settings.rootless_only}
    of_host = refusals.of_host(facts, settings.host, families)
    if of_host:
        return {"refusals": of_host, "preparation_needed": True, "configured": False, **known}
    family = families[facts["distribution"]["family"]]
    packages, repository = Packages(facts, settings, family), Repository(facts, settings, family)
    refused = refusals.of_variables(facts, settings, packages, repository) if settings.state == "present" else []
    rootless = bool(settings.rootless_users or facts["rootless"]["managed"])
    new_members = [name for name in settings.users if "docker" not in (facts["users"].get(name) or ())]
    prepare = bool(refused) or _preparation_needed(settings, packages, repository, units["was_active"])
    return {
        "refusals": refused,
        "preparation_needed": prepare,
        "configured": bool(facts["configuration"]) and not prepare,
        "completion_needed": bool(rootless or new_members or settings.registry_logins),
        "family": dict(family),
        "manager": family["manager"],
        **_of_packages(packages),
        **_of_repository(repository),
        "docker_py": f"docker=={settings.python_version}" if settings.python_version else f"docker>={OLDEST_DOCKER_PY}",
        "interpreter": _interpreter(facts, settings, packages.python),
        "rootless": rootless,
        "new_members": new_members,
        **known,
    }


def _of_packages(packages: Packages) -> dict[str, Any]:
    return {
        "pinned": packages.pinned,
        "companions": packages.companions,
        "packages": packages.wanted,
        "missing": packages.missing,
        "other_versions": packages.other_versions,
        "installation_needed": packages.installation_needed,
        "available": packages.available,
        "folder_differs": packages.folder_differs,
        "conflicts": packages.conflicts,
        "held": packages.held,
        "to_hold": packages.to_hold,
        "to_release": packages.to_release,
        "replaced": packages.replaced,
        "replaced_specs": packages.replaced_specs,
        "rootless_packages": packages.rootless,
        "rootless_missing": packages.rootless_missing,
        "removable": packages.removable,
        "python": packages.python,
        "venv_ready": packages.venv_ready,
    }


def _of_repository(repository: Repository) -> dict[str, Any]:
    return {
        "repository_url": repository.url,
        "repository_suite": repository.suite,
        "repository_text": repository.text,
        "repository_current": repository.current,
        "replaced_sources": repository.replaced_files,
        "old_repository": repository.old,
    }


def _units(facts: Mapping[str, Any]) -> dict[str, Any]:
    units = facts["units"]
    service = units.get("docker.service") or {}
    return {
        "was_installed": service.get("load_state") == "loaded",
        "was_active": service.get("active_state") == "active",
        "enabled_units": [name for name, unit in units.items() if unit["enabled"] == "enabled"],
        "active_units": [name for name, unit in units.items() if unit["active_state"] == "active"],
    }


def _preparation_needed(settings: Settings, packages: Packages, repository: Repository, was_active: bool) -> bool:
    source_differs = {"distribution": repository.old, "docker": not repository.current, "folder": True}
    return bool(
        settings.state == "absent"
        or (settings.rootless_only and was_active)
        or settings.tls_address
        or source_differs[settings.source]
        or packages.installation_needed
        or packages.conflicts
        or packages.to_hold
        or packages.to_release
        or (packages.python == "venv" and not packages.venv_ready)
    )


def _interpreter(facts: Mapping[str, Any], settings: Settings, python: str) -> str:
    """The interpreter that later tasks need for docker-py. Empty if it does not matter."""
    if python == "venv":
        # In check mode, it may be missing.
        exists = facts["interpreters"][settings.interpreter]["exists"]
        return settings.interpreter if exists or not settings.check_mode else ""
    current = facts["python"]
    enough = current["is_system"] or is_new_enough(current["docker_py"])
    return "/usr/bin/python3" if python == "distribution" and not enough else ""

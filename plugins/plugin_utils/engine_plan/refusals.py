# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reasons why the role docker_engine does not support a host or its variables. They are found before anything is changed, and reported together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from .packages import OLDEST_DOCKER_PY, Packages
from .repository import Repository
from .settings import Settings


def of_host(facts: Mapping[str, Any], host: str, families: Mapping[str, Any]) -> list[str]:
    """Reasons why no Engine can be installed on the host. ``facts`` is the result of docker_engine_facts."""
    instead = "Take the host out of the play, or install the Engine there by other means."
    found = []
    if facts["service_manager"] != "systemd":
        found.append(f"{host} is run by {facts['service_manager']}, and the role needs systemd. {instead}")
    if facts["distribution"]["family"] not in families:
        known = ", ".join(families)
        found.append(
            f"{host} runs {facts['distribution']['name']}, and the role supports the families {known}. {instead}"
        )
    return found


def of_variables(facts: Mapping[str, Any], settings: Settings, packages: Packages, repository: Repository) -> list[str]:
    """Reasons why the role's variables cannot be used on the host."""
    found = list(_of_any_run(facts, settings))
    if settings.installs:
        found += _of_packages(facts, settings, packages)
        by_source = {"distribution": _of_distribution, "docker": _of_docker, "folder": _of_folder}
        found += by_source[settings.source](facts, settings, packages, repository)
    return found


def _of_any_run(facts: Mapping[str, Any], settings: Settings) -> Iterator[str]:
    given = [name for name in ("tls_ca", "tls_certificate", "tls_key") if getattr(settings, name)]
    if settings.tls_address and len(given) not in (0, 3):
        yield (
            "docker_engine_tls_ca, docker_engine_tls_certificate and docker_engine_tls_key must be given together "
            f"(got only {' and '.join('docker_engine_' + name for name in given)}). Give all three, or none to let the role create them."
        )
    if settings.rootless_only and not settings.rootless_users:
        yield (
            "docker_engine_rootless_only disables the system's Engine, and docker_engine_rootless_users names no user who has another one. "
            "Name a user, or set docker_engine_rootless_only to false."
        )
    yield from facts["rootless"]["problems"].values()
    incomplete = [
        str(number) for number, login in enumerate(settings.registry_logins, 1) if not _is_complete_login(login)
    ]
    if incomplete:
        yield (
            "docker_engine_registry_logins must give registry, username and password for each login; "
            f"entry {', '.join(incomplete)} does not."
        )
    if settings.wait < 1:
        yield f"docker_engine_wait must be 1 second or more (got {settings.wait}). Example: docker_engine_wait: 90"
    if settings.tls_valid_days < 1:
        yield (
            f"docker_engine_tls_valid_days must be 1 day or more (got {settings.tls_valid_days}). "
            "Example: docker_engine_tls_valid_days: 365"
        )


def _is_complete_login(login: Any) -> bool:
    return isinstance(login, Mapping) and all(key in login for key in ("registry", "username", "password"))


def _of_packages(facts: Mapping[str, Any], settings: Settings, packages: Packages) -> Iterator[str]:
    distribution = facts["distribution"]
    if settings.python == "distribution" and not packages.python_packaged:
        yield (
            f"{distribution['name']} {distribution['release']} has no package of docker-py {OLDEST_DOCKER_PY} or newer. "
            "Use docker_engine_python: auto or venv."
        )
    if settings.rootless_users and not packages.rootless:
        yield (
            f"The packages of docker_engine_source: {settings.source} for {distribution['name']}, which {settings.host} runs, "
            "contain no rootless Engine. Use another docker_engine_source, or leave docker_engine_rootless_users empty."
        )
    if packages.conflicts and not settings.remove_conflicts:
        yield (
            f"{settings.host} has {', '.join(packages.conflicts)} installed, which conflicts with the Engine of "
            f"docker_engine_source: {settings.source}. Remove these packages, or let the role do it with docker_engine_remove_conflicts: true. "
            "Containers stop until the new Engine runs; images, containers and volumes are kept."
        )


def _of_distribution(
    facts: Mapping[str, Any], settings: Settings, packages: Packages, _repository: Repository
) -> Iterator[str]:
    if not packages.engines("distribution"):
        name = facts["distribution"]["name"]
        yield (
            f"{name}, which {settings.host} runs, has no package of Docker Engine. Use docker_engine_source: docker."
        )


def _of_docker(
    facts: Mapping[str, Any], settings: Settings, packages: Packages, repository: Repository
) -> Iterator[str]:
    distribution = facts["distribution"]
    named = packages.engines("docker")
    if not named or not repository.published:
        mirror = (
            ", or name a repository that has them with docker_engine_repository_url and docker_engine_repository_suite"
        )
        yield (
            f"Docker publishes no packages for {distribution['name']}, which {settings.host} runs. "
            f"Use docker_engine_source: distribution{mirror if named else ''}."
        )
    elif not repository.suite:
        example = "noble" if distribution["base"] == "ubuntu" else "trixie"
        yield (
            f"{settings.host} runs {distribution['name']} and does not say which release of {distribution['base']} it is made from, "
            f"so the suite of Docker's repository is unknown. Set docker_engine_repository_suite, for example to {example}."
        )
    if repository.mixed_files:
        yield (
            f"{', '.join(repository.mixed_files)} on {settings.host} names the repository {repository.url} with another key or suite, "
            f"among other repositories. Remove that entry: the role writes {repository.file}."
        )


def _of_folder(
    facts: Mapping[str, Any], settings: Settings, packages: Packages, _repository: Repository
) -> Iterator[str]:
    lacking = [name for name in packages.pinned if name not in packages.in_folder]
    if lacking:
        where = settings.host if settings.packages_remote_src else "the controller"
        yield (
            f"docker_engine_packages_folder '{settings.packages_folder}' on {where} does not contain {', '.join(lacking)} "
            f"for {facts['distribution']['name']}. Put the package files of an Engine there, with all that they depend on."
        )

# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Return values from the answers of GET /version and GET /info."""

from __future__ import annotations

from typing import Any

from ..shapes import image_store
from . import warnings


def client(cli: dict[str, Any] | None, docker_py: str | None, python: str) -> dict[str, Any]:
    """Versions on the managed host's side. ``cli`` is the Client part of docker version."""
    cli = cli or {}
    return {
        "docker_cli": cli.get("Version"),
        "api_version": cli.get("DefaultAPIVersion") or cli.get("ApiVersion") or cli.get("APIVersion"),
        "git_commit": cli.get("GitCommit"),
        "go_version": cli.get("GoVersion"),
        "os": cli.get("Os"),
        "arch": cli.get("Arch"),
        "build_time": cli.get("BuildTime"),
        "docker_py": docker_py,
        "python": python,
    }


def server(version: dict[str, Any]) -> dict[str, Any]:
    """Versions of the Engine and its components, named as the docker CLI does."""
    components = {component.get("Name"): component for component in version.get("Components") or []}
    return {
        "version": version.get("Version"),
        "api_version": version.get("ApiVersion"),
        "min_api_version": version.get("MinAPIVersion"),
        "containerd": _component(components, "containerd"),
        "runc": _component(components, "runc"),
        "docker_init": _component(components, "docker-init"),
        "os": version.get("Os"),
        "arch": version.get("Arch"),
        "kernel_version": version.get("KernelVersion"),
        "platform": (version.get("Platform") or {}).get("Name") or None,
        "git_commit": version.get("GitCommit"),
        "go_version": version.get("GoVersion"),
        "build_time": version.get("BuildTime"),
        "experimental": bool(version.get("Experimental")),
        "components": version.get("Components") or [],
    }


def _component(components: dict[Any, Any], name: str) -> str | None:
    return (components.get(name) or {}).get("Version") or None


def storage(info: dict[str, Any], only_store: str | None = None) -> dict[str, Any]:
    """Driver and kind of image store; ``only_store`` is the flavour's image_store."""
    status = info.get("DriverStatus") or []
    return {
        "driver": info.get("Driver"),
        "image_store": image_store(info, only_store),
        "status": {row[0]: row[1] for row in status if len(row) == 2},
    }


def settings(info: dict[str, Any], only_store: str | None = None) -> dict[str, Any]:
    """The part of GET /info that operators need most."""
    registry = info.get("RegistryConfig") or {}
    options = security_options(info)
    return {
        "data_root": info.get("DockerRootDir"),
        "storage": storage(info, only_store),
        "cgroup": {
            "driver": info.get("CgroupDriver"),
            "version": int(info["CgroupVersion"]) if info.get("CgroupVersion") else None,
        },
        "rootless": "rootless" in [option.get("name") for option in options],
        "live_restore": bool(info.get("LiveRestoreEnabled")),
        "registry_mirrors": registry.get("Mirrors") or [],
        "insecure_registries": insecure_registries(registry),
        "proxies": {
            "http": info.get("HttpProxy") or None,
            "https": info.get("HttpsProxy") or None,
            "no": info.get("NoProxy") or None,
        },
        "security_options": options,
        "daemon_warnings": info.get("Warnings") or [],
        "explained_warnings": warnings.explain(info.get("Warnings") or []),
    }


def insecure_registries(registry: dict[str, Any]) -> list[str]:
    """Networks and names of registries that the Engine talks to without verified TLS."""
    names = [name for name, entry in (registry.get("IndexConfigs") or {}).items() if not entry.get("Secure", True)]
    return list(registry.get("InsecureRegistryCIDRs") or []) + sorted(names)


def security_options(info: dict[str, Any]) -> list[dict[str, str]]:
    """ "name=seccomp,profile=builtin" as a dict."""
    return [
        dict(part.partition("=")[::2] for part in option.split(",")) for option in info.get("SecurityOptions") or []
    ]

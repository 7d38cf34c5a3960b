# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The addresses that an Engine asks for an image: the mirrors, then the registry."""

from __future__ import annotations

import glob
import ipaddress
import os
from typing import Any, Mapping, NamedTuple

from ..shapes import DOCKER_HUB, DOCKER_HUB_REGISTRY, host_of

CERTIFICATES = "/etc/docker/certs.d"


class Endpoint(NamedTuple):
    """An address, and the CA file that the Engine would use for it."""

    base: str
    is_mirror: bool = False
    ca_path: str | None = None


def mirrors(registry: str, config: Mapping[str, Any]) -> list[Endpoint]:
    """The mirrors of a registry, in the order in which the Engine asks them. ``config`` is RegistryConfig of /info."""
    if registry != DOCKER_HUB:
        return []
    return [Endpoint(mirror.rstrip("/"), True, _ca_file(host_of(mirror))) for mirror in config.get("Mirrors") or ()]


def endpoints(registry: str, config: Mapping[str, Any]) -> list[Endpoint]:
    """Mirrors first, then the registry itself; over plain HTTP too if the Engine would do so."""
    if registry == DOCKER_HUB:
        return mirrors(registry, config) + [Endpoint(DOCKER_HUB_REGISTRY)]
    secure = Endpoint("https://" + registry, ca_path=_ca_file(registry))
    return [secure, Endpoint("http://" + registry)] if _is_insecure(registry, config) else [secure]


def _is_insecure(registry: str, config: Mapping[str, Any]) -> bool:
    index = (config.get("IndexConfigs") or {}).get(registry)
    if index is not None:
        return not index.get("Secure", True)
    host = registry.rsplit(":", 1)[0].strip("[]") if not registry.endswith("]") else registry.strip("[]")
    if host == "localhost":
        return True
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    return any(address in ipaddress.ip_network(network) for network in config.get("InsecureRegistryCIDRs") or ())


def _ca_file(host: str) -> str | None:
    found = sorted(glob.glob(os.path.join(CERTIFICATES, glob.escape(host), "*.crt")))
    return found[0] if found else None

# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where a daemon asks for an image: the registry, and its mirrors before it."""

from __future__ import annotations

import glob
import ipaddress
import os
from typing import Any, List, Mapping, NamedTuple, Optional

HUB = "docker.io"
HUB_API = "https://registry-1.docker.io"
CERTIFICATES = "/etc/docker/certs.d"


class Endpoint(NamedTuple):
    """An address to ask, and the CA file that the daemon would use for it."""

    base: str
    is_mirror: bool = False
    ca_path: Optional[str] = None


def mirrors(registry: str, config: Mapping[str, Any]) -> List[Endpoint]:
    """The mirrors of a registry, in the order in which the daemon asks them. ``config`` is RegistryConfig of /info."""
    if registry != HUB:
        return []
    return [Endpoint(mirror.rstrip("/"), True, _authority(_host(mirror))) for mirror in config.get("Mirrors") or ()]


def endpoints(registry: str, config: Mapping[str, Any]) -> List[Endpoint]:
    """Mirrors first, then the registry itself; over plain HTTP too where the daemon would."""
    if registry == HUB:
        return mirrors(registry, config) + [Endpoint(HUB_API)]
    secure = Endpoint("https://" + registry, ca_path=_authority(registry))
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


def _authority(host: str) -> Optional[str]:
    found = sorted(glob.glob(os.path.join(CERTIFICATES, glob.escape(host), "*.crt")))
    return found[0] if found else None


def _host(url: str) -> str:
    return url.split("://", 1)[-1].split("/", 1)[0]

# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Functions that several packages need to read the Engine's answers and to convert values for the API.

No files are read, and no requests are sent.
"""

from __future__ import annotations

import datetime
import re
from typing import Any, Mapping

from .errors import BadOption

# Docker Hub, as references name it; its address in Docker's config.json and for credential helpers; its registry.
DOCKER_HUB = "docker.io"
DOCKER_HUB_LOGIN = "https://index.docker.io/v1/"
DOCKER_HUB_REGISTRY = "https://registry-1.docker.io"

# States of containers that have processes.
RUNNING_STATES = ("running", "paused", "restarting")

# Network modes that are no networks to create: the Engine's own networks, and its word for the first of them.
PREDEFINED_NETWORKS = ("bridge", "host", "none", "default")

# What the option pull accepts, and the policy that each value means; "not_present" is community.docker's word.
PULL_POLICIES = {"always": "always", "missing": "missing", "not_present": "missing", "never": "never"}

_CONTAINERD_DRIVER = "io.containerd.snapshotter.v1"
_UNITS = ("B", "kB", "MB", "GB", "TB")


def uses_containerd(info: Mapping[str, Any]) -> bool:
    """Whether the Engine with this /info keeps images in the containerd image store. Only DriverStatus shows it."""
    return any(list(pair) == ["driver-type", _CONTAINERD_DRIVER] for pair in info.get("DriverStatus") or ())


def image_store(info: Mapping[str, Any], only: str | None = None) -> str:
    """The image store of the Engine with this /info: containerd, graphdriver, or ``only``, the one store of its product."""
    return only or ("containerd" if uses_containerd(info) else "graphdriver")


def container_name(entry: Mapping[str, Any]) -> str:
    """The name of a container in a list. A linked container has more names, such as "/other/alias"; its own has one slash."""
    own = [name.lstrip("/") for name in entry.get("Names") or () if name.count("/") <= 1]
    return own[0] if own else str(entry.get("Id") or "")[:12]


def is_called(inspected: Mapping[str, Any], text: str) -> bool:
    """Whether a text is the name of an inspected object or its id, of which 7 digits are enough. The Engine takes any beginning of an id, even "db"."""
    text = text.lstrip("/")
    is_id = bool(re.match(r"^[0-9a-f]{7,64}$", text)) and str(inspected.get("Id")).startswith(text)
    return is_id or text == str(inspected.get("Name")).lstrip("/")


def is_running(entry: Mapping[str, Any]) -> bool:
    """Whether a container of a list has processes, as a paused one has."""
    return entry.get("State") in RUNNING_STATES


def iso_time(seconds: object) -> str | None:
    """Unix seconds as "2026-11-01T10:00:00Z"; None if the value is not a time."""
    if not isinstance(seconds, int) or seconds <= 0:
        return None
    return datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def size_text(size: float | None) -> str:
    """Bytes as text in the form of docker images: powers of 1000, three digits."""
    if size is None:
        return "?"
    value, unit = float(size), 0
    while value >= 999.5 and unit < len(_UNITS) - 1:
        value, unit = value / 1000, unit + 1
    return f"{value:.3g}{_UNITS[unit]}"


def filter_values(filters: Mapping[str, Any] | None, option: str = "filters") -> dict[str, list[str]]:
    """Filters in the form of the Engine API: a list of strings each. YAML's true becomes "true". Raises BadOption for a value that is no text."""
    return {
        name: [
            _filter_text(f"{option}.{name}", value)
            for value in (values if isinstance(values, (list, tuple)) else [values])
        ]
        for name, values in (filters or {}).items()
    }


def _filter_text(option: str, value: object) -> str:
    if value is None or isinstance(value, (dict, list, tuple)):
        outer, _dot, name = option.partition(".")
        text = "tier=front" if name.startswith("label") else "web"
        raise BadOption(option, "must be text or a list of texts", got=value, example=f"{outer}: {{{name}: [{text}]}}")
    return str(value).lower() if isinstance(value, bool) else str(value)


def api_number(version: str) -> tuple[int, ...]:
    """An API version such as "1.44" as (1, 44), so that 1.9 is older than 1.44."""
    return tuple(int(part) for part in version.split("."))


def speaks(used: str, version: str) -> bool:
    """Whether the API version ``used`` is ``version`` or newer."""
    return api_number(used) >= api_number(version)


def host_of(url: str) -> str:
    """Host and port of a URL, without credentials."""
    return url.split("://", 1)[-1].split("/", 1)[0].split("?", 1)[0].rpartition("@")[2]


def host_ports(bindings: Mapping[str, Any] | None) -> frozenset[tuple[str, str, int]]:
    """Protocol, address and number of the host ports of PortBindings that are one number."""
    return frozenset(
        (port.partition("/")[2], binding.get("HostIp") or "", int(binding["HostPort"]))
        for port, entries in (bindings or {}).items()
        for binding in entries or []
        if (binding.get("HostPort") or "").isdigit()
    )

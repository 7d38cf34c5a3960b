# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Converts API values to the form in which a task has them; used in the column ``show`` of the rows."""

from __future__ import annotations

from typing import Any, Callable, Mapping

Map = Mapping[str, Any]
_UNITS = (("h", 3600 * 10**9), ("m", 60 * 10**9), ("s", 10**9), ("ms", 10**6), ("us", 10**3), ("ns", 1))
_HEALTHCHECK = (
    ("interval", "Interval"),
    ("timeout", "Timeout"),
    ("start_period", "StartPeriod"),
    ("start_interval", "StartInterval"),
)


def size(value: int) -> str:
    """536870912 as "512m"."""
    for unit, factor in (("t", 1024**4), ("g", 1024**3), ("m", 1024**2), ("k", 1024)):
        if value and value % factor == 0:
            return "%d%s" % (value // factor, unit)
    return "unlimited" if value == -1 else str(value)


def duration(nanoseconds: int) -> str:
    """90000000000 as "1m30s"."""
    text = ""
    for unit, factor in _UNITS:
        count, nanoseconds = divmod(nanoseconds, factor)
        text += "%d%s" % (count, unit) if count else ""
    return text or "0s"


def _port(port: str) -> str:
    return port[: -len("/tcp")] if port.endswith("/tcp") else port


def bindings(value: Map) -> list[str]:
    return sorted(_binding(port, entry) for port, entries in value.items() for entry in entries or [])


def _binding(port: str, entry: Map) -> str:
    address, host = entry.get("HostIp") or "", entry.get("HostPort") or ""
    address = f"[{address}]" if ":" in address else address
    return ":".join(([address] if address else []) + ([host] if host or address else []) + [_port(port)])


def volumes(value: Map) -> list[str]:
    return sorted(
        ":".join(filter(None, (volume["source"], path, ",".join(volume.get("modes") or ()))))
        for path, volume in value.items()
    )


def healthcheck(value: Map) -> dict[str, Any]:
    words: dict[str, Any] = {}
    if value.get("Test"):
        test = list(value["Test"])
        words["test"] = test[1] if test[0] == "CMD-SHELL" and len(test) == 2 else test
    words.update({word: duration(value[key]) for word, key in _HEALTHCHECK if value.get(key)})
    if value.get("Retries"):
        words["retries"] = value["Retries"]
    return words


def _rates(value: Map, show: Callable[[Any], Any]) -> list[dict[str, Any]]:
    return [{"path": path, "rate": show(entry["Rate"])} for path, entry in sorted(value.items())]


def byte_rates(value: Map) -> list[dict[str, Any]]:
    return _rates(value, size)


def operation_rates(value: Map) -> list[dict[str, Any]]:
    return _rates(value, lambda same: same)


def cpus(value: int) -> float:
    """500000000 as 0.5."""
    return value / 1e9


def ports(value: Map) -> list[str]:
    """Exposed ports; TCP is left out."""
    return sorted(map(_port, value))


def tmpfs(value: Map) -> list[str]:
    """ "/run:size=64m" for each path."""
    return sorted(":".join(filter(None, entry)) for entry in value.items())


def links(value: Map) -> list[str]:
    """ "container:alias" for each link."""
    return sorted(f"{name}:{alias}" for alias, name in value.items())


def ulimits(value: Map) -> list[str]:
    """ "nofile:1024:2048" for each limit."""
    return sorted(f"{name}:{limit['Soft']}:{limit['Hard']}" for name, limit in value.items())


def devices(value: Map) -> list[str]:
    """ "/dev/a:/dev/b:rwm" for each device."""
    return sorted("{PathOnHost}:{PathInContainer}:{CgroupPermissions}".format(**entry) for entry in value.values())


def weights(value: Map) -> list[dict[str, Any]]:
    """Weights of block I/O by device."""
    return [{"path": path, "weight": entry["Weight"]} for path, entry in sorted(value.items())]

# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Limits and usage of a container: CPU, memory, network, disk and processes. Plain numbers, no formatted text."""

from __future__ import annotations

from typing import Any, Iterable, Mapping


def usage(inspected: Mapping[str, Any], stats: Mapping[str, Any] | None) -> dict[str, Any]:
    """Limits from the inspection, usage from one sample of the statistics (None for a container that does not run)."""
    host, stats = inspected.get("HostConfig") or {}, stats or {}
    return {
        "cpu": _cpu(host, stats),
        "memory": _memory(host, stats),
        "network": _network(inspected, stats),
        "disk": _disk(inspected, host, stats),
        "processes": {
            "limit": _positive(host.get("PidsLimit")),
            "used": (stats.get("pids_stats") or {}).get("current"),
        },
    }


def _cpu(host: Mapping[str, Any], stats: Mapping[str, Any]) -> dict[str, Any]:
    used = ((stats.get("cpu_stats") or {}).get("cpu_usage") or {}).get("total_usage")
    return {
        "limit": _cpus(host),
        "shares": _positive(host.get("CpuShares")),
        "used_seconds": None if used is None else used / 10**9,
    }


def _cpus(host: Mapping[str, Any]) -> float | None:
    if host.get("NanoCpus"):
        return host["NanoCpus"] / 10**9
    quota = _positive(host.get("CpuQuota"))
    # 100 ms is the kernel's own period.
    return quota / float(host.get("CpuPeriod") or 100000) if quota else None


def _memory(host: Mapping[str, Any], stats: Mapping[str, Any]) -> dict[str, Any]:
    memory = stats.get("memory_stats") or {}
    used = memory.get("usage")
    if used is not None:
        details = memory.get("stats") or {}
        # The kernel can free the page cache at any time, so it is not counted, as in docker stats.
        used -= min(details.get("total_inactive_file", details.get("inactive_file", 0)), used)
    return {"limit": _positive(host.get("Memory")), "limit_with_swap": _positive(host.get("MemorySwap")), "used": used}


def _network(inspected: Mapping[str, Any], stats: Mapping[str, Any]) -> dict[str, Any]:
    settings = inspected.get("NetworkSettings") or {}
    interfaces = list((stats.get("networks") or {}).values())
    return {
        "mode": (inspected.get("HostConfig") or {}).get("NetworkMode"),
        "addresses": {
            name: endpoint.get("IPAddress") or None for name, endpoint in (settings.get("Networks") or {}).items()
        },
        "ports": settings.get("Ports") or {},
        "received": sum(interface.get("rx_bytes", 0) for interface in interfaces) if interfaces else None,
        "sent": sum(interface.get("tx_bytes", 0) for interface in interfaces) if interfaces else None,
    }


def _disk(inspected: Mapping[str, Any], host: Mapping[str, Any], stats: Mapping[str, Any]) -> dict[str, Any]:
    entries = (stats.get("blkio_stats") or {}).get("io_service_bytes_recursive")
    return {
        "limit": (host.get("StorageOpt") or {}).get("size"),
        "writable_layer": {"path": writable_layer(inspected), "size": inspected.get("SizeRw")},
        "size_with_image": inspected.get("SizeRootFs"),
        "read": _bytes(entries, "read"),
        "written": _bytes(entries, "write"),
    }


def writable_layer(inspected: Mapping[str, Any]) -> str | None:
    """The directory on the Engine's host to which the container writes. The containerd image store does not report it."""
    return ((inspected.get("GraphDriver") or {}).get("Data") or {}).get("UpperDir")


def _bytes(entries: Iterable[Mapping[str, Any]] | None, operation: str) -> int | None:
    if entries is None:
        return None
    return sum(entry.get("value", 0) for entry in entries if str(entry.get("op", "")).lower() == operation)


def _positive(value: float | None) -> Any:
    return value if value and value > 0 else None

# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Disk use by class, as docker system df shows it, from both shapes of GET /system/df."""

from __future__ import annotations

from typing import Any

# result key, list in the old answer, object in the answer of Engine 29 and newer
CLASSES = (
    ("images", "Images", "ImageUsage"),
    ("containers", "Containers", "ContainerUsage"),
    ("volumes", "Volumes", "VolumeUsage"),
    ("build_cache", "BuildCache", "BuildCacheUsage"),
)


def summary(answer: dict[str, Any], verbose: bool) -> dict[str, Any]:
    """The return value disk_usage."""
    short = {"LayersSize": layers_size(answer), "classes": by_class(answer)}
    return dict(answer, **short) if verbose else short


def by_class(answer: dict[str, Any]) -> dict[str, dict[str, int]]:
    """count, active, size and reclaimable in bytes of each class."""
    return {
        key: _new(answer[new]) if answer.get(new) else _OLD[key](answer.get(old) or [], answer)
        for key, old, new in CLASSES
    }


def layers_size(answer: dict[str, Any]) -> int:
    """Bytes of all layers. Engine 29 leaves the field out on a host without images."""
    return answer.get("LayersSize") or (answer.get("ImageUsage") or {}).get("TotalSize") or 0


def _new(usage: dict[str, Any]) -> dict[str, int]:
    # Go omits zeros.
    return _class(
        usage.get("TotalCount", 0), usage.get("ActiveCount", 0), usage.get("TotalSize", 0), usage.get("Reclaimable", 0)
    )


def _images(images: list[dict[str, Any]], answer: dict[str, Any]) -> dict[str, int]:
    active = [image for image in images if image.get("Containers", 0) > 0]
    total = layers_size(answer)
    in_use = sum(max(image.get("Size", 0) - max(image.get("SharedSize", 0), 0), 0) for image in active)
    return _class(len(images), len(active), total, max(total - in_use, 0))


def _containers(containers: list[dict[str, Any]], answer: dict[str, Any]) -> dict[str, int]:
    idle = [container for container in containers if container.get("State") not in ("running", "paused", "restarting")]
    return _class(len(containers), len(containers) - len(idle), _sum(containers, "SizeRw"), _sum(idle, "SizeRw"))


def _volumes(volumes: list[dict[str, Any]], answer: dict[str, Any]) -> dict[str, int]:
    usage = [volume.get("UsageData") or {} for volume in volumes]
    idle = [use for use in usage if not use.get("RefCount")]
    return _class(len(usage), len(usage) - len(idle), _sum(usage, "Size"), _sum(idle, "Size"))


def _build_cache(records: list[dict[str, Any]], answer: dict[str, Any]) -> dict[str, int]:
    # Shared records are layers of images too, and counted there.
    own = [record for record in records if not record.get("Shared")]
    return _class(
        len(records),
        sum(bool(record.get("InUse")) for record in records),
        _sum(own, "Size"),
        _sum([record for record in own if not record.get("InUse")], "Size"),
    )


_OLD = {"images": _images, "containers": _containers, "volumes": _volumes, "build_cache": _build_cache}


def _class(count: int, active: int, size: int, reclaimable: int) -> dict[str, int]:
    return {"count": count, "active": active, "size": size, "reclaimable": reclaimable}


def _sum(entries: list[dict[str, Any]], field: str) -> int:
    """The sum of sizes; -1 means that a size is not known."""
    return sum(max(entry.get(field) or 0, 0) for entry in entries)

# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Checks for options that contradict each other, before anything is read."""

from __future__ import annotations

from typing import Any, Mapping

from ..errors import BadOption
from ..option import Option
from . import convert, normal, table
from .options.control import Control


def check(params: Mapping[str, Any]) -> None:
    """Raise BadOption for options that contradict each other, and for text that no option accepts."""
    for option, value in params.items():
        if _has_nul(value):
            # The message has neither the value nor an example with the value, because it may be a secret.
            raise BadOption(option, "must not contain a NUL character")
    if params.get("auto_remove") and params.get("restart_policy") not in (None, "no"):
        raise BadOption(
            "auto_remove",
            "and restart_policy are mutually exclusive: a container that is removed when it exits cannot be restarted",
            got=True,
            example="auto_remove: false",
        )
    if params.get("cpus") is not None and (params.get("cpu_quota") or params.get("cpu_period")):
        raise BadOption(
            "cpus",
            "cannot be combined with cpu_quota or cpu_period, which set the same limit",
            got=params["cpus"],
            example="cpus: 1.5",
        )
    _check_ranges(params)
    _check_swap(params)
    _check_targets(params)


def _check_swap(params: Mapping[str, Any]) -> None:
    memory, swap = (convert.size_or_unlimited(name, params.get(name) or 0) for name in ("memory", "memory_swap"))
    if 0 < swap < memory:
        raise BadOption(
            "memory_swap",
            "must not be below memory, because it is the limit of memory and swap together",
            got=params["memory_swap"],
            example=f"memory_swap: {params['memory']}",
        )


def _check_targets(params: Mapping[str, Any]) -> None:
    """Volumes and mounts share the paths of the container."""
    targets = {normal.path(mount["target"]) for mount in params.get("mounts") or []}
    for volume in params.get("volumes") or []:
        parts = volume.split(":")
        inside = parts[1] if len(parts) > 1 and parts[1].startswith("/") else parts[0]
        if normal.path(inside) in targets:
            raise BadOption(
                "volumes",
                "and mounts must not use the same container path",
                got=volume,
                example="volumes: ['web:/srv']",
            )


def _has_nul(value: object) -> bool:
    if isinstance(value, dict):
        return any(_has_nul(entry) for pair in value.items() for entry in pair)
    if isinstance(value, (list, tuple)):
        return any(map(_has_nul, value))
    return isinstance(value, str) and "\0" in value


def _check_ranges(params: Mapping[str, Any]) -> None:
    rows: list[Option | Control] = [*table.OPTIONS, *table.CONTROLS]
    for row in rows:
        value = params.get(row.name)
        if row.range is not None and value is not None and not row.range[0] <= value <= row.range[1]:
            least, most = row.range
            raise BadOption(
                row.name,
                f"must be between {least} and {most}",
                got=value,
                example=f"{row.name}: {max(least, min(most, 10))}",
            )

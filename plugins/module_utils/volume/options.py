# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The options of volume_create."""

from __future__ import annotations

import re
from typing import Any, Mapping

from ..errors import BadOption
from ..option import MapOption, Option, loose_pairs, pairs
from ..option_table import Control

CONTROLS = (
    Control("name", {"type": "str", "required": True}, ("Name of the volume.",), ("volume_name",)),
    Control(
        "state",
        {"type": "str", "choices": ["present", "absent"], "default": "present"},
        (
            "V(present): the volume exists as described.",
            "V(absent): the volume is removed. If that deletes data, O(data=delete) must be set.",
        ),
    ),
    Control(
        "recreate",
        {"type": "str", "choices": ["never", "when_needed", "options-changed", "always"], "default": "never"},
        (
            "Whether to recreate the volume when it differs from the task. The Engine cannot change a volume in place.",
            "With V(never) the task fails if the driver or its options differ. V(when_needed) and V(options-changed) recreate the volume if they differ."
            " V(always) always recreates it.",
            "Recreating a volume that keeps its data on the host deletes the data, so O(data=delete) must be set too."
            " The data of a volume with a device, such as an NFS export or a bind mount, is not in the volume and stays.",
            "The volume is never recreated because of its labels. If they differ, the task warns.",
        ),
    ),
    Control(
        "data",
        {"type": "str", "choices": ["keep", "delete"], "default": "keep"},
        (
            "V(delete) allows the module to remove or recreate a volume whose data is deleted with it.",
            "A volume that a container uses, running or stopped, is never removed.",
        ),
    ),
    Control(
        "force",
        {"type": "bool", "default": False},
        ("With O(state=absent), remove the volume also if its driver cannot be reached.",),
    ),
    Control(
        "track_declared",
        {"type": "bool", "default": True},
        (
            "Keep the names of the declared options in a label of the volume, C(flotilla.docker.declared), so that a later run can report what was removed"
            " from the task.",
        ),
    ),
)

ROWS: tuple[Option, ...] = (
    Option(
        "driver",
        spec={"type": "str"},
        path="Driver",
        flag="--driver",
        help=(
            "Driver of the volume.",
            "A new volume gets the driver V(local) if this is not set. An existing volume may have any driver then.",
        ),
    ),
    MapOption(
        "driver_options",
        spec={"type": "dict"},
        path="Options",
        flag="--opt",
        parse=loose_pairs,
        help=(
            "Options of the driver. Values become strings. Options that are not listed are not compared.",
            "The driver V(local) has V(type), V(device), V(o) and V(size).",
            "Passwords in V(o) are masked in results and logs.",
        ),
    ),
    MapOption(
        "labels",
        spec={"type": "dict"},
        path="Labels",
        flag="--label",
        parse=pairs,
        help=(
            "Labels of the volume, as strings. The Engine cannot change the labels of a volume.",
            "Labels that are not listed are not compared, except those that an earlier task declared.",
        ),
    ),
)

# The option DriverOpts of a create body is Options in an inspection.
CREATE_OPTIONS = "DriverOpts"
_LOCAL = ("device", "o", "size", "type")
_LENGTH = 255  # of a file name
_NAME = re.compile(r"^[a-zA-Z0-9][a-zA-Z0-9_.-]+$")
_EXAMPLE = "driver_options: {type: nfs, device: ':/export', o: 'addr=192.0.2.10,rw'}"


def check_name(name: str) -> None:
    """Raise BadOption for a name that cannot be in the path of a request."""
    if not name.strip() or "/" in name or name in (".", "..") or any(ord(letter) < 32 for letter in name):
        raise BadOption("name", "must be a name without slashes and control characters", got=name, example="name: data")


def check_local(name: str, options: Mapping[str, str]) -> None:
    """Raise BadOption for options that the driver local refuses."""
    if not _NAME.match(name):
        raise BadOption(
            "name",
            "must have two characters or more, letters, digits, '_', '.' and '-', the first a letter or digit",
            got=name,
            example="name: data",
        )
    unknown = sorted(set(options) - set(_LOCAL))
    if unknown:
        raise BadOption(
            f"driver_options.{unknown[0]}",
            f"must be an option of the driver local: {', '.join(_LOCAL)}",
            example=_EXAMPLE,
        )
    if set(options) & {"type", "device", "o"}:
        for needed in ("type", "device"):
            if needed not in options:
                given = ", ".join(sorted(options))
                raise BadOption(f"driver_options.{needed}", f"must be set together with {given}", example=_EXAMPLE)
    if len(name) > _LENGTH:
        raise BadOption("name", f"must have {_LENGTH} characters or less", got=name, example="name: data")
    size = options.get("size")
    if size and not re.match(r"^\d+(\.\d+)? ?[kmgtp]?i?b?$", size, re.IGNORECASE):
        raise BadOption("driver_options.size", "must be a size", got=size, example="driver_options: {size: 10g}")


def location(volume: Mapping[str, Any]) -> str | None:
    """Where the data of a volume is, if it is not in the volume itself: "nfs :/export"."""
    options: Mapping[str, Any] = volume.get("Options") or {}
    device, kind = options.get("device"), options.get("type")
    if volume.get("Driver") != "local" or not device:
        return None
    return f"{'bind' if kind in (None, '', 'none') else kind} {device}"


def fate_of_data(volume: Mapping[str, Any]) -> str | None:
    """What happens to the data of a volume that is removed while no container uses it; None if the data is deleted with it."""
    where = location(volume)
    if where and (volume.get("Options") or {}).get("type") in ("tmpfs", "ramfs"):
        return "it is in memory and has no data while no container uses it"
    return f"its data stays in {where}" if where else None

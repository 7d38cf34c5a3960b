# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The option mounts: each mount with all of its fields."""

from __future__ import annotations

from typing import Any, Iterable, Mapping

from ... import yaml_types
from ...errors import BadOption
from ...option import MapOption, at, loose_pairs
from .. import convert, normal, show
from .storage import source_path

# fields of a mount: option, path in the API's Mount, the types that have it, oldest API
MOUNT_FIELDS = (
    ("source", ("Source",), None, None),
    ("read_only", ("ReadOnly",), None, None),
    ("consistency", ("Consistency",), None, None),
    ("propagation", ("BindOptions", "Propagation"), "bind", None),
    ("non_recursive", ("BindOptions", "NonRecursive"), "bind", "1.40"),
    ("create_mountpoint", ("BindOptions", "CreateMountpoint"), "bind", "1.42"),
    ("read_only_non_recursive", ("BindOptions", "ReadOnlyNonRecursive"), "bind", "1.44"),
    ("read_only_force_recursive", ("BindOptions", "ReadOnlyForceRecursive"), "bind", "1.44"),
    ("no_copy", ("VolumeOptions", "NoCopy"), "volume", None),
    ("labels", ("VolumeOptions", "Labels"), "volume", None),
    ("volume_driver", ("VolumeOptions", "DriverConfig", "Name"), "volume", None),
    ("volume_options", ("VolumeOptions", "DriverConfig", "Options"), "volume", None),
    ("tmpfs_size", ("TmpfsOptions", "SizeBytes"), "tmpfs", None),
    ("tmpfs_mode", ("TmpfsOptions", "Mode"), "tmpfs", None),
    ("tmpfs_options", ("TmpfsOptions", "Options"), "tmpfs", "1.46"),
)
_MOUNT_TYPES_SINCE = {"cluster": "1.42", "image": "1.47"}


class Mounts(MapOption):
    """Mounts by their path in the container."""

    def requires(self, desired: Mapping[str, Any] | None) -> Any:
        needed = [_needs(mount) for mount in (desired or {}).values()]
        return max(
            (version for version in needed if version), key=lambda version: int(version.split(".")[1]), default=None
        )


def _same_mount(desired: dict[Any, Any], observed: dict[Any, Any]) -> bool:
    """Equal in all fields; the Engine gives an anonymous volume a name."""
    source = ("Source",)
    return desired == (observed if source in desired else {k: v for k, v in observed.items() if k != source})


def _needs(mount: dict[str, Any]) -> Any:
    versions = [_MOUNT_TYPES_SINCE.get(mount["Type"])]
    for _field, path, _kind, since in MOUNT_FIELDS:
        value: Any = mount
        for part in path:
            value = (value or {}).get(part)
        versions.append(since if value is not None else None)
    if (mount.get("VolumeOptions") or {}).get("Subpath"):
        versions.append("1.45")
    return max(
        (version for version in versions if version), key=lambda version: int(version.split(".")[1]), default=None
    )


def _mounts(option: str, value: Iterable[dict[str, Any]]) -> dict[str, Any]:
    mounts: dict[str, Any] = {}
    for entry in value:
        target = normal.path(entry["target"])
        if not target.startswith("/"):
            raise BadOption(
                "mounts[].target",
                "must be an absolute path in the container",
                got=entry["target"],
                example="mounts: [{target: /srv, source: web}]",
            )
        if target in mounts:
            raise BadOption(
                "mounts[].target",
                "must have each container path once",
                got=target,
                example="mounts: [{target: /srv, source: web}]",
            )
        mounts[target] = _mount(entry, target)
    return mounts


def _mount(entry: dict[str, Any], target: str) -> dict[str, Any]:
    kind = entry["type"]
    if kind in ("bind", "npipe", "cluster", "image") and not entry.get("source"):
        raise BadOption(
            "mounts[].source",
            f"is required for mounts of type {kind}",
            example="mounts: [{type: bind, source: /etc/web, target: /etc/web}]",
        )
    if kind == "tmpfs" and entry.get("source"):
        raise BadOption(
            "mounts[].source",
            "cannot be used with mounts of type tmpfs",
            got=entry["source"],
            example="mounts: [{type: tmpfs, target: /run}]",
        )
    mount: dict[str, Any] = {"Target": target, "Type": kind}
    for field, path, only, _since in MOUNT_FIELDS:
        if entry.get(field) is None:
            continue
        if only and only != kind:
            raise BadOption(
                f"mounts[].{field}",
                f"can only be used with mounts of type {only}; this mount has type {kind}",
                got=entry[field],
                example=f"mounts: [{{type: {only}, target: {target}}}]",
            )
        _set(mount, path, _field_value(field, entry[field]))
    if entry.get("subpath"):
        if kind not in ("volume", "image"):
            raise BadOption(
                "mounts[].subpath",
                "can only be used with mounts of type volume or image",
                got=entry["subpath"],
                example="mounts: [{type: volume, source: web, target: /srv, subpath: html}]",
            )
        _set(mount, ("VolumeOptions" if kind == "volume" else "ImageOptions", "Subpath"), entry["subpath"])
    return mount


def _field_value(field: str, value: Any) -> Any:
    option = f"mounts[].{field}"
    if field == "tmpfs_size":
        return convert.size(option, value, "mounts: [{type: tmpfs, target: /run, tmpfs_size: 64m}]")
    if field == "tmpfs_mode":
        return yaml_types.file_mode(option, value)
    if field == "tmpfs_options":
        return [
            [str(key)] if setting is None else [str(key), str(setting)]
            for entry in value
            for key, setting in entry.items()
        ]
    if field in ("labels", "volume_options"):
        return loose_pairs(option, value)
    if field == "source":
        return source_path(value)
    return value


def _shown_mounts(mounts: dict[str, Any]) -> list[dict[str, Any]]:
    return [_shown_mount(mounts[target]) for target in sorted(mounts)]


def _shown_mount(mount: dict[str, Any]) -> dict[str, Any]:
    words: dict[str, Any] = {"type": mount["Type"], "target": mount["Target"]}
    for word, path, _kind, _since in MOUNT_FIELDS:
        value = at(mount, ".".join(path))
        if value is not None:
            words[word] = _SHOWN_FIELDS[word](value) if word in _SHOWN_FIELDS else value
    subpath = at(mount, "VolumeOptions.Subpath") or at(mount, "ImageOptions.Subpath")
    return dict(words, subpath=subpath) if subpath else words


_SHOWN_FIELDS = {"tmpfs_size": show.size, "tmpfs_mode": "{:04o}".format}


def _set(mount: dict[str, Any], path: tuple[str, ...], value: object) -> None:
    for part in path[:-1]:
        mount = mount.setdefault(part, {})
    mount[path[-1]] = value


_MOUNT_SPEC = {
    "type": "list",
    "elements": "dict",
    "options": {
        "target": {"help": "Path in the container.", "type": "str", "required": True},
        "source": {"help": "Volume, image or path on the host. A volume without a source is anonymous.", "type": "str"},
        "type": {
            "help": "Type of the mount. V(image) needs API 1.47, V(cluster) API 1.42.",
            "type": "str",
            "choices": ["bind", "npipe", "tmpfs", "volume", "cluster", "image"],
            "default": "volume",
        },
        "read_only": {"help": "Whether the mount is read-only.", "type": "bool"},
        "consistency": {
            "help": "Consistency of the mount. Only Docker Desktop uses it.",
            "type": "str",
            "choices": ["default", "consistent", "cached", "delegated"],
        },
        "propagation": {
            "help": "Mount propagation between host and container.",
            "type": "str",
            "choices": ["private", "rprivate", "shared", "rshared", "slave", "rslave"],
        },
        "non_recursive": {"help": "Do not include mounts below the source.", "type": "bool"},
        "create_mountpoint": {"help": "Create the source on the host if it is missing (API 1.42).", "type": "bool"},
        "read_only_non_recursive": {
            "help": "Allow writing to mounts below a read-only one (API 1.44).",
            "type": "bool",
        },
        "read_only_force_recursive": {
            "help": "Fail if mounts below a read-only one cannot be made read-only (API 1.44).",
            "type": "bool",
        },
        "no_copy": {"help": "Do not copy the image's content at that path into a new volume.", "type": "bool"},
        "labels": {"help": "Labels of a volume that is created.", "type": "dict"},
        "volume_driver": {"help": "Driver of a volume that is created.", "type": "str"},
        "volume_options": {"help": "Options for the volume's driver.", "type": "dict"},
        "subpath": {"help": "Path inside the volume (API 1.45) or image to mount.", "type": "str"},
        "tmpfs_size": {"help": "Size of a tmpfs, such as V(64m).", "type": "str"},
        "tmpfs_mode": {"help": "File mode of a tmpfs in octal, such as V('1777').", "type": "raw"},
        "tmpfs_options": {
            "help": "Further mount options of a tmpfs, as a list of dictionaries (API 1.46). An option without a value has the value V(null).",
            "type": "list",
            "elements": "dict",
        },
    },
}


ROWS = (
    Mounts(
        "mounts",
        spec=_MOUNT_SPEC,
        path="HostConfig.Mounts",
        flag="--mount",
        parse=_mounts,
        read=lambda value: {normal.path(entry["Target"]): entry for entry in value or []},
        emit=lambda mounts: list(mounts.values()),
        normal=normal.mount,
        matches=_same_mount,
        show=_shown_mounts,
        help=(
            "Mounts with all options. The source of a bind mount must exist unless O(mounts[].create_mountpoint) is true.",
        ),
    ),
)

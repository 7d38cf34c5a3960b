# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Options about files: volumes, mounts, tmpfs."""

from __future__ import annotations

import os
import re
from typing import Any

from ...errors import BadOption
from .. import convert, rules
from ..option import MapOption, Option

_MODES = frozenset("ro rw z Z consistent cached delegated private rprivate shared rshared slave rslave nocopy copy".split())
# What the Engine does without being told; naming it makes no difference.
_IMPLIED = frozenset(("rw", "rprivate", "consistent"))


class Volumes(MapOption):
    """Binds and named volumes by their path in the container; a path alone is an anonymous volume."""

    def observed(self, inspected: dict[str, Any]) -> Any:
        found = {path: {"source": None} for path in (inspected.get("Config") or {}).get("Volumes") or {}}
        for bind in (inspected.get("HostConfig") or {}).get("Binds") or []:
            path, volume = _volume(self.name, bind)
            found[path] = volume
        return found

    def write(self, body: dict[str, Any], desired: Any) -> None:
        binds = ["%s:%s:%s" % (volume["source"], path, ",".join(volume["modes"]) or "rw") for path, volume in desired.items() if volume["source"]]
        if binds:
            body.setdefault("HostConfig", {})["Binds"] = binds
        anonymous = {path: {} for path, volume in desired.items() if not volume["source"]}
        if anonymous:
            body["Volumes"] = anonymous


def _volumes(option: str, value: Any) -> dict[str, Any]:
    volumes: dict[str, Any] = {}
    for entry in value:
        path, volume = _volume(option, convert.text(option, entry))
        if path in volumes:
            raise BadOption(option, entry, "the path %s in the container is given twice" % path, "%s: ['web:/srv', '/etc/web:/etc/web:ro']" % option)
        volumes[path] = volume
    return volumes


def _volume(option: str, entry: str) -> tuple[str, dict[str, Any]]:
    parts = entry.split(":")
    modes: list[str] = []
    if len(parts) > 1 and _are_modes(parts[-1]):
        modes = parts.pop().split(",")
    if len(parts) > 2 or not all(parts):
        raise BadOption(option, entry, "it is not [source:]path in the container[:modes]", "%s: ['web:/srv', '/etc/web:/etc/web:ro']" % option)
    path = _clean(parts[-1])
    if not path.startswith("/") or path == "/":
        raise BadOption(option, entry, "the path in the container begins with / and is not / itself", "%s: ['web:/srv']" % option)
    return path, {"source": _source(parts[0]) if len(parts) == 2 else None, "modes": modes}


def _are_modes(text: str) -> bool:
    return bool(text) and all(mode in _MODES for mode in text.split(","))


def _source(text: str) -> str:
    if text.startswith("~"):
        return os.path.expanduser(text)
    return os.path.abspath(text) if text.startswith(("./", "../")) or text in (".", "..") else _clean(text)


def _clean(path: str) -> str:
    return path.rstrip("/") or "/" if path.startswith("/") else path


def _same_volume(desired: dict[str, Any], observed: dict[str, Any]) -> bool:
    if desired["source"] is None:
        return True
    return desired["source"] == observed["source"] and set(desired["modes"]) - _IMPLIED == set(observed.get("modes", ())) - _IMPLIED


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

    def requires(self, desired: Any) -> Any:
        needed = [_needs(mount) for mount in (desired or {}).values()]
        return max((version for version in needed if version), key=lambda version: int(version.split(".")[1]), default=None)


def _needs(mount: dict[str, Any]) -> Any:
    versions = [_MOUNT_TYPES_SINCE.get(mount["Type"])]
    for _field, path, _kind, since in MOUNT_FIELDS:
        value: Any = mount
        for part in path:
            value = (value or {}).get(part)
        versions.append(since if value is not None else None)
    if (mount.get("VolumeOptions") or {}).get("Subpath"):
        versions.append("1.45")
    return max((version for version in versions if version), key=lambda version: int(version.split(".")[1]), default=None)


def _mounts(option: str, value: Any) -> dict[str, Any]:
    mounts: dict[str, Any] = {}
    for entry in value:
        target = _clean(entry["target"])
        if not target.startswith("/"):
            raise BadOption("mounts[].target", entry["target"], "it is a path in the container and begins with /", "mounts: [{target: /srv, source: web}]")
        if target in mounts:
            raise BadOption("mounts[].target", target, "the path in the container is given twice", "mounts: [{target: /srv, source: web}]")
        mounts[target] = _mount(entry, target)
    return mounts


def _mount(entry: dict[str, Any], target: str) -> dict[str, Any]:
    kind = entry["type"]
    if kind in ("bind", "npipe", "cluster", "image") and not entry.get("source"):
        raise BadOption("mounts[].source", None, "a mount of type %s needs a source" % kind, "mounts: [{type: bind, source: /etc/web, target: /etc/web}]")
    if kind == "tmpfs" and entry.get("source"):
        raise BadOption("mounts[].source", entry["source"], "a mount of type tmpfs has none", "mounts: [{type: tmpfs, target: /run}]")
    mount: dict[str, Any] = {"Target": target, "Type": kind}
    for field, path, only, _since in MOUNT_FIELDS:
        if entry.get(field) is None:
            continue
        if only and only != kind:
            raise BadOption(
                "mounts[].%s" % field,
                entry[field],
                "only a mount of type %s has it, and this one is of type %s" % (only, kind),
                "mounts: [{type: %s, target: %s}]" % (only, target),
            )
        _set(mount, path, _field_value(field, entry[field]))
    if entry.get("subpath"):
        if kind not in ("volume", "image"):
            raise BadOption(
                "mounts[].subpath",
                entry["subpath"],
                "only mounts of type volume and image have it",
                "mounts: [{type: volume, source: web, target: /srv, subpath: html}]",
            )
        _set(mount, ("VolumeOptions" if kind == "volume" else "ImageOptions", "Subpath"), entry["subpath"])
    return mount


def _field_value(field: str, value: Any) -> Any:
    option = "mounts[].%s" % field
    if field == "tmpfs_size":
        return convert.size(option, value)
    if field == "tmpfs_mode":
        if not re.match(r"^0?o?[0-7]{1,4}$", str(value)):
            raise BadOption(option, value, "it is not an octal file mode", "tmpfs_mode: '1777'")
        return int(str(value).replace("o", ""), 8)
    if field == "tmpfs_options":
        return [[str(key)] if setting is None else [str(key), str(setting)] for entry in value for key, setting in entry.items()]
    if field in ("labels", "volume_options"):
        return convert.loose_pairs(option, value)
    if field == "source":
        return _source(value)
    return value


def _set(mount: dict[str, Any], path: tuple[str, ...], value: Any) -> None:
    for part in path[:-1]:
        mount = mount.setdefault(part, {})
    mount[path[-1]] = value


def _tmpfs(option: str, value: Any) -> dict[str, str]:
    mounts = {}
    for entry in value:
        path, _colon, options = str(entry).partition(":")
        if not path.startswith("/"):
            raise BadOption(option, entry, "it is not a path in the container[:mount options]", "%s: ['/run:size=64m']" % option)
        mounts[path] = options
    return mounts


def _storage_options(option: str, value: Any) -> dict[str, str]:
    return convert.loose_pairs(option, value)


_MOUNT_SPEC = {
    "type": "list",
    "elements": "dict",
    "options": {
        "target": {"help": "Path in the container.", "type": "str", "required": True},
        "source": {"help": "Volume, image or path on the host. A volume without a source is anonymous.", "type": "str"},
        "type": {
            "help": "What is mounted. V(image) needs API 1.47, V(cluster) API 1.42.",
            "type": "str",
            "choices": ["bind", "npipe", "tmpfs", "volume", "cluster", "image"],
            "default": "volume",
        },
        "read_only": {"help": "Whether the mount is read-only.", "type": "bool"},
        "consistency": {
            "help": "How strictly host and container see the same; only Docker Desktop minds.",
            "type": "str",
            "choices": ["default", "consistent", "cached", "delegated"],
        },
        "propagation": {
            "help": "How mounts below it spread between host and container.",
            "type": "str",
            "choices": ["private", "rprivate", "shared", "rshared", "slave", "rslave"],
        },
        "non_recursive": {"help": "Leave mounts below the source out.", "type": "bool"},
        "create_mountpoint": {"help": "Create the source on the host if it is missing (API 1.42).", "type": "bool"},
        "read_only_non_recursive": {"help": "Let mounts below a read-only one be written (API 1.44).", "type": "bool"},
        "read_only_force_recursive": {"help": "Fail if mounts below a read-only one cannot be made read-only (API 1.44).", "type": "bool"},
        "no_copy": {"help": "Do not fill a new volume with what the image has at that path.", "type": "bool"},
        "labels": {"help": "Labels of a volume that is created.", "type": "dict"},
        "volume_driver": {"help": "Driver of a volume that is created.", "type": "str"},
        "volume_options": {"help": "Options for the volume's driver.", "type": "dict"},
        "subpath": {"help": "Path inside the volume (API 1.45) or image to mount.", "type": "str"},
        "tmpfs_size": {"help": "Size of a tmpfs, such as V(64m).", "type": "str"},
        "tmpfs_mode": {"help": "File mode of a tmpfs in octal, such as V('1777').", "type": "str"},
        "tmpfs_options": {
            "help": "More mount options of a tmpfs, as a list of dictionaries (API 1.46). An option without a value has V(null).",
            "type": "list",
            "elements": "dict",
        },
    },
}

ROWS = (
    Volumes(
        "volumes",
        spec={"type": "list", "elements": "str"},
        path="HostConfig.Binds",
        flag="--volume",
        parse=_volumes,
        read=lambda value: {path: {"source": None} for path in value or {}},
        matches=_same_volume,
        from_image="Volumes",
        help=(
            "Volumes and folders of the host, each as V(name:/path), V(/folder:/path:ro) or V(/path) for an anonymous volume.",
            "A source that begins with C(~), C(./) or C(../) is looked up on the host that runs the module.",
        ),
    ),
    Mounts(
        "mounts",
        spec=_MOUNT_SPEC,
        path="HostConfig.Mounts",
        flag="--mount",
        parse=_mounts,
        read=lambda value: {_clean(entry["Target"]): entry for entry in value or []},
        emit=lambda mounts: list(mounts.values()),
        matches=rules.contains,
        help=("Mounts with all that can be said of them. A bind's source must exist unless its O(mounts[].create_mountpoint) is true.",),
    ),
    MapOption(
        "tmpfs",
        spec={"type": "list", "elements": "str"},
        path="HostConfig.Tmpfs",
        flag="--tmpfs",
        parse=_tmpfs,
        help=("Paths in the container that are kept in memory, each with mount options after a colon, such as V(/run:size=64m).",),
    ),
    MapOption(
        "volumes_from",
        spec={"type": "list", "elements": "str"},
        path="HostConfig.VolumesFrom",
        flag="--volumes-from",
        parse=convert.members,
        read=lambda value: {entry: True for entry in value or []},
        emit=list,
        help=("Containers whose volumes to mount, each with C(:ro) behind it where they are not to be written.",),
    ),
    Option(
        "volume_driver",
        spec={"type": "str"},
        path="HostConfig.VolumeDriver",
        flag="--volume-driver",
        help=("Driver for volumes that are created with the container.",),
    ),
    MapOption(
        "storage_opts",
        spec={"type": "dict"},
        path="HostConfig.StorageOpt",
        flag="--storage-opt",
        parse=_storage_options,
        help=("Options of the storage driver, such as C(size).",),
    ),
)

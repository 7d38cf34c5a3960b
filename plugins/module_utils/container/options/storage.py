# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Options about files: volumes, mounts, tmpfs."""

from __future__ import annotations

import os
from typing import Any, Iterable, Mapping

from ... import yaml_types
from ...errors import BadOption
from ...option import MapOption, Option, loose_pairs
from .. import convert, normal, show

_MODES = frozenset(
    [
        "ro",
        "rw",
        "z",
        "Z",
        "consistent",
        "cached",
        "delegated",
        "private",
        "rprivate",
        "shared",
        "rshared",
        "slave",
        "rslave",
        "nocopy",
        "copy",
    ]
)
# The Engine's default; setting it makes no difference.
_IMPLIED = frozenset(("rw", "rprivate", "consistent", "cached", "delegated", "copy"))


class Volumes(MapOption):
    """Binds and named volumes by their path in the container; a path alone is an anonymous volume."""

    def observed(self, inspected: dict[str, Any]) -> Any:
        found = {path: {"source": None} for path in (inspected.get("Config") or {}).get("Volumes") or {}}
        for bind in (inspected.get("HostConfig") or {}).get("Binds") or []:
            path, volume = _volume(self.name, bind)
            found[path] = volume
        return found

    def write(self, body: dict[str, Any], desired: Mapping[str, Any]) -> None:
        binds = [
            "{}:{}:{}".format(volume["source"], path, ",".join(volume["modes"]) or "rw")
            for path, volume in desired.items()
            if volume["source"]
        ]
        if binds:
            body.setdefault("HostConfig", {})["Binds"] = binds
        anonymous: dict[str, Any] = {path: {} for path, volume in desired.items() if not volume["source"]}
        if anonymous:
            body["Volumes"] = anonymous


def _volumes(option: str, value: Iterable[Any]) -> dict[str, Any]:
    volumes: dict[str, Any] = {}
    for entry in value:
        path, volume = _volume(option, yaml_types.word(option, entry))
        if path in volumes:
            raise BadOption(
                option,
                f"must have each container path once; it has {path} twice",
                got=entry,
                example=f"{option}: ['web:/srv', '/etc/web:/etc/web:ro']",
            )
        volumes[path] = volume
    return volumes


def _volume(option: str, entry: str) -> tuple[str, dict[str, Any]]:
    parts = entry.split(":")
    modes: list[str] = []
    if len(parts) > 1 and (_are_modes(parts[-1]) or not parts[-1]):
        modes = list(filter(None, parts.pop().split(",")))
    if len(parts) > 2 or not all(parts):
        raise BadOption(
            option,
            "must have the form [source:]container path[:modes]",
            got=entry,
            example=f"{option}: ['web:/srv', '/etc/web:/etc/web:ro']",
        )
    path = normal.path(parts[-1])
    if not path.startswith("/") or path == "/":
        raise BadOption(
            option, "must have an absolute container path other than /", got=entry, example=f"{option}: ['web:/srv']"
        )
    return path, {"source": source_path(parts[0]) if len(parts) == 2 else None, "modes": modes}


def _are_modes(text: str) -> bool:
    return bool(text) and all(mode in _MODES for mode in text.split(","))


def source_path(text: str) -> str:
    if text.startswith("~"):
        return os.path.expanduser(text)
    return os.path.abspath(text) if text.startswith(("./", "../")) or text in (".", "..") else normal.path(text)


def _same_volume(desired: dict[str, Any], observed: dict[str, Any]) -> bool:
    if desired["source"] is None:
        return True
    return (
        desired["source"] == observed["source"]
        and set(desired["modes"]) - _IMPLIED == set(observed.get("modes", ())) - _IMPLIED
    )


def _tmpfs(option: str, value: Iterable[Any]) -> dict[str, str]:
    mounts = {}
    for entry in value:
        path, _colon, options = str(entry).partition(":")
        if not path.startswith("/"):
            raise BadOption(
                option,
                "must have the form container path[:mount options]",
                got=entry,
                example=f"{option}: ['/run:size=64m']",
            )
        mounts[normal.path(path)] = options
    return mounts


def _volumes_from(option: str, value: Iterable[Any]) -> dict[str, bool]:
    return {_without_rw(entry): True for entry in convert.members(option, value)}


def _without_rw(entry: str) -> str:
    """ "db:rw" is "db", and so is "/db", as inspection shows the name."""
    entry = entry.lstrip("/")
    return entry[: -len(":rw")] if entry.endswith(":rw") else entry


def _storage_options(option: str, value: Mapping[Any, Any]) -> dict[str, str]:
    return loose_pairs(option, value)


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
        show=show.volumes,
        help=(
            "Volumes and bind mounts, each as V(name:/path), V(/directory:/path:ro) or V(/path) for an anonymous volume.",
            "A source that starts with C(~), C(./) or C(../) is resolved on the managed host.",
        ),
    ),
    MapOption(
        "tmpfs",
        spec={"type": "list", "elements": "str"},
        path="HostConfig.Tmpfs",
        flag="--tmpfs",
        parse=_tmpfs,
        read=lambda value: {normal.path(path): options for path, options in (value or {}).items()},
        normal=normal.tmpfs,
        show=show.tmpfs,
        help=(
            "Paths in the container to mount a tmpfs on, each with mount options after a colon, such as V(/run:size=64m).",
        ),
    ),
    MapOption(
        "volumes_from",
        spec={"type": "list", "elements": "str"},
        path="HostConfig.VolumesFrom",
        flag="--volumes-from",
        parse=_volumes_from,
        read=lambda value: {_without_rw(entry): True for entry in value or []},
        emit=list,
        help=("Containers whose volumes are mounted, each followed by C(:ro) for read-only.",),
    ),
    Option(
        "volume_driver",
        spec={"type": "str"},
        path="HostConfig.VolumeDriver",
        flag="--volume-driver",
        normal=lambda value: "" if value == "local" else value,
        help=("Driver of volumes that are created with the container.",),
    ),
    MapOption(
        "storage_opts",
        spec={"type": "dict"},
        path="HostConfig.StorageOpt",
        flag="--storage-opt",
        parse=_storage_options,
        normal=normal.driver_option,
        help=("Options of the storage driver, such as C(size).",),
    ),
)

# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Selects unused objects from the Engine's listings, by the rules of docker prune and the option keep.

The rules are those of the Engine (moby, daemon/containers_prune.go, volume/service/service.go, daemon/network.go and daemon/images), except that networks of
stopped containers and swarm networks are never unused.
"""

from __future__ import annotations

import datetime
import fnmatch
import re
from typing import Any, Iterable, Mapping, NamedTuple, Sequence

from ..container import convert
from ..errors import BadOption
from ..shapes import container_name, filter_values, is_running

_PREDEFINED_NETWORKS = ("bridge", "host", "none", "ingress", "docker_gwbridge", "podman")
_ANONYMOUS = "com.docker.volume.anonymous"
# Records of the build cache that only "all" removes (BuildKit).
_FLAGS = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}
_KEPT_CACHE = ("internal", "frontend")


class Item(NamedTuple):
    """An object that can be removed. ``size`` in bytes, if the Engine reports it; ``created`` in Unix seconds."""

    id: str
    name: str
    labels: Mapping[str, str] = {}
    created: float = 0
    size: int = 0


class Filters:
    """Filters of docker prune, checked: ``until``, ``label`` and ``label!``, and others that the kind of object supports."""

    def __init__(self, option: str, given: Mapping[str, Any] | None, allowed: Sequence[str], now: float) -> None:
        self._option = option
        self.values = filter_values(given, option)
        unknown = sorted(set(self.values) - set(allowed))
        if unknown:
            raise BadOption(
                option,
                f"must have filters of {', '.join(allowed)} only, because the Engine has no others for these objects",
                got=unknown[0],
                example=f"{option}: {{label: temporary}}",
            )
        for name in ("dangling", "all"):
            self.flag(name, False)
        self.until = min((_moment(option, text, now) for text in self.values.get("until", ())), default=None)

    def flag(self, name: str, default: bool) -> bool:
        """A filter that is true or false."""
        values = self.values.get(name)
        if not values:
            return default
        if values[0].lower() not in _FLAGS:
            raise BadOption(
                f"{self._option}.{name}",
                "must be true or false",
                got=values[0],
                example=f"{self._option}: {{{name}: true}}",
            )
        return _FLAGS[values[0].lower()]

    def match(self, item: Item) -> bool:
        """Whether all filters match an object."""
        if self.until is not None and item.created >= self.until:
            return False
        wanted = all(_has_label(item.labels, text) for text in self.values.get("label", ()))
        return wanted and not any(_has_label(item.labels, text) for text in self.values.get("label!", ()))


class Keep:
    """The option keep: objects to keep even if the filters select them."""

    def __init__(self, given: Mapping[str, Any] | None, now: float) -> None:
        given = given or {}
        self._names = given.get("names") or ()
        self._labels = given.get("labels") or ()
        self.newest = given.get("newest") or 0
        if self.newest < 0:
            raise BadOption("keep.newest", "must be 0 or more", got=self.newest, example="keep: {newest: 2}")
        young = given.get("younger_than")
        self._since = now - convert.duration("keep.younger_than", young) / 10**9 if young else None

    def keeps(self, item: Item, *names: str) -> bool:
        """Whether an object is kept. ``names`` are further names of it; patterns are those of a shell."""
        if any(fnmatch.fnmatchcase(name, pattern) for name in (item.name, *names) for pattern in self._names):
            return True
        if any(_has_label(item.labels, text) for text in self._labels):
            return True
        return self._since is not None and item.created > self._since


def containers(listed: Iterable[Mapping[str, Any]]) -> list[Item]:
    """Containers without processes."""
    return [
        Item(
            entry["Id"],
            container_name(entry),
            entry.get("Labels") or {},
            entry.get("Created") or 0,
            entry.get("SizeRw") or 0,
        )
        for entry in listed
        if not is_running(entry) and entry.get("State") != "removing"
    ]


def networks(
    listed: Sequence[Mapping[str, Any]], remaining: Sequence[Mapping[str, Any]], protect_stopped: bool
) -> list[Item]:
    """Networks of this host that no container uses. ``remaining`` are the containers that are kept."""
    used = {name for entry in remaining if protect_stopped or is_running(entry) for name in _networks_of(entry)} | {
        (entry.get("ConfigFrom") or {}).get("Network") for entry in listed
    }
    return [
        Item(entry["Id"], entry["Name"], entry.get("Labels") or {}, _time(entry.get("Created")))
        for entry in listed
        if entry["Name"] not in _PREDEFINED_NETWORKS
        and entry.get("Scope") != "swarm"
        and entry["Name"] not in used
        and entry["Id"] not in used
    ]


def _networks_of(entry: Mapping[str, Any]) -> Iterable[str]:
    """Names and ids of a listed container's networks."""
    mode = (entry.get("HostConfig") or {}).get("NetworkMode")
    if mode:
        yield mode
    for name, endpoint in ((entry.get("NetworkSettings") or {}).get("Networks") or {}).items():
        yield name
        if endpoint and endpoint.get("NetworkID"):
            yield endpoint["NetworkID"]


def volumes(listed: Iterable[Mapping[str, Any]], remaining: Sequence[Mapping[str, Any]], named: bool) -> list[Item]:
    """Volumes of the driver local without options that no container uses, not even a stopped one; with names only if ``named``.

    A volume with options, such as of NFS, has its data elsewhere and is never pruned.
    """
    used = {mount.get("Name") for entry in remaining for mount in entry.get("Mounts") or ()}
    return [
        Item(
            entry["Name"],
            entry["Name"],
            entry.get("Labels") or {},
            _time(entry.get("CreatedAt")),
            max((entry.get("UsageData") or {}).get("Size") or 0, 0),
        )
        for entry in listed
        if entry["Name"] not in used
        and entry.get("Driver") == "local"
        and not entry.get("Options")
        and (named or _is_anonymous(entry))
    ]


def _is_anonymous(entry: Mapping[str, Any]) -> bool:
    """Engines before API 1.42 have no label for it, but names of 64 hexadecimal digits."""
    return _ANONYMOUS in (entry.get("Labels") or {}) or bool(re.fullmatch(r"[0-9a-f]{64}", entry["Name"]))


def build_cache(records: Iterable[Mapping[str, Any]], everything: bool) -> list[Item]:
    """Records of the build cache that no build uses."""
    return [
        Item(
            record["ID"],
            record.get("Description") or record["ID"],
            {},
            _time(record.get("LastUsedAt") or record.get("CreatedAt")),
            record.get("Size") or 0,
        )
        for record in records
        if not record.get("InUse") and (everything or not (record.get("Shared") or record.get("Type") in _KEPT_CACHE))
    ]


def _has_label(labels: Mapping[str, str], text: str) -> bool:
    name, sign, value = text.partition("=")
    return name in labels and (not sign or labels[name] == value)


def _moment(option: str, text: str, now: float) -> float:
    """Unix seconds of a duration before now, a time, or Unix seconds, as docker prune accepts them."""
    if re.fullmatch(r"\d+(\.\d+)?", text):
        return float(text)
    if re.fullmatch(r"(\d+(\.\d+)?(h|m|s|ms|us))+", text):
        return now - convert.duration(f"{option}.until", text) / 10**9
    moment = _time(text)
    if not moment:
        raise BadOption(
            f"{option}.until",
            "must be a duration before now such as 24h, a time such as 2026-11-01T10:00:00Z, or Unix seconds",
            got=text,
            example=f"{option}: {{until: 24h}}",
        )
    return moment


def _time(text: object) -> float:
    """Unix seconds of the Engine's times, which have up to nine decimals; 0 for other text."""
    match = re.fullmatch(r"(\d{4}-\d\d-\d\d)[T ]?(\d\d:\d\d:\d\d)?(\.\d+)? ?(Z|[+-]\d\d:?\d\d)?.*", str(text or ""))
    if not match:
        return 0
    date, clock, fraction, zone = match.groups()
    zone = "+00:00" if zone in (None, "Z") else zone if ":" in zone else f"{zone[:3]}:{zone[3:]}"
    try:
        whole = datetime.datetime.fromisoformat(f"{date}T{clock or '00:00:00'}{zone}")
    except ValueError:
        return 0  # no such day
    return whole.timestamp() + float(fraction or 0)

# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Converts Podman's responses to those of the Docker Engine."""

from __future__ import annotations

import json
import re
from typing import Any, Mapping

NOTE = "flotilla.docker.podman"

# Fields that inspect shows differently from the create request, or not at all: volumes get more options, random ports become real ones.
_NOTED = (
    "Binds",
    "CapAdd",
    "CapDrop",
    "CgroupnsMode",
    "Devices",
    "IpcMode",
    "LogConfig",
    "Mounts",
    "NetworkMode",
    "PortBindings",
    "PublishAllPorts",
    "Sysctls",
    "Tmpfs",
    "Ulimits",
    "UsernsMode",
)
# Microseconds; the kernel's default.
_CPU_PERIOD = 100000
# Options that Podman adds to mounts.
_ADDED = {"rw", "rbind", "rprivate", "nosuid", "nodev", "tmpcopyup"}


def noted(body: Mapping[str, Any]) -> dict[str, Any]:
    """A create body with a label that records values that inspect does not show. Options of volume drivers may be secret and are not recorded."""
    host = body.get("HostConfig") or {}
    kept = {name: host[name] for name in _NOTED if host.get(name)}
    if any((mount.get("VolumeOptions") or {}).get("DriverConfig") for mount in kept.get("Mounts") or ()):
        del kept["Mounts"]
    if not kept:
        return dict(body)
    return dict(
        body, Labels=dict(body.get("Labels") or {}, **{NOTE: json.dumps(kept, sort_keys=True, separators=(",", ":"))})
    )


def update(body: Mapping[str, Any]) -> dict[str, Any]:
    """The body of an update. Podman accepts and ignores NanoCpus there, so the limit is sent as a quota; -1 is no limit."""
    if "NanoCpus" not in body:
        return dict(body)
    rest = {name: value for name, value in body.items() if name != "NanoCpus"}
    return dict(rest, CpuPeriod=_CPU_PERIOD, CpuQuota=body["NanoCpus"] * _CPU_PERIOD // 10**9 or -1)


def ignored(body: Mapping[str, Any], before_5: bool) -> dict[str, Any]:
    """Options that Podman accepts and ignores, with their values. Observed with 4.3.1, 5.4.2 and 5.8.6."""
    host = body.get("HostConfig") or {}
    values = {
        "domainname": body.get("Domainname"),
        "mac_address": body.get("MacAddress"),
        "runtime": host.get("Runtime"),
        "blkio_weight": host.get("BlkioWeight"),
        "ipc_mode": host.get("IpcMode") if before_5 and host.get("IpcMode") == "private" else None,
    }
    return {option: value for option, value in values.items() if value}


def processes(answer: Mapping[str, Any]) -> dict[str, Any]:
    """Podman returns the lines of some programs ps undivided, as one column."""
    if len(answer["Titles"]) > 1:
        return dict(answer)
    titles = answer["Titles"][0].split() if answer["Titles"] else []
    rows = [row[0].split(None, len(titles) - 1) for row in answer["Processes"] or ()]
    return {"Titles": titles, "Processes": rows}


def network(inspected: Mapping[str, Any]) -> dict[str, Any]:
    """A network with its MTU under Docker's name, too."""
    options = dict(inspected.get("Options") or {})
    if "mtu" in options:
        options["com.docker.network.driver.mtu"] = options["mtu"]
    return dict(inspected, Options=options)


def container(inspected: Mapping[str, Any]) -> dict[str, Any]:
    """An inspected container with the values recorded at its creation; without a record, values that Podman rewrote are converted back."""
    config, host = dict(inspected.get("Config") or {}), dict(inspected.get("HostConfig") or {})
    labels = dict(config.get("Labels") or {})
    note = _read(labels.pop(NOTE, None))
    config["Labels"] = labels
    config["Env"] = [
        entry
        for entry in config.get("Env") or ()
        if entry not in ("container=podman", "HOSTNAME={}".format(config.get("Hostname")))
    ]
    host["Binds"] = [_bind(text) for text in host.get("Binds") or ()]
    host["Tmpfs"] = {path: _without_added(options) for path, options in (host.get("Tmpfs") or {}).items()}
    host["Ulimits"] = [
        dict(limit, Name=limit["Name"].replace("RLIMIT_", "").lower()) for limit in host.get("Ulimits") or ()
    ]
    if note is not None:
        # A container from create() has only those of these fields that the record has.
        host.update(dict.fromkeys(("Binds", "Mounts", "Tmpfs", "Ulimits", "CapDrop")))
        host.update(note)
    return dict(inspected, Config=config, HostConfig=host)


def info(answer: Mapping[str, Any]) -> dict[str, Any]:
    """GET /info with the mirrors of Docker Hub as URLs, in the field where the Engine has them."""
    registries = dict(answer.get("RegistryConfig") or {})
    known = registries.get("IndexConfigs") or {}
    mirrors = (known.get("docker.io") or {}).get("Mirrors") or []
    plain = [name for name, entry in known.items() if not entry.get("Secure", True)]
    registries["Mirrors"] = ["{}://{}".format("http" if mirror in plain else "https", mirror) for mirror in mirrors]
    return dict(answer, RegistryConfig=registries)


def hit(entry: Mapping[str, Any]) -> dict[str, Any]:
    """One search result with the Engine's field names. Stars and descriptions are empty if the registry has none."""
    return {
        "name": entry.get("name") or entry.get("Name"),
        "description": entry.get("description") or entry.get("Description") or "",
        "star_count": entry.get("star_count") or entry.get("Stars") or 0,
        "is_official": bool(entry.get("is_official") or entry.get("Official")),
        "is_automated": bool(entry.get("is_automated") or entry.get("Automated")),
    }


def full_name(name: str) -> str:
    """A name with its registry; an id is returned unchanged."""
    first, slash, _rest = name.partition("/")
    if re.match(r"^(sha256:)?[0-9a-f]{12,64}$", name) or (
        slash and (first == "localhost" or re.search(r"[.:]", first))
    ):
        return name
    return "docker.io/{}{}".format("" if slash else "library/", name)


def image_id(text: str) -> str:
    """An id with its algorithm, which Podman omits when it lists what it removed."""
    return text if ":" in text else "sha256:" + text


def _read(text: str | None) -> Any:
    """The content of the label; None without a label, or if this collection did not write it."""
    try:
        note = json.loads(text) if text else None
    except ValueError:
        return None
    return {name: value for name, value in note.items() if name in _NOTED} if isinstance(note, dict) else None


def _bind(text: str) -> str:
    source, _colon, rest = text.partition(":")
    target, _colon, modes = rest.partition(":")
    return ":".join(part for part in (source, target, _without_added(modes)) if part)


def _without_added(options: object) -> str:
    return ",".join(word for word in str(options or "").split(",") if word and word not in _ADDED)

# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Normalizes API values that have several spellings. Each function accepts the value that was sent or stored, or None."""

from __future__ import annotations

import ipaddress
import posixpath
import re
import signal as signals
from typing import Any, Iterable, Mapping

_SIZE = re.compile(r"^(\d+(?:\.\d+)?)\s*([kmgtp]?)i?b?$", re.IGNORECASE)
_EXPONENT = {"": 0, "k": 1, "m": 2, "g": 3, "t": 4, "p": 5}
# The Engine's default mount options of a tmpfs.
_TMPFS_DEFAULTS = {"write": "rw", "exec": "noexec", "suid": "nosuid", "dev": "nodev"}
_TMPFS_FLAGS = {
    "rw": "write",
    "ro": "write",
    "exec": "exec",
    "noexec": "exec",
    "suid": "suid",
    "nosuid": "suid",
    "dev": "dev",
    "nodev": "dev",
}


def path(value: object) -> Any:
    """An absolute path without doubled slashes, dots and a slash at its end; other text, such as the name of a volume, as it is."""
    if not isinstance(value, str) or not value.startswith("/"):
        return value
    return posixpath.normpath("/" + value.lstrip("/"))


def paths(value: Iterable[str] | None) -> list[str]:
    """Paths in any order."""
    return sorted(path(entry) for entry in value or [])


def address(value: object) -> Any:
    """An IP address as Python writes it; other text as it is."""
    try:
        return str(ipaddress.ip_address(str(value).strip("[]")))
    except ValueError:
        return value


def addresses(value: Iterable[str] | None) -> list[Any]:
    """IP addresses in their order."""
    return [address(entry) for entry in value or []]


def names(value: Iterable[str] | None) -> list[str]:
    """DNS names in their order, in lower case."""
    return [str(entry).lower() for entry in value or []]


def numbers(value: str | None) -> list[int] | str | None:
    """ "0-2,4" as [0, 1, 2, 4]: CPUs and memory nodes."""
    found: set[int] = set()
    for part in filter(None, str(value or "").replace(" ", "").split(",")):
        # Of more digits, the range would be endless; the Engine refuses it.
        if not re.match(r"[0-9]{1,5}(-[0-9]{1,5})?$", part):
            return value
        first, _dash, last = part.partition("-")
        found.update(range(int(first), int(last or first) + 1))
    return sorted(found)


def signal(value: object) -> str:
    """The name of a signal without SIG; SIGTERM, term, 15 and no value are TERM."""
    name = str(value or "TERM").upper()
    name = name[3:] if name.startswith("SIG") else name
    if re.match(r"[0-9]{1,5}$", name):
        try:
            name = signals.Signals(int(name)).name[3:]
        except ValueError:
            name = f"RTMIN+{int(name) - 34}" if 34 < int(name) < 65 else name
    return {"IOT": "ABRT", "CLD": "CHLD", "POLL": "IO"}.get(name, name)


def permissions(value: str | None) -> str:
    """The access that a device rule gives, in one order."""
    return "".join(sorted(set(value or "rwm")))


def device(value: dict[str, Any]) -> dict[str, Any]:
    """A device of HostConfig.Devices."""
    return dict(
        value,
        PathOnHost=path(value["PathOnHost"]),
        PathInContainer=path(value["PathInContainer"]),
        CgroupPermissions=permissions(value.get("CgroupPermissions")),
    )


def device_rules(value: Iterable[str] | None) -> list[str]:
    """Rules of the device cgroup: "c 42:* rmw" and "c 42:* rwm" are the same, and so is any order of them."""
    return sorted(" ".join(_rule_words(rule)) for rule in value or [])


def _rule_words(rule: str) -> list[str]:
    words = rule.split()
    return [*words[:-1], permissions(words[-1])] if len(words) == 3 else words


def whitespace(value: object) -> Any:
    """Text with single spaces, as the kernel reads the values of sysctls."""
    return " ".join(value.split()) if isinstance(value, str) else value


def size(value: object) -> Any:
    """A size that was stored as text, in bytes; other text as it is."""
    match = _SIZE.match(str(value).strip())
    return int(float(match.group(1)) * 1024 ** _EXPONENT[match.group(2).lower()]) if match else value


def driver_option(value: object) -> Any:
    """A value of a logging or storage driver: sizes in bytes, true and false in lower case."""
    return str(value).lower() if str(value).lower() in ("true", "false") else size(value)


def tmpfs(value: object) -> dict[str, Any]:
    """Mount options of a tmpfs, in any order; the last of two that contradict each other wins, as in the kernel."""
    normal: dict[str, Any] = dict(_TMPFS_DEFAULTS)
    for word in filter(None, str(value or "").split(",")):
        key, sign, setting = word.partition("=")
        if word in _TMPFS_FLAGS:
            normal[_TMPFS_FLAGS[word]] = word
        elif key == "size":
            normal[key] = size(setting)
        elif key == "mode" and re.match("^[0-7]+$", setting):
            normal[key] = int(setting, 8)
        else:
            normal[key] = setting if sign else True
    return normal


def device_request(value: dict[str, Any]) -> dict[str, Any]:
    """A device request without empty values, its sets sorted."""
    normal = {key: entry for key, entry in value.items() if entry}
    if "DeviceIDs" in normal:
        normal["DeviceIDs"] = sorted(normal["DeviceIDs"])
    if "Capabilities" in normal:
        normal["Capabilities"] = sorted(sorted(entry) for entry in normal["Capabilities"])
    return normal


# Times that the Engine uses where neither the task nor the image sets them, in nanoseconds.
_HEALTHCHECK_DEFAULTS = {"Interval": 30 * 10**9, "Timeout": 30 * 10**9, "StartInterval": 5 * 10**9, "Retries": 3}


def healthcheck(value: Mapping[str, Any] | None) -> dict[str, Any]:
    """A health check with the Engine's defaults. No health check is the same as a disabled one."""
    if not value or value.get("Test") == ["NONE"]:
        return {"Test": ["NONE"]}
    return dict(_HEALTHCHECK_DEFAULTS, **{key: entry for key, entry in value.items() if entry})


# Defaults of a mount.
_MOUNT_DEFAULTS: dict[tuple[str, ...], tuple[Any, ...]] = {
    ("Consistency",): ("default",),
    ("BindOptions", "Propagation"): ("rprivate",),
    ("VolumeOptions", "DriverConfig", "Name"): ("local",),
    ("TmpfsOptions", "Mode"): (0o1777,),
}


def mount(value: dict[str, Any]) -> dict[str, Any]:
    """A mount as {path of the field: value}, without fields that are empty or have their default."""
    flat = {field: entry for field, entry in _flat(value) if entry and entry not in _MOUNT_DEFAULTS.get(field, ())}
    flat[("Target",)] = path(value["Target"])
    if value.get("Source"):
        flat[("Source",)] = path(value["Source"])
    for field in (("VolumeOptions", "Subpath"), ("ImageOptions", "Subpath")):
        if field in flat:
            flat[field] = posixpath.normpath(flat[field])
    if ("TmpfsOptions", "Options") in flat:
        flat[("TmpfsOptions", "Options")] = sorted(flat[("TmpfsOptions", "Options")])
    return flat


def _flat(tree: dict[str, Any], above: tuple[str, ...] = ()) -> Any:
    for key, entry in tree.items():
        if isinstance(entry, dict) and key not in ("Labels", "Options"):
            yield from _flat(entry, (*above, key))
        else:
            yield (*above, key), entry

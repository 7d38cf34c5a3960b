# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Values as a person would write them in a task: what a diff shows."""

from __future__ import annotations

from typing import Any, Callable, Iterable, Mapping

from . import convert
from .option import at
from .options.storage import MOUNT_FIELDS
from .secrets import mask_env

_UNITS = (("h", 3600 * 10**9), ("m", 60 * 10**9), ("s", 10**9), ("ms", 10**6), ("us", 10**3), ("ns", 1))
_HEALTHCHECK = (("interval", "Interval"), ("timeout", "Timeout"), ("start_period", "StartPeriod"), ("start_interval", "StartInterval"))
_ENDPOINT = (
    ("aliases", "Aliases"),
    ("links", "Links"),
    ("ipv4_address", "IPAMConfig.IPv4Address"),
    ("ipv6_address", "IPAMConfig.IPv6Address"),
    ("link_local_ips", "IPAMConfig.LinkLocalIPs"),
    ("mac_address", "MacAddress"),
    ("driver_opts", "DriverOpts"),
    ("gw_priority", "GwPriority"),
)


def shown(values: Mapping[Any, Any], params: Mapping[str, Any]) -> dict[str, Any]:
    """Option names to values as the task would have them, secrets masked."""
    return {name: word for option, value in values.items() for name, word in _words(option, value, params).items()}


def change(differences: Iterable[Any], params: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Before and after of a diff. Of an option that takes several words, those that differ."""
    before, after = {}, {}
    for difference in differences:
        seen, wanted = (_words(difference.option, value, params) for value in (difference.observed, difference.desired))
        names = [name for name in wanted if len(wanted) == 1 or seen.get(name) != wanted[name]]
        before.update({name: seen.get(name) for name in names})
        after.update({name: wanted[name] for name in names})
    return before, after


def _words(option: Any, value: Any, params: Mapping[str, Any]) -> dict[str, Any]:
    if option.name == "restart_policy" and value:
        return _restart_policy(value)
    return {option.name: _value(option, value, params)}


def _value(option: Any, value: Any, params: Mapping[str, Any]) -> Any:
    if value is None:
        return None
    if not value and option.is_map and option.spec["type"] == "list":
        return []
    if option.name == "env":
        return mask_env(value, params.get("secret_env") or ())
    if option.name in _BY_NAME:
        return _BY_NAME[option.name](value)
    if option.parse in _BY_PARSER:
        return _BY_PARSER[option.parse](value)
    if option.is_map and value and all(entry is True for entry in value.values()):
        return sorted(value)
    return value


def size(value: int) -> str:
    """536870912 as "512m"."""
    for unit, factor in (("t", 1024**4), ("g", 1024**3), ("m", 1024**2), ("k", 1024)):
        if value and value % factor == 0:
            return "%d%s" % (value // factor, unit)
    return "unlimited" if value == -1 else str(value)


def duration(nanoseconds: int) -> str:
    """90000000000 as "1m30s"."""
    text = ""
    for unit, factor in _UNITS:
        count, nanoseconds = divmod(nanoseconds, factor)
        text += "%d%s" % (count, unit) if count else ""
    return text or "0s"


def endpoint(value: Any) -> Any:
    """A network's endpoint in the words of networks; None for one that is not there."""
    return None if value is None else {word: at(value, path) for word, path in _ENDPOINT if at(value, path)}


def _port(port: str) -> str:
    return port[: -len("/tcp")] if port.endswith("/tcp") else port


def _bindings(value: Mapping[str, Any]) -> list[str]:
    return sorted(_binding(port, entry) for port, entries in value.items() for entry in entries or [])


def _binding(port: str, entry: Mapping[str, Any]) -> str:
    address, host = entry.get("HostIp") or "", entry.get("HostPort") or ""
    address = "[%s]" % address if ":" in address else address
    return ":".join(([address] if address else []) + ([host] if host or address else []) + [_port(port)])


def _volumes(value: Mapping[str, Any]) -> list[str]:
    return sorted(":".join(filter(None, (volume["source"], path, ",".join(volume.get("modes") or ())))) for path, volume in value.items())


def _mount(mount: Mapping[str, Any]) -> dict[str, Any]:
    words: dict[str, Any] = {"type": mount["Type"], "target": mount["Target"]}
    for word, path, _kind, _since in MOUNT_FIELDS:
        value = at(dict(mount), ".".join(path))
        if value is not None:
            words[word] = {"tmpfs_size": size, "tmpfs_mode": lambda mode: "%04o" % mode}.get(word, lambda same: same)(value)
    subpath = at(dict(mount), "VolumeOptions.Subpath") or at(dict(mount), "ImageOptions.Subpath")
    return dict(words, subpath=subpath) if subpath else words


def _restart_policy(value: Mapping[str, Any]) -> dict[str, Any]:
    words = {"restart_policy": value.get("Name") or "no"}
    return dict(words, restart_retries=value["MaximumRetryCount"]) if "MaximumRetryCount" in value else words


def _healthcheck(value: Mapping[str, Any]) -> dict[str, Any]:
    words: dict[str, Any] = {}
    if value.get("Test"):
        test = list(value["Test"])
        words["test"] = test[1] if test[0] == "CMD-SHELL" and len(test) == 2 else test
    words.update({word: duration(value[key]) for word, key in _HEALTHCHECK if value.get(key)})
    if value.get("Retries"):
        words["retries"] = value["Retries"]
    return words


def _rates(value: Mapping[str, Any], show: Callable[[Any], Any]) -> list[dict[str, Any]]:
    return [{"path": path, "rate": show(entry["Rate"])} for path, entry in sorted(value.items())]


def _byte_rates(value: Mapping[str, Any]) -> list[dict[str, Any]]:
    return _rates(value, size)


def _operation_rates(value: Mapping[str, Any]) -> list[dict[str, Any]]:
    return _rates(value, lambda same: same)


_BY_PARSER: Mapping[Any, Callable[[Any], Any]] = {
    convert.size: size,
    convert.size_or_unlimited: size,
    convert.nano_cpus: lambda value: value / 1e9,
}
_BY_NAME: Mapping[str, Callable[[Any], Any]] = {
    "published_ports": _bindings,
    "exposed_ports": lambda value: sorted(map(_port, value)),
    "volumes": _volumes,
    "mounts": lambda value: [_mount(value[target]) for target in sorted(value)],
    "tmpfs": lambda value: sorted(":".join(filter(None, entry)) for entry in value.items()),
    "networks": lambda value: {name: endpoint(entry) for name, entry in value.items()},
    "links": lambda value: sorted("%s:%s" % (name, alias) for alias, name in value.items()),
    "healthcheck": _healthcheck,
    "ulimits": lambda value: sorted("%s:%d:%d" % (name, limit["Soft"], limit["Hard"]) for name, limit in value.items()),
    "devices": lambda value: sorted("%(PathOnHost)s:%(PathInContainer)s:%(CgroupPermissions)s" % entry for entry in value.values()),
    "device_requests": lambda value: list(value.values()),
    "device_read_bps": _byte_rates,
    "device_write_bps": _byte_rates,
    "device_read_iops": _operation_rates,
    "device_write_iops": _operation_rates,
    "blkio_weight_device": lambda value: [{"path": path, "weight": entry["Weight"]} for path, entry in sorted(value.items())],
}

# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Converts values of a task to values of the Engine API. Every function raises BadOption with the option's name and an example."""

from __future__ import annotations

import ipaddress
import re
import shlex
from typing import Any, Callable, Iterable, Iterator, Mapping

from .. import yaml_types
from ..errors import BadOption
from . import normal

_SIZE = re.compile(r"^(\d+(?:\.\d+)?)\s*([kmgtp]?)(?:i?b)?$", re.IGNORECASE)
_UNITS = {"": 1, "k": 1024, "m": 1024**2, "g": 1024**3, "t": 1024**4, "p": 1024**5}
_DURATION = re.compile(r"(\d+(?:\.\d+)?)(ns|us|µs|ms|s|m|h|d)")
_NANOSECONDS = {
    "ns": 1,
    "us": 10**3,
    "µs": 10**3,
    "ms": 10**6,
    "s": 10**9,
    "m": 60 * 10**9,
    "h": 3600 * 10**9,
    "d": 86400 * 10**9,
}


def _stored(option: str, value: object, number: float, limit: str, example: str) -> int:
    """Bytes or nanoseconds as the Engine stores them, in 64 bits; ``limit`` is how many these are."""
    if number >= 2.0**63:
        raise BadOption(option, f"must be less than {limit}", got=value, example=example)
    return int(number)


def size(option: str, value: object, example: str = "") -> int:
    """ "512m" as bytes. Units b, k, m, g, t, p are powers of 1024, as the docker CLI reads them."""
    example = example or f"{option}: 512m"
    match = _SIZE.match(str(value).strip())
    if not match:
        raise BadOption(option, "must be a size such as 512m or 2g", got=value, example=example)
    return _stored(option, value, float(match.group(1)) * _UNITS[match.group(2).lower()], "8 EiB", example)


def size_or_unlimited(option: str, value: object) -> int:
    """As size; "unlimited" and -1 are -1."""
    if str(value).strip().lower() in ("unlimited", "-1"):
        return -1
    return size(option, value)


def nano_cpus(option: str, value: float) -> int:
    """1.5 CPUs as 1500000000."""
    if not 0 <= value <= 100000:
        raise BadOption(option, "must be a number of CPUs above 0", got=value, example=f"{option}: 1.5")
    return int(round(float(value) * 10**9))


def duration(option: str, value: object) -> int:
    """ "1m30s" as nanoseconds; a bare number is refused, because its unit would be a guess."""
    example = _example_of_duration(option)
    text = str(value).strip().replace(" ", "")
    parts = _DURATION.findall(text)
    if not parts or "".join(number + unit for number, unit in parts) != text:
        raise BadOption(option, "must be a duration with units h, m, s, ms or us", got=value, example=example)
    nanoseconds = sum(float(number) * _NANOSECONDS[unit] for number, unit in parts)
    return _stored(option, value, nanoseconds, "292 years", example)


def _example_of_duration(option: str) -> str:
    outer, dot, name = option.rpartition(".")
    if not dot:
        return f"{name}: 1m30s"
    return f"healthcheck: {{test: 'true', {name}: 1m30s}}" if outer == "healthcheck" else f"{outer}: {{{name}: 1h30m}}"


def words(option: str, value: object) -> list[str]:
    """A command line: a list as it is, a string split as a shell would."""
    if isinstance(value, (list, tuple)):
        return [yaml_types.word(option, word) for word in value]
    if isinstance(value, dict):
        raise BadOption(option, "must be a list or a string", got=value, example=f"{option}: [sleep, '60']")
    try:
        return shlex.split(yaml_types.word(option, value))
    except ValueError as error:
        raise BadOption(
            option, f"must have matching quotes ({error})", got=value, example=f"{option}: [sh, -c, echo it's]"
        ) from None


def members(option: str, value: Iterable[Any]) -> dict[str, bool]:
    """A set: each entry is only a name."""
    return {yaml_types.word(option, entry): True for entry in value}


def capabilities(option: str, value: Iterable[Any]) -> dict[str, bool]:
    """Names of capabilities, upper-case and without CAP_, which is how both sides compare."""
    result = {}
    for entry in value or []:
        name = str(entry).upper()
        name = name[4:] if name.startswith("CAP_") else name
        if not re.match(r"^[A-Z_]+$", name):
            raise BadOption(option, "must be names of capabilities", got=entry, example=f"{option}: [NET_ADMIN]")
        result[name] = True
    return result


def ulimits(option: str, value: Iterable[Any]) -> dict[str, Any]:
    """ "nofile:1024:2048" as {"nofile": {Soft, Hard}}; one number is both."""
    result = {}
    for entry in value:
        match = re.match(r"^([a-z]+)[:=](-?\d+)(?::(-?\d+))?$", str(entry))
        if not match:
            raise BadOption(
                option,
                "must have the form name:soft or name:soft:hard",
                got=entry,
                example=f"{option}: ['nofile:1024:2048']",
            )
        soft, hard = int(match.group(2)), int(match.group(3) or match.group(2))
        if hard != -1 and soft > hard:
            raise BadOption(
                option,
                "must have a soft limit that is not above the hard limit",
                got=entry,
                example=f"{option}: ['nofile:1024:2048']",
            )
        result[match.group(1)] = {"Soft": soft, "Hard": hard}
    return result


def devices(option: str, value: Iterable[Any]) -> dict[str, Any]:
    """ "/dev/a:/dev/b:rw" by its path in the container; missing permissions are rwm."""
    result = {}
    for entry in value:
        parts = str(entry).split(":")
        if len(parts) == 2 and _are_permissions(parts[1]):
            parts.insert(1, parts[0])
        host = parts[0]
        inside = parts[1] if len(parts) > 1 else host
        permissions = parts[2] if len(parts) > 2 else "rwm"
        if (
            len(parts) > 3
            or not host.startswith("/")
            or not inside.startswith("/")
            or not _are_permissions(permissions)
        ):
            raise BadOption(
                option,
                "must have the form host path[:container path[:permissions]], with permissions made of r, w and m",
                got=entry,
                example=f"{option}: ['/dev/fuse:/dev/fuse:rwm']",
            )
        inside = normal.path(inside)
        result[inside] = {"PathOnHost": host, "PathInContainer": inside, "CgroupPermissions": permissions}
    return result


def _are_permissions(value: str) -> bool:
    return bool(value) and set(value) <= set("rwm")


def rates(option: str, value: Iterable[Mapping[str, Any]], read: Callable[[str, Any], int]) -> dict[str, Any]:
    """[{path, rate}] by path."""
    return {
        normal.path(entry["path"]): {"Path": entry["path"], "Rate": read(f"{option}.rate", entry["rate"])}
        for entry in value
    }


def _example(option: str) -> str:
    return f"{option}: ['9000-9002', 53/udp]" if option == "exposed_ports" else f"{option}: ['8080:80', '53:53/udp']"


def port_number(option: str, value: str, given: object) -> int:
    """A port between 1 and 65535."""
    if not re.match(r"^[0-9]{1,5}$", value) or not 1 <= int(value) <= 65535:
        raise BadOption(option, "must have ports between 1 and 65535", got=given, example=_example(option))
    return int(value)


def port_range(option: str, value: str, given: object) -> range:
    """ "8000-8003" or "8000" as numbers."""
    first, _dash, last = value.partition("-")
    ports = range(port_number(option, first, given), port_number(option, last or first, given) + 1)
    if not ports:
        raise BadOption(
            option,
            "must have port ranges that end after they start",
            got=given,
            example=_example(option),
        )
    return ports


def protocol(option: str, value: str, given: object) -> str:
    """tcp, udp or sctp."""
    if value.lower() not in ("tcp", "udp", "sctp"):
        raise BadOption(option, "must have the protocol tcp, udp or sctp", got=given, example=_example(option))
    return value.lower()


def exposed_ports(option: str, value: Iterable[Any]) -> dict[str, Any]:
    """["80", "9000-9002/udp"] as {"80/tcp": {}, ...}."""
    result: dict[str, Any] = {}
    for entry in value:
        ports, _slash, proto = str(entry).partition("/")
        for port in port_range(option, ports, entry):
            result["%d/%s" % (port, protocol(option, proto or "tcp", entry))] = {}
    return result


def published_ports(option: str, value: Iterable[Any], default_ip: str | None) -> dict[str, list[dict[str, Any]]]:
    """["8080:80", "127.0.0.1::53/udp"] as the Engine's PortBindings. HostIp None: the task leaves the address open."""
    result: dict[str, list[dict[str, Any]]] = {}
    for entry in value:
        given = yaml_types.port(option, entry)
        rest, _slash, proto = given.partition("/")
        proto = protocol(option, proto or "tcp", entry)
        ip, host, inside = _split_binding(option, rest, given)
        for port, host_port in _paired(option, inside, host, given):
            binding = {"HostIp": default_ip if ip is None else ip, "HostPort": host_port}
            bindings = result.setdefault("%d/%s" % (port, proto), [])
            if binding not in bindings:
                bindings.append(binding)
    return result


def _split_binding(option: str, rest: str, given: str) -> tuple[Any, str, str]:
    example = f"{option}: ['8080:80', '127.0.0.1:8080:80', '[::1]:8080:80']"
    if given in ("all", "ALL"):
        raise BadOption(
            option,
            "cannot publish all exposed ports; use publish_all_ports",
            got=given,
            example="publish_all_ports: true",
        )
    match = re.match(r"^\[([0-9a-fA-F:.]+(?:%[\w.-]+)?)\]:(.*)$", rest)
    ip, rest = (match.group(1), match.group(2)) if match else (None, rest)
    parts = rest.split(":")
    if ip is None and len(parts) == 3:
        ip = parts.pop(0)
    if ip is not None and not _is_address(ip):
        raise BadOption(
            option,
            "must have an IP address before the ports, not a host name; IPv6 addresses go in brackets",
            got=given,
            example=example,
        )
    if len(parts) > 2 or (match and len(parts) != 2):
        raise BadOption(
            option, "must have the form [address:][host port:]container port[/protocol]", got=given, example=example
        )
    host, inside = parts if len(parts) == 2 else ("", parts[0])
    return ip, host, inside


def _is_address(text: str) -> bool:
    try:
        return bool(ipaddress.ip_address(text.partition("%")[0]))  # Python 3.8 knows no zones
    except ValueError:
        return False


def _paired(option: str, inside: str, host: str, given: str) -> Iterator[tuple[int, str]]:
    ports = list(port_range(option, inside, given))
    if not host:
        return iter([(port, "") for port in ports])
    hosts = list(port_range(option, host, given))
    if len(ports) == 1 and len(hosts) > 1:
        # The Engine takes the first free port of the range and stores the range as text.
        return iter([(ports[0], "%d-%d" % (hosts[0], hosts[-1]))])
    if len(ports) != len(hosts):
        raise BadOption(
            option,
            "must have host and container port ranges of the same length",
            got=given,
            example=f"{option}: ['8000-8003:80-83']",
        )
    return iter(list(zip(ports, (str(port) for port in hosts))))

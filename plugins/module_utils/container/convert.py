# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""From what a person writes to what the Engine API takes. Every function raises BadOption with the option's name and an example."""

from __future__ import annotations

import ipaddress
import re
import shlex
from typing import Any, Iterator

from ..errors import BadOption

_SIZE = re.compile(r"^(\d+(?:\.\d+)?)\s*([kmgtp]?)(?:i?b)?$", re.IGNORECASE)
_UNITS = {"": 1, "k": 1024, "m": 1024**2, "g": 1024**3, "t": 1024**4, "p": 1024**5}
_DURATION = re.compile(r"(\d+(?:\.\d+)?)(ns|us|µs|ms|s|m|h|d)")
_NANOSECONDS = {"ns": 1, "us": 10**3, "µs": 10**3, "ms": 10**6, "s": 10**9, "m": 60 * 10**9, "h": 3600 * 10**9, "d": 86400 * 10**9}
_NAME = re.compile(r"^[a-zA-Z0-9][a-zA-Z0-9_.-]+$")


def size(option: str, value: Any) -> int:
    """ "512m" as bytes. Units b, k, m, g, t, p are powers of 1024, as the docker CLI reads them."""
    match = _SIZE.match(str(value).strip())
    if not match:
        raise BadOption(option, value, "it is not a size", "%s: 512m" % option)
    return int(float(match.group(1)) * _UNITS[match.group(2).lower()])


def size_or_unlimited(option: str, value: Any) -> int:
    """As size; "unlimited" and -1 are -1."""
    if str(value).strip().lower() in ("unlimited", "-1"):
        return -1
    return size(option, value)


def nano_cpus(option: str, value: Any) -> int:
    """1.5 CPUs as 1500000000."""
    if not 0 <= value <= 100000:
        raise BadOption(option, value, "it is a number of CPUs", "%s: 1.5" % option)
    return int(round(float(value) * 10**9))


def duration(option: str, value: Any) -> int:
    """ "1m30s" as nanoseconds; a bare number is refused, because its unit would be a guess."""
    text = str(value).strip().replace(" ", "")
    parts = _DURATION.findall(text)
    if not parts or "".join(number + unit for number, unit in parts) != text:
        raise BadOption(option, value, "it is not a duration with units h, m, s, ms or us", "%s: 1m30s" % option)
    return int(sum(float(number) * _NANOSECONDS[unit] for number, unit in parts))


def words(option: str, value: Any) -> list[str]:
    """A command line: a list as it is, a string split as a shell would."""
    if isinstance(value, (list, tuple)):
        return [text(option, word) for word in value]
    if not isinstance(value, str):
        raise BadOption(option, value, "it is neither a list nor a string", "%s: [sleep, '60']" % option)
    try:
        return shlex.split(value)
    except ValueError as error:
        raise BadOption(option, value, "its quotes do not pair (%s)" % error, "%s: [sh, -c, echo it's]" % option) from None


def text(option: str, value: Any) -> str:
    """A word; numbers become text, a truth value is refused because YAML may have made it of yes, no, on or off."""
    if isinstance(value, bool) or value is None or isinstance(value, (dict, list)):
        raise BadOption(option, value, "it is not text; YAML reads some words as other types, so put it in quotes", "'yes'")
    return str(value)


def container_name(option: str, value: str) -> str:
    """A name that the Engine accepts."""
    name = value[1:] if value.startswith("/") else value
    if not _NAME.match(name):
        raise BadOption(option, value, "a name has two or more of letters, digits, _ . and -, and starts with a letter or digit", "%s: web-1" % option)
    return name


def pairs(option: str, value: Any) -> dict[str, str]:
    """A dictionary of text to text. Anything but a string is refused: YAML may have changed what was written."""
    for key, entry in value.items():
        if not isinstance(entry, str):
            raise BadOption(
                "%s.%s" % (option, key),
                entry,
                "it is not a string; YAML may have changed what you wrote, so put it in quotes",
                "%s: {%s: '%s'}" % (option, key, entry),
            )
    return {str(key): entry for key, entry in value.items()}


def loose_pairs(option: str, value: Any) -> dict[str, str]:
    """A dictionary whose values become text; true and false are written as the Engine's drivers expect them."""
    result = {}
    for key, entry in value.items():
        if isinstance(entry, (dict, list)) or entry is None:
            raise BadOption("%s.%s" % (option, key), entry, "it is not a single value", "%s: {%s: '1'}" % (option, key))
        result[str(key)] = str(entry).lower() if isinstance(entry, bool) else str(entry)
    return result


def members(option: str, value: Any) -> dict[str, bool]:
    """A set: each entry is a name with nothing more to say."""
    return {text(option, entry): True for entry in value}


def capabilities(option: str, value: Any) -> dict[str, bool]:
    """Names of capabilities, upper-case and without CAP_, which is how both sides compare."""
    result = {}
    for entry in value or []:
        name = str(entry).upper()
        name = name[4:] if name.startswith("CAP_") else name
        if not re.match(r"^[A-Z_]+$", name):
            raise BadOption(option, entry, "it is not the name of a capability", "%s: [NET_ADMIN]" % option)
        result[name] = True
    return result


def signal(value: Any) -> Any:
    """A signal as its name without SIG, or its number: SIGTERM, term and TERM are the same."""
    if not value:
        return value
    name = str(value).upper()
    name = name[3:] if name.startswith("SIG") else name
    return _SIGNALS.get(name, name)


_SIGNALS = {"1": "HUP", "2": "INT", "3": "QUIT", "6": "ABRT", "9": "KILL", "10": "USR1", "12": "USR2", "13": "PIPE", "14": "ALRM", "15": "TERM", "28": "WINCH"}


def ulimits(option: str, value: Any) -> dict[str, Any]:
    """ "nofile:1024:2048" as {"nofile": {Soft, Hard}}; one number is both."""
    result = {}
    for entry in value:
        match = re.match(r"^([a-z]+)[:=](-?\d+)(?::(-?\d+))?$", str(entry))
        if not match:
            raise BadOption(option, entry, "it is not name:soft or name:soft:hard", "%s: ['nofile:1024:2048']" % option)
        soft, hard = int(match.group(2)), int(match.group(3) or match.group(2))
        if hard != -1 and soft > hard:
            raise BadOption(option, entry, "the soft limit is above the hard one", "%s: ['nofile:1024:2048']" % option)
        result[match.group(1)] = {"Soft": soft, "Hard": hard}
    return result


def devices(option: str, value: Any) -> dict[str, Any]:
    """ "/dev/a:/dev/b:rw" by its path in the container; missing permissions are rwm."""
    result = {}
    for entry in value:
        parts = str(entry).split(":")
        if len(parts) == 2 and _are_permissions(parts[1]):
            parts.insert(1, parts[0])
        host, inside, permissions = (parts + [parts[0], "rwm"][len(parts) - 1 :])[:3] if len(parts) < 3 else parts[:3]
        if len(parts) > 3 or not host.startswith("/") or not inside.startswith("/") or not _are_permissions(permissions):
            raise BadOption(option, entry, "it is not host path[:container path[:permissions of r, w and m]]", "%s: ['/dev/fuse:/dev/fuse:rwm']" % option)
        result[inside] = {"PathOnHost": host, "PathInContainer": inside, "CgroupPermissions": permissions}
    return result


def _are_permissions(value: str) -> bool:
    return bool(value) and set(value) <= set("rwm")


def rates(option: str, value: Any, read: Any) -> dict[str, Any]:
    """[{path, rate}] by path."""
    return {entry["path"]: {"Path": entry["path"], "Rate": read("%s.rate" % option, entry["rate"])} for entry in value}


def port_number(option: str, value: str, given: Any) -> int:
    """A port between 1 and 65535."""
    if not re.match(r"^[0-9]{1,5}$", value) or not 1 <= int(value) <= 65535:
        raise BadOption(option, given, "a port is a number from 1 to 65535", "%s: ['8080:80']" % option)
    return int(value)


def port_range(option: str, value: str, given: Any) -> range:
    """ "8000-8003" or "8000" as numbers."""
    first, _dash, last = value.partition("-")
    ports = range(port_number(option, first, given), port_number(option, last or first, given) + 1)
    if not ports:
        raise BadOption(option, given, "the range of ports ends before it starts", "%s: ['8000-8003:80-83']" % option)
    return ports


def protocol(option: str, value: str, given: Any) -> str:
    """tcp, udp or sctp."""
    if value.lower() not in ("tcp", "udp", "sctp"):
        raise BadOption(option, given, "the protocol is tcp, udp or sctp", "%s: ['53:53/udp']" % option)
    return value.lower()


def exposed_ports(option: str, value: Any) -> dict[str, Any]:
    """["80", "9000-9002/udp"] as {"80/tcp": {}, ...}."""
    result = {}
    for entry in value:
        ports, _slash, proto = str(entry).partition("/")
        for port in port_range(option, ports, entry):
            result["%d/%s" % (port, protocol(option, proto or "tcp", entry))] = {}
    return result


def published_ports(option: str, value: Any, default_ip: Any) -> dict[str, list[dict[str, Any]]]:
    """["8080:80", "127.0.0.1::53/udp"] as the Engine's PortBindings. HostIp None: the task leaves the address open."""
    result: dict[str, list[dict[str, Any]]] = {}
    for entry in value:
        given = str(entry)
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
    example = "%s: ['8080:80', '127.0.0.1:8080:80', '[::1]:8080:80']" % option
    if given in ("all", "ALL"):
        raise BadOption(option, given, "publishing all exposed ports has an option of its own", "publish_all_ports: true")
    match = re.match(r"^\[([0-9a-fA-F:.]+(?:%[\w.-]+)?)\]:(.*)$", rest)
    ip, rest = (match.group(1), match.group(2)) if match else (None, rest)
    parts = rest.split(":")
    if ip is None and len(parts) == 3:
        ip = parts.pop(0)
    if ip is not None and not _is_address(ip):
        raise BadOption(option, given, "the address before the ports is an IP address, IPv6 in brackets, not a host name", example)
    if len(parts) > 2 or (match and len(parts) != 2):
        raise BadOption(option, given, "it is not [address:][host port:]container port[/protocol]", example)
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
        raise BadOption(option, given, "the two ranges have different lengths", "%s: ['8000-8003:80-83']" % option)
    return iter(list(zip(ports, (str(port) for port in hosts))))

# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A container's endpoint on a network: its options, its EndpointSettings in the API, and their comparison."""

from __future__ import annotations

import ipaddress
import re
from typing import TYPE_CHECKING, Any, Iterable, Mapping

from .. import declared, yaml_types
from ..errors import BadOption
from ..option import at, contains, loose_pairs

if TYPE_CHECKING:
    from ..engine.engine import Engine

# The suboptions of container_run's networks and network_create's members.
FIELDS = {
    "aliases": {
        "help": "Names by which other containers on the network reach the container.",
        "type": "list",
        "elements": "str",
    },
    "links": {
        "help": "Other containers on the network to reach by another name, each as V(container:alias).",
        "type": "list",
        "elements": "str",
    },
    "ipv4_address": {"help": "Fixed IPv4 address. The network must have been created with a subnet.", "type": "str"},
    "ipv6_address": {"help": "Fixed IPv6 address.", "type": "str"},
    "link_local_ips": {"help": "Link-local addresses.", "type": "list", "elements": "str"},
    "mac_address": {"help": "MAC address on this network.", "type": "str"},
    "driver_opts": {"help": "Options for the network's driver.", "type": "dict"},
    "gw_priority": {
        "help": "The network with the highest number gives the container's default gateway (API 1.48).",
        "type": "int",
    },
}
WORDS = (
    ("aliases", "Aliases"),
    ("links", "Links"),
    ("ipv4_address", "IPAMConfig.IPv4Address"),
    ("ipv6_address", "IPAMConfig.IPv6Address"),
    ("link_local_ips", "IPAMConfig.LinkLocalIPs"),
    ("mac_address", "MacAddress"),
    ("driver_opts", "DriverOpts"),
    ("gw_priority", "GwPriority"),
)


def parse(option: str, entry: Mapping[str, Any]) -> dict[str, Any]:
    """The EndpointSettings that an entry of ``option`` asks for."""
    endpoint: dict[str, Any] = {}
    addresses: dict[str, Any] = {
        key: address(f"{option}[].{field}", entry[field], version)
        for field, key, version in (("ipv4_address", "IPv4Address", 4), ("ipv6_address", "IPv6Address", 6))
        if entry.get(field)
    }
    if entry.get("link_local_ips"):
        addresses["LinkLocalIPs"] = [address(f"{option}[].link_local_ips", ip) for ip in entry["link_local_ips"]]
    if addresses:
        endpoint["IPAMConfig"] = addresses
    for field, key in (("aliases", "Aliases"), ("links", "Links")):
        if entry.get(field):
            endpoint[key] = [name for name in entry[field] if name]
    if entry.get("mac_address"):
        endpoint["MacAddress"] = mac(f"{option}[].mac_address", entry["mac_address"])
    if entry.get("driver_opts"):
        endpoint["DriverOpts"] = loose_pairs(f"{option}[].driver_opts", entry["driver_opts"])
    if entry.get("gw_priority") is not None:
        endpoint["GwPriority"] = entry["gw_priority"]
    return endpoint


def fits(desired: dict[str, Any], observed: dict[str, Any]) -> bool:
    """Compare only the settings that the task names. Engines before API 1.45 add the container's id to the aliases."""
    if not set(desired.get("Aliases") or ()) <= set(observed.get("Aliases") or ()):
        return False
    if not _pairs(desired.get("Links")) <= _pairs(observed.get("Links")):
        return False
    configured = observed.get("IPAMConfig") or {}
    for key, wanted in (desired.get("IPAMConfig") or {}).items():
        if _comparable(wanted) != _comparable(configured.get(key)):
            return False
    # A stopped container may have no address yet, and not every Engine stores the address that was requested.
    if (
        desired.get("MacAddress")
        and observed.get("MacAddress")
        and desired["MacAddress"] != observed["MacAddress"].lower()
    ):
        return False
    if not contains(desired.get("DriverOpts") or {}, observed.get("DriverOpts")):
        return False
    return desired.get("GwPriority", 0) == (observed.get("GwPriority") or 0) or "GwPriority" not in desired


def _pairs(links: Iterable[str] | None) -> set[str]:
    """ "db" is "db:db"."""
    return {link if ":" in link else f"{link}:{link}" for link in links or ()}


def marked(endpoint: Mapping[str, Any]) -> dict[str, Any]:
    """The same for a container that exists. Its label cannot be changed, so the endpoint records that a task declared it; drivers ignore that."""
    return dict(endpoint, DriverOpts=dict(endpoint.get("DriverOpts") or {}, **{declared.LABEL: "networks"}))


def is_marked(endpoint: Mapping[str, Any]) -> bool:
    """Whether a task connected the container when it existed already."""
    return declared.LABEL in (endpoint.get("DriverOpts") or {})


def shown(value: object) -> Any:
    """An endpoint in the form of an entry of networks; None if it does not exist."""
    if value is None:
        return None
    found = {word: at(value, path) for word, path in WORDS if at(value, path)}
    options = {name: entry for name, entry in found.pop("driver_opts", {}).items() if name != declared.LABEL}
    return dict(found, driver_opts=options) if options else found


def asked(endpoint: Mapping[str, Any], container_id: str, with_mac: bool = False) -> dict[str, Any]:
    """The requested settings of an endpoint, without what the Engine added: addresses, and the container's id as an alias."""
    fields = ("IPAMConfig", "Links", "Aliases", "DriverOpts", "GwPriority") + (("MacAddress",) if with_mac else ())
    kept = {field: endpoint[field] for field in fields if endpoint.get(field)}
    aliases = [alias for alias in kept.pop("Aliases", ()) if alias != container_id[:12]]
    return dict(kept, Aliases=aliases) if aliases else kept


def undo_connection(engine: Engine, network: str, container: str) -> bool:
    """Disconnect, also after a connection that failed. False if there is nothing to disconnect."""
    found = engine.containers.find(container)
    current = ((found or {}).get("NetworkSettings") or {}).get("Networks") or {}
    if found is None or network not in current:
        return False
    if engine.flavour.has_endpoint_ids and found["State"]["Running"] and not (current[network] or {}).get("EndpointID"):
        # Engine 20.10 keeps the settings of an endpoint that failed, with which the container would not start again, and disconnects only
        # what is connected.
        engine.networks.connect(network, container, {})
    engine.networks.disconnect(network, container)
    return True


def address(option: str, value: str, version: int = 0) -> str:
    """An IP address as the Engine writes it, of this version or of any."""
    try:
        found = ipaddress.ip_address(value.strip("[]"))
        if version in (0, found.version):
            return str(found)
    except ValueError:
        pass
    kind = f"an IPv{version} address" if version else "an IP address"
    likely = "'2001:db8::10'" if version == 6 else "192.0.2.10"
    raise BadOption(option, f"must be {kind}", got=value, example=_example(option, likely))


def mac(option: str, value: str) -> str:
    """An Ethernet address in lower case with colons."""
    digits = re.sub(r"[-:.]", "", value.lower())
    found = ":".join(digits[start : start + 2] for start in range(0, len(digits), 2))
    if not re.match(r"^[0-9a-f]{2}(:[0-9a-f]{2}){5}$", found):
        likely = yaml_types.mac(value)
        reading = f"; YAML read {likely} without quotes as a number in base 60. Put it in quotes" if likely else ""
        example = _example(option, f"'{likely or '02:42:ac:11:00:02'}'")
        raise BadOption(option, f"must be a MAC address{reading}", got=value, example=example)
    return found


def _example(option: str, value: str) -> str:
    """A line for "mac_address", or for a suboption such as "networks[].mac_address"."""
    name, brackets, field = option.partition("[].")
    named = "web" if name == "members" else "front"
    return f"{name}: [{{name: {named}, {field}: {value}}}]" if brackets else f"{name}: {value}"


def _comparable(value: object) -> Any:
    if isinstance(value, list):
        return sorted(map(_comparable, value))
    try:
        return str(ipaddress.ip_address(value)) if isinstance(value, str) else value
    except ValueError:
        return value

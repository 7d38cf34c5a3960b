# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""IP pools of a network: the option ipam_config, IPAM.Config of the API, and reasons why a pool cannot be created."""

from __future__ import annotations

import ipaddress
import random
from typing import Any, Iterable, Mapping, Union

from ..errors import BadOption
from ..option import MapOption, at, equal, put

# The suboptions of ipam_config and their fields in the API.
FIELDS = {"iprange": "IPRange", "gateway": "Gateway", "aux_addresses": "AuxiliaryAddresses"}
EXAMPLE = "ipam_config: [{subnet: 172.20.0.0/16, gateway: 172.20.0.1}]"

IPNetwork = Union[ipaddress.IPv4Network, ipaddress.IPv6Network]


class Pools(MapOption):
    """Pools by subnet, {subnet: other suboptions}, so that their order does not matter. Addresses are compared, not their spelling."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, parse=parse, read=read, matches=same_pool, **kwargs)

    def write(self, body: dict[str, Any], desired: Mapping[str, Any]) -> None:
        pools = [
            dict({"Subnet": subnet}, **{FIELDS[field]: value for field, value in pool.items()})
            for subnet, pool in desired.items()
        ]
        put(body, self.path, pools)


def parse(option: str, value: Iterable[Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """{subnet: fields} of a task. Raises BadOption for values that the Engine would refuse, or accept and ignore."""
    pools: dict[str, dict[str, Any]] = {}
    for entry in value:
        if not entry.get("subnet"):
            given = {key: value for key, value in entry.items() if value is not None}
            raise BadOption(f"{option}[].subnet", "must be set for each pool", got=given, example=EXAMPLE)
        subnet = _network(f"{option}[].subnet", entry["subnet"])
        if str(subnet) in pools:
            raise BadOption(option, "must name each subnet once", got=str(subnet), example=EXAMPLE)
        overlapping = next((known for known in pools if overlap(known, str(subnet))), None)
        if overlapping:
            raise BadOption(
                option, f"must not have subnets that overlap, as with {overlapping}", got=str(subnet), example=EXAMPLE
            )
        pools[str(subnet)] = _pool(option, entry, subnet)
    return pools


def _pool(option: str, entry: Mapping[str, Any], subnet: IPNetwork) -> dict[str, Any]:
    pool: dict[str, Any] = {}
    if entry.get("iprange"):
        within = _network(f"{option}[].iprange", entry["iprange"])
        if within.version != subnet.version or not within.subnet_of(subnet):  # type: ignore[arg-type]
            raise BadOption(f"{option}[].iprange", f"must be inside subnet {subnet}", got=str(within), example=EXAMPLE)
        pool["iprange"] = str(within)
    if entry.get("gateway"):
        pool["gateway"] = _inside(f"{option}[].gateway", entry["gateway"], subnet)
    if entry.get("aux_addresses"):
        pool["aux_addresses"] = {
            str(name): _inside(f"{option}[].aux_addresses.{name}", address, subnet)
            for name, address in entry["aux_addresses"].items()
        }
    return pool


def _network(option: str, value: str) -> IPNetwork:
    try:
        network = ipaddress.ip_network(value.strip(), strict=False)
    except ValueError:
        raise BadOption(option, "must be a subnet", got=value, example="subnet: 172.20.0.0/16") from None
    address, slash, _length = value.strip().partition("/")
    if not slash:
        raise BadOption(option, "must have a prefix length", got=value, example="subnet: 172.20.0.0/16")
    if ipaddress.ip_address(address) != network.network_address:
        raise BadOption(option, f"must be the address of a subnet: {network}", got=value, example=f"subnet: {network}")
    return network


def _inside(option: str, value: object, subnet: IPNetwork) -> str:
    try:
        address = ipaddress.ip_address(str(value).strip())
    except ValueError:
        raise BadOption(
            option, "must be an IP address", got=value, example=f"gateway: {subnet.network_address + 1}"
        ) from None
    if address not in subnet:
        raise BadOption(
            option,
            f"must be inside subnet {subnet}",
            got=str(address),
            example=f"gateway: {subnet.network_address + 1}",
        )
    return str(address)


def read(value: Iterable[Mapping[str, Any]] | None) -> dict[str, dict[str, Any]]:
    """{subnet: fields} of IPAM.Config."""
    return {
        canonical(pool["Subnet"]): {field: pool[key] for field, key in FIELDS.items() if pool.get(key)}
        for pool in value or ()
        if pool.get("Subnet")
    }


def subnets_of(network: Mapping[str, Any]) -> list[str]:
    """The subnets of a network or of a create body."""
    return [pool["Subnet"] for pool in at(dict(network), "IPAM.Config") or () if pool.get("Subnet")]


def same_pool(desired: Mapping[str, Any], observed: Mapping[str, Any] | None) -> bool:
    """Whether a pool has all fields that the task sets. The Engine chooses a gateway if the task does not."""
    if observed is None:
        return False
    if "aux_addresses" in desired:
        wanted, seen = (
            {name: canonical(value) for name, value in (pool.get("aux_addresses") or {}).items()}
            for pool in (desired, observed)
        )
        if wanted != seen:
            return False
    return all(
        equal(canonical(desired[key]), canonical(observed.get(key))) for key in ("iprange", "gateway") if key in desired
    )


def canonical(value: object) -> Any:
    """An address or a subnet in one spelling; other text is returned unchanged."""
    text = str(value or "")
    try:
        return str(ipaddress.ip_network(text, strict=False)) if "/" in text else str(ipaddress.ip_address(text))
    except ValueError:
        return value


def overlap(one: str, other: str) -> bool:
    """Whether two subnets have addresses in common."""
    try:
        first, second = ipaddress.ip_network(one, strict=False), ipaddress.ip_network(other, strict=False)
    except ValueError:
        return False
    return first.version == second.version and first.overlaps(second)  # type: ignore[arg-type]


def has(pools: Iterable[str], address: str) -> bool:
    """Whether an address is in one of the subnets."""
    try:
        return any(ipaddress.ip_address(address) in ipaddress.ip_network(pool, strict=False) for pool in pools)
    except ValueError:
        return False


# Reserved for network tests (RFC 2544, RFC 5180), so no network uses them.
_TEST_RANGES = {4: ipaddress.ip_network("198.18.0.0/15"), 6: ipaddress.ip_network("2001:2::/48")}


def moved(pool: Mapping[str, Any]) -> dict[str, Any] | None:
    """A pool of the API with all addresses moved to a reserved range, to test it while its subnet is in use; None if it is too big for that.

    The part of the range is random, because Engines before API 1.47 keep the subnet of a network that they refuse.
    """
    subnet = ipaddress.ip_network(pool["Subnet"], strict=False)
    whole = _TEST_RANGES[subnet.version]
    if subnet.prefixlen <= whole.prefixlen:
        return None
    part = random.randrange(2 ** (subnet.prefixlen - whole.prefixlen)) * subnet.num_addresses
    distance = int(whole.network_address) + part - int(subnet.network_address)

    def move(value: str) -> str:
        address, slash, length = value.partition("/")
        return str(ipaddress.ip_address(address) + distance) + slash + length

    return {
        field: {name: move(address) for name, address in value.items()} if isinstance(value, dict) else move(value)
        for field, value in pool.items()
        if value and field in ("Subnet", "IPRange", "Gateway", "AuxiliaryAddresses")
    }

# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Checks for what the Engine would refuse, before anything is changed."""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING, Any, Mapping, Sequence

from ..errors import BadOption, Missing, NotMet
from ..option import Option, at
from .lookup import Member
from .pools import EXAMPLE, has, overlap
from .steps import Require

if TYPE_CHECKING:
    from ..engine.engine import Engine

_BRIDGE = "com.docker.network.bridge.name"
_INTERFACE_LENGTH = 15
_BUILT_IN = ("bridge", "host", "ipvlan", "macvlan", "null", "overlay")


def named(desired: Mapping[Option, Any]) -> dict[str, Any]:
    """Values by option name."""
    return {option.name: value for option, value in desired.items()}


def creation(engine: Engine, name: str, values: Mapping[str, Any]) -> tuple[list[Require], list[str]]:
    """Steps that must succeed before a network is created, and warnings. ``values`` are API values by option name. Raises BadOption."""
    requirements, warnings = [], []
    bridge = (values.get("driver_options") or {}).get(_BRIDGE)
    if values.get("ipam_config") or values.get("config_from") or bridge:
        others = [network for network in engine.networks.list() if network["Name"] != name]
        _check_overlaps(values.get("ipam_config") or {}, others)
        _check_bridge(bridge, others)
        if values.get("config_from"):
            requirements = _config_source(values["config_from"], others)
    driver = values.get("driver")
    if driver == "overlay" or values.get("scope") == "swarm":
        _check_swarm(engine, driver, values)
    elif driver and driver not in _BUILT_IN:
        known = (engine.daemon.info().get("Plugins") or {}).get("Network") or []
        if not any(driver in (plugin, plugin.rpartition(":")[0]) for plugin in known):
            warnings.append(f"The Engine does not list the network driver {driver}; it lists {', '.join(known)}")
    return requirements, warnings


def new_network(engine: Engine, values: Mapping[str, Any]) -> None:
    """Raise BadOption for values with which the Engine cannot create a network."""
    if values.get("enable_ipv4") is False and not values.get("enable_ipv6"):
        raise BadOption(
            "enable_ipv4", "can only be false together with enable_ipv6: true", got=False, example="enable_ipv6: true"
        )
    if values.get("ingress") and values.get("driver") != "overlay":
        raise BadOption("ingress", "needs driver: overlay", got=True, example="driver: overlay")
    if not engine.flavour.keeps_network_options:
        return  # Podman has other rules
    bridge = (values.get("driver_options") or {}).get(_BRIDGE) or ""
    if len(bridge) > _INTERFACE_LENGTH:
        raise BadOption(
            f"driver_options.{_BRIDGE}",
            f"must have at most {_INTERFACE_LENGTH} characters, as every name of a network interface",
            got=bridge,
            example=f"driver_options: {{{_BRIDGE}: br-front}}",
        )
    subnets = values.get("ipam_config") or {}
    if values.get("driver", "bridge") == "bridge" and sum(":" not in subnet for subnet in subnets) > 1:
        raise BadOption(
            "ipam_config", "must have one IPv4 subnet at most with driver: bridge", got=list(subnets), example=EXAMPLE
        )
    if values.get("ipam_driver", "default") == "default":
        for subnet, pool in subnets.items():
            _check_reserved(subnet, pool)


def _check_reserved(subnet: str, pool: Mapping[str, Any]) -> None:
    """The Engine's own IPAM driver reserves the first and the last IPv4 address of a subnet."""
    network = ipaddress.ip_network(subnet)
    taken: list[object] = [] if network.version == 6 or network.prefixlen > 30 else [network[0], network[-1]]
    addresses = {"gateway": pool.get("gateway")}
    addresses.update((f"aux_addresses.{name}", address) for name, address in (pool.get("aux_addresses") or {}).items())
    for field, text in addresses.items():
        if text and ipaddress.ip_address(text) in taken:
            raise BadOption(
                f"ipam_config[].{field}",
                "must be free: the first and the last address of a subnet, the gateway and each aux address differ",
                got=text,
                example=f"gateway: {network[1]}",
            )
        if text:
            taken.append(ipaddress.ip_address(text))


def _check_overlaps(pools: Mapping[str, Any], others: Sequence[Mapping[str, Any]]) -> None:
    for subnet in pools:
        for network in others:
            for pool in at(dict(network), "IPAM.Config") or ():
                if overlap(subnet, pool.get("Subnet") or ""):
                    raise BadOption(
                        "ipam_config[].subnet",
                        f"must not overlap with a subnet of another network; network {network['Name']} has {pool['Subnet']}",
                        got=subnet,
                        example=EXAMPLE,
                    )


def _check_bridge(bridge: str | None, others: Sequence[Mapping[str, Any]]) -> None:
    for network in others:
        if bridge and (network.get("Options") or {}).get(_BRIDGE) == bridge:
            raise BadOption(
                f"driver_options.{_BRIDGE}",
                f"must not be the bridge of another network; network {network['Name']} has it",
                got=bridge,
                example=f"driver_options: {{{_BRIDGE}: br-front}}",
            )


def _config_source(source: str, others: Sequence[Mapping[str, Any]]) -> list[Require]:
    found = next((network for network in others if network["Name"] == source), None)
    if found and not found.get("ConfigOnly"):
        raise BadOption(
            "config_from", "must be a network with config_only=true", got=source, example="config_from: front-config"
        )
    if found:
        return []
    missing = Missing(
        f"There is no network {source}, which config_from names",
        f"Create it first: network_create with name: {source} and config_only: true",
    )
    return [Require("check config_from", missing)]


def _check_swarm(engine: Engine, driver: str | None, values: Mapping[str, Any]) -> None:
    swarm = engine.daemon.info().get("Swarm") or {}
    if swarm.get("LocalNodeState") != "active" or not swarm.get("ControlAvailable"):
        option = "driver" if driver == "overlay" else "scope"
        raise BadOption(
            option,
            f"must not be {values[option]} on this host, which is not a manager of a Swarm; run the task on a manager, or run docker swarm init first",
            got=values[option],
            example=f"{option}: {'bridge' if option == 'driver' else 'local'}",
        )


def refuse_services(name: str, members: Sequence[Member], what: str) -> None:
    """Refuse to change a network with endpoints of Swarm services."""
    services = sorted({member.service for member in members if member.service})
    if services:
        raise NotMet(
            f"Network {name} cannot be {what}: tasks of Swarm services use it: {', '.join(services)}",
            f"Remove it from the services first: docker service update --network-rm {name} SERVICE",
            services=services,
        )


def refuse_hidden_endpoints(engine: Engine, name: str, members: Sequence[Member]) -> None:
    """Refuse to recreate if endpoint settings are not shown: Podman does not show fixed addresses, and does not set them when it connects a container."""
    if members and not engine.flavour.shows_endpoint_settings:
        connected = ", ".join(member.name for member in members)
        raise NotMet(
            f"Network {name} cannot be recreated, because {engine.flavour.name}'s API does not show the settings of its containers' endpoints, "
            f"so they could not be restored: {connected}",
            "Remove these containers first",
            members=[member.name for member in members],
        )


def refuse_users_of_config(engine: Engine, network: Mapping[str, Any], what: str) -> None:
    """Refuse to remove a configuration that other networks use."""
    if not network.get("ConfigOnly"):
        return
    name = network["Name"]
    users = sorted(other["Name"] for other in engine.networks.list() if at(other, "ConfigFrom.Network") == name)
    if users:
        raise NotMet(
            f"Network {name} cannot be {what}: networks use its configuration: {', '.join(users)}",
            "Remove these networks first",
            networks=users,
        )


def problems_of_members(
    engine: Engine,
    network: Mapping[str, Any],
    inspected: Mapping[str, Mapping[str, Any]],
    pools: Mapping[str, Any] | None,
    auto: bool,
) -> list[str]:
    """Reasons why members cannot be connected to the new network with their settings. ``pools`` are its subnets, ``auto`` if the Engine chooses them."""
    found = []
    for name, container in inspected.items():
        endpoint = container["NetworkSettings"]["Networks"].get(network["Name"]) or {}
        if container["HostConfig"]["NetworkMode"] == network["Id"]:
            found.append(
                f"container {name} was created with the network's id, and could not start again; recreate it with the name"
            )
        address = fixed_mac(engine, network["Name"], container)
        if address and not reconnects_with_mac(engine):
            found.append(
                f"container {name} has the fixed MAC address {address}, which Engine API {engine.api_version} cannot set when it connects a container"
            )
        for key in ("IPv4Address", "IPv6Address"):
            fixed = (endpoint.get("IPAMConfig") or {}).get(key)
            if fixed and auto:
                found.append(
                    f"container {name} has the fixed address {fixed}, and without ipam_config the subnet would change"
                )
            elif fixed and pools is not None and not has(pools, fixed):
                found.append(f"container {name} has the fixed address {fixed}, which is not in {', '.join(pools)}")
    return found


def fixed_mac(engine: Engine, network: str, container: Mapping[str, Any]) -> str | None:
    """The MAC address that was set for the container on this network, as far as inspection shows it."""
    endpoint = container["NetworkSettings"]["Networks"].get(network) or {}
    if container["HostConfig"]["NetworkMode"] == network and container["Config"].get("MacAddress"):
        return str(container["Config"]["MacAddress"])
    found = str(endpoint.get("MacAddress") or "").lower()
    if not found or not engine.speaks("1.44"):
        return None
    if engine.speaks("1.48"):
        # Random addresses of the Engine are locally administered; older Engines used the prefix 02:42, which users copy.
        return found if found.startswith("02:42:") or not int(found[:2], 16) & 2 else None
    return None if found == _derived_mac(endpoint.get("IPAddress")) else found


def reconnects_with_mac(engine: Engine) -> bool:
    """Whether the MAC address is kept: before API 1.44 it belongs to the container; from 1.54 on, connect sets it."""
    return not engine.speaks("1.44") or engine.speaks("1.54")


def _derived_mac(address: object) -> str | None:
    """The MAC address that Engines before API 1.48 derive from an IPv4 address."""
    try:
        return "02:42:" + ":".join(f"{byte:02x}" for byte in ipaddress.IPv4Address(address).packed)
    except ValueError:
        return None


def dynamic_ports(inspected: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """Running containers for which the Engine chooses other published ports when they are connected again."""
    return [
        name
        for name, container in inspected.items()
        if container["State"]["Running"]
        and (
            container["HostConfig"].get("PublishAllPorts")
            or any(
                (binding.get("HostPort") or "0") == "0"
                for bindings in (container["HostConfig"].get("PortBindings") or {}).values()
                for binding in bindings or ()
            )
        )
    ]

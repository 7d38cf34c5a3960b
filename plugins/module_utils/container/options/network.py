# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Options about the network: ports, networks, names and addresses."""

from __future__ import annotations

import ipaddress
import re
from typing import Any

from ...errors import BadOption
from .. import convert, rules
from ..option import MapOption, Option


class PublishedPorts(MapOption):
    """Ports on the host. The Engine wants them exposed as well, as docker run does."""

    def desired(self, params: dict[str, Any]) -> Any:
        value = params.get(self.name)
        if value is None:
            return None
        ip = params.get("default_host_ip")
        return convert.published_ports(self.name, value, _address("default_host_ip", ip) if ip else ip)

    def write(self, body: dict[str, Any], desired: Any) -> None:
        bindings = {port: [dict(entry, HostIp=entry["HostIp"] or "") for entry in entries] for port, entries in desired.items()}
        super().write(body, bindings)
        body.setdefault("ExposedPorts", {}).update({port: {} for port in desired})


class ExposedPorts(MapOption):
    """Ports that the container listens on; published ones count as exposed."""

    def write(self, body: dict[str, Any], desired: Any) -> None:
        body.setdefault("ExposedPorts", {}).update(desired)


class Derived(str):
    """A network mode that follows from networks: any of them serves, so a new order replaces nothing."""

    alternatives: tuple[str, ...] = ()


class NetworkMode(Option):
    """The network that the container is created on."""

    def desired(self, params: dict[str, Any]) -> Any:
        value = params.get(self.name)
        if value is not None or not params.get("networks") or not params.get("networks_cli_compatible"):
            return value
        names = [network["name"] for network in params["networks"]]
        derived = Derived(names[0])
        derived.alternatives = tuple(names)
        return derived


def _mode_fits(desired: Any, observed: Any) -> bool:
    return observed in getattr(desired, "alternatives", ()) or _mode(desired) == _mode(observed)


def _mode(value: Any) -> Any:
    # Engine 20.10 stores "default" where newer ones store "bridge".
    return "bridge" if value in (None, "", "default") else value


class Networks(MapOption):
    """Endpoints by network. They are repaired by connecting and disconnecting, never by a replacement."""

    def requires(self, desired: Any) -> Any:
        fields = {field for endpoint in (desired or {}).values() for field in endpoint}
        return "1.48" if "GwPriority" in fields else "1.44" if "MacAddress" in fields else None

    def write(self, body: dict[str, Any], desired: Any) -> None:
        """Endpoints are written by the plan, which knows how many the API takes at create."""


def _endpoints(option: str, value: Any) -> dict[str, Any]:
    endpoints: dict[str, Any] = {}
    for network in value:
        name = network["name"]
        if name in endpoints:
            raise BadOption(option, name, "the network is named twice", "networks: [{name: front}, {name: back}]")
        endpoints[name] = _endpoint(network)
    return endpoints


def _endpoint(network: dict[str, Any]) -> dict[str, Any]:
    endpoint: dict[str, Any] = {}
    addresses = {
        key: _address("networks[].%s" % field, network[field])
        for field, key in (("ipv4_address", "IPv4Address"), ("ipv6_address", "IPv6Address"))
        if network.get(field)
    }
    if network.get("link_local_ips"):
        addresses["LinkLocalIPs"] = [_address("networks[].link_local_ips", ip) for ip in network["link_local_ips"]]
    if addresses:
        endpoint["IPAMConfig"] = addresses
    for field, key in (("aliases", "Aliases"), ("links", "Links")):
        if network.get(field):
            endpoint[key] = list(network[field])
    if network.get("mac_address"):
        endpoint["MacAddress"] = mac("networks[].mac_address", network["mac_address"])
    if network.get("driver_opts"):
        endpoint["DriverOpts"] = convert.loose_pairs("networks[].driver_opts", network["driver_opts"])
    if network.get("gw_priority") is not None:
        endpoint["GwPriority"] = network["gw_priority"]
    return endpoint


def _endpoint_fits(desired: dict[str, Any], observed: dict[str, Any]) -> bool:
    """Only what the task says counts. Engines before API 1.45 add the container's id to the aliases."""
    for key in ("Aliases", "Links"):
        if not set(desired.get(key) or ()) <= set(observed.get(key) or ()):
            return False
    configured = observed.get("IPAMConfig") or {}
    for key, address in (desired.get("IPAMConfig") or {}).items():
        if _comparable(address) != _comparable(configured.get(key)):
            return False
    # A container that does not run may have no address yet; what it asked for is not kept by every engine.
    if desired.get("MacAddress") and observed.get("MacAddress") and desired["MacAddress"] != observed["MacAddress"].lower():
        return False
    if not rules.contains(desired.get("DriverOpts") or {}, observed.get("DriverOpts")):
        return False
    return desired.get("GwPriority", 0) == (observed.get("GwPriority") or 0) or "GwPriority" not in desired


def _comparable(address: Any) -> Any:
    if isinstance(address, list):
        return sorted(map(_comparable, address))
    try:
        return str(ipaddress.ip_address(address))
    except ValueError:
        return address


def _address(option: str, value: str) -> str:
    try:
        return str(ipaddress.ip_address(value.strip("[]")))
    except ValueError:
        raise BadOption(option, value, "it is not an IP address", "%s: 192.0.2.10" % option) from None


def mac(option: str, value: str) -> str:
    """An Ethernet address in lower case with colons."""
    address = value.lower().replace("-", ":")
    if not re.match(r"^[0-9a-f]{2}(:[0-9a-f]{2}){5}$", address):
        raise BadOption(option, value, "it is not a MAC address", "%s: '02:42:ac:11:00:02'" % option)
    return address


class MacAddress(Option):
    """The address of the container's first network."""

    def observed(self, inspected: dict[str, Any]) -> Any:
        settings = inspected.get("NetworkSettings") or {}
        found = (inspected.get("Config") or {}).get("MacAddress") or settings.get("MacAddress")
        for endpoint in (settings.get("Networks") or {}).values():
            found = found or endpoint.get("MacAddress")
        return found


def _links(option: str, value: Any) -> dict[str, str]:
    links = {}
    for entry in value:
        name, _colon, alias = str(entry).partition(":")
        if not name or ":" in alias:
            raise BadOption(option, entry, "it is not container or container:alias", "%s: ['db:database']" % option)
        links[alias or name] = name
    return links


def _links_read(value: Any) -> dict[str, str]:
    # The Engine shows "/db:/web/database".
    pairs = [entry.split(":", 1) for entry in value or []]
    return {alias.rsplit("/", 1)[-1]: name.lstrip("/") for name, alias in pairs}


def _hosts(option: str, value: Any) -> dict[str, str]:
    hosts = {}
    for host, address in value.items():
        if not isinstance(address, str) or not address:
            raise BadOption("%s.%s" % (option, host), address, "it is not an address", "%s: {db.example.org: 192.0.2.10}" % option)
        hosts[str(host)] = address
    return hosts


def _servers(option: str, value: Any) -> list[str]:
    return [_address(option, entry) for entry in value]


_NETWORK_SPEC = {
    "type": "list",
    "elements": "dict",
    "options": {
        "name": {"help": "Name of the network.", "type": "str", "required": True},
        "aliases": {"help": "Names by which others on the network reach the container.", "type": "list", "elements": "str"},
        "links": {"help": "Other containers on the network to reach by another name, each as V(container:alias).", "type": "list", "elements": "str"},
        "ipv4_address": {"help": "Fixed IPv4 address. The network needs a subnet of its own.", "type": "str"},
        "ipv6_address": {"help": "Fixed IPv6 address.", "type": "str"},
        "link_local_ips": {"help": "Link-local addresses.", "type": "list", "elements": "str"},
        "mac_address": {"help": "Ethernet address on this network.", "type": "str"},
        "driver_opts": {"help": "Options for the network's driver.", "type": "dict"},
        "gw_priority": {"help": "The network with the highest number gives the container's default gateway (API 1.48).", "type": "int"},
    },
}

ROWS = (
    PublishedPorts(
        "published_ports",
        spec={"type": "list", "elements": "str"},
        aliases=("ports",),
        path="HostConfig.PortBindings",
        flag="--publish",
        matches=rules.bindings_equal,
        partners={
            "default_host_ip": (
                {"type": "str"},
                ("Address of the host for O(published_ports) that name none. If it is not set, the daemon's own default is used, which is all addresses.",),
                None,
            )
        },
        help=(
            (
                "Ports to publish, each as V(host:container), V(address:host:container), V(address::container) or V(container), with C(/udp) or C(/sctp) behind"
                " it where it is not TCP."
            ),
            "Ranges such as V(8000-8003:80-83) are allowed. IPv6 addresses stand in brackets.",
        ),
    ),
    Option(
        "publish_all_ports",
        spec={"type": "bool"},
        path="HostConfig.PublishAllPorts",
        flag="--publish-all",
        help=("Publish every exposed port at a free port of the host.",),
    ),
    ExposedPorts(
        "exposed_ports",
        spec={"type": "list", "elements": "str"},
        aliases=("exposed", "expose"),
        path="Config.ExposedPorts",
        flag="--expose",
        parse=convert.exposed_ports,
        from_image="ExposedPorts",
        help=("Ports that the container listens on, without publishing them.",),
    ),
    NetworkMode(
        "network_mode",
        spec={"type": "str"},
        path="HostConfig.NetworkMode",
        flag="--network",
        matches=_mode_fits,
        help=(
            "Network to create the container on: V(bridge), V(host), V(none), V(container:name), or the name of a network.",
            "With O(networks) and O(networks_cli_compatible=true), the first of them is the default.",
        ),
    ),
    Networks(
        "networks",
        spec=_NETWORK_SPEC,
        path="NetworkSettings.Networks",
        flag="--network",
        parse=_endpoints,
        matches=_endpoint_fits,
        partners={
            "networks_cli_compatible": (
                {"type": "bool", "default": True},
                ("V(true) creates the container on the first of O(networks), as docker run does. V(false) leaves it on the default network too.",),
                None,
            )
        },
        help=(
            "Networks to be on. Differences are repaired by connecting and disconnecting; the container is not replaced.",
            "The networks must exist.",
        ),
    ),
    MacAddress(
        "mac_address",
        spec={"type": "str"},
        path="Config.MacAddress",
        flag="--mac-address",
        parse=mac,
        normal=lambda value: value.lower() if value else value,
        help=("Ethernet address on the first network.",),
    ),
    MapOption(
        "links",
        spec={"type": "list", "elements": "str"},
        path="HostConfig.Links",
        flag="--link",
        parse=_links,
        read=_links_read,
        emit=lambda links: ["%s:%s" % (name, alias) for alias, name in links.items()],
        help=("Other containers to reach by name on the default network, each as V(container:alias). User-defined networks have names of their own.",),
    ),
    Option("dns_servers", spec={"type": "list", "elements": "str"}, path="HostConfig.Dns", flag="--dns", parse=_servers, help=("Name servers, in order.",)),
    MapOption(
        "dns_opts",
        spec={"type": "list", "elements": "str"},
        path="HostConfig.DnsOptions",
        flag="--dns-option",
        parse=convert.members,
        read=lambda value: {entry: True for entry in value or []},
        emit=list,
        help=("Options of the resolver, such as V(ndots:2).",),
    ),
    Option(
        "dns_search_domains",
        spec={"type": "list", "elements": "str"},
        path="HostConfig.DnsSearch",
        flag="--dns-search",
        help=("Domains to search names in, in order.",),
    ),
    MapOption(
        "etc_hosts",
        spec={"type": "dict"},
        path="HostConfig.ExtraHosts",
        flag="--add-host",
        parse=_hosts,
        read=lambda value: dict(entry.split(":", 1) for entry in value or [] if ":" in entry),
        emit=lambda hosts: ["%s:%s" % entry for entry in sorted(hosts.items())],
        help=("More lines of C(/etc/hosts): name to address. V(host-gateway) stands for the host's own address.",),
    ),
)

# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Options about the network: ports, networks, names and addresses."""

from __future__ import annotations

from typing import Any, Iterable, Mapping

from ...errors import BadOption
from ...network import endpoint
from ...option import MapOption, Option
from .. import convert, normal, rules, show


class PublishedPorts(MapOption):
    """Ports on the host. The Engine wants them exposed as well, as docker run does."""

    def desired(self, params: dict[str, Any]) -> Any:
        value = params.get(self.name)
        if value in (None, [""]):
            return None
        ip = params.get("default_host_ip")
        return convert.published_ports(self.name, value, endpoint.address("default_host_ip", ip) if ip else ip)

    def write(self, body: dict[str, Any], desired: Mapping[str, Any]) -> None:
        bindings = {
            port: [dict(entry, HostIp=entry["HostIp"] or "") for entry in entries] for port, entries in desired.items()
        }
        super().write(body, bindings)
        body.setdefault("ExposedPorts", {}).update({port: {} for port in desired})


class ExposedPorts(MapOption):
    """Ports that the container listens on; published ones count as exposed."""

    def write(self, body: dict[str, Any], desired: Mapping[str, Any]) -> None:
        body.setdefault("ExposedPorts", {}).update(desired)


class NetworkMode(Option):
    """The network that the container is created on. Of a tuple of networks the first is used, and each of them is equal."""

    def desired(self, params: dict[str, Any]) -> Any:
        value = super().desired(params)
        if value is not None or not params.get("networks") or not params.get("networks_cli_compatible"):
            return value
        return tuple(network["name"] for network in params["networks"])

    def observed(self, inspected: dict[str, Any]) -> Any:
        """The name of the network, also if the container was created with the network's id."""
        mode = super().observed(inspected)
        networks = (inspected.get("NetworkSettings") or {}).get("Networks") or {}
        return next((name for name, endpoint in networks.items() if mode and endpoint.get("NetworkID") == mode), mode)

    def write(self, body: dict[str, Any], desired: Mapping[str, Any]) -> None:
        super().write(body, _first(desired))


def _first(desired: object) -> Any:
    return desired[0] if isinstance(desired, tuple) else desired


def _mode_fits(desired: object, observed: object) -> bool:
    return observed in desired if isinstance(desired, tuple) else desired == observed


def _mode(value: object) -> Any:
    # Engine 20.10 stores "default" where newer ones store "bridge".
    return "bridge" if value in (None, "", "default") else value


def _is_default_network(task: Mapping[str, Any], name: str, endpoint: Mapping[str, Any]) -> bool:
    """Whether a new container would be on this network without networks; then the container stays on it."""
    return _mode(_first(task.get("network_mode"))) in (name, endpoint.get("NetworkID"))


class Networks(MapOption):
    """Endpoints by network. Differences are fixed by connecting and disconnecting, not by a replacement."""

    def requires(self, desired: Mapping[str, Any] | None) -> Any:
        fields = {field for entry in (desired or {}).values() for field in entry}
        return "1.48" if "GwPriority" in fields else "1.44" if "MacAddress" in fields else None

    def write(self, body: dict[str, Any], desired: Mapping[str, Any]) -> None:
        """Endpoints are written by the plan, which knows how many the API takes at create."""

    def names(self, desired: Mapping[str, Any]) -> list[str]:
        # An address that a task set looks like one that the Engine chose.
        fixed = [f"{name}/mac_address" for name, endpoint in desired.items() if endpoint.get("MacAddress")]
        return sorted([*desired, *fixed])


def _endpoints(option: str, value: Iterable[dict[str, Any]]) -> dict[str, Any]:
    endpoints: dict[str, Any] = {}
    for network in value:
        name = network["name"]
        if name in endpoints:
            raise BadOption(
                option, "must name each network once", got=name, example="networks: [{name: front}, {name: back}]"
            )
        endpoints[name] = endpoint.parse(option, network)
    return endpoints


class MacAddress(Option):
    """The address of the container's first network."""

    def observed(self, inspected: dict[str, Any]) -> Any:
        settings = inspected.get("NetworkSettings") or {}
        found = (inspected.get("Config") or {}).get("MacAddress") or settings.get("MacAddress")
        for attached in (settings.get("Networks") or {}).values():
            found = found or attached.get("MacAddress")
        return found


def _links(option: str, value: Iterable[Any]) -> dict[str, str]:
    links = {}
    for entry in value:
        # Inspection shows names with a slash.
        name, _colon, alias = str(entry).lstrip("/").partition(":")
        if not name or ":" in alias:
            raise BadOption(
                option,
                "must have the form container or container:alias",
                got=entry,
                example=f"{option}: ['db:database']",
            )
        links[alias or name] = name
    return links


def _links_read(value: Iterable[str] | None) -> dict[str, str]:
    # The Engine shows "/db:/web/database".
    pairs = [entry.split(":", 1) for entry in value or []]
    return {alias.rsplit("/", 1)[-1]: name.lstrip("/") for name, alias in pairs}


def _hosts(option: str, value: Mapping[str, Any]) -> dict[str, str]:
    hosts = {}
    for host, address in value.items():
        if not isinstance(address, str) or not address:
            raise BadOption(
                f"{option}.{host}",
                "must be an IP address",
                got=address,
                example=f"{option}: {{db.example.org: 192.0.2.10}}",
            )
        hosts[str(host)] = normal.address(address)
    return hosts


def _servers(option: str, value: Iterable[Any]) -> list[str]:
    return [endpoint.address(option, entry) for entry in value]


_NETWORK_SPEC = {
    "type": "list",
    "elements": "dict",
    "options": {
        "name": {"help": "Name of the network.", "type": "str", "required": True},
        **endpoint.FIELDS,
    },
}

ROWS = (
    PublishedPorts(
        "published_ports",
        spec={"type": "list", "elements": "raw"},
        aliases=("ports",),
        path="HostConfig.PortBindings",
        flag="--publish",
        matches=rules.bindings_equal,
        partners={
            "default_host_ip": (
                {"type": "str"},
                (
                    "Address of the host for O(published_ports) without an address. The Engine's default is all addresses.",
                ),
                None,
            )
        },
        show=show.bindings,
        help=(
            (
                "Ports to publish, each as V(host:container), V(address:host:container), V(address::container) or V(container), followed by"
                " C(/udp) or C(/sctp) if it is not TCP."
            ),
            "Ranges such as V(8000-8003:80-83) are allowed. Put IPv6 addresses in brackets, and the entry in quotes.",
        ),
    ),
    Option(
        "publish_all_ports",
        spec={"type": "bool"},
        path="HostConfig.PublishAllPorts",
        flag="--publish-all",
        help=("Publish every exposed port on a free port of the host.",),
    ),
    ExposedPorts(
        "exposed_ports",
        spec={"type": "list", "elements": "str"},
        aliases=("exposed", "expose"),
        path="Config.ExposedPorts",
        flag="--expose",
        parse=convert.exposed_ports,
        from_image="ExposedPorts",
        follows=lambda task, name, value: name in task.get("published_ports", ()),
        show=show.ports,
        help=("Ports that the container listens on, without publishing them.",),
    ),
    NetworkMode(
        "network_mode",
        spec={"type": "str"},
        path="HostConfig.NetworkMode",
        flag="--network",
        normal=_mode,
        matches=_mode_fits,
        default="bridge",
        show=_first,
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
        matches=endpoint.fits,
        recorded=endpoint.is_marked,
        follows=_is_default_network,
        partners={
            "networks_cli_compatible": (
                {"type": "bool", "default": True},
                (
                    "V(true) creates the container on the first of O(networks), as docker run does. V(false) also keeps it on the default network.",
                ),
                None,
            )
        },
        show=lambda value: {name: endpoint.shown(entry) for name, entry in value.items()},
        help=(
            "Networks to connect to. The container is connected and disconnected in place, without a replacement.",
            "The networks must exist.",
        ),
    ),
    MacAddress(
        "mac_address",
        spec={"type": "str"},
        path="Config.MacAddress",
        flag="--mac-address",
        parse=endpoint.mac,
        normal=lambda value: value.lower() if value else value,
        help=("MAC address on the first network.",),
    ),
    MapOption(
        "links",
        spec={"type": "list", "elements": "str"},
        path="HostConfig.Links",
        flag="--link",
        parse=_links,
        read=_links_read,
        emit=lambda links: [f"{name}:{alias}" for alias, name in links.items()],
        show=show.links,
        help=(
            "Other containers to reach by name on the default network, each as V(container:alias). On user-defined networks use O(networks[].aliases).",
        ),
    ),
    Option(
        "dns_servers",
        spec={"type": "list", "elements": "str"},
        path="HostConfig.Dns",
        flag="--dns",
        normal=normal.addresses,
        parse=_servers,
        help=("Name servers, in order.",),
    ),
    MapOption(
        "dns_opts",
        spec={"type": "list", "elements": "str"},
        path="HostConfig.DnsOptions",
        flag="--dns-option",
        parse=convert.members,
        read=lambda value: dict.fromkeys(value or [], True),
        emit=list,
        help=("Options of the resolver, such as V(ndots:2).",),
    ),
    Option(
        "dns_search_domains",
        spec={"type": "list", "elements": "str"},
        path="HostConfig.DnsSearch",
        flag="--dns-search",
        normal=normal.names,
        help=("Domains to search names in, in order.",),
    ),
    MapOption(
        "etc_hosts",
        spec={"type": "dict"},
        path="HostConfig.ExtraHosts",
        flag="--add-host",
        parse=_hosts,
        normal=normal.address,
        read=lambda value: dict(entry.split(":", 1) for entry in value or [] if ":" in entry),
        emit=lambda hosts: ["{}:{}".format(*entry) for entry in sorted(hosts.items())],
        help=("Additional entries of C(/etc/hosts): name to address. V(host-gateway) is the address of the host.",),
    ),
)

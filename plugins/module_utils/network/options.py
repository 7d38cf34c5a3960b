# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The options of network_create."""

from __future__ import annotations

import re
from typing import Any, Collection, Mapping

from ..errors import BadOption
from ..option import MapOption, Option, loose_pairs, pairs
from ..option_table import Control
from ..shapes import PREDEFINED_NETWORKS
from . import endpoint
from .pools import Pools


class EnableIpv4(Option):
    """Networks always have IPv4 before API 1.48, which inspection does not show there."""

    def observed(self, inspected: dict[str, Any]) -> Any:
        found = super().observed(inspected)
        return True if found is None else found

    def requires(self, desired: object) -> str | None:
        return "1.48" if desired is False else None


CONTROLS = (
    Control(
        "name",
        {"type": "str", "required": True},
        (
            "Name of the network. It is always the whole name, never the beginning of an id.",
            "The predefined networks V(bridge), V(host) and V(none) cannot be created or removed.",
        ),
        ("network_name",),
    ),
    Control(
        "state",
        {"type": "str", "choices": ["present", "absent"], "default": "present"},
        (
            "V(present): the network exists as described.",
            "V(absent): the network is removed. If containers are connected, O(force) must be set.",
        ),
    ),
    Control(
        "connected",
        {"type": "list", "elements": "str"},
        (
            "Containers to connect, by name or id. They must exist; they need not run.",
            "A container that is already connected stays as it is.",
            "Containers that are neither here nor in O(members) are disconnected, unless O(appends=true). V([]) disconnects all.",
            "If neither O(connected) nor O(members) is set, connections are not changed.",
            "Tasks of Swarm services are never disconnected.",
        ),
        ("containers",),
    ),
    Control(
        "members",
        {
            "type": "list",
            "elements": "dict",
            "options": {
                "name": {"help": "Name or id of the container.", "type": "str", "required": True},
                **endpoint.FIELDS,
            },
        },
        (
            "Containers to connect, as in O(connected), with settings of their endpoints.",
            "A container whose endpoint differs is disconnected and connected again. Settings and aliases that are not listed are kept and not compared.",
        ),
    ),
    Control(
        "appends",
        {"type": "bool", "default": False},
        ("Only connect the containers of O(connected) and O(members), and disconnect none.",),
        ("incremental",),
    ),
    Control(
        "recreate",
        {"type": "str", "choices": ["never", "when_needed", "always"], "default": "never"},
        (
            "Whether to recreate the network when it differs from the task. The Engine cannot change a network in place.",
            "With V(never) the task fails and names the differences. V(when_needed) recreates the network if it differs. V(always) always recreates it.",
            "All connected containers, stopped ones too, are connected again with the settings that their endpoints had. They are disconnected for a moment.",
            "If anything fails, the old network and all connections are restored. Before the old network is removed, the new one is created under another name"
            " to see whether the Engine accepts it.",
        ),
    ),
    Control(
        "force",
        {"type": "bool", "default": False},
        (
            "With O(state=absent), disconnect all containers and remove the network.",
            "With O(state=present), the same as O(recreate=always).",
        ),
    ),
    Control(
        "track_declared",
        {"type": "bool", "default": True},
        (
            "Keep the names of the declared options in a label of the network, C(flotilla.docker.declared), so that a later run can report what was removed"
            " from the task.",
            "A network with O(config_from) cannot have labels, so no names are stored.",
        ),
    ),
)

ROWS: tuple[Option, ...] = (
    Option(
        "driver",
        spec={"type": "str"},
        path="Driver",
        flag="--driver",
        help=(
            "Driver of the network, such as V(bridge), V(overlay), V(macvlan) or V(ipvlan).",
            "A new network gets the driver V(bridge) if this is not set. An existing network may have any driver then.",
        ),
    ),
    MapOption(
        "driver_options",
        spec={"type": "dict"},
        path="Options",
        flag="--opt",
        parse=loose_pairs,
        help=("Options of the driver. Values become strings. Options that are not listed are not compared.",),
    ),
    Option(
        "config_only",
        spec={"type": "bool"},
        path="ConfigOnly",
        flag="--config-only",
        since="1.30",
        help=("Create a network that only holds a configuration for other networks to use (O(config_from)).",),
    ),
    Option(
        "config_from",
        spec={"type": "str"},
        path="ConfigFrom.Network",
        flag="--config-from",
        since="1.30",
        help=("Network with O(config_only=true) whose configuration this network uses.",),
    ),
    EnableIpv4(
        "enable_ipv4",
        spec={"type": "bool"},
        path="EnableIPv4",
        flag="--ipv4",
        help=("Enable IPv4. V(false) needs Engine API 1.48; networks of older Engines always have IPv4.",),
    ),
    Option("enable_ipv6", spec={"type": "bool"}, path="EnableIPv6", flag="--ipv6", help=("Enable IPv6.",)),
    Option(
        "internal",
        spec={"type": "bool"},
        path="Internal",
        flag="--internal",
        help=("Restrict external access to the network.",),
    ),
    Option(
        "attachable",
        spec={"type": "bool"},
        path="Attachable",
        flag="--attachable",
        help=("Enable manual container attachment, for networks with the scope V(swarm).",),
    ),
    Option(
        "ingress",
        spec={"type": "bool"},
        path="Ingress",
        flag="--ingress",
        since="1.29",
        help=("Create the Swarm routing-mesh network.",),
    ),
    Option(
        "scope",
        spec={"type": "str", "choices": ["local", "global", "swarm"]},
        path="Scope",
        flag="--scope",
        since="1.30",
        help=("Scope of the network.",),
    ),
    MapOption(
        "labels",
        spec={"type": "dict"},
        path="Labels",
        flag="--label",
        parse=pairs,
        help=(
            "Labels of the network, as strings. The Engine cannot change the labels of a network in place.",
            "Labels that are not listed are not compared, except those that an earlier task declared.",
        ),
    ),
    Option(
        "ipam_driver",
        spec={"type": "str"},
        path="IPAM.Driver",
        flag="--ipam-driver",
        help=("IP Address Management driver.",),
    ),
    MapOption(
        "ipam_driver_options",
        spec={"type": "dict"},
        path="IPAM.Options",
        flag="--ipam-opt",
        parse=loose_pairs,
        help=("Options of the IPAM driver. Values become strings.",),
    ),
    Pools(
        "ipam_config",
        spec={
            "type": "list",
            "elements": "dict",
            "options": {
                "subnet": {"help": "Subnet in CIDR notation. Each pool needs one.", "type": "str"},
                "iprange": {"help": "Part of the subnet to take addresses of containers from.", "type": "str"},
                "gateway": {"help": "Address of the gateway in the subnet.", "type": "str"},
                "aux_addresses": {
                    "help": "Addresses in the subnet that the driver uses and containers do not get, by name.",
                    "type": "dict",
                },
            },
        },
        path="IPAM.Config",
        flag="--subnet",
        help=(
            "IP pools. Their order and the spelling of addresses do not matter.",
            "If this is not set, the Engine chooses a subnet.",
        ),
    ),
)

_PREDEFINED_DRIVERS = ("host", "null", "none")
_PER_NETWORK = ("driver_options", "enable_ipv6", "labels", "ipam_driver", "ipam_driver_options", "ipam_config")
_OPERATOR = ("internal", "attachable", "ingress", "scope", "connected", "members")


def check(params: Mapping[str, Any], predefined: Collection[str] = (), any_name: bool = True) -> None:
    """Raise BadOption for options that the Engine refuses together, and for names that it does not accept.

    ``predefined`` are networks beside Docker's. ``any_name``: a name may have spaces and other signs.
    """
    name = params["name"]
    if name in PREDEFINED_NETWORKS or name in predefined:
        raise BadOption(
            "name",
            "must not be a predefined network, which cannot be created, changed or removed; to connect a container to it, use"
            " container_run with networks or network_mode",
            got=name,
            example="name: web",
        )
    if not name.strip() or "/" in name or name in (".", "..") or any(ord(letter) < 32 for letter in name):
        raise BadOption("name", "must be a name without slashes and control characters", got=name, example="name: web")
    if params["state"] == "absent":
        return
    if not any_name and not re.match(r"^[a-zA-Z0-9][a-zA-Z0-9_.-]*$", name):
        raise BadOption(
            "name",
            "must have letters, digits, '_', '.' and '-' only, the first a letter or digit",
            got=name,
            example="name: web",
        )
    if params["driver"] in _PREDEFINED_DRIVERS:
        raise BadOption(
            "driver",
            "must be a driver of which networks can be created; use network_mode of container_run for the predefined networks host and none",
            got=params["driver"],
            example="driver: bridge",
        )
    if params["config_from"]:
        _refuse("config_from", _PER_NETWORK, params, "the configuration comes from network {config_from}")
        if params["config_only"]:
            raise BadOption("config_from", "and config_only are mutually exclusive", got=params["config_from"])
    if params["config_only"]:
        _refuse("config_only", _OPERATOR, params, "a network that only holds a configuration has none of these")


def _refuse(option: str, others: tuple[str, ...], params: Mapping[str, Any], reason: str) -> None:
    together = [other for other in others if params[other] not in (None, False, [], {})]
    if together:
        raise BadOption(
            option,
            f"cannot be used with {', '.join(together)}: {reason.format(**params)}",
            got=params[option],
            example=f"remove {together[0]}",
        )

# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Options of network_create. Written by tools/write_option_docs.py from module_utils/network; edit the rows there."""

from __future__ import annotations


class ModuleDocFragment:
    """Options of network_create."""

    DOCUMENTATION = r"""
options:
  appends:
    description:
      - "Only connect the containers of O(connected) and O(members), and disconnect none."
    type: "bool"
    default: false
    aliases: ["incremental"]
  attachable:
    description:
      - "Enable manual container attachment, for networks with the scope V(swarm)."
    type: "bool"
  config_from:
    description:
      - "Network with O(config_only=true) whose configuration this network uses."
      - "Needs Engine API 1.30."
    type: "str"
  config_only:
    description:
      - "Create a network that only holds a configuration for other networks to use (O(config_from))."
      - "Needs Engine API 1.30."
    type: "bool"
  connected:
    description:
      - "Containers to connect, by name or id. They must exist; they need not run."
      - "A container that is already connected stays as it is."
      - "Containers that are neither here nor in O(members) are disconnected, unless O(appends=true). V([]) disconnects all."
      - "If neither O(connected) nor O(members) is set, connections are not changed."
      - "Tasks of Swarm services are never disconnected."
    type: "list"
    elements: "str"
    aliases: ["containers"]
  driver:
    description:
      - "Driver of the network, such as V(bridge), V(overlay), V(macvlan) or V(ipvlan)."
      - "A new network gets the driver V(bridge) if this is not set. An existing network may have any driver then."
    type: "str"
  driver_options:
    description:
      - "Options of the driver. Values become strings. Options that are not listed are not compared."
    type: "dict"
  enable_ipv4:
    description:
      - "Enable IPv4. V(false) needs Engine API 1.48; networks of older Engines always have IPv4."
    type: "bool"
  enable_ipv6:
    description:
      - "Enable IPv6."
    type: "bool"
  force:
    description:
      - "With O(state=absent), disconnect all containers and remove the network."
      - "With O(state=present), the same as O(recreate=always)."
    type: "bool"
    default: false
  ingress:
    description:
      - "Create the Swarm routing-mesh network."
      - "Needs Engine API 1.29."
    type: "bool"
  internal:
    description:
      - "Restrict external access to the network."
    type: "bool"
  ipam_config:
    description:
      - "IP pools. Their order and the spelling of addresses do not matter."
      - "If this is not set, the Engine chooses a subnet."
    type: "list"
    elements: "dict"
    suboptions:
      subnet:
        description:
          - "Subnet in CIDR notation. Each pool needs one."
        type: "str"
      iprange:
        description:
          - "Part of the subnet to take addresses of containers from."
        type: "str"
      gateway:
        description:
          - "Address of the gateway in the subnet."
        type: "str"
      aux_addresses:
        description:
          - "Addresses in the subnet that the driver uses and containers do not get, by name."
        type: "dict"
  ipam_driver:
    description:
      - "IP Address Management driver."
    type: "str"
  ipam_driver_options:
    description:
      - "Options of the IPAM driver. Values become strings."
    type: "dict"
  labels:
    description:
      - "Labels of the network, as strings. The Engine cannot change the labels of a network in place."
      - "Labels that are not listed are not compared, except those that an earlier task declared."
    type: "dict"
  members:
    description:
      - "Containers to connect, as in O(connected), with settings of their endpoints."
      - "A container whose endpoint differs is disconnected and connected again. Settings and aliases that are not listed are kept and not compared."
    type: "list"
    elements: "dict"
    suboptions:
      name:
        description:
          - "Name or id of the container."
        type: "str"
        required: true
      aliases:
        description:
          - "Names by which other containers on the network reach the container."
        type: "list"
        elements: "str"
      links:
        description:
          - "Other containers on the network to reach by another name, each as V(container:alias)."
        type: "list"
        elements: "str"
      ipv4_address:
        description:
          - "Fixed IPv4 address. The network must have been created with a subnet."
        type: "str"
      ipv6_address:
        description:
          - "Fixed IPv6 address."
        type: "str"
      link_local_ips:
        description:
          - "Link-local addresses."
        type: "list"
        elements: "str"
      mac_address:
        description:
          - "MAC address on this network."
        type: "str"
      driver_opts:
        description:
          - "Options for the network's driver."
        type: "dict"
      gw_priority:
        description:
          - "The network with the highest number gives the container's default gateway (API 1.48)."
        type: "int"
  name:
    description:
      - "Name of the network. It is always the whole name, never the beginning of an id."
      - "The predefined networks V(bridge), V(host) and V(none) cannot be created or removed."
    type: "str"
    required: true
    aliases: ["network_name"]
  recreate:
    description:
      - "Whether to recreate the network when it differs from the task. The Engine cannot change a network in place."
      - "With V(never) the task fails and names the differences. V(when_needed) recreates the network if it differs. V(always) always recreates it."
      - "All connected containers, stopped ones too, are connected again with the settings that their endpoints had. They are disconnected for a
        moment."
      - "If anything fails, the old network and all connections are restored. Before the old network is removed, the new one is created under another
        name to see whether the Engine accepts it."
    type: "str"
    default: "never"
    choices: ["never", "when_needed", "always"]
  scope:
    description:
      - "Scope of the network."
      - "Needs Engine API 1.30."
    type: "str"
    choices: ["local", "global", "swarm"]
  state:
    description:
      - "V(present): the network exists as described."
      - "V(absent): the network is removed. If containers are connected, O(force) must be set."
    type: "str"
    default: "present"
    choices: ["present", "absent"]
  track_declared:
    description:
      - "Keep the names of the declared options in a label of the network, C(flotilla.docker.declared), so that a later run can report what was
        removed from the task."
      - "A network with O(config_from) cannot have labels, so no names are stored."
    type: "bool"
    default: true
"""

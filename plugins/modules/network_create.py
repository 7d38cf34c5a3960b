#!/usr/bin/python

# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: network_create
short_description: Create and remove networks, and connect containers
version_added: 0.1.0
description:
  - Creates and removes a network and connects containers to it, as C(docker network create), C(rm), C(connect) and C(disconnect) do.
  - The Engine cannot change a network in place. If the network differs from the task, the task fails and names the differences and the connected
    containers. With O(recreate=when_needed) the network is recreated, and all containers are connected again with the settings that their endpoints had.
  - If anything fails, the old network and all connections are restored.
  - Has every option of M(community.docker.docker_network), so a task of that module needs only another module name.
author:
  - flotilla.docker contributors (@flotilla-docker)
extends_documentation_fragment:
  - flotilla.docker.attributes
  - flotilla.docker.connection
  - flotilla.docker.network_options
attributes:
  check_mode:
    support: full
    details:
      - Reports what the Engine would refuse, as far as the Engine API shows it. Some refusals are found only when the Engine creates the network.
  diff_mode:
    support: full
  idempotent:
    support: partial
    details:
      - With O(recreate=always), or O(force=true) and O(state=present), the network is recreated each time.
notes:
  - A run that has nothing to change sends three requests, and one more for each container whose endpoint settings are in O(members).
  - A MAC address that was chosen when a container was created cannot be restored by Engines with API 1.44 to 1.53, so a network with such a
    container is not recreated.
    API 1.48 and newer show the address only if it starts with C(02:42) or is globally unique, or if this is the container's main network.
seealso:
  - module: flotilla.docker.container_run
  - module: flotilla.docker.volume_create
"""

EXAMPLES = r"""
- name: Create a network
  flotilla.docker.network_create:
    name: back

- name: Create a network with a subnet and IPv6
  flotilla.docker.network_create:
    name: front
    enable_ipv6: true
    ipam_config:
      - subnet: 172.20.0.0/16
        gateway: 172.20.0.1
      - subnet: "2001:db8:1::/64"

- name: Change the MTU, and keep all containers connected
  flotilla.docker.network_create:
    name: back
    driver_options:
      com.docker.network.driver.mtu: 1400
    recreate: when_needed

- name: Connect two containers, one of them with an alias and a fixed address, and disconnect all others
  flotilla.docker.network_create:
    name: front
    connected: [web]
    members:
      - name: db
        aliases: [database]
        ipv4_address: 172.20.0.10

- name: Connect one more container
  flotilla.docker.network_create:
    name: front
    connected: [cache]
    appends: true

- name: Remove the network
  flotilla.docker.network_create:
    name: front
    state: absent
"""

RETURN = r"""
network:
  description:
    - The network as the Engine's inspection shows it; V(null) if there is none. Driver options whose names look secret are masked.
    - In check mode, the network as it is now.
  returned: always
  type: dict
  sample: {"Name": "front", "Driver": "bridge", "IPAM": {"Config": [{"Subnet": "172.20.0.0/16"}]}}
actions:
  description: What was done, or in check mode would be done, in order.
  returned: always
  type: list
  elements: str
  sample: ["create network front", "connect container web to network front"]
differences:
  description: How the network differs from the task.
  returned: on a failure because of O(recreate=never)
  type: list
  elements: str
  sample: ["internal is false, must be true"]
members:
  description: Containers that are connected, including stopped ones.
  returned: on a failure because of O(recreate=never), or because O(force) is not set
  type: list
  elements: str
  sample: ["db", "web"]
failed_step:
  description: The step that failed.
  returned: on a failure after the first step
  type: str
  sample: create network front
undone:
  description: Steps that were rolled back after a failure.
  returned: on a failure after the first step
  type: list
  elements: str
  sample: ["remove network front", "disconnect container web from network front"]
not_undone:
  description: Steps that could not be rolled back, with the reason.
  returned: on a failure after the first step
  type: list
  elements: str
  sample: []
"""

from typing import TYPE_CHECKING, Any, Mapping

from ansible_collections.flotilla.docker.plugins.module_utils import runner
from ansible_collections.flotilla.docker.plugins.module_utils.network import options, plan, result
from ansible_collections.flotilla.docker.plugins.module_utils.object_options import mask_params
from ansible_collections.flotilla.docker.plugins.module_utils.option_table import argument_spec

if TYPE_CHECKING:
    from ansible_collections.flotilla.docker.plugins.module_utils.engine.engine import Engine


def report(engine: Engine, params: Mapping[str, Any], decided: plan.Decided) -> dict[str, Any]:
    """The network as it is now."""
    found = decided.network or engine.networks.find(params["name"])
    exact = found if found and found["Name"] == params["name"] else None
    return {"network": result.network(exact), "warnings": list(decided.warnings)}


def main() -> None:
    """Run the module."""
    runner.run(
        plan.decide,
        report,
        argument_spec=argument_spec(options.CONTROLS + options.ROWS),
        mask=mask_params,
        current_state=result.current_state,
    )


if __name__ == "__main__":
    main()

# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The network of a fleet, with addresses that stay the same when a host is restarted."""

from __future__ import annotations

import ipaddress
import time

from docker.errors import APIError
from docker.types import IPAMConfig, IPAMPool

from fleet.report import FleetError, say

FIRST_HOST = 10


def create(client, name, labels):
    """Create a network with the subnet that the Engine chose for a first one: fixed addresses need a subnet in the create request."""
    for _attempt in range(5):
        proposal = client.networks.create(name, labels=labels)
        proposal.reload()
        subnet = proposal.attrs["IPAM"]["Config"][0]["Subnet"]
        proposal.remove()
        try:
            return client.networks.create(
                name, labels=labels, ipam=IPAMConfig(pool_configs=[IPAMPool(subnet=subnet)])
            ), Addresses(subnet)
        except APIError as error:
            if "overlaps" not in str(error):
                raise
    raise FleetError("no free subnet: other networks were created at the same time, in five attempts; try again")


class Addresses:
    """The addresses: the hub has the second, after the gateway; hosts follow by their position."""

    def __init__(self, subnet):
        self._network = ipaddress.ip_network(subnet)

    @property
    def hub(self):
        return str(self._network[2])

    def host(self, position):
        if FIRST_HOST + position >= self._network.num_addresses - 1:
            raise FleetError(
                f"the network {self._network} has room for {self._network.num_addresses - FIRST_HOST - 1} hosts only"
            )
        return str(self._network[FIRST_HOST + position])


def remove(network):
    """Remove the network. Containers that were just killed may still be connected."""
    for _attempt in range(20):
        try:
            network.remove()
            return
        except APIError as error:
            if error.status_code == 404:
                return
            last = error
            time.sleep(0.25)
    say(f"network {network.name} was not removed: {last.explanation}. A restart of this machine's Engine frees it.")

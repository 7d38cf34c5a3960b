# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pools: what is the same, and what is tried while a subnet is in use."""

from __future__ import annotations

import ipaddress
import re

import pytest
from ansible_collections.flotilla.docker.plugins.module_utils.network import pools, recreate


@pytest.mark.parametrize(
    "desired, observed, same",
    [
        ({}, {"gateway": "10.0.0.1"}, True),
        ({"gateway": "2001:DB8::1"}, {"gateway": "2001:db8:0::1"}, True),
        ({"gateway": "10.0.0.2"}, {"gateway": "10.0.0.1"}, False),
        ({"iprange": "10.0.0.0/25"}, {}, False),
        ({"aux_addresses": {"a": "10.0.0.5"}}, {"aux_addresses": {"a": "10.0.0.5"}}, True),
        ({"aux_addresses": {"a": "10.0.0.5"}}, {}, False),
        ({}, None, False),
    ],
)
def test_pools_are_the_same_when_all_that_is_set_agrees(desired, observed, same):
    assert pools.same_pool(desired, observed) is same


def test_moved_pool_keeps_the_places_of_its_addresses():
    moved = pools.moved(
        {
            "Subnet": "10.1.0.0/24",
            "Gateway": "10.1.0.7",
            "IPRange": "10.1.0.128/25",
            "AuxiliaryAddresses": {"a": "10.1.0.9"},
        }
    )
    subnet = ipaddress.ip_network(moved["Subnet"])
    assert subnet.subnet_of(ipaddress.ip_network("198.18.0.0/15"))
    assert ipaddress.ip_address(moved["Gateway"]) == subnet[7]
    assert moved["IPRange"] == f"{subnet[128]}/25"
    assert moved["AuxiliaryAddresses"] == {"a": str(subnet[9])}


def test_pool_that_is_too_big_cannot_be_moved():
    assert pools.moved({"Subnet": "10.0.0.0/8"}) is None


def test_probe_has_no_values_that_conflict_with_the_old_network():
    name = "com.docker.network.bridge.name"
    body = {
        "Name": "front",
        "EnableIPv6": True,
        "Labels": {"a": "b"},
        "Options": {name: "br1", "mtu": "1400"},
        "IPAM": {"Config": [{"Subnet": "10.0.0.0/24"}, {"Subnet": "10.9.0.0/24"}, {"Subnet": "2001:db8::/32"}]},
    }
    old = {"Options": {name: "br1"}, "IPAM": {"Config": [{"Subnet": "10.0.0.0/24"}, {"Subnet": "2001:db8::/32"}]}}
    probe = recreate.probe_body(old, body)
    assert probe["Name"] == "front.flotilla-probe"
    assert probe["Options"] == {"mtu": "1400"}
    assert [pool["Subnet"] for pool in probe["IPAM"]["Config"]][1:] == ["10.9.0.0/24"]
    assert probe["IPAM"]["Config"][0]["Subnet"].startswith("198.1")
    assert not probe["EnableIPv6"]


def test_probe_in_a_swarm_has_a_name_that_a_swarm_takes():
    network = {"Name": "n" * 63, "IPAM": {}}
    name = recreate.probe_body(network, {"Name": "n" * 63, "Driver": "overlay"})["Name"]
    assert re.fullmatch("[a-z0-9-]{1,63}", name)

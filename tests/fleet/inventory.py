# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes the description of a fleet: the inventory for Ansible, fleet.json for tests."""

from __future__ import annotations

import json
import shlex

import yaml

from fleet import hub
from fleet.hosts import insecure_registries

HEADER = "# Written by tests/fleet; gone with the fleet.\n"


def write(state, hosts, containers, addresses, hub_container, user):
    described = [
        _describe(state, host, container, addresses.host(position))
        for position, (host, container) in enumerate(zip(hosts, containers))
    ]
    inventory = _inventory(state, described, addresses.hub, user)
    description = _description(state, described, hub.describe(state, hub_container, addresses.hub), user)
    state.inventory.write_text(HEADER + yaml.safe_dump(inventory, sort_keys=False), encoding="utf-8")
    state.description.write_text(json.dumps(description, indent=2) + "\n", encoding="utf-8")
    return described


def _describe(state, host, container, address):
    return {
        "name": host.name,
        "address": address,
        "container": container.name,
        "release": host.release.name,
        "engine_version": host.engine_version,
        "traits": sorted(host.traits),
        "socket": f"unix://{state.socket(host.name)}" if host.has_engine else None,
    }


def _inventory(state, described, hub_address, user):
    hosts = {
        host["name"]: {
            "ansible_host": host["address"],
            "fleet_release": host["release"],
            "fleet_engine_version": host["engine_version"],
        }
        for host in described
    }
    variables = {
        "ansible_user": user,
        "ansible_become": user != "root",
        "ansible_ssh_private_key_file": str(state.key),
        "ansible_ssh_args": shlex.join(state.ssh_options),
        "ansible_ssh_pipelining": True,
        "ansible_python_interpreter": "/usr/bin/python3",
        "docker_engine_registry_mirrors": [f"http://{hub_address}:5000"],
        "docker_engine_insecure_registries": insecure_registries(hub_address),
        "registry_cache_upstream": f"http://{hub_address}:5000",
    }
    return {"fleet": {"hosts": hosts, "vars": variables}}


def _description(state, described, hub_description, user):
    return {
        "name": state.name,
        "state_dir": str(state.path),
        "inventory": str(state.inventory),
        "key": str(state.key),
        "user": user,
        "ca": str(state.ca),
        "hosts": {host["name"]: {key: value for key, value in host.items() if key != "name"} for host in described},
        "hub": hub_description,
    }

# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Parameters of network_create as Ansible makes them, and runs of it on an Engine in memory."""

from __future__ import annotations

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible_collections.flotilla.docker.plugins.module_utils.arguments import CONNECTION
from ansible_collections.flotilla.docker.plugins.module_utils.ledger import Ledger
from ansible_collections.flotilla.docker.plugins.module_utils.network import options, plan
from ansible_collections.flotilla.docker.plugins.module_utils.option_table import argument_spec

from ..in_memory.engine import Engine as InMemory

SPEC = dict(CONNECTION, **argument_spec(options.CONTROLS + options.ROWS))


def params(**given):
    """The module's parameters as Ansible passes them."""
    result = ArgumentSpecValidator(SPEC).validate(dict({"name": "front"}, **given))
    assert not result.error_messages, result.error_messages
    return result.validated_parameters


class Engine(InMemory):
    """An Engine without networks."""

    def __init__(self, api="1.51"):
        super().__init__(api=api, networks=(), address="unix:///var/run/docker.sock")

    def run(self, check=False, **task):
        """The actions of one run."""
        ledger = Ledger()
        try:
            ledger.perform(plan.decide(self, params(**task)), self, check)
        finally:
            self.ledger = ledger
        return ledger.actions

    def container(self, name, network=None, running=True, **endpoint):
        """Add a container."""
        networks = {}
        if network:
            identity = self.networks.known[network]["Id"]
            networks[network] = dict(endpoint, NetworkID=identity, EndpointID="e" if running else "")
        self.containers.add(name, running, networks, network or "bridge")

    def endpoint(self, name, network="front"):
        return self.containers.stored(name)["NetworkSettings"]["Networks"].get(network)

# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs of volume_create on an Engine in memory."""

from __future__ import annotations

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible_collections.flotilla.docker.plugins.module_utils import option_table
from ansible_collections.flotilla.docker.plugins.module_utils.arguments import CONNECTION
from ansible_collections.flotilla.docker.plugins.module_utils.ledger import Ledger
from ansible_collections.flotilla.docker.plugins.module_utils.volume import options, plan

from ..in_memory.engine import Engine as InMemory

SPEC = dict(CONNECTION, **option_table.argument_spec(options.CONTROLS + options.ROWS))


class Engine(InMemory):
    """An Engine in memory that runs volume_create."""

    def run(self, check=False, **task):
        validated = ArgumentSpecValidator(SPEC).validate(dict({"name": "data"}, **task))
        assert not validated.error_messages, validated.error_messages
        ledger = Ledger()
        ledger.perform(plan.decide(self, validated.validated_parameters), self, check)
        return ledger.actions

# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Parameters of container_run as Ansible makes them, and runs of it on an Engine in memory."""

from __future__ import annotations

from typing import Any

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible_collections.flotilla.docker.plugins.module_utils.arguments import CONNECTION
from ansible_collections.flotilla.docker.plugins.module_utils.container import plan, table
from ansible_collections.flotilla.docker.plugins.module_utils.errors import ApiError
from ansible_collections.flotilla.docker.plugins.module_utils.ledger import Ledger

from ..in_memory.engine import Engine

_SPEC = dict(CONNECTION, **table.argument_spec())


def params(**given: Any) -> Any:
    """The module's parameters as Ansible passes them, for a task with these options."""
    result = ArgumentSpecValidator(_SPEC).validate(dict({"name": "web", "image": "busybox"}, **given))
    assert not result.error_messages, result.error_messages
    return result.validated_parameters


def device(host: str, inside: str, permissions: str) -> Any:
    """A device in the form of the API."""
    return {"PathOnHost": host, "PathInContainer": inside, "CgroupPermissions": permissions}


def refused(verb: str) -> ApiError:
    """The answer of a real Engine to an impossible request."""
    return ApiError(f"{verb} container web", 500, "it does not work")


def run(engine: Engine, check: bool = False, **given: Any) -> Ledger:
    """One run of container_run; its ledger has the actions. Containers are not watched after a start."""
    ledger = Ledger()
    ledger.perform(plan.decide(engine, params(**dict({"grace": 0.0}, **given))), engine, check)
    return ledger

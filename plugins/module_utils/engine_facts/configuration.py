# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Finds out whether docker_daemon_config has something to do, so that the role docker_engine runs that module only then."""

from __future__ import annotations

from typing import Any, Mapping

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ..arguments import CONNECTION
from ..daemon_config import arguments, plan, result
from ..daemon_config.host import DaemonHost
from ..daemon_config.steps import WriteRecord
from ..engine.connection import connect
from ..errors import FlotillaError


def if_unchanged(options: Mapping[str, Any]) -> dict[str, Any] | None:
    """What docker_daemon_config would return with these options and O(status), if it has nothing to do and the daemon answers.

    None if it would change something, and also if it would fail, because it reports that better itself.
    """
    checked = ArgumentSpecValidator({**CONNECTION, **arguments.SPEC}).validate(dict(options, status=True))
    if checked.error_messages:
        return None
    params = checked.validated_parameters
    try:
        host = DaemonHost(params, connect)
        done = _decided_without_change(host, params)
        found = result.of(host, params, done) if done else {}
    except FlotillaError:
        return None
    return found if (found.get("status") or {}).get("reachable") else None


def _decided_without_change(host: DaemonHost, params: Mapping[str, Any]) -> plan.Done | None:
    """What the plan decides, or None if one of its steps would change something."""
    steps = plan.decide(host, params)
    try:
        step = next(steps)
        while True:
            outcome = step.predict(host)
            if outcome.changed or (isinstance(step, WriteRecord) and step.record != host.record):
                return None
            step = steps.send(outcome)
    except StopIteration as end:
        done: plan.Done = end.value
        return done
    finally:
        steps.close()

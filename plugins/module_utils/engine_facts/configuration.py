# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Finds out whether docker_daemon_config has something to do, so that the role docker_engine runs that module only then."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any, Mapping

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ..arguments import CONNECTION
from ..daemon_config import arguments, plan, result
from ..daemon_config.host import SERVICE, DaemonHost
from ..daemon_config.steps import WriteRecord
from ..engine.connection import connect
from ..errors import FlotillaError
from ..host import dockerd, programs, systemd
from ..ledger import Ledger

if TYPE_CHECKING:
    from ..daemon_config.validation import Draft


def if_unchanged(options: Mapping[str, Any]) -> dict[str, Any] | None:
    """What docker_daemon_config would return with these options and O(status), if it has nothing to do and the daemon answers.

    None if it would change something, and also if it would fail, because it reports that better itself.
    """
    checked = ArgumentSpecValidator({**CONNECTION, **arguments.SPEC}).validate(dict(options, status=True))
    if checked.error_messages:
        return None
    params = checked.validated_parameters
    try:
        host = _RunningHost(params, connect)
        done = _decided_without_change(host, params)
        found = result.of(host, params, done) if done else {}
    except FlotillaError:
        return None
    return found if (found.get("status") or {}).get("reachable") else None


class _RunningHost(DaemonHost):
    """The host while nothing changes it: its units are read once, and dockerd need not validate the configuration that it has loaded."""

    @functools.cached_property
    def _units(self) -> dict[str, dict[str, Any]]:
        return super().units()

    def units(self) -> dict[str, dict[str, Any]]:
        return self._units

    def require_valid(self, draft: Draft) -> None:
        if not self._has_loaded(draft):
            super().require_valid(draft)

    def _has_loaded(self, draft: Draft) -> bool:
        """Whether the daemon was started with these flags and after daemon.json was written."""
        daemon = self.units()[SERVICE]
        started, modified = systemd.seconds(daemon["started_at"]), dockerd.read_configuration(self.path)["modified"]
        # Packages name dockerd with and without its folder.
        same_flags = programs.words_of(daemon["main_pid"])[1:] == [*draft.command[1:], *draft.flags]
        return same_flags and started is not None and (modified is None or modified <= started)


def _decided_without_change(host: DaemonHost, params: Mapping[str, Any]) -> plan.Done | None:
    """What the plan decides, or None if one of its steps would change something."""
    ledger = Ledger()
    done: plan.Done = ledger.perform(plan.decide(host, params), host, check_mode=True)
    # A record is never reported as a change.
    recorded = all(step.record == host.record for step in ledger.steps if isinstance(step, WriteRecord))
    return done if recorded and not ledger.changed else None

# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Decides how to remove the rootless Engine of a user. Files that this module did not write are kept, and so is the data unless remove_data is set."""

from __future__ import annotations

import os
from typing import Any, Generator, Mapping

from ..daemon_config import daemon_json, plan
from ..daemon_config.change import read_options
from ..daemon_config.host import SERVICE
from ..daemon_config.steps import LoadUnits, WriteFile
from ..step import Outcome, Step
from .host import UserHost, record_path
from .steps import Linger, RemoveData, RemoveRecord, StopForGood

Steps = Generator[Step[Any], Outcome, plan.Done]


def decide(host: UserHost, params: Mapping[str, Any]) -> Steps:
    """The steps. The Engine is stopped first, so that after a failure the files to start it again still exist."""
    observed = read_options(host, merge=True)
    asked = host.record.everything()
    desired = daemon_json.merge(observed, {}, asked.options, {})
    data = observed.get("data-root", host.data_root)
    awake = os.path.isdir(host.account.runtime)
    stopped = yield StopForGood()
    # systemctl cannot disable units of a user whose systemd does not run.
    enabled = [] if awake else [os.path.join(os.path.dirname(host.unit_path), "default.target.wants", SERVICE)]
    ours = [path for path in (*enabled, host.unit_path, host.service_drop_in) if host.wrote(path)]
    for path in ours:
        yield WriteFile(path, None)
    if ours and awake:
        yield LoadUnits()
    keys = daemon_json.changed_keys(observed, desired)
    if keys:
        yield WriteFile(host.path, daemon_json.text_of(desired))
    for path in host.backups():
        yield WriteFile(path, None)
    for path in asked.registry_cas:
        if host.read_text(path) is not None:
            yield WriteFile(path, None)
    if params["remove_data"]:
        yield RemoveData(data)
    if host.record.lingered:
        yield Linger(host.account.name, on=False)
    yield RemoveRecord(host.record_path)
    return plan.Done(desired, keys, None, "stop" if stopped.changed else "none", [], "")


def remove_record(name: str) -> Steps:
    """Remove the record of a user who no longer exists on the host."""
    yield RemoveRecord(record_path(name))
    return plan.Done({}, [], None, "none", [], "")

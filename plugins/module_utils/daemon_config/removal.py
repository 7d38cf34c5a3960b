# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Decides how the rootless Engine of a user goes. What others wrote stays, and so do its data unless they are to go too."""

from __future__ import annotations

import os
from typing import Any, Generator, Mapping

from ..step import Outcome, Step
from . import document, files, plan, registries, unit_text
from .change import present_document
from .host import SERVICE
from .steps import LoadUnits, WriteFile
from .user_host import UserHost, memory_path
from .user_steps import Forget, Linger, RemoveData, StopForGood


def decide(host: UserHost, params: Mapping[str, Any]) -> Generator[Step, Outcome, plan.Done]:
    """The Engine stops first, so that a failure leaves the files that would start it again."""
    present = present_document(host, merge=True)
    desired = document.merge(present, {}, host.memory.get("options", {}))
    data = present.get("data-root", host.data_root)
    awake = os.path.isdir(host.account.runtime)
    stopped = yield StopForGood()
    # systemctl cannot disable what it does not run.
    enabled = [] if awake else [os.path.join(os.path.dirname(host.unit_path), "default.target.wants", SERVICE)]
    ours = [path for path in (*enabled, host.unit_path, host.service_drop_in) if _is_ours(host, path)]
    for path in ours:
        yield WriteFile(path, None)
    if ours and awake:
        yield LoadUnits()
    keys = document.changed_keys(present, desired)
    if keys:
        yield WriteFile(host.path, plan.text_of(desired))
    with host.acting():
        authorities = registries.changes({}, host.memory.get("authorities", ()))
    for path in authorities:
        yield WriteFile(path, None)
    if params["remove_data"]:
        yield RemoveData(data)
    if host.memory.get("lingered"):
        yield Linger(host.account.name, on=False)
    yield Forget(host.memory_path)
    return plan.Done(desired, keys, None, "stop" if stopped.changed else "none", [], "")


def forget(name: str) -> Generator[Step, Outcome, plan.Done]:
    """A user who is no longer on the host has taken the Engine along."""
    yield Forget(memory_path(name))
    return plan.Done({}, [], None, "none", [], "")


def _is_ours(host: UserHost, path: str) -> bool:
    with host.acting():
        return (files.read_text(path) or "").startswith(unit_text.HEAD)

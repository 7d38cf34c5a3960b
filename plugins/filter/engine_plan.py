# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Decides what the role docker_engine does on a host."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.flotilla.docker.plugins.plugin_utils.engine_plan import plan, settings


def engine_plan(facts: Mapping[str, Any], variables: Mapping[str, Any], families: Mapping[str, Any]) -> dict[str, Any]:
    """The plan."""
    return plan.decide(facts, settings.read(variables), families)


class FilterModule:
    """The filter as Ansible finds it."""

    def filters(self) -> dict[str, Any]:
        return {"engine_plan": engine_plan}

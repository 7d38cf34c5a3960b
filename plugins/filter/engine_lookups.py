# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Names the packages and files that docker_engine_facts looks up for the role docker_engine."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ansible_collections.flotilla.docker.plugins.plugin_utils.engine_plan import packages


def engine_lookups(
    families: Mapping[str, Any], extra_packages: Sequence[str] = (), rootless_users: Sequence[str] = ()
) -> dict[str, list[str]]:
    """Its options packages, candidates and files."""
    return packages.lookups(families, extra_packages, rootless=bool(rootless_users))


class FilterModule:
    """The filter as Ansible finds it."""

    def filters(self) -> dict[str, Any]:
        return {"engine_lookups": engine_lookups}

# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Compares what a module returned with its RETURN documentation, nested keys too. Every run of a module in these tests is compared."""

from __future__ import annotations

from functools import lru_cache
from importlib import import_module

import yaml

# Return values of Ansible, which the sanity tests do not allow to document.
COMMON = {"changed", "diff", "warnings", "deprecations", "invocation", "failed", "ansible_facts", "rc"}
ALWAYS = ("always", "success")


def compare(module, result):
    """Paths that are returned and not documented, and paths that are documented as always returned and are not there."""
    return sorted(
        _undocumented(_documented(module), {k: v for k, v in result.items() if k not in COMMON}, "")
    ) + sorted(
        f"{name} is missing"
        for name, described in _documented(module).items()
        if described["returned"].split(",")[0] in ALWAYS and name not in result
    )


@lru_cache(maxsize=None)
def _documented(module):
    return yaml.safe_load(import_module(f"ansible_collections.flotilla.docker.plugins.modules.{module}").RETURN)


def _undocumented(described, value, path):
    """A described dictionary without "contains" may hold anything, and any may hold fields of the Engine, whose names begin with a capital."""
    if isinstance(value, list):
        for entry in value:
            yield from _undocumented(described, entry, path)
    elif isinstance(value, dict) and described:
        for key, inner in value.items():
            if key[:1].isupper():
                continue
            if key not in described:
                yield f"{path}{key} is not documented"
            else:
                yield from _undocumented(described[key].get("contains"), inner, f"{path}{key}.")

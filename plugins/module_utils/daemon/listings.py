# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Listings of what a daemon has: options, and results as short as those of docker ls commands."""

from __future__ import annotations

from typing import Any, Dict, List

# option, and the keys that its result has without verbose_output
HEADERS = {
    "containers": ("Id", "Image", "Command", "Created", "Status", "Ports", "Names"),
    "images": ("Id", "RepoTags", "Created", "Size"),
    "networks": ("Id", "Driver", "Name", "Scope"),
    "volumes": ("Driver", "Name"),
}


def argument_spec() -> Dict[str, Any]:
    """An option and a filter for each listing, named as in docker_host_info."""
    spec: Dict[str, Any] = {name: {"type": "bool", "default": False} for name in (*HEADERS, "containers_all", "disk_usage", "verbose_output")}
    spec.update({name + "_filters": {"type": "dict"} for name in HEADERS})
    return spec


def parse_filters(filters: Any) -> Dict[str, List[str]]:
    """Filters as the Engine API wants them: a list of texts each."""
    return {key: [_text(value) for value in (values if isinstance(values, list) else [values])] for key, values in (filters or {}).items()}


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def shorten(name: str, entries: List[Dict[str, Any]], verbose: bool) -> List[Dict[str, Any]]:
    """The entries, with all that the Engine API says of them or only the keys of a listing."""
    return entries if verbose else [{key: entry.get(key) for key in HEADERS[name]} for entry in entries]

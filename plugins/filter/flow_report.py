# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Builds the report of the role flow from the results of its tasks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ansible.errors import AnsibleFilterError

LAYER_KEYS = ("index", "diff_id", "chain_id", "size", "created_by", "path")

Result = Mapping[str, Any]


def flow_report(variables: Mapping[str, Result], hosts: Iterable[str]) -> dict[str, dict[str, Any]]:
    """The report of each host. A part that did not run, was skipped or failed leaves its values empty."""
    if not isinstance(variables, Mapping):
        raise AnsibleFilterError(f"the input of flow_report must be hostvars (got a {type(variables).__name__})")
    return {host: _of_host(variables[host]) for host in hosts}


def _of_host(variables: Result) -> dict[str, Any]:
    pulled = _first(_registered(variables, "_flow_pull"), "images")
    before = _registered(variables, "_flow_before")
    # No second list was made where the pull changed nothing.
    after = _registered(variables, "_flow_after", "_flow_before")
    return {
        "daemon": _daemon(_registered(variables, "docker_engine_status", "_flow_status")),
        "search": _search(_registered(variables, "_flow_search")),
        "images_before": _references(before),
        "images_after": _references(after),
        "pull": {key: pulled.get(key) for key in ("reference", "id", "digest", "layer_count")}
        | {"changed": bool(pulled.get("changed"))},
        "layers": _layers(variables),
        "added_directories": sorted(set(after.get("directories") or ()) - set(before.get("directories") or ())),
        "container": _container(_registered(variables, "_flow_container"), _registered(variables, "_flow_page")),
    }


def _registered(variables: Result, *names: str) -> Result:
    """The first of these results that a task returned; a skipped task returned none."""
    for name in names:
        result = variables.get(name)
        if isinstance(result, Mapping) and not result.get("skipped"):
            return result
    return {}


def _daemon(status: Result) -> dict[str, Any]:
    server, storage = status.get("server") or {}, status.get("storage") or {}
    return {
        "active": bool(status.get("active")),
        "server_version": server.get("version"),
        "api_version": server.get("api_version"),
        "storage_driver": storage.get("driver"),
        "data_root": status.get("data_root"),
        # None where a daemon answers, or where its status was not read.
        "problem": status.get("cause") if status.get("reachable") is False else None,
    }


def _search(found: Result) -> dict[str, Any]:
    results = found.get("results") or ()
    return {"count": found.get("count"), "official": [one["name"] for one in results if one["is_official"]]}


def _references(listed: Result) -> list[str]:
    return sorted(reference for image in listed.get("images") or () for reference in image["references"])


def _layers(variables: Result) -> list[dict[str, Any]]:
    if variables.get("_flow_layers") is None:
        return []
    # This part of the flow is skipped where the pull has returned the layers.
    read = _registered(variables, "_flow_layers", "_flow_pull")
    return [{key: layer.get(key) for key in LAYER_KEYS} for layer in _first(read, "images").get("layers") or ()]


def _container(ran: Result, page: Result) -> dict[str, Any]:
    container = ran.get("container") or {}
    return {
        "name": container.get("Name", "").lstrip("/") or None,
        "id": container.get("Id"),
        "status": (container.get("State") or {}).get("Status"),
        "ports": (container.get("NetworkSettings") or {}).get("Ports") or {},
        "http_status": page.get("status"),
    }


def _first(result: Result, key: str) -> Result:
    return next(iter(result.get(key) or ()), {})


class FilterModule:
    """The filter as Ansible finds it."""

    def filters(self) -> dict[str, Any]:
        return {"flow_report": flow_report}

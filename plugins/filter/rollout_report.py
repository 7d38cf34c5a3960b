# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Builds the report of a rollout from the results that the role rollout stored for each host."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ansible.errors import AnsibleFilterError

UNREACHABLE = {"outcome": "failed", "problem": "The host is unreachable."}
# Actions after which a container has the requested image.
NEW = ("create", "replace")

Values = Mapping[str, Any]


def rollout_report(variables: Mapping[str, Values], hosts: Iterable[str], planned: bool = False) -> dict[str, Any]:
    """The report of each host, or its plan."""
    if not isinstance(variables, Mapping):
        raise AnsibleFilterError(f"the input of rollout_report must be hostvars (got a {type(variables).__name__})")
    return {host: _of_host(variables[host], planned) for host in hosts}


def _of_host(variables: Values, planned: bool) -> dict[str, Any]:
    plan = variables.get("_rollout_plan") or {}
    result = {"outcome": "planned"} if planned else variables.get("rollout_result") or UNREACHABLE
    return {
        "outcome": result["outcome"],
        "problem": result.get("problem") or "",
        "members": list(_lines(plan, result)),
    }


def _lines(plan: Values, result: Values) -> Iterable[dict[str, Any]]:
    before = {member["name"]: member for member in plan.get("members") or ()}
    after = {member["name"]: member for member in result.get("members") or ()}
    for name in dict.fromkeys([*before, *after]):
        old, new = before.get(name) or {}, after.get(name)
        source = old.get("container")
        if result["outcome"] == "planned":
            target, outcome = _planned(old, plan.get("images") or {}), old["action"]
        elif new is None:
            target, outcome = source, result["outcome"]
        else:
            target, outcome = _done(old, new, bool(result.get("back")))
        yield {
            "name": name,
            **_image("from", source, plan.get("names") or {}),
            **_image("to", target, plan.get("names") or {}),
            "seconds": (new or {}).get("seconds") or 0,
            "outcome": outcome,
        }


def _planned(member: Values, images: Values) -> Any:
    """The planned state of a container."""
    if member["action"] == "remove":
        return None
    return {"image": images.get(member["entry"])} if member["action"] in NEW else member.get("container")


def _done(old: Values, new: Values, back: bool) -> tuple[Any, str]:
    """The state of a container, and what was done."""
    if new.get("failure"):
        return (old.get("container") if back else new.get("container")), "failed"
    if new.get("rolled_back"):
        return new.get("container"), "rolled back"
    if back and new["action"] not in ("none", "skip"):
        return old.get("container"), "rolled back"
    return new.get("container"), new["action"]


def _image(key: str, container: Any, names: Values) -> dict[str, Any]:
    """Reference and id of the image of a container. A rollback names images by ids, so the name comes from the record."""
    container = container or {}
    reference = container.get("image")
    return {key: names.get(reference) or reference, f"{key}_id": container.get("image_id")}


class FilterModule:
    """The filter as Ansible finds it."""

    def filters(self) -> dict[str, Any]:
        return {"rollout_report": rollout_report}

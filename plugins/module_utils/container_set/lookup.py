# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Finds the containers of a set: one list of all containers, and one inspection for each member."""

from __future__ import annotations

from typing import Any, Iterable, Mapping, NamedTuple

from ..container import lookup
from ..errors import BadOption
from ..shapes import container_name
from .members import LABEL, Member
from .run import side_by_side
from .shared_engine import SharedEngine


class Existing(NamedTuple):
    """``found`` has an entry for each wanted member. ``orphans`` are members of this set that are not wanted, inspected, by name.

    ``leftovers`` are ids of new containers that an interrupted run created and did not use, by the name of their member.
    """

    found: Mapping[str, lookup.Found]
    orphans: Mapping[str, lookup.Found]
    leftovers: Mapping[str, str]


def find(shared: SharedEngine, set_name: str, members: Iterable[Member]) -> Existing:
    """Find the members of a set, and containers that an interrupted run left."""
    listed = {container_name(entry): entry for entry in shared.containers.list()}
    wanted = {member.name for member in members}
    _refuse_foreign(set_name, wanted, listed)
    labelled = {name for name, entry in listed.items() if (entry.get("Labels") or {}).get(LABEL) == set_name}
    suffixes = (lookup.SUFFIX, lookup.SUCCESSOR_SUFFIX)
    left_behind = {name for name in labelled if name.endswith(suffixes)}
    owners = {name[: -len(suffix)] for name in left_behind for suffix in suffixes if name.endswith(suffix)}
    orphans = sorted(((labelled - left_behind) | owners) - wanted)
    found: dict[str, lookup.Found] = {}

    def inspect(name: str) -> None:
        found[name] = _found(shared, listed.get(name), listed.get(lookup.backup_name(name)))

    side_by_side(inspect, sorted(wanted) + orphans, shared.parallel)
    return Existing(
        {name: found[name] for name in wanted},
        {name: found[name] for name in orphans},
        {
            name: listed[lookup.successor_name(name)]["Id"]
            for name in wanted | owners
            if lookup.successor_name(name) in labelled
        },
    )


def _found(shared: SharedEngine, entry: Mapping[str, Any] | None, aside: Mapping[str, Any] | None) -> lookup.Found:
    inspected = shared.containers.find(entry["Id"]) if entry else None
    return lookup.found_of(entry, inspected, aside)


def _refuse_foreign(set_name: str, wanted: Iterable[str], listed: Mapping[str, Mapping[str, Any]]) -> None:
    for name in sorted(wanted):
        other = ((listed.get(name) or {}).get("Labels") or {}).get(LABEL)
        if other not in (None, set_name):
            raise BadOption("containers[].name", f"must not be a container of another set ({other})", got=name)

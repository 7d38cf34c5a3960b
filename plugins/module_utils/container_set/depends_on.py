# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Dependencies between members of a set: conditions of depends_on, shared namespaces, and the resulting order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Iterable, Mapping

from ..errors import BadOption
from . import spec

if TYPE_CHECKING:
    from .members import Member


def read(entry: Mapping[str, Any]) -> dict[str, str]:
    """depends_on of an entry as {name of another entry: started, healthy or completed}."""
    given = entry["depends_on"]
    if given is None:
        return {}
    if isinstance(given, str):
        given = [name.strip() for name in given.split(",")]
    if isinstance(given, (list, tuple)) and all(isinstance(name, str) for name in given):
        given = dict.fromkeys(given, "started")
    if not isinstance(given, dict):
        raise BadOption(
            "depends_on",
            "must be a list of names or a dictionary of conditions",
            got=given,
            example="depends_on: {db: healthy}",
        )
    return {str(name): _condition(value) for name, value in given.items()}


def _condition(value: object) -> str:
    if isinstance(value, dict):
        if set(value) - {"condition"}:
            raise BadOption(
                "depends_on",
                "must have only the key condition",
                got=value,
                example="depends_on: {db: {condition: healthy}}",
            )
        value = value.get("condition", "started")
    condition = spec.COMPOSE_CONDITIONS.get(str(value), str(value))
    if condition not in spec.CONDITIONS:
        raise BadOption(
            "depends_on",
            "must have the condition started, healthy or completed",
            got=value,
            example="depends_on: {db: healthy}",
        )
    return condition


def shared_with(member: Member, names: Iterable[str]) -> dict[str, str]:
    """Options by which a member uses a namespace of another one: option to the name of that member."""
    values = {option: str(member.params.get(option) or "") for option in ("network_mode", "ipc_mode", "pid_mode")}
    return {
        option: value[len("container:") :]
        for option, value in values.items()
        if value.startswith("container:") and value[len("container:") :] in names
    }


def with_shared_namespaces(members: list[Member]) -> list[Member]:
    """A member that uses a namespace of another one depends on its entry."""
    entries = {member.name: member.entry for member in members}
    return [
        member._replace(
            depends_on=dict(
                {entries[name]: "started" for name in shared_with(member, entries).values()}, **member.depends_on
            )
        )
        for member in members
    ]


def check(edges: dict[str, dict[str, str]], members: list[Member]) -> None:
    """Raise BadOption for names that are not entries, and for a cycle. ``edges`` are the results of read() by name of the entry."""
    names = list(edges)
    for member in members:
        edges[member.entry] = dict(member.depends_on)
    for name, others in edges.items():
        for other in others:
            if other not in names:
                raise BadOption(
                    "depends_on", f"of {name} must name entries of containers: {', '.join(sorted(names))}", got=other
                )
    cycle = _cycle(edges)
    if cycle:
        raise BadOption("depends_on", f"must not form a cycle: {' -> '.join(cycle)}")


def _cycle(edges: Mapping[str, Mapping[str, str]]) -> list[str]:
    """Names of a cycle, the first one again at the end; empty without one."""
    done: set[str] = set()

    def walk(name: str, path: list[str]) -> list[str]:
        if name in path:
            return [*path[path.index(name) :], name]
        if name in done:
            return []
        for other in edges[name]:
            found = walk(other, [*path, name])
            if found:
                return found
        done.add(name)
        return []

    return next(filter(None, (walk(name, []) for name in edges)), [])


def levels(members: Iterable[Member]) -> list[list[Member]]:
    """The members in groups: each group depends on earlier ones only."""
    rest = list(members)
    done = {name for member in rest for name in member.depends_on} - {member.entry for member in rest}
    result = []
    while rest:
        # check() has refused cycles, so there is always a member.
        group = [member for member in rest if set(member.depends_on) <= done]
        result.append(group)
        done |= {member.entry for member in group}
        rest = [member for member in rest if member.entry not in done]
    return result

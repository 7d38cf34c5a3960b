# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Finds a network by its exact name, the containers on it, and what an interrupted run may have left."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Iterable, Mapping, NamedTuple

from ..errors import NotMet

if TYPE_CHECKING:
    from ..engine.engine import Engine

# Name of the network that stores what to restore while a network is recreated.
SUFFIX = ".flotilla-replaced"
_SERVICE = "com.docker.swarm.service.name"


class Found(NamedTuple):
    """``network`` as the Engine lists it, and ``record``, the network that an interrupted run left to restore from."""

    network: dict[str, Any] | None
    record: dict[str, Any] | None


class Member(NamedTuple):
    """A container that is connected, running or not.

    ``endpoint`` is what the list of containers shows: without aliases, links and options. ``service`` is the Swarm service of a task.
    """

    id: str
    name: str
    state: str
    endpoint: dict[str, Any]
    service: str | None = None

    def is_called(self, text: str) -> bool:
        """Whether a task means this container: by its name, its id or the beginning of its id, at least 12 digits."""
        return text.lstrip("/") == self.name or bool(re.match(r"^[0-9a-f]{12,64}$", text) and self.id.startswith(text))


def find(engine: Engine, name: str) -> Found:
    """One filtered request. Raises NotMet where several networks have this name, which Engines before API 1.44 allow."""
    # A part of the name finds local networks, and only the whole name those of a Swarm. No pattern finds both.
    listed = engine.networks.list(name=[name])
    named = [network for network in listed if network["Name"] == name]
    if len(named) > 1:
        ids = ", ".join(network["Id"][:12] for network in named)
        raise NotMet(
            f"There are {len(named)} networks with the name {name}: {ids}",
            "Remove all but one with: docker network rm ID",
            networks=[network["Id"] for network in named],
        )
    records = [network for network in listed if network["Name"] == name + SUFFIX]
    return Found(named[0] if named else None, records[0] if records else None)


def members(engine: Engine, network: Mapping[str, Any]) -> list[Member]:
    """All containers on the network, including stopped ones, which its inspection does not show. One request."""
    listed = engine.containers.list(network=[network["Id"], network["Name"]])
    found = [_member(entry, network) for entry in listed]
    return sorted((member for member in found if member), key=lambda member: member.name)


def _member(entry: Mapping[str, Any], network: Mapping[str, Any]) -> Member | None:
    endpoints = (entry.get("NetworkSettings") or {}).get("Networks") or {}
    endpoint = endpoints.get(network["Name"]) or endpoints.get(network["Id"])
    if endpoint is None:
        return None
    # A linked container has more names, "/other/alias"; its own has one slash only.
    own = [name.lstrip("/") for name in entry.get("Names") or () if name.count("/") <= 1]
    service = (entry.get("Labels") or {}).get(_SERVICE)
    return Member(entry["Id"], own[0] if own else entry["Id"][:12], entry.get("State") or "", endpoint, service)


def with_members(network: Mapping[str, Any], found: Iterable[Member]) -> dict[str, Any]:
    """A listed network with the containers that its inspection would show: those that run."""
    return dict(
        network,
        Containers={
            member.id: {
                "Name": member.name,
                "EndpointID": member.endpoint.get("EndpointID") or "",
                "MacAddress": member.endpoint.get("MacAddress") or "",
                "IPv4Address": _cidr(member.endpoint, "IPAddress", "IPPrefixLen"),
                "IPv6Address": _cidr(member.endpoint, "GlobalIPv6Address", "GlobalIPv6PrefixLen"),
            }
            for member in found
            if member.endpoint.get("EndpointID") or member.endpoint.get("IPAddress")
        },
    )


def _cidr(endpoint: Mapping[str, Any], address: str, length: str) -> str:
    return f"{endpoint[address]}/{endpoint.get(length)}" if endpoint.get(address) else ""

# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Host ports that one container of a set must free before another one can publish them."""

from __future__ import annotations

from typing import Any, Iterable, Iterator, Mapping, NamedTuple, Sequence

from ..errors import BadOption
from ..shapes import host_ports

_ANY_ADDRESS = {"", "0.0.0.0", "::"}


class Ports(NamedTuple):
    """Fixed host ports: those that the new container will publish, and those that the running one publishes."""

    name: str
    needed: frozenset[Any] = frozenset()
    held: frozenset[Any] = frozenset()


def of(name: str, desired: Mapping[Any, Any], container: Mapping[str, Any] | None) -> Ports:
    """From the options of the new container, and the inspection of the current one."""
    needed = next((value for option, value in desired.items() if option.name == "published_ports"), None)
    runs = container is not None and container["State"]["Running"]
    return Ports(
        name,
        host_ports(needed),
        host_ports(container["HostConfig"].get("PortBindings")) if container and runs else frozenset(),
    )


def waits(waiting: Sequence[Ports], holding: Iterable[Ports]) -> dict[str, set[str]]:
    """For each name, the names of the others that hold a port that it needs."""
    holders: dict[tuple[str, int], list[tuple[str, str]]] = {}
    for own in holding:
        for proto, address, number in own.held:
            holders.setdefault((proto, number), []).append((address, own.name))
    return {
        own.name: {
            name
            for proto, address, number in own.needed
            for other, name in holders.get((proto, number), ())
            if name != own.name and (address == other or _ANY_ADDRESS & {address, other})
        }
        for own in waiting
    }


def freed(waiting: Iterable[Ports], holding: Iterable[Ports] | None = None) -> set[str]:
    """Names of those that hold a port that another one needs."""
    waiting = list(waiting)
    return {name for names in waits(waiting, waiting if holding is None else holding).values() for name in names}


def batches(members: Sequence[Ports], size: int) -> Iterator[list[str]]:
    """Names in batches, in the given order, except that a container comes in a later batch than those that hold a port that it needs."""
    blocked = waits(members, members)
    left = [own.name for own in members]
    while left:
        free = [name for name in left if not blocked[name].intersection(left)][:size]
        if not free:
            raise BadOption(
                "published_ports",
                f"of {', '.join(left[:5])} must not be exchanged in one run, because a port is free only after its container was stopped",
            )
        yield free
        left = [name for name in left if name not in free]

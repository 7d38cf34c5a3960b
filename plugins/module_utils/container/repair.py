# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Repairs that leave the container in place: limits and networks."""

from __future__ import annotations

from typing import Any, Generator, Mapping, Optional

from . import show
from .option import at
from .steps import Connect, Disconnect, Handle, Update


def update_step(container: Handle, inspected: Mapping[str, Any], differences: list, params: Mapping[str, Any]) -> Optional[Update]:
    """One update of all that differs; None if anything of it needs a new container."""
    if not differences or not all(_can_change(difference, inspected) for difference in differences):
        return None
    body = {difference.option.live: _value(difference) for difference in differences}
    if "Memory" in body and "MemorySwap" not in body:
        _keep_swap_in_step(body, inspected)
    former = {field: at(dict(inspected), "HostConfig.%s" % field) for field in body}
    names = [difference.option.name for difference in differences]
    before, after = show.change(differences, params)
    return Update(container, body, former, names, before, after)


def _can_change(difference: Any, inspected: Mapping[str, Any]) -> bool:
    option = difference.option
    if option.live is None or not _value(difference):
        return False  # the Engine takes 0 in an update as "leave it"
    host = inspected["HostConfig"]
    if option.name == "cpus":
        return not (host.get("CpuPeriod") or host.get("CpuQuota"))
    return option.name not in ("cpu_period", "cpu_quota") or not host.get("NanoCpus")


def _value(difference: Any) -> Any:
    """What to send: clearing a limit takes a value of its own."""
    option = difference.option
    clears = difference.desired is None or (option.reset is not None and not option.normal(difference.desired))
    return option.reset if clears else difference.desired


def _keep_swap_in_step(body: dict[str, Any], inspected: Mapping[str, Any]) -> None:
    """A new container with this memory would get twice as much with swap; the Engine refuses memory above the old sum."""
    host = inspected["HostConfig"]
    if host.get("MemorySwap", 0) in (0, 2 * (host.get("Memory") or 0)):
        body["MemorySwap"] = 2 * body["Memory"]


def can_reconnect(differences: list) -> bool:
    """Whether connecting again brings it about: the Engine takes an Ethernet address at create, and ignores it at connect."""
    return not any(
        endpoint.get("MacAddress") and endpoint["MacAddress"] != ((difference.observed.get(name) or {}).get("MacAddress") or "").lower()
        for difference in differences
        for name, endpoint in difference.desired.items()
    )


def repair_networks(engine: Any, container: Handle, inspected: Mapping[str, Any], differences: list) -> Generator[Any, Any, bool]:
    """Connect and disconnect until the endpoints are as described. Returns whether there was anything to do."""
    attached = (inspected.get("NetworkSettings") or {}).get("Networks") or {}
    for difference in differences:
        for name, endpoint in difference.desired.items():
            if name in attached:
                yield Disconnect(container, name, attached[name])
            option = "networks.%s" % name
            yield Connect(container, name, endpoint, {option: show.endpoint(difference.observed.get(name))}, {option: show.endpoint(endpoint)})
        for name in difference.left:
            option = "networks.%s" % name
            yield Disconnect(container, name, attached[name], {option: show.endpoint(attached[name])}, {option: None})
    return bool(differences)

# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether a replaced member starts before or after the old one is stopped, and why."""

from __future__ import annotations

from typing import Any, Mapping

from ..container.task import Task
from ..shapes import host_ports
from .members import Member


def start_first(order: str, member: Member, task: Task) -> tuple[bool, str]:
    """The order, and the reason if ``auto`` chose to stop first."""
    if order != "auto":
        return order == "start_first", ""
    reason = _hindrance(member, task)
    return not reason, reason


def _hindrance(member: Member, task: Task) -> str:
    """The option that two containers cannot have at the same time."""
    values = {option.name: value for option, value in task.desired.items()}
    ports = fixed_ports(values.get("published_ports") or {})
    if ports:
        return "it publishes host port {}".format(", ".join(map(str, ports)))
    if values.get("network_mode") == "host":
        return "it uses the network of the host"
    addresses = _fixed_addresses(values.get("networks") or {})
    if addresses or values.get("mac_address"):
        return "it has the fixed address {}".format(addresses or values["mac_address"])
    if member.alone and (values.get("volumes") or _writable(values.get("mounts") or {})):
        return f"it is the only container of {member.entry} and has a volume"
    return ""


def fixed_ports(bindings: Mapping[str, Any]) -> list[int]:
    """Host ports that are one number."""
    return sorted({number for _proto, _address, number in host_ports(bindings)})


def _fixed_addresses(endpoints: Mapping[str, Any]) -> str:
    found = [
        str(address)
        for endpoint in endpoints.values()
        for address in [*(endpoint.get("IPAMConfig") or {}).values(), endpoint.get("MacAddress")]
        if address
    ]
    return ", ".join(found)


def _writable(mounts: Mapping[str, Any]) -> bool:
    return any(mount.get("Type") in ("volume", "bind") and not mount.get("ReadOnly") for mount in mounts.values())

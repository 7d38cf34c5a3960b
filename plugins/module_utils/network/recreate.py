# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Recreates a network with all its connections, and completes a recreation that was interrupted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generator, Mapping, NamedTuple, Sequence

from .. import declared
from ..errors import NotMet
from ..option import Option, at, put
from ..option_table import Difference
from ..step import Check, Outcome, Step
from . import lookup, preflight, steps
from .creation import Create
from .endpoint import asked
from .lookup import Member
from .pools import moved, overlap, subnets_of

if TYPE_CHECKING:
    from ..engine.engine import Engine

Steps = Generator[Step, Outcome, Any]

# Driver options whose value must differ between networks.
_UNIQUE_OPTIONS = ("com.docker.network.bridge.name", "com.docker.network.driver.overlay.vxlanid_list", "vxlanid")
# Drivers that need the host's interface for themselves, and the routing mesh, which exists only once.
_NOT_TWICE = ("macvlan", "ipvlan")


class Plan(NamedTuple):
    """What a network is recreated with: the new create body, and the endpoint of each container; containers without one are not connected."""

    body: dict[str, Any]
    endpoints: Mapping[str, Mapping[str, Any]]
    before: dict[str, Any]
    after: dict[str, Any]


def new_body(
    network: Mapping[str, Any],
    desired: Mapping[Option, Any],
    found: Sequence[Difference],
    track: bool,
) -> dict[str, Any]:
    """The task's values. Options that it does not set are kept, except those that were removed from the task."""
    values = preflight.named(desired)
    body = steps.body_of(network)
    if "config_from" in values:
        body = {field: body[field] for field in ("Name", "Driver", "Internal", "Attachable") if field in body}
    elif values.get("driver", network.get("Driver")) != network.get("Driver"):
        body["Options"] = {}  # options of the former driver
    for difference in found:
        _take_out(body, difference)
    if values.get("enable_ipv6") is False and "ipam_config" not in values:
        pools = at(body, "IPAM.Config") or ()
        put(body, "IPAM.Config", [pool for pool in pools if ":" not in pool.get("Subnet", "")])
    for option, value in desired.items():
        if option.is_map and option.name != "ipam_config":
            value = dict(at(body, option.path) or {}, **value)
        option.write(body, value)
    body.get("Labels", {}).pop(declared.LABEL, None)
    if track and not at(body, "ConfigFrom.Network"):
        body["Labels"] = dict(body.get("Labels") or {}, **{declared.LABEL: declared.to_label(desired)})
    return body


def _take_out(body: dict[str, Any], difference: Difference) -> None:
    option = difference.option
    if not difference.removed:
        return
    if option.name == "ipam_config":
        pools = at(body, option.path) or ()
        put(body, option.path, [pool for pool in pools if pool.get("Subnet") not in difference.removed])
    elif option.is_map:
        rest = {name: value for name, value in (at(body, option.path) or {}).items() if name not in difference.removed}
        put(body, option.path, rest)
    else:
        parts = option.path.split(".")
        (at(body, ".".join(parts[:-1])) if len(parts) > 1 else body).pop(parts[-1], None)


def recreate(
    engine: Engine,
    network: Mapping[str, Any],
    members: Sequence[Member],
    inspected: Mapping[str, Mapping[str, Any]],
    plan: Plan,
) -> Steps:
    """Refuse if something cannot be restored, then replace the network. Every step except the last is undone if a later one fails."""
    name = network["Name"]
    preflight.refuse_services(name, members, "recreated")
    preflight.refuse_users_of_config(engine, network, "recreated")
    preflight.refuse_hidden_endpoints(engine, name, members)
    _refuse_members(engine, network, inspected, plan)
    former = {
        member.name: _former(engine, network, inspected[member.name]) for member in members if member.name in inspected
    }
    if _can_be_tried(plan.body):
        yield Check(
            f"check that the Engine accepts the new network {name}",
            lambda target: _try(target, network, plan.body),
        )
    yield steps.KeepRecord(network, [(member.id, member.name, former[member.name]) for member in members])
    for member in members:
        yield steps.Disconnect(name, member.id, member.name, former[member.name])
    yield steps.MakeRoom(network)
    yield Create(plan.body, plan.before, plan.after)
    for member in members:
        if member.name in plan.endpoints:
            endpoint = plan.endpoints[member.name] or former[member.name]
            yield steps.Connect(name, member.id, member.name, endpoint)
    yield steps.DropRecord(name)


def _refuse_members(
    engine: Engine, network: Mapping[str, Any], inspected: Mapping[str, Mapping[str, Any]], plan: Plan
) -> None:
    staying = {name: container for name, container in inspected.items() if not plan.endpoints.get(name)}
    source = at(plan.body, "ConfigFrom.Network")
    pools = subnets_of(plan.body)
    problems = preflight.problems_of_members(
        engine, network, staying, None if source else dict.fromkeys(pools), auto=not pools and not source
    )
    if problems:
        raise NotMet(
            f"Network {network['Name']} cannot be recreated, because its containers could not be connected as they are: {'; '.join(problems)}",
            "Change these containers first, or set their new endpoints in members",
            problems=problems,
        )


def _former(engine: Engine, network: Mapping[str, Any], container: Mapping[str, Any]) -> dict[str, Any]:
    """The endpoint in a form that a request accepts."""
    endpoint = asked((container["NetworkSettings"]["Networks"] or {}).get(network["Name"]) or {}, container["Id"])
    address = preflight.fixed_mac(engine, network["Name"], container) if engine.speaks("1.54") else None
    return dict(endpoint, MacAddress=address) if address else endpoint


def _can_be_tried(body: Mapping[str, Any]) -> bool:
    return body.get("Driver") not in _NOT_TWICE and not body.get("Ingress")


def probe_body(network: Mapping[str, Any], body: Mapping[str, Any]) -> dict[str, Any]:
    """The new network under another name, without the values that conflict with the old network."""
    probe = dict(body, Name=_probe_name(body), Labels={})
    if at(body, "ConfigFrom.Network"):
        del probe["Labels"]  # they are those of the network that has the configuration
    former = network.get("Options") or {}
    options = body.get("Options") or {}
    probe["Options"] = {
        name: value for name, value in options.items() if not (name in _UNIQUE_OPTIONS and former.get(name) == value)
    }
    if at(probe, "IPAM.Config"):
        _move_pools(probe, [pool.get("Subnet") or "" for pool in at(dict(network), "IPAM.Config") or ()])
    return probe


def _move_pools(probe: dict[str, Any], taken: Sequence[str]) -> None:
    """Give it other subnets in place of those that are taken; without a pool that cannot be elsewhere."""
    pools = [
        moved(pool) if any(overlap(pool.get("Subnet") or "", old) for old in taken) else pool
        for pool in probe["IPAM"]["Config"]
    ]
    probe["IPAM"] = dict(probe["IPAM"], Config=[pool for pool in pools if pool])
    if not all(pools):
        probe["EnableIPv6"] = any(":" in pool["Subnet"] for pool in pools if pool)


def _probe_name(body: Mapping[str, Any]) -> str:
    """A Swarm takes names without dots, of up to 63 characters."""
    name: str = body["Name"]
    return f"{name[:48]}-flotilla-probe" if steps.of_swarm(body) else f"{name}.flotilla-probe"


def _try(engine: Engine, network: Mapping[str, Any], body: Mapping[str, Any]) -> None:
    probe = probe_body(network, body)
    name = probe["Name"]
    found = {"Id": name, "Name": name, "Scope": "swarm" if steps.of_swarm(body) else "local"}
    steps.remove(engine, found)  # left by a run that was killed
    try:
        engine.networks.create(probe)
    finally:
        # A Swarm takes a moment, and the new network may need what the probe has.
        steps.remove(engine, found)


def recover(engine: Engine, name: str, found: lookup.Found) -> Steps:
    """Restore a network whose recreation was interrupted. Returns the network, or in check mode the predicted one."""
    kept = steps.read_record(found.record or {})
    if kept is None:
        return found.network
    if found.network is None:
        yield Create(kept["body"])
    for identity, container, endpoint in kept["endpoints"]:
        inspected = engine.containers.find(identity)
        if inspected and name not in (inspected["NetworkSettings"].get("Networks") or {}):
            yield steps.Connect(name, identity, container, endpoint)
    yield steps.DropRecord(name)
    return lookup.find(engine, name).network or dict({"Id": name, "Scope": "local"}, **kept["body"])

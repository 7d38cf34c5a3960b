# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Plans the steps from the present state to what a task describes. Reads, never changes anything."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generator, Mapping, NamedTuple, Sequence

from ..errors import NotMet
from ..object_options import change, create_body, declaration, differences, sentences
from ..option import Option, at
from ..option_table import Difference, desired_values, require_api
from ..step import Outcome, Step
from . import connections, lookup, options, preflight, steps
from .creation import Create
from .lookup import Member
from .pools import subnets_of
from .recreate import Plan, new_body, recover, recreate

if TYPE_CHECKING:
    from ..engine.engine import Engine

Steps = Generator[Step, Outcome, Any]


class Task(NamedTuple):
    """A task. ``members`` are its containers, {name or id: EndpointSettings}; None if it sets neither connected nor members."""

    name: str
    params: Mapping[str, Any]
    desired: Mapping[Option, Any]
    members: Mapping[str, dict[str, Any]] | None

    @property
    def track(self) -> bool:
        """Whether the network gets a label. One that uses another's configuration cannot have labels."""
        return bool(self.params["track_declared"] and not self.params["config_from"])


class Decided(NamedTuple):
    """The result of decide. ``network`` is set if it need not be read again for the report."""

    network: dict[str, Any] | None
    warnings: tuple[str, ...] = ()


def decide(engine: Engine, params: Mapping[str, Any]) -> Steps:
    """Create, recreate, connect, disconnect or remove until the network is as the task describes it."""
    options.check(params, engine.flavour.predefined_networks, engine.flavour.keeps_network_options)
    task = _read_task(engine, params)
    found = lookup.find(engine, task.name)
    network, warnings = found.network, []
    if found.record:
        network = yield from recover(engine, task.name, found)
        warnings.append(
            f"An earlier run was interrupted while it recreated network {task.name}; its connections were restored first"
        )
    if params["state"] == "absent":
        yield from _remove(engine, task, network)
        return Decided(None, tuple(warnings))
    network = steps.allocated(engine, network)
    if network is None:
        warnings += yield from _create(engine, task)
        return Decided(None, tuple(warnings))
    known = lookup.members(engine, network) if task.members is not None else None
    changed, more = yield from _change(engine, task, network, known)
    unchanged = lookup.with_members(network, known) if known is not None and not changed and not found.record else None
    return Decided(unchanged, (*warnings, *more))


def _read_task(engine: Engine, params: Mapping[str, Any]) -> Task:
    absent = params["state"] == "absent"
    desired = {} if absent else desired_values(options.ROWS, params)
    require_api(desired, engine)
    return Task(params["name"], params, desired, None if absent else connections.of_task(params))


def _in_order(steps_: Sequence[Step]) -> Steps:
    # yield from cannot send outcomes to a list.
    for step in steps_:  # noqa: UP028  # pylint: disable=use-yield-from
        yield step


def _create(engine: Engine, task: Task) -> Steps:
    values = preflight.named(task.desired)
    preflight.new_network(engine, values)
    requirements, warnings = preflight.creation(engine, task.name, values)
    targets = connections.targets_of(engine, task.members or {}, ())
    yield from _in_order(requirements)
    yield from connections.require(targets)
    for target in targets:
        connections.check_endpoint(engine, target.endpoint)
        if "config_from" not in values:
            connections.check_addresses(target, task.name, list(values.get("ipam_config") or ()))
    body = create_body(task.name, task.desired, task.track)
    after = dict({"state": "present"}, **declaration(task.desired))
    yield Create(body, {"state": "absent"}, after, task.desired)
    for target in targets:
        yield connections.connect(task.name, target)
    return warnings


def _change(
    engine: Engine, task: Task, network: Mapping[str, Any], known: Sequence[Member] | None
) -> Generator[Step, Outcome, tuple[bool, list[str]]]:
    """Returns whether anything changes, and warnings."""
    found = differences(options.ROWS, task.desired, network, task.track)
    mode = "always" if task.params["force"] else task.params["recreate"]
    if mode == "always" or (mode == "when_needed" and found):
        members = lookup.members(engine, network) if known is None else known
        return True, (yield from _recreate(engine, task, network, members, found))
    warnings = []
    if any(not difference.only_removed for difference in found):
        raise _differs(task, found, lookup.members(engine, network) if known is None else known)
    if found:
        warnings.append(
            f"Network {task.name} has options that an earlier task declared and this task does not: {'; '.join(sentences(found))}. "
            "Set recreate: when_needed to recreate the network without them"
        )
    if known is None:
        return False, warnings
    return (yield from _connections(engine, task, network, known)), warnings


def _differs(task: Task, found: Sequence[Difference], members: Sequence[Member]) -> NotMet:
    before, after = change(found)
    connected = ", ".join(f"{member.name} ({member.state})" for member in members) or "none"
    return NotMet(
        f"Network {task.name} differs from the task, and the Engine cannot change a network in place: {'; '.join(sentences(found))}. "
        f"Connected containers: {connected}",
        "Set recreate: when_needed to recreate the network; its containers are disconnected for a moment and connected again with all their settings",
        differences=sentences(found),
        members=[member.name for member in members],
        diff={"before": before, "after": after},
    )


def _recreate(
    engine: Engine, task: Task, network: Mapping[str, Any], members: Sequence[Member], found: Sequence[Difference]
) -> Generator[Step, Outcome, list[str]]:
    requirements, warnings = preflight.creation(engine, task.name, preflight.named(task.desired))
    targets = connections.targets_of(engine, task.members or {}, members)
    yield from _in_order(requirements)
    yield from connections.require(targets)
    for target in targets:
        if target.member is None or target.endpoint:
            connections.check_endpoint(engine, target.endpoint)
    services = [member for member in members if member.service]
    inspected = _inspected(engine, members)
    own = [member for member in members if member.name in inspected]
    endpoints = _endpoints(task, own, targets)
    before, after = change(found)
    plan = Plan(new_body(network, task.desired, found, task.track), endpoints, before, after)
    for target in targets:
        if not at(plan.body, "ConfigFrom.Network"):
            connections.check_addresses(target, task.name, subnets_of(plan.body))
    ports = preflight.dynamic_ports({name: inspected[name] for name in endpoints})
    if ports:
        warnings.append(
            f"The Engine chooses other host ports for containers that publish random ports when they are connected again: {', '.join(ports)}"
        )
    chain = recreate(engine, network, [*services, *own], inspected, plan)
    yield from _with_new_members(chain, task.name, [target for target in targets if target.member is None])
    return warnings


def _inspected(engine: Engine, members: Sequence[Member]) -> dict[str, dict[str, Any]]:
    """The connected containers that still exist, by name, without tasks of services."""
    found = ((member.name, engine.containers.find(member.id)) for member in members if not member.service)
    return {name: container for name, container in found if container}


def _endpoints(
    task: Task, members: Sequence[Member], targets: Sequence[connections.Target]
) -> dict[str, dict[str, Any]]:
    """The task's settings of members that stay connected, by name; empty if it sets none."""
    asked = {target.id: target.endpoint for target in targets}
    keeps_others = task.members is None or task.params["appends"]
    return {member.name: asked.get(member.id, {}) for member in members if keeps_others or member.id in asked}


def _with_new_members(chain: Steps, network: str, new: Sequence[connections.Target]) -> Steps:
    """The steps of a replacement, with containers that join before the record of the old network is dropped."""
    outcome: Outcome | None = None
    while True:
        try:
            step = chain.send(outcome)  # type: ignore[arg-type]
        except StopIteration:
            return
        if isinstance(step, steps.DropRecord):
            for target in new:
                yield connections.connect(network, target)
        outcome = yield step


def _connections(engine: Engine, task: Task, network: Mapping[str, Any], known: Sequence[Member]) -> Steps:
    """Connect and disconnect in place. Returns whether there is a difference."""
    targets = connections.targets_of(engine, task.members or {}, known)
    yield from connections.require(targets)
    changes = [step for target in targets for step in connections.repair(engine, network, target)]
    if not task.params["appends"]:
        listed = {target.id for target in targets}
        for member in known:
            if member.id not in listed and not member.service:
                changes.append(connections.disconnect(engine, network, member))
    yield from _in_order(changes)
    return bool(changes)


def _remove(engine: Engine, task: Task, network: Mapping[str, Any] | None) -> Steps:
    if network is None:
        return
    preflight.refuse_users_of_config(engine, network, "removed")
    members = lookup.members(engine, network)
    preflight.refuse_services(task.name, members, "removed")
    if members and not task.params["force"]:
        raise NotMet(
            f"Network {task.name} is not removed, because containers are connected: "
            + ", ".join(f"{member.name} ({member.state})" for member in members),
            "Remove these containers first, or set force: true to disconnect them",
            members=[member.name for member in members],
        )
    for member in members:
        yield connections.disconnect(engine, network, member)
    yield steps.Remove(network, {"state": "present"})

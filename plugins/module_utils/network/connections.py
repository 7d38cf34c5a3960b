# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The containers that a task connects to a network, and the steps that connect and disconnect them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generator, Mapping, NamedTuple, Sequence

from ..errors import BadOption, Missing, NotMet
from ..option import at
from ..option_table import too_old
from ..step import Outcome, Step
from . import endpoint, steps
from .lookup import Member
from .pools import EXAMPLE, has, subnets_of

if TYPE_CHECKING:
    from ..engine.engine import Engine


class Target(NamedTuple):
    """A container that the task names. ``member`` if it is connected already; ``id`` is None for one that does not exist.

    ``unfit`` is the reason why it cannot have networks, if there is one.
    """

    name: str
    id: str | None
    endpoint: dict[str, Any]
    member: Member | None
    unfit: str = ""


def of_task(params: Mapping[str, Any]) -> dict[str, dict[str, Any]] | None:
    """EndpointSettings by name or id of the containers that connected and members name; None if the task has neither."""
    if params["connected"] is None and params["members"] is None:
        return None
    members: dict[str, dict[str, Any]] = {}
    for name in params["connected"] or ():
        if not name.strip():
            raise BadOption("connected", "must have names of containers", got=name, example="connected: [web]")
        members[name.lstrip("/")] = {}
    for entry in params["members"] or ():
        name = entry["name"].lstrip("/")
        if not name.strip() or name in members:
            raise BadOption(
                "members", "and connected must name each container once", got=name, example="members: [{name: web}]"
            )
        members[name] = endpoint.parse("members", entry)
    return members


def targets_of(engine: Engine, wanted: Mapping[str, dict[str, Any]], known: Sequence[Member]) -> list[Target]:
    """The containers that a task names, in its order. Asks the Engine about those that are not connected."""
    targets: list[Target] = []
    for text, settings in wanted.items():
        member = next((one for one in known if one.is_called(text)), None)
        target = Target(member.name, member.id, settings, member) if member else _unconnected(engine, text, settings)
        if target.id and target.id in {other.id for other in targets}:
            raise BadOption(
                "connected", "and members must name each container once", got=text, example="connected: [web]"
            )
        targets.append(target)
    return targets


def _unconnected(engine: Engine, text: str, settings: dict[str, Any]) -> Target:
    found = engine.containers.find(text)
    if found and Member(found["Id"], found["Name"].lstrip("/"), "", {}).is_called(text):
        return Target(found["Name"].lstrip("/"), found["Id"], settings, None, _unfit(found))
    return Target(text, None, settings, None)


def _unfit(container: Mapping[str, Any]) -> str:
    mode = (container.get("HostConfig") or {}).get("NetworkMode") or ""
    if mode == "host":
        return "uses the network of the host"
    if mode.startswith("container:"):
        return "uses the network of another container"
    networks = (container.get("NetworkSettings") or {}).get("Networks") or {}
    return "has network_mode none" if mode == "none" and set(networks) <= {"none"} else ""


def require(targets: Sequence[Target]) -> Generator[Step, Outcome, None]:
    """The check that all targets exist. Raises NotMet for those that cannot have networks."""
    unfit = [f"container {target.name} {target.unfit}" for target in targets if target.unfit]
    if unfit:
        raise NotMet(
            f"The containers cannot be connected to a network: {'; '.join(unfit)}",
            "Remove them from connected and members, or recreate them with networks of container_run",
            containers=[target.name for target in targets if target.unfit],
        )
    missing = [target.name for target in targets if target.id is None]
    if missing:
        plural = len(missing) > 1
        yield steps.Require(
            "check the containers",
            Missing(
                f"There {'are no containers' if plural else 'is no container'} {', '.join(missing)}, which the task connects",
                "Create them first, or correct the names: docker ps --all",
                missing=missing,
            ),
        )


def check_addresses(target: Target, network: str, subnets: Sequence[str]) -> None:
    """Raise BadOption for a fixed address that the network does not have."""
    for field, path in endpoint.WORDS:
        fixed = at(target.endpoint, path) if field.endswith("_address") and path.startswith("IPAMConfig") else None
        if fixed and not has(subnets, fixed):
            rule = f", which has {', '.join(subnets)}" if subnets else "; a network without ipam_config takes none"
            raise BadOption(
                f"members[].{field}",
                f"must be in a subnet of network {network}{rule}",
                got=fixed,
                example=EXAMPLE,
            )


def check_endpoint(engine: Engine, settings: Mapping[str, Any]) -> None:
    """Raise BadOption or ApiTooOld for settings that the Engine ignores when it connects a container."""
    applied = engine.flavour.applied_on_connect
    ignored = [] if applied is None else sorted(set(settings) - applied)
    if ignored:
        word = next(
            word for word, path in endpoint.WORDS if path.partition(".")[0] in ignored and at(dict(settings), path)
        )
        raise BadOption(
            f"members[].{word}",
            f"has no effect when {engine.flavour.name} connects a container, whose API accepts and ignores it; use networks of container_run",
            example="members: [{name: web, aliases: [www]}]",
        )
    if "MacAddress" in settings and not engine.speaks("1.54"):
        error = too_old("members[].mac_address", "1.54", engine)
        error.advice = "Older Engines set a MAC address only when they create a container: use networks[].mac_address of container_run"
        raise error
    if "GwPriority" in settings and not engine.speaks("1.48"):
        raise too_old("members[].gw_priority", "1.48", engine)


def repair(engine: Engine, network: Mapping[str, Any], target: Target) -> list[Step]:
    """The steps that make one container's endpoint as described."""
    name, member = network["Name"], target.member
    if member is None:
        _check(engine, network, target)
        return [connect(name, target)]
    # A container that was stopped while another program recreated the network has the old network's id and cannot start.
    connected_to = member.endpoint.get("NetworkID") or network["Id"]
    stale = engine.flavour.has_endpoint_ids and connected_to != network["Id"]
    if not target.endpoint and not stale:
        return []
    current = _endpoint(engine, name, member)
    if endpoint.fits(target.endpoint, current) and not stale:
        return []
    _check(engine, network, target)
    wanted = target._replace(endpoint=target.endpoint or endpoint.asked(current, member.id))
    return [disconnect(engine, network, member), connect(name, wanted)]


def _check(engine: Engine, network: Mapping[str, Any], target: Target) -> None:
    check_endpoint(engine, target.endpoint)
    if subnets_of(network):
        check_addresses(target, network["Name"], subnets_of(network))


def _endpoint(engine: Engine, network: str, member: Member) -> dict[str, Any]:
    container = engine.containers.find(member.id) or {}
    return ((container.get("NetworkSettings") or {}).get("Networks") or {}).get(network) or {}


def disconnect(engine: Engine, network: Mapping[str, Any], member: Member) -> steps.Disconnect:
    """The step that disconnects a container. Its rollback restores the endpoint."""
    current = endpoint.asked(_endpoint(engine, network["Name"], member), member.id)
    key = f"members.{member.name}"
    return steps.Disconnect(
        network["Name"], member.id, member.name, current, {key: endpoint.shown(current)}, {key: None}
    )


def connect(network: str, target: Target) -> steps.Connect:
    """The step that connects a container."""
    key = f"members.{target.name}"
    return steps.Connect(
        network,
        target.id or target.name,
        target.name,
        target.endpoint,
        {} if target.member else {key: None},
        {key: endpoint.shown(target.endpoint)},
    )

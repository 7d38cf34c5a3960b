# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Checks a task and converts it to API values, before anything is read or changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Callable, Generator, Mapping, NamedTuple

from .. import option_table
from ..errors import BadOption, FlotillaError, MissingFile
from ..image.reference import parse_reference
from . import option_checks, table
from .env_file import read_lines
from .lookup import checked_name, is_id
from .stop import StopRule, rule_of

if TYPE_CHECKING:
    from ..engine.engine import Engine

Steps = Generator[Any, Any, Any]


def no_steps(*ignored: object) -> Steps:
    """Nothing to do."""
    return
    yield  # pylint: disable=unreachable


def always(*ignored: object) -> Steps:
    """True, without a step."""
    return True
    yield  # pylint: disable=unreachable


def pulled(engine: Engine, params: Mapping[str, Any]) -> Steps:
    """The inspected image, pulled as the task says. The code that pulls is imported when it is needed."""
    from .image import pull_steps  # pylint: disable=import-outside-toplevel

    return pull_steps(engine, params)


class Hooks(NamedTuple):
    """Steps that a caller with many containers adds to the steps of each.

    ``image(engine, params)`` returns the inspected image; ``ready(container)`` comes after a start, before a replaced container is
    removed; ``drain(container, inspected)`` comes before a container is stopped. ``start_first`` starts a new container before the
    one that it replaces is stopped. ``works(container)`` returns whether a container that an interrupted run started is ready.
    ``ended(ended)`` is called when a job has exited, before the one that it replaces is removed.
    """

    image: Callable[..., Steps] = pulled
    ready: Callable[..., Steps] = no_steps
    drain: Callable[..., Steps] = no_steps
    start_first: bool = False
    works: Callable[..., Steps] = always
    ended: Callable[[Any], None] = lambda ended: None


class Unresolved(NamedTuple):
    """A row of the table whose value needs something that does not exist; an earlier task of the play may provide it."""

    row: str
    error: FlotillaError


class Task(NamedTuple):
    """A task, checked and converted to API values."""

    name: str
    params: Mapping[str, Any]
    desired: Mapping[Any, Any]
    modes: Mapping[str, str]
    rule: StopRule
    hooks: Hooks = Hooks()
    # Whether it describes the whole container. If not, options that it does not name are not changed.
    complete: bool = True
    # Values that need something that does not exist yet.
    unresolved: tuple[Unresolved, ...] = ()

    @property
    def state(self) -> str:
        """absent, present, healthy, stopped or started."""
        return self.params["state"]

    @property
    def runs(self) -> bool:
        """Whether the container must run."""
        return self.state in ("started", "healthy")

    @property
    def is_job(self) -> bool:
        """Whether to wait until it exits."""
        return self.params.get("detach") is False

    @property
    def endpoints(self) -> Mapping[str, Any]:
        """EndpointSettings by network."""
        return next((value for option, value in self.desired.items() if option.name == "networks"), {})

    @property
    def named(self) -> Mapping[Any, Any]:
        """The values that the task itself names. A network mode that follows from networks is not among them."""
        return {option: value for option, value in self.desired.items() if self.params.get(option.name) is not None}


class Decided(NamedTuple):
    """The result of decide: the container if it was inspected after the last change, and how a job exited."""

    inspected: dict[str, Any] | None = None
    fresh: bool = False
    ended: Any = None
    warnings: tuple[str, ...] = ()


def describes_container(params: Mapping[str, Any]) -> bool:
    """Whether a task describes the whole container, so that options that it does not set are removed.

    A task without an image, and one that stops, restarts, pauses or removes a container, does not describe it.
    """
    acts = params["state"] in ("absent", "stopped") or params.get("restart") or params.get("paused") is not None
    return bool(params.get("image")) and not acts


def read_task(engine: Engine, params: Mapping[str, Any]) -> Task:
    """The task of a module's parameters. Raises BadOption for invalid ones."""
    complete = describes_container(params)
    params = table.with_defaults(params)
    name = checked_name("name", params["name"])
    option_checks.check(params)
    if params.get("image"):
        parse_reference(params["image"], "image")
    modes = table.comparison_modes(params.get("comparisons"))
    if params["state"] == "absent":
        return Task(name, params, {}, modes, rule_of(params), complete=False)
    params, no_containers = _with_container_ids(engine, _with_names(engine, params))
    params, no_files = _without_missing_files(params)
    desired = option_table.desired_values(table.OPTIONS, params)
    option_table.require_api(desired, engine)
    return Task(
        name,
        params,
        desired,
        modes,
        rule_of(params),
        complete=complete,
        unresolved=(*no_containers, *no_files),
    )


def _with_names(engine: Engine, params: Mapping[str, Any]) -> Mapping[str, Any]:
    """Replace ids of networks and containers by names, because the Engine shows names even if it was given ids."""
    changed = dict(params)
    if is_id(params.get("network_mode")):
        changed["network_mode"] = _name_of(engine.networks.find(params["network_mode"])) or params["network_mode"]
    for option in ("links", "volumes_from"):
        changed[option] = params.get(option) and [_by_name(engine, entry) for entry in params[option]]
    changed["networks"] = params.get("networks") and [
        dict(network, name=_name_of(engine.networks.find(network["name"])) or network["name"])
        if is_id(network["name"])
        else network
        for network in params["networks"]
    ]
    return changed


def _by_name(engine: Engine, entry: str) -> str:
    container, colon, rest = entry.partition(":")
    name = _name_of(engine.containers.find(container)) if is_id(container) else None
    return f"{name}{colon}{rest}" if name else entry


def _name_of(inspected: Mapping[str, Any] | None) -> str | None:
    return inspected["Name"].lstrip("/") if inspected else None


def _with_container_ids(engine: Engine, params: Mapping[str, Any]) -> tuple[Mapping[str, Any], list[Unresolved]]:
    """container:NAME as container:ID, which is what the Engine stores."""
    changed, unresolved = dict(params), []
    for option in ("network_mode", "ipc_mode", "pid_mode"):
        value = params.get(option) or ""
        if value.startswith("container:"):
            other = engine.containers.find(value[len("container:") :])
            if other is None:
                error = BadOption(
                    option, "must name an existing container", got=value, example=f"{option}: container:web"
                )
                unresolved.append(Unresolved(option, error))
            else:
                changed[option] = "container:" + other["Id"]
    return changed, unresolved


def _without_missing_files(params: Mapping[str, Any]) -> tuple[Mapping[str, Any], list[Unresolved]]:
    changed, unresolved = dict(params), []
    for option, row in (("env_file", "env"), ("label_file", "labels")):
        try:
            read_lines(row, option, params.get(option))
        except MissingFile as error:
            unresolved.append(Unresolved(row, error))
            changed[option] = None
    return changed, unresolved

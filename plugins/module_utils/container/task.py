# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the task wants, checked and in API values, before anything is read or changed."""

from __future__ import annotations

from typing import Any, Generator, Mapping, NamedTuple, Optional

from ..errors import BadOption
from ..image.reference import parse_reference
from . import convert, preflight, table
from .stop import StopRule, rule_of

Steps = Generator[Any, Any, Any]


class Task(NamedTuple):
    """What the task wants, checked and in API values."""

    name: str
    params: Mapping[str, Any]
    desired: Mapping[Any, Any]
    modes: Mapping[str, str]
    rule: StopRule

    @property
    def state(self) -> str:
        """absent, present, healthy, stopped or started."""
        return self.params["state"]

    @property
    def runs(self) -> bool:
        """Whether the container is to run."""
        return self.state in ("started", "healthy")

    @property
    def is_job(self) -> bool:
        """Whether to wait for its end."""
        return self.params.get("detach") is False

    @property
    def endpoints(self) -> Mapping[str, Any]:
        """EndpointSettings by network."""
        return next((value for option, value in self.desired.items() if option.name == "networks"), {})


class Decided(NamedTuple):
    """What decide knows at its end: the container if it was inspected after the last change, and how a job ended."""

    inspected: Optional[dict[str, Any]] = None
    fresh: bool = False
    ended: Any = None
    warnings: tuple[str, ...] = ()


def read_task(engine: Any, params: Mapping[str, Any]) -> Task:
    """The task of a module's parameters; BadOption where they cannot be meant."""
    params = table.with_defaults(params)
    name = convert.container_name("name", params["name"])
    preflight.check_conflicts(params)
    if params.get("image"):
        parse_reference(params["image"], "image")
    if params["state"] != "absent":
        params = _with_container_ids(engine, params)
    desired = table.desired_values(params)
    table.require_api(desired, engine)
    return Task(name, params, desired, table.comparison_modes(params.get("comparisons")), rule_of(params))


def _with_container_ids(engine: Any, params: Mapping[str, Any]) -> Mapping[str, Any]:
    """container:NAME as container:ID, which is what the Engine stores."""
    changed = dict(params)
    for option in ("network_mode", "ipc_mode", "pid_mode"):
        value = params.get(option) or ""
        if value.startswith("container:"):
            other = engine.containers.find(value[len("container:") :])
            if other is None:
                raise BadOption(option, value, "there is no such container", "%s: container:web" % option)
            changed[option] = "container:" + other["Id"]
    return changed

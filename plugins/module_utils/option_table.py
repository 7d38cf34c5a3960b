# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A table of option rows: the argument spec, the values of a task, and a difference."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Iterable, Mapping, NamedTuple

from .errors import ApiTooOld
from .option import Option

if TYPE_CHECKING:
    from .engine.engine import Engine


class Control(NamedTuple):
    """An option for the module itself, with no counterpart in the object."""

    name: str
    spec: dict[str, Any]
    help: tuple[str, ...]
    aliases: tuple[str, ...] = ()
    flag: str | None = None
    range: tuple[int, int] | None = None


class Difference(NamedTuple):
    """One option that differs. ``desired`` and ``observed`` are API values; for a map only the members that differ.

    ``removed`` are the names that were declared at creation and are not in the task any more; for a single value, its own name.
    """

    option: Option
    desired: Any
    observed: Any
    removed: tuple[str, ...] = ()

    @property
    def only_removed(self) -> bool:
        """Whether the object only has options that were removed from the task."""
        return bool(self.removed) and not self.desired


def argument_spec(rows: Iterable[Option | Control]) -> dict[str, Any]:
    """Ansible's argument_spec; help texts of suboptions are left out."""
    spec: dict[str, Any] = {}
    for row in rows:
        spec[row.name] = dict(plain(row.spec), **({"aliases": list(row.aliases)} if row.aliases else {}))
    return spec


def plain(spec: Mapping[str, Any]) -> dict[str, Any]:
    """An entry of an argument spec without its help, and without that of its suboptions."""
    kept = {key: value for key, value in spec.items() if key != "help"}
    if "options" in kept:
        kept["options"] = {name: plain(field) for name, field in kept["options"].items()}
    return kept


def desired_values(rows: Iterable[Option], params: Mapping[str, Any]) -> dict[Option, Any]:
    """API values of the options that the task sets. Raises BadOption."""
    values = {row: row.desired(dict(params)) for row in rows}
    return {row: value for row, value in values.items() if value is not None}


def require_api(desired: Mapping[Option, Any], engine: Engine) -> None:
    """Raise ApiTooOld for a value that the Engine would ignore."""
    for option, value in desired.items():
        since = option.requires(value)
        if since and not engine.speaks(since):
            raise too_old(option.name, since, engine)


def too_old(option: str, since: str, engine: Engine) -> ApiTooOld:
    """The error for an option that needs a newer API."""
    return ApiTooOld(
        f"{option} needs Engine API {since}; {engine.address} has API {engine.api_version}",
        "Remove the option for this host, or upgrade its Engine",
        option=option,
    )

# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The option table: desired values, create body and differences."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Callable, Iterable, Mapping

from .. import declared, option_table
from ..errors import BadOption
from ..option import ALLOW_MORE, IGNORE, STRICT, MapOption, Option
from ..option_table import Difference
from .options import block_io, control, isolation, lifecycle, limits, mounts, network, process, storage

if TYPE_CHECKING:
    pass

OPTIONS: tuple[Option, ...] = (
    process.ROWS
    + lifecycle.ROWS
    + limits.ROWS
    + block_io.ROWS
    + isolation.ROWS
    + network.ROWS
    + storage.ROWS
    + mounts.ROWS
)
CONTROLS = control.ROWS
# Compared with the image that a container was created from, so they have no row.
_IMAGE_OPTIONS = ("image", "platform")


def argument_spec() -> dict[str, Any]:
    """The module's own options; help texts of suboptions are left out."""
    spec = option_table.argument_spec((*CONTROLS, *OPTIONS))
    for row in OPTIONS:
        spec.update({name: dict(partner[0]) for name, partner in row.partners.items()})
    return spec


def with_defaults(params: Mapping[str, Any]) -> dict[str, Any]:
    """The task's parameters, with the defaults that container_default_behavior=compatibility asks for."""
    if params.get("container_default_behavior") != "compatibility":
        return dict(params)
    return dict(
        params, **{name: value for name, value in control.COMPATIBLE_DEFAULTS.items() if params.get(name) is None}
    )


def comparison_modes(comparisons: Mapping[str, Any] | None, options: Iterable[Option] = OPTIONS) -> dict[str, str]:
    """Option name to strict, ignore or allow_more_present."""
    comparisons = dict(comparisons or {})
    everything = comparisons.pop("*", None)
    if everything not in (None, STRICT, IGNORE):
        raise BadOption(
            "comparisons.*", "must be strict or ignore", got=everything, example="comparisons: {'*': strict}"
        )
    modes = {option.name: everything or option.mode for option in options}
    modes.update(dict.fromkeys(_IMAGE_OPTIONS, everything or STRICT))
    by_alias = {alias: option for option in options for alias in (option.name,) + option.aliases}
    taken: dict[str, str] = {}
    for key, mode in comparisons.items():
        option = by_alias.get(key)
        name = option.name if option else key
        if option is None and key not in _IMAGE_OPTIONS:
            raise BadOption(
                "comparisons", "must name options of this module", got=key, example="comparisons: {env: strict}"
            )
        if name in taken:
            raise BadOption(
                "comparisons",
                f"must name each option once; this is the same option as {taken[name]}",
                got=key,
                example=f"comparisons: {{{name}: strict}}",
            )
        _check_mode(key, mode, bool(option and option.is_map))
        taken[name] = key
        modes[name] = mode
    return modes


def _check_mode(key: str, mode: object, has_members: bool) -> None:
    example = f"comparisons: {{{key}: strict}}"
    if mode not in (STRICT, IGNORE, ALLOW_MORE):
        raise BadOption(f"comparisons.{key}", "must be strict, ignore or allow_more_present", got=mode, example=example)
    if mode == ALLOW_MORE and not has_members:
        problem = "must be strict or ignore, because the option has a single value"
        raise BadOption(f"comparisons.{key}", problem, got=mode, example=example)


def create_body(desired: Mapping[Option, Any], image: str, track: bool) -> dict[str, Any]:
    """The body of POST /containers/create, without endpoints."""
    body: dict[str, Any] = {"Image": image, "HostConfig": {}}
    write(body, desired)
    if track:
        set_label(body, declared.to_label(desired))
    return body


def write(body: dict[str, Any], desired: Mapping[Option, Any]) -> None:
    """Put values into a create body."""
    for option, value in desired.items():
        option.write(body, value)


def set_label(body: dict[str, Any], text: str) -> None:
    """Put the label with the record of declared options into a create body."""
    body["Labels"] = dict(body.get("Labels") or {}, **{declared.LABEL: text})


class Comparison:
    """Compares a task with a container, option by option.

    ``image()`` inspects the image and is only called where its own settings matter. ``last`` is the record of what was declared when the
    container was created, or None. ``complete``: the task describes the whole container, so an option that it does not set may have been removed from it.
    """

    def __init__(
        self,
        desired: Mapping[Option, Any],
        image: Callable[[], Any],
        modes: Mapping[str, str],
        last: Mapping[str, Any] | None,
        complete: bool = True,
    ) -> None:
        self.desired = desired
        self.task = {option.name: value for option, value in desired.items()}
        self.image = image
        self.modes = modes
        self.last = last if complete else None
        self.complete = complete

    def difference(self, option: Option, inspected: dict[str, Any]) -> Difference | None:
        """How the container differs in one option, or None."""
        if self.modes[option.name] == IGNORE or not (self.complete or option in self.desired):
            return None
        wanted, seen = self.desired.get(option), option.observed(inspected)
        if isinstance(option, MapOption):
            return self._of_map(option, wanted, seen)
        if wanted is not None:
            return self._of_value(option, wanted, seen)
        return None if option.is_unset(inspected) else self._of_unset(option, seen)

    def _of_value(self, option: Option, wanted: object, seen: object) -> Difference | None:
        if option.same(wanted, seen):
            return None
        if option.empty_is_image and not wanted and option.same(option.given_by_image(self.image()), seen):
            return None
        return Difference(option, wanted, seen)

    def _of_unset(self, option: Option, seen: object) -> Difference | None:
        """An option that the task does not set: a difference if an earlier task set it."""
        if self.last is None:
            return None
        implied = option.implied(self.task)
        if implied is not None:
            return None if option.same(implied, seen) else Difference(option, implied, seen, (option.name,))
        # An update in place does not change the label, so any value of an option that can be updated comes from an earlier task.
        if not (option.name in self.last or option.live) or option.follows(self.task, option.name, seen):
            return None
        if option.from_image:
            given = option.given_by_image(self.image())
            if option.same(given, seen) and option.same(seen, given):
                return None
        return Difference(option, None, seen, (option.name,))

    def _of_map(self, option: MapOption, wanted: Mapping[str, Any] | None, seen: dict[str, Any]) -> Difference | None:
        # Without a record, everything that differs from a new container of this image is a difference.
        given = option.given_by_image(self.image()) if self.complete and self.last is None and option.from_image else {}
        once = option.name in (self.last or {}) or any(self._was_declared(option, name, seen[name]) for name in seen)
        if wanted is None and not given and not once:
            return None
        return self._of_members(option, dict(given, **(wanted or {})), declared.without_record(seen))

    def _of_members(self, option: MapOption, wanted: dict[str, Any], seen: dict[str, Any]) -> Difference | None:
        changed = [name for name, value in wanted.items() if name not in seen or not option.same(value, seen[name])]
        surplus = [name for name in seen if name not in wanted and self._is_surplus(option, name, seen[name])]
        if not changed and not surplus:
            return None
        return Difference(
            option,
            {name: wanted[name] for name in changed},
            {name: seen[name] for name in changed + surplus if name in seen},
            tuple(surplus),
        )

    def _is_surplus(self, option: MapOption, name: str, value: object) -> bool:
        """Whether a member must be removed: it was removed from the task or is not allowed, and a new container would not have it."""
        if self.modes[option.name] != STRICT and not self._was_declared(option, name, value):
            return False
        if option.follows(self.task, name, value):
            return False
        given = option.given_by_image(self.image()) if option.from_image else {}
        return name not in given or not option.same(given[name], value)

    def _was_declared(self, option: MapOption, name: str, value: object) -> bool:
        return self.last is not None and (name in self.last.get(option.name, ()) or option.recorded(value))


def differences(
    desired: Mapping[Option, Any],
    inspected: Mapping[str, Any],
    image: Callable[[], Any],
    modes: Mapping[str, str],
    last: Mapping[str, Any] | None,
    options: Iterable[Option] = OPTIONS,
    complete: bool = True,
) -> list[Difference]:
    """What differs between the task and the container. The arguments are those of Comparison."""
    comparison = Comparison(desired, image, modes, last, complete)
    container = dict(inspected)
    found = (comparison.difference(option, container) for option in options)
    return [difference for difference in found if difference]

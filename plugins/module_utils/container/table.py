# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The option table: what the task wants, what a create body looks like, and what differs."""

from __future__ import annotations

from typing import Any, Iterable, Mapping, NamedTuple, Optional

from ..errors import ApiTooOld, BadOption
from . import declared
from .option import ALLOW_MORE, IGNORE, STRICT, Option
from .options import control, isolation, limits, network, process, storage

OPTIONS: tuple[Option, ...] = process.ROWS + limits.ROWS + isolation.ROWS + network.ROWS + storage.ROWS
CONTROLS = control.ROWS
# Compared with the image that a container was made from, so they have no row.
_IMAGE_OPTIONS = ("image", "platform")


class Difference(NamedTuple):
    """One option that differs. ``desired`` and ``observed`` are API values; for a map only the members that differ.

    ``left`` are the names that have left the task; for an option that is one value, its own name.
    """

    option: Option
    desired: Any
    observed: Any
    left: tuple[str, ...] = ()


def argument_spec() -> dict[str, Any]:
    """The module's own options; help texts of sub-options are left out."""
    spec: dict[str, Any] = {}
    for row in tuple(CONTROLS) + OPTIONS:
        spec[row.name] = dict(_plain(row.spec), **({"aliases": list(row.aliases)} if row.aliases else {}))
        for name, partner in getattr(row, "partners", {}).items():
            spec[name] = dict(partner[0])
    return spec


def _plain(spec: Mapping[str, Any]) -> dict[str, Any]:
    plain = {key: value for key, value in spec.items() if key != "help"}
    if "options" in plain:
        plain["options"] = {name: _plain(field) for name, field in plain["options"].items()}
    return plain


def with_defaults(params: Mapping[str, Any]) -> dict[str, Any]:
    """The task's parameters, with the defaults that container_default_behavior=compatibility asks for."""
    if params.get("container_default_behavior") != "compatibility":
        return dict(params)
    return dict(params, **{name: value for name, value in control.COMPATIBLE_DEFAULTS.items() if params.get(name) is None})


def desired_values(params: Mapping[str, Any], options: Iterable[Option] = OPTIONS) -> dict[Option, Any]:
    """API values of the options that the task sets; an option that it does not set is not ours to manage."""
    values = {option: option.desired(dict(params)) for option in options}
    return {option: value for option, value in values.items() if value is not None}


def require_api(desired: Mapping[Option, Any], engine: Any) -> None:
    """Raise ApiTooOld for a value that the daemon would drop without a word."""
    for option, value in desired.items():
        since = option.requires(value)
        if since and not engine.speaks(since):
            raise ApiTooOld(
                "The option %s, as it is set, needs Engine API %s, and %s speaks %s" % (option.name, since, engine.address, engine.api_version),
                "Leave it out for this host, or upgrade its engine",
                option=option.name,
            )


def comparison_modes(comparisons: Optional[Mapping[str, Any]], options: Iterable[Option] = OPTIONS) -> dict[str, str]:
    """Option name to strict, ignore or allow_more_present."""
    comparisons = dict(comparisons or {})
    everything = comparisons.pop("*", None)
    if everything not in (None, STRICT, IGNORE):
        raise BadOption("comparisons.*", everything, "for all options only strict and ignore make sense", "comparisons: {'*': strict}")
    modes = {option.name: everything or option.mode for option in options}
    modes.update({name: everything or STRICT for name in _IMAGE_OPTIONS})
    by_alias = {alias: option for option in options for alias in (option.name,) + option.aliases}
    taken: dict[str, str] = {}
    for key, mode in comparisons.items():
        option = by_alias.get(key)
        name = option.name if option else key
        if option is None and key not in _IMAGE_OPTIONS:
            raise BadOption("comparisons", key, "there is no option of that name to compare", "comparisons: {env: strict}")
        if name in taken:
            raise BadOption("comparisons", key, "the same option is named as %s too" % taken[name], "comparisons: {%s: strict}" % name)
        if mode not in (STRICT, IGNORE, ALLOW_MORE):
            raise BadOption("comparisons.%s" % key, mode, "it is none of strict, ignore and allow_more_present", "comparisons: {%s: strict}" % key)
        if mode == ALLOW_MORE and not (option and option.is_map):
            raise BadOption("comparisons.%s" % key, mode, "it is one value, so nothing more can be present", "comparisons: {%s: strict}" % key)
        taken[name] = key
        modes[name] = mode
    return modes


def create_body(desired: Mapping[Option, Any], image: str, track: bool) -> dict[str, Any]:
    """The body of POST /containers/create, without endpoints."""
    body: dict[str, Any] = {"Image": image, "HostConfig": {}}
    for option, value in desired.items():
        option.write(body, value)
    if track:
        body.setdefault("Labels", {})
        body["Labels"] = dict(body["Labels"], **{declared.LABEL: declared.to_label(desired)})
    return body


def differences(
    desired: Mapping[Option, Any], inspected: Mapping[str, Any], image: Any, modes: Mapping[str, str], last: Any, options: Iterable[Option] = OPTIONS
) -> list[Difference]:
    """What differs between the task and the container.

    ``image()`` inspects the image and is only called where its own settings matter; ``last`` is what the label says, or None.
    """
    found = []
    for option in options:
        mode = modes[option.name]
        if mode == IGNORE:
            continue
        compare = _map_difference if option.is_map else _value_difference
        difference = compare(option, desired.get(option), option.observed(dict(inspected)), image, mode, last, desired)
        if difference:
            found.append(difference)
    return found


def _value_difference(option: Option, wanted: Any, seen: Any, image: Any, mode: str, last: Any, desired: Mapping[Option, Any]) -> Optional[Difference]:
    if wanted is not None:
        if option.matches(option.normal(wanted), option.normal(seen)):
            return None
        if option.from_image and not wanted and option.matches(option.given_by_image(image()), seen):
            return None  # command: [] means the image's own command
        return Difference(option, wanted, seen)
    if last is None or not option.normal(seen) or not _has_left(option, last, desired):
        return None
    if option.reset is not None and option.matches(option.reset, seen):
        return None
    if option.from_image and option.matches(option.normal(option.given_by_image(image())), option.normal(seen)):
        return None
    return Difference(option, None, seen, (option.name,))


def _has_left(option: Option, last: Any, desired: Mapping[Option, Any]) -> bool:
    """Whether the task declared it once and does not now.

    An update in place leaves the label as it was, so of options that have one any value stems from an earlier task.
    The Engine derives memory_swap from memory.
    """
    derived = option.name == "memory_swap" and any(other.name == "memory" for other in desired)
    return option.name in last or (option.live is not None and not derived)


def _map_difference(option: Any, wanted: Any, seen: Any, image: Any, mode: str, last: Any, desired: Mapping[Option, Any]) -> Optional[Difference]:
    # Nobody noted what was declared here, so whatever differs from a fresh container of this image counts.
    given = option.given_by_image(image()) if last is None and option.from_image else {}
    if wanted is None and not given and (last is None or option.name not in last):
        return None
    wanted = dict(given, **(wanted or {}))
    seen = {name: value for name, value in seen.items() if name != declared.LABEL}
    changed = [name for name, value in wanted.items() if name not in seen or not option.matches(value, seen[name])]
    surplus = [name for name in seen if name not in wanted and (mode == STRICT or name in (last or {}).get(option.name, ()))]
    if surplus:
        surplus = [name for name in surplus if not _stems_from_elsewhere(option, name, seen[name], image, desired)]
    if not changed and not surplus:
        return None
    names = changed + surplus
    return Difference(option, {name: wanted[name] for name in changed}, {name: seen[name] for name in names if name in seen}, tuple(surplus))


def _stems_from_elsewhere(option: Any, name: str, value: Any, image: Any, desired: Mapping[Option, Any]) -> bool:
    """Whether a fresh container would have it without being asked: from the image, or because of another option."""
    if option.name == "exposed_ports" and any(other.name == "published_ports" and name in ports for other, ports in desired.items()):
        return True
    if option.name == "security_opts" and name == "label=disable":
        # SELinux cannot tell a container from the host whose namespaces it shares.
        return any((other.name, value) in (("privileged", True), ("pid_mode", "host"), ("ipc_mode", "host")) for other, value in desired.items())
    given = option.given_by_image(image()) if option.from_image else {}
    return name in given and option.matches(given[name], value)

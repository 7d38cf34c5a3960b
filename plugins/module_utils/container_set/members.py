# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Converts the options of a set to its members: defaults, counts, names, host ports and dependencies. Raises BadOption, reads nothing."""

from __future__ import annotations

import re
from typing import Any, Iterable, Mapping, NamedTuple

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ..container import convert, lookup
from ..errors import BadOption
from . import depends_on, spec

LABEL = "flotilla.docker.set"
MOST = 1000
_RANGED = re.compile(
    r"^(?P<ip>(?:\[[^\]]+\]|[\d.]+):)?(?P<host>\d+(?:-\d+)?):(?P<inside>\d+(?:-\d+)?)(?P<proto>/\w+)?$"
)


class Member(NamedTuple):
    """One container of the set. ``entry`` is the name of its entry; ``alone`` says whether the entry has no other member.

    ``depends_on`` maps names of entries to started, healthy or completed.
    """

    name: str
    entry: str
    params: Mapping[str, Any]
    depends_on: Mapping[str, str]
    alone: bool

    @property
    def ready(self) -> Mapping[str, Any] | None:
        """The checks that must succeed after a start."""
        return self.params["ready"]

    @property
    def drain(self) -> Mapping[str, Any] | None:
        """What to do before a stop."""
        return self.params["drain"]


def read(params: Mapping[str, Any]) -> list[Member]:
    """The members of a set, in the order of the list."""
    lookup.checked_name("name", params["name"])
    _at_least("parallel", params["parallel"], 1)
    defaults = _checked_defaults(params["defaults"] or {})
    entries = [_merged(entry, defaults) for entry in params["containers"] or []]
    _refuse_twice((entry["name"] for entry in entries), "containers[].name")
    members = [member for entry in entries for member in _members(params["name"], entry, params)]
    _refuse_twice((member.name for member in members), "containers[].name")
    members = depends_on.with_shared_namespaces(members)
    depends_on.check({entry["name"]: depends_on.read(entry) for entry in entries}, members)
    return members


_STOPPING = ("drain", "stop_timeout", "force_kill", "kill_signal", "keep_volumes")


def to_remove(name: str, params: Mapping[str, Any]) -> Member:
    """A member that is no longer in the list. Its options for stopping come from the defaults of the set."""
    defaults = _checked_defaults(params["defaults"] or {})
    entry = _merged({"name": name, "state": "absent"}, {key: defaults[key] for key in _STOPPING if key in defaults})
    return Member(name, name, dict(entry, timeout=params.get("timeout")), {}, False)


def seconds(option: str, value: object) -> float:
    """ "1m30s" or a bare number of seconds."""
    text = str(value).strip()
    bare = re.match(r"^\d+(\.\d+)?$", text)
    return convert.duration(option, text + "s" if bare else value) / 1e9


def _checked_defaults(defaults: Mapping[str, Any]) -> dict[str, Any]:
    if "name" in defaults:
        raise BadOption("defaults", "must not have a name, because each container has its own", got=defaults["name"])
    result = ArgumentSpecValidator(spec.entry_spec()).validate(dict(defaults, name="x"))
    errors = [str(error) for error in result.error_messages]
    if errors:
        raise BadOption(
            "defaults",
            "must have options of containers only: {}".format("; ".join(errors)),
            example="defaults: {image: nginx}",
        )
    given = _names_with_aliases(defaults)
    return {name: value for name, value in result.validated_parameters.items() if name in given}


def _names_with_aliases(given: Mapping[str, Any]) -> set[str]:
    return {
        name
        for name, option in spec.entry_spec().items()
        if name != "name" and (name in given or set(option.get("aliases") or ()) & set(given))
    }


def _merged(entry: Mapping[str, Any], defaults: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(spec.entry_defaults())
    for source in (defaults, entry):
        merged.update({name: value for name, value in source.items() if value is not None})
    return dict(dict.fromkeys(spec.entry_spec()), **merged)


def _members(set_name: str, entry: Mapping[str, Any], params: Mapping[str, Any]) -> list[Member]:
    name, count = entry["name"], entry["count"]
    conditions = depends_on.read(entry)
    if count is None and not entry["name_template"]:
        names = [name]
    else:
        count = 1 if count is None else count
        _at_least(f"count of {name}", count, 0)
        if count > MOST:
            raise BadOption(f"count of {name}", f"must be {MOST} or less", got=count, example="count: 6")
        names = _numbered(entry, count)
        _refuse_fixed(entry, count)
    names = [lookup.checked_name("containers[].name", each) for each in names]
    for checked in names:
        if checked.endswith((lookup.SUFFIX, lookup.SUCCESSOR_SUFFIX)):
            raise BadOption("containers[].name", "must not end with a suffix that replacements use", got=checked)
    return [
        Member(
            each,
            name,
            _own_params(set_name, entry, each, number if entry["count"] is not None else None, len(names), params),
            conditions,
            len(names) == 1,
        )
        for number, each in enumerate(names)
    ]


def _numbered(entry: Mapping[str, Any], count: int) -> list[str]:
    template = entry["name_template"] or "{}-%d".format(entry["name"].replace("%", "%%"))
    try:
        names = [template % number for number in range(1, count + 1)]
    except (TypeError, ValueError):
        names = []
    if count and (not names or len(set(names)) != count):
        raise BadOption(
            "name_template",
            "must have one number such as %d or %02d",
            got=template,
            example='name_template: "web-%02d"',
        )
    return names


def _refuse_fixed(entry: Mapping[str, Any], count: int) -> None:
    """Refuse options that only one container can have."""
    if count < 2:
        return
    for network in entry["networks"] or []:
        for field in ("ipv4_address", "ipv6_address", "mac_address"):
            if network.get(field):
                raise BadOption(
                    f"networks[].{field}",
                    f"cannot be used with count: {count}, because every container would have it",
                    got=network[field],
                )
    if entry["mac_address"]:
        raise BadOption(
            "mac_address",
            f"cannot be used with count: {count}, because every container would have it",
            got=entry["mac_address"],
        )


def _own_params(
    set_name: str, entry: Mapping[str, Any], name: str, number: int | None, count: int, params: Mapping[str, Any]
) -> dict[str, Any]:
    own = dict(entry, name=name, timeout=params.get("timeout"))
    own["labels"] = dict(entry["labels"] or {}, **{LABEL: set_name})
    if number is not None and entry["published_ports"]:
        own["published_ports"] = [_dealt(str(port), number, count) for port in entry["published_ports"]]
    return own


def _dealt(port: str, number: int, count: int) -> str:
    """The host port of a range that this member gets."""
    match = _RANGED.match(port)
    if not match:
        return port  # without a host port, or not a valid port, which the check of container_run reports
    inside = convert.port_range("published_ports", match.group("inside"), port)
    hosts = convert.port_range("published_ports", match.group("host"), port)
    width, needed = len(inside), len(inside) * count
    if len(hosts) < needed:
        wanted = "{}{}-{}:{}{}".format(
            match.group("ip") or "", hosts[0], hosts[0] + needed - 1, match.group("inside"), match.group("proto") or ""
        )
        raise BadOption(
            "published_ports",
            f"must have a range of {needed} host ports for {count} containers",
            got=port,
            example=f"published_ports: ['{wanted}']",
        )
    own = hosts[number * width : (number + 1) * width]
    text = str(own[0]) if width == 1 else f"{own[0]}-{own[-1]}"
    return "{}{}:{}{}".format(match.group("ip") or "", text, match.group("inside"), match.group("proto") or "")


def _refuse_twice(names: Iterable[str], option: str) -> None:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            raise BadOption(option, "must be unique in the set", got=name)
        seen.add(name)


def _at_least(option: str, value: int, least: int) -> None:
    if value < least:
        raise BadOption(
            option, f"must be {least} or more", got=value, example=f"{option.split(' ')[0]}: {max(least, 1)}"
        )

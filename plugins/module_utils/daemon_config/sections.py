# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which task owns which options of a daemon's configuration.

Tasks with the same ``section`` are one owner: options that the last of them no longer sets are removed. Tasks without a section
only add and change what they name. An option belongs to the section that named it last; the others lose it.
"""

from __future__ import annotations

from typing import Any, Dict, Mapping, NamedTuple

from .daemon_json import Document, overlay, without

# The section of tasks without a section.
UNNAMED = ""
_MAPS = ("environment", "service_settings", "socket_settings")
# Flags of dockerd that can be given more than once, each time with another value.
_REPEATABLE = frozenset(
    (
        "--add-runtime",
        "--authorization-plugin",
        "--default-address-pool",
        "--default-ulimit",
        "--dns",
        "--dns-opt",
        "--dns-search",
        "--exec-opt",
        "--host",
        "--insecure-registry",
        "--label",
        "--log-opt",
        "--node-generic-resource",
        "--registry-mirror",
        "--storage-opt",
        "-H",
    )
)


class Section(NamedTuple):
    """The options that tasks of one section set. ``registry_cas`` are paths of CA files of registries; ``certificates``: the daemon's own."""

    options: Document = {}
    environment: dict[str, Any] = {}
    flags: tuple[str, ...] = ()
    service_settings: dict[str, Any] = {}
    socket_settings: dict[str, Any] = {}
    registry_cas: tuple[str, ...] = ()
    certificates: bool = False


Sections = Dict[str, Section]


class Settlement(NamedTuple):
    """The sections after a task; what its own section set ``before``; what the ``others`` set; and messages about conflicts."""

    sections: Sections
    before: Section
    others: Section
    conflicts: list[str]

    @property
    def together(self) -> Section:
        """The options of all sections together."""
        return combine(self.sections)


def settle(found: Sections, name: str, asked: Section) -> Settlement:
    """The sections after a task of section ``name`` set ``asked``, where the value None removes an option."""
    before = found.get(name, Section())
    mine = _without_nulls(_overlaid(before, asked) if name == UNNAMED else asked)
    foreign = {other: section for other, section in found.items() if other != name}
    others = {other: _minus(section, asked) for other, section in foreign.items()}
    conflicts = [
        f"{key} was {section_text(other)} to another value before. The task that runs last wins; set {key} in one task only"
        for other, section in sorted(foreign.items())
        for key in _conflicting(section, asked)
    ]
    sections = {other: section for other, section in {**others, name: mine}.items() if section != Section()}
    return Settlement(sections, Section() if name == UNNAMED else before, combine(others), conflicts)


def section_text(name: str) -> str:
    """For messages."""
    return "set by a task without a section" if name == UNNAMED else f"set by section {name}"


def combine(sections: Mapping[str, Section]) -> Section:
    """The options of several sections, in the order of their names."""
    result = Section()
    for _name, section in sorted(sections.items()):
        result = _overlaid(result, section)
    return result


def _overlaid(first: Section, second: Section) -> Section:
    """Both merged; the second takes precedence."""
    flags = {_key(flag): flag for flag in (*split_flags(first.flags), *split_flags(second.flags))}
    return Section(
        overlay(first.options, second.options),
        {**first.environment, **second.environment},
        tuple(word for flag in flags.values() for word in flag),
        {**first.service_settings, **second.service_settings},
        {**first.socket_settings, **second.socket_settings},
        tuple(sorted({*first.registry_cas, *second.registry_cas})),
        first.certificates or second.certificates,
    )


def _minus(section: Section, asked: Section) -> Section:
    """A section without the options that another task sets."""
    keys = {_key(flag) for flag in split_flags(asked.flags)}
    return Section(
        without(section.options, asked.options),
        _without_keys(section.environment, asked.environment),
        tuple(word for flag in split_flags(section.flags) if _key(flag) not in keys for word in flag),
        _without_keys(section.service_settings, asked.service_settings),
        _without_keys(section.socket_settings, asked.socket_settings),
        tuple(path for path in section.registry_cas if path not in asked.registry_cas),
        section.certificates and not asked.certificates,
    )


def _without_keys(values: Mapping[str, Any], keys: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in values.items() if key not in keys}


def _without_nulls(section: Section) -> Section:
    return section._replace(
        options=overlay({}, section.options),
        environment=overlay({}, section.environment),
        service_settings=overlay({}, section.service_settings),
        socket_settings=overlay({}, section.socket_settings),
    )


def _conflicting(section: Section, asked: Section) -> list[str]:
    """Names that both set, to different values."""
    return [
        key
        for name in ("options", *_MAPS)
        for key, value in getattr(asked, name).items()
        if value is not None and _differs(getattr(section, name).get(key, value), value)
    ]


def _differs(theirs: object, ours: object) -> bool:
    """Dictionaries differ only where both have a key."""
    if isinstance(theirs, dict) and isinstance(ours, dict):
        return any(_differs(theirs[key], ours[key]) for key in theirs if key in ours)
    return bool(theirs != ours)


def split_flags(words: tuple[str, ...]) -> list[tuple[str, ...]]:
    """Words of a command line by flag: ("--label", "a=b", "--debug") as [("--label", "a=b"), ("--debug",)]."""
    flags: list[tuple[str, ...]] = []
    for word in words:
        if flags and not word.startswith("-"):
            flags[-1] = (*flags[-1], word)
        else:
            flags.append((word,))
    return flags


def _key(flag: tuple[str, ...]) -> str:
    name = flag[0].split("=", 1)[0]
    return " ".join(flag) if name in _REPEATABLE else name

# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The record of docker_daemon_config on the host for its next run: the options of each section, and a pending restart."""

from __future__ import annotations

import json
from typing import Any, NamedTuple

from .sections import UNNAMED, Section, Sections, combine


class HostRecord(NamedTuple):
    """``invocation`` is the start of the daemon that ``pending`` waits for; ``copying`` is where an unfinished copy of the data goes.

    ``lingered``: this module enabled lingering. ``legacy`` are options that a version without sections wrote.
    """

    sections: Sections = {}
    pending: list[str] = []
    invocation: str = ""
    lingered: bool = False
    copying: str | None = None
    legacy: Section | None = None

    def sections_for(self, name: str) -> Sections:
        """The sections before a task of section ``name``. Options that a version without sections wrote belong to the first task that runs."""
        return self.sections if self.legacy is None else {**self.sections, name: self.legacy}

    def text(self) -> str | None:
        """JSON with one key for each field that has a value; None (no file) for an empty record."""
        value: dict[str, Any] = {key: item for key, item in self._asdict().items() if item}
        if self.sections:
            value["sections"] = {name: section._asdict() for name, section in self.sections.items()}
        if self.legacy is not None:
            value["legacy"] = self.legacy._asdict()
        return json.dumps(value, indent=2, sort_keys=True) + "\n" if value else None

    def everything(self) -> Section:
        """The options of all sections together."""
        return combine(self.sections_for(UNNAMED))


def parse(text: str | None, unit_settings: Section = Section()) -> HostRecord:
    """The record; an empty one if there is none, or if it cannot be read.

    ``unit_settings`` are environment, flags and settings of the drop-ins, which a version without sections did not record.
    """
    try:
        found = json.loads(text or "{}")
        if not isinstance(found, dict):
            return HostRecord()
        fields = {key: found[key] for key in ("pending", "invocation", "lingered", "copying") if key in found}
        if "options" in found:
            legacy = unit_settings._replace(
                options=found["options"],
                registry_cas=tuple(found.get("registry_cas", ())),
                certificates=bool(found.get("certificates")),
            )
            return HostRecord(**fields)._replace(legacy=legacy)
        sections = {name: _section(section) for name, section in found.get("sections", {}).items()}
        kept = _section(found["legacy"]) if "legacy" in found else None
        return HostRecord(**fields)._replace(sections=sections, legacy=kept)
    except (ValueError, TypeError, AttributeError):
        return HostRecord()


def is_legacy(text: str) -> bool:
    """Whether a version without sections wrote it."""
    try:
        return "options" in json.loads(text)
    except (ValueError, TypeError):
        return False


def _section(found: dict[str, Any]) -> Section:
    section = Section(**found)
    return section._replace(flags=tuple(section.flags), registry_cas=tuple(section.registry_cas))

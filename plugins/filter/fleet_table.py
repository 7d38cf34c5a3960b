# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Lays out values of many hosts as lines that read at a glance."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Optional

from ansible.errors import AnsibleFilterError

GAP = "  "
_DIGEST = re.compile(r"^sha256:([0-9a-f]{12})[0-9a-f]{52}$")


def fleet_table(hosts: Mapping[str, Any], columns: Mapping[str, str], each: Optional[str] = None) -> list[str]:
    """One line for each host, or for each item of the list ``each`` of a host."""
    if not isinstance(hosts, Mapping):
        raise AnsibleFilterError("fleet_table lays out a dictionary of hosts, and this is a %s. Give it {name of the host: its values}." % type(hosts).__name__)
    headings = ["HOST", *columns]
    rows = [[name, *(_value(item, path) for path in columns.values())] for name, host in hosts.items() for item in _items(host, each)]
    return _lines(headings, rows)


def _items(host: Any, each: Optional[str]) -> list[Any]:
    return [host] if each is None else _value(host, each) or []


def _value(item: Any, path: str) -> Any:
    for key in path.split("."):
        if not isinstance(item, Mapping):
            return None
        item = item.get(key)
    return item


def _lines(headings: list[str], rows: list[list[Any]]) -> list[str]:
    texts = [[_text(value) for value in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(headings, *texts)]
    right = [any(_is_number(value) for value in column) for column in zip(*rows)] or [False] * len(headings)
    table = [headings, ["-" * width for width in widths], *texts]
    return [GAP.join(_placed(text, width, to_right) for text, width, to_right in zip(line, widths, right)).rstrip() for line in table]


def _placed(text: str, width: int, to_right: bool) -> str:
    return text.rjust(width) if to_right else text.ljust(width)


def _text(value: Any) -> str:
    if value is None or value == [] or value == "":
        return "-"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, (list, tuple)):
        return ", ".join(_text(item) for item in value)
    return _DIGEST.sub(r"\1", str(value))


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


class FilterModule:
    """The filter as Ansible finds it."""

    def filters(self) -> dict[str, Any]:
        return {"fleet_table": fleet_table}

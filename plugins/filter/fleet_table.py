# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Shows values of many hosts as a table."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ansible.errors import AnsibleFilterError

GAP = "  "
_DIGEST = re.compile(r"^sha256:([0-9a-f]{12})[0-9a-f]{52}$")


def fleet_table(hosts: Mapping[str, Any], columns: Mapping[str, str], each: str | None = None) -> list[str]:
    """One line for each host, or for each item of the list ``each`` of a host; a host without items has one line."""
    if not isinstance(hosts, Mapping):
        raise AnsibleFilterError(
            f"the input of fleet_table must be a dictionary of hosts (got a {type(hosts).__name__}). Example: {{'web1': {{'daemon': {{'active': true}}}}}}"
        )
    headings = ["HOST", *columns]
    rows = [
        [name, *(_value(item, path) for path in columns.values())]
        for name, host in hosts.items()
        for item in _items(host, each)
    ]
    return _lines(headings, rows)


def _items(host: object, each: str | None) -> list[Any]:
    return [host] if each is None else _value(host, each) or [host]


def _value(item: object, path: str) -> Any:
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
    return [
        GAP.join(_placed(text, width, to_right) for text, width, to_right in zip(line, widths, right)).rstrip()
        for line in table
    ]


def _placed(text: str, width: int, to_right: bool) -> str:
    return text.rjust(width) if to_right else text.ljust(width)


def _text(value: object) -> str:
    if value is None or value == [] or value == "":
        return "-"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, (list, tuple)):
        return ", ".join(_text(item) for item in value)
    return _DIGEST.sub(r"\1", str(value))


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


class FilterModule:
    """The filter as Ansible finds it."""

    def filters(self) -> dict[str, Any]:
        return {"fleet_table": fleet_table}

# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The Link header (RFC 8288), in which registries name the next page of a list."""

from __future__ import annotations

import re
from typing import Iterator
from urllib.parse import urljoin

# Registries send some hundred characters; a longer header is ignored.
_LONGEST = 8192
# "<target>" and its parameters, up to the next link. A comma or a semicolon may be inside the target or inside quotes.
_VALUE = r'"((?:[^"\\]|\\.)*)"|([^\s;,"]*)'
_PARAMETER = re.compile(rf"\s*;\s*([^\s=;,]+)(?:\s*=\s*(?:{_VALUE}))?")
_TARGET = re.compile(r"\s*<([^>]*)>")
_END = re.compile(r"\s*;?\s*(?:,|$)")


def links(header: str) -> Iterator[tuple[str, set[str]]]:
    """Targets with their relation types in lower case. Text that is not a link is skipped."""
    header = " ".join(header[:_LONGEST].split())
    position = 0
    while position < len(header):
        target = _TARGET.match(header, position)
        if not target:
            position = header.find(",", position) + 1 or len(header)
            continue
        relations: set[str] | None = None
        position = target.end()
        while parameter := _PARAMETER.match(header, position):
            position = parameter.end()
            if relations is None and parameter.group(1).lower() == "rel":
                # Of several parameters rel the first applies (RFC 8288, 3.3); it may have several types.
                relations = _types(parameter.group(2), parameter.group(3))
        yield target.group(1).strip(), relations or set()
        end = _END.match(header, position)
        position = end.end() if end else header.find(",", position) + 1 or len(header)


def next_page(header: str, url: str) -> str | None:
    """The absolute address of the next page, if the header of the answer from ``url`` has one."""
    return next((urljoin(url, target) for target, relations in links(header) if "next" in relations), None)


def _types(quoted: str | None, token: str | None) -> set[str]:
    text = re.sub(r"\\(.)", r"\1", quoted) if quoted is not None else (token or "").strip("'")
    return set(text.lower().split())

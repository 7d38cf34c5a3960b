# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reads package sources of apt: files, their repositories, and the keys that sign them."""

from __future__ import annotations

import glob
import os
import re
from typing import Iterator, NamedTuple

_FOLDER = "/etc/apt"


class Source(NamedTuple):
    """An enabled entry of a sources file. ``alone``: the file has no entry of another repository."""

    file: str
    uri: str
    suite: str
    signed_by: str
    alone: bool


def read_sources(uri_prefix: str, folder: str = _FOLDER) -> list[Source]:
    """Entries whose address begins with ``uri_prefix``."""
    found = []
    for path in [os.path.join(folder, "sources.list"), *sorted(glob.glob(os.path.join(folder, "sources.list.d", "*")))]:
        entries = list(_entries(path))
        ours = [entry for entry in entries if entry[0].startswith(uri_prefix)]
        found += [Source(path, *entry, alone=len(ours) == len(entries)) for entry in ours]
    return found


def _entries(path: str) -> Iterator[tuple[str, str, str]]:
    """Address, suite and key of each enabled entry."""
    extension = os.path.splitext(path)[1]
    if extension not in (".list", ".sources") or not os.path.isfile(path):
        return
    with open(path, encoding="utf-8", errors="replace") as file:
        text = re.sub(r"^\s*#.*$\n?", "", file.read(), flags=re.MULTILINE)
    yield from _of_list(text) if extension == ".list" else _of_deb822(text)


def _of_list(text: str) -> Iterator[tuple[str, str, str]]:
    for match in re.finditer(r"^\s*deb(?:-src)?\s+(?:\[([^]]*)\]\s+)?(\S+)\s+(\S+)", text, re.MULTILINE):
        options, uri, suite = match.groups()
        key = re.search(r"(?:^|\s)signed-by=(\S+)", options or "", re.IGNORECASE)
        yield uri.rstrip("/"), suite, key.group(1) if key else ""


def _of_deb822(text: str) -> Iterator[tuple[str, str, str]]:
    for stanza in re.split(r"\n\s*\n", text):
        fields = {
            name.lower(): value.strip()
            for name, value in re.findall(r"^([A-Za-z-]+):(.*(?:\n[ \t].*)*)", stanza, re.MULTILINE)
        }
        if fields.get("enabled", "yes").lower() in ("no", "false", "0", "off"):
            continue
        for uri in fields.get("uris", "").split():
            for suite in fields.get("suites", "").split():
                yield uri.rstrip("/"), suite, fields.get("signed-by", "")

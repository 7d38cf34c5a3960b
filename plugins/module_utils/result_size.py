# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Keeps the result of a module that returns lists small enough for AWX, which drops results of more than 700,000 characters."""

from __future__ import annotations

import json
from typing import Any, Mapping, NamedTuple, Sequence

# The rest of the 700,000 characters is for what Ansible adds, such as the invocation.
DEFAULT_SIZE = 650000
# The option of every module that returns lists; doc_fragments/result_size.py documents it.
ARGUMENT_SPEC: dict[str, Any] = {"max_result_size": {"type": "int", "default": DEFAULT_SIZE}}


class Listing(NamedTuple):
    """A list in a result, or a dictionary with lists, and how to make it smaller."""

    key: str
    # Keys of its entries that are left out first, the least important first. "layers.comment" is a key of the entries of a list.
    details: tuple[str, ...] = ()
    # The options that return fewer entries.
    narrow_with: tuple[str, ...] = ()


def fit(result: Mapping[str, Any], max_size: int, *listings: Listing) -> dict[str, Any]:
    """The result with ``left_out``, below ``max_size`` characters of JSON: details of entries go first, then entries at the end of a listing.

    ``left_out`` and a warning say what was left out and how to get it. 0 or less means no limit.
    """
    size = _size(result)
    if max_size <= 0 or size <= max_size:
        return dict(result, left_out=[])
    smaller, left_out = _without_details(result, max_size, listings)
    if _size(smaller) > max_size:
        smaller, cut = _without_entries(smaller, max_size, listings)
        left_out += cut
    if not left_out:
        return dict(result, left_out=[])
    warning = _warning(size, left_out, listings)
    return dict(smaller, left_out=left_out, warnings=[*smaller.get("warnings", ()), warning])


def _without_details(
    result: Mapping[str, Any], max_size: int, listings: Sequence[Listing]
) -> tuple[dict[str, Any], list[str]]:
    smaller = dict(result)
    left_out: list[str] = []
    for listing in listings:
        for detail in listing.details:
            if _size(smaller) <= max_size:
                return smaller, left_out
            entries, path = smaller.get(listing.key), detail.split(".")
            if isinstance(entries, list) and entries:
                smaller[listing.key] = [_without(entry, path) for entry in entries]
                left_out.append(f"{listing.key}[].{'[].'.join(path)}")
            elif isinstance(entries, Mapping) and path[0] in entries:
                smaller[listing.key] = _without(entries, path)
                left_out.append(f"{listing.key}.{detail}")
    return smaller, left_out


def _without(entry: object, path: Sequence[str]) -> Any:
    if not isinstance(entry, Mapping) or path[0] not in entry:
        return entry
    rest = {key: value for key, value in entry.items() if key != path[0]}
    if len(path) == 1:
        return rest
    inner = entry[path[0]]
    if isinstance(inner, list):
        rest[path[0]] = [_without(one, path[1:]) for one in inner]
    else:
        rest[path[0]] = _without(inner, path[1:])
    return rest


def _without_entries(
    result: dict[str, Any], max_size: int, listings: Sequence[Listing]
) -> tuple[dict[str, Any], list[str]]:
    """Shorten the longest listing first, and others only if that is not enough."""
    smaller = dict(result)
    left_out: list[str] = []
    for listing in sorted(listings, key=lambda one: -_size(result.get(one.key))):
        entries = smaller.get(listing.key)
        if not isinstance(entries, list) or not entries or _size(smaller) <= max_size:
            continue
        room = max_size - _size(dict(smaller, **{listing.key: []}))
        kept = 0
        for entry in entries:
            room -= _size(entry) + 2
            if room < 0:
                break
            kept += 1
        smaller[listing.key] = entries[:kept]
        left_out.append(f"{len(entries) - kept} of {len(entries)} {listing.key}")
    return smaller, left_out


def _warning(size: int, left_out: Sequence[str], listings: Sequence[Listing]) -> str:
    options = sorted({option for listing in listings for option in listing.narrow_with})
    narrow = f"ask for less with {' or '.join(options)}, or " if options else ""
    return (
        f"The whole result has {size} characters, which is more than max_result_size. Left out: {', '.join(left_out)}. "
        f"To get everything, {narrow}set max_result_size: 0; AWX drops results of more than 700000 characters."
    )


def _size(value: object) -> int:
    return len(json.dumps(value, default=str))

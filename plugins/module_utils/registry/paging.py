# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Limits for lists in pages: the server names the next page, and must not keep a task running forever."""

from __future__ import annotations

import time
from typing import Callable, Iterable, Iterator, TypeVar

from .failures import search_failed

# Pages of one list, and seconds for all of them.
PAGES = 500
SECONDS = 180.0

Page = TypeVar("Page")


def pages(
    server: str,
    first: str,
    fetch: Callable[[str], tuple[Page, Iterable[str], str | None]],
    most: int = PAGES,
    clock: Callable[[], float] = time.monotonic,
) -> Iterator[Page]:
    """The pages of a list, starting at the address ``first``; at most ``most`` of them.

    ``fetch(address)`` returns a page, the names on it, and the address of the next page or None.
    Raises SearchFailed if the list repeats itself or does not end.
    """
    deadline = clock() + SECONDS
    asked: set[str] = set()
    known: set[str] = set()
    address: str | None = first
    while address is not None and len(asked) < most:
        asked.add(address)
        page, names, following = fetch(address)
        new = set(names) - known
        if following is not None and (following in asked or not new):
            raise search_failed("endless", server, f"the list repeats itself after page {len(asked)}")
        known |= new
        yield page
        if following is not None and clock() > deadline:
            raise search_failed("endless", server, f"the list has not ended after {len(asked)} pages and {SECONDS:g} s")
        address = following
    if address is not None and most == PAGES:
        raise search_failed("endless", server, f"the list has not ended after {most} pages")

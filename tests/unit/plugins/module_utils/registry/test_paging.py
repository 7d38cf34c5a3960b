# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import itertools

import pytest
from ansible_collections.flotilla.docker.plugins.module_utils.errors import SearchFailed
from ansible_collections.flotilla.docker.plugins.module_utils.registry import paging


def listing(*following, names=None):
    """Pages of a list by number; ``following`` are the addresses that they link to."""
    numbers = itertools.count()

    def fetch(address):
        number = next(numbers)
        return address, (names or (lambda number: [str(number)]))(number), following[min(number, len(following) - 1)]

    return fetch


def test_pages_are_followed_to_the_last():
    assert list(paging.pages("hub", "a", listing("b", "c", None))) == ["a", "b", "c"]


@pytest.mark.parametrize("following", [("a",), ("b", "a"), ("b", "b")])
def test_page_that_was_returned_before_is_a_failure(following):
    with pytest.raises(SearchFailed, match="repeats itself") as failure:
        list(paging.pages("hub", "a", listing(*following)))
    assert failure.value.kind == "endless"


def test_page_without_anything_new_that_links_to_another_is_a_failure():
    with pytest.raises(SearchFailed, match="the list repeats itself after page 2"):
        list(paging.pages("hub", "a", listing("b", "c", "d", names=lambda number: ["same"])))


def endless(address):
    return address, [address], address + "x"


def test_list_without_an_end_is_a_failure():
    with pytest.raises(SearchFailed, match="the list has not ended after 500 pages"):
        list(paging.pages("hub", "a", endless))


def test_list_that_takes_too_long_is_a_failure():
    with pytest.raises(SearchFailed, match="the list has not ended after 2 pages and 180 s"):
        list(paging.pages("hub", "a", endless, clock=itertools.count(0, 100).__next__))


def test_caller_may_want_fewer_pages():
    assert len(list(paging.pages("hub", "a", endless, most=3))) == 3

# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import random

import pytest
from ansible_collections.flotilla.docker.plugins.module_utils.registry.versions import newest_first

HASH = "sha256-" + "a" * 64 + ".sig"


@pytest.mark.parametrize(
    "order",
    [
        ["2.0", "1.10", "1.9"],
        ["1.27.3", "1.27.3-alpine", "1.27.3-alpine-slim", "1.27.2", "1.27", "1.27-alpine"],
        ["1.2", "v1.2", "1.2-alpine", "v1.1", "1.1-alpine"],
        ["1.2", "2.0-rc.2", "2.0-rc1", "2.0b3", "2.0-beta1-alpine", "2.0a1", "stable"],
        ["3.13", "3.14.0rc1", "mainline", "latest"],
        ["1.0", "1.1-rc1", "jammy-20240111", "jammy-20230101", "latest", "edge"],
        ["1.0", "stable", "latest", "latest-alpine", "main", "nightly", "1.5-nightly", "abcdef0"],
        ["24.04", "23.10", "latest", "nightly-20240102", "nightly-20240101", "sha-0123abc", HASH],
        ["20240131", "20240101", "1234567"],
    ],
)
def test_tags_are_ordered_by_version_then_pre_release_then_word(order):
    mixed = list(order)
    random.Random(7).shuffle(mixed)
    assert newest_first(mixed) == order


def test_tags_without_a_version_at_all_have_an_order():
    assert newest_first(["", "-", "v", "V1", "..."])[0] == "V1"

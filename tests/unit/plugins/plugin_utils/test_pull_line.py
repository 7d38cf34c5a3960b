# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.flotilla.docker.plugins.plugin_utils.pull_line import PullLine

ONE = {"layers": 6, "layers_done": 2, "bytes": 3100000, "bytes_total": 9000000}


@pytest.mark.parametrize(
    "pulls, expected",
    [
        ({"nginx:latest": ONE}, "nginx:latest, 2 of 6 layers, 3.1MB of 9MB, 1.55MB/s"),
        ({"a:1": ONE, "b:1": ONE}, "2 images, 4 of 12 layers, 6.2MB of 18MB, 3.1MB/s"),
        ({"a:1": dict.fromkeys(ONE, 0)}, "a:1, waiting for the registry"),
        ({"a:1": dict(ONE, bytes=9000000)}, "a:1, 2 of 6 layers, 9MB of 9MB, extracting"),
        ({"a:1": dict(ONE, bytes=999900)}, "a:1, 2 of 6 layers, 1MB of 9MB, 500kB/s"),
    ],
)
def test_line_has_layers_bytes_and_speed(pulls, expected):
    assert PullLine(started=10).render(pulls, now=12) == expected


def test_speed_is_that_of_the_last_seconds():
    line = PullLine(started=0)
    for second in range(20):
        line.render({"a:1": dict(ONE, bytes=1000 * second)}, second)
    assert line.render({"a:1": dict(ONE, bytes=1000 * 19 + 60000)}, 20).endswith(", 12.8kB/s")


def test_speed_of_a_pull_that_starts_again_is_not_negative():
    line = PullLine(started=0)
    line.render({"a:1": ONE}, 1)
    assert line.render({"a:1": dict(ONE, bytes=0)}, 2).endswith(", 0B/s")

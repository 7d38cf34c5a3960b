# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest

from ansible_collections.flotilla.docker.plugins.action.image_pull import render

ONE = {"layers": 6, "layers_done": 2, "bytes": 3100000, "bytes_total": 9000000}


@pytest.mark.parametrize("pulls, seconds, expected", [
    ({"nginx:latest": ONE}, 2, "pulling nginx:latest: 2 of 6 layers, 3.1MB of 9MB, 1.55MB/s"),
    ({"a:1": ONE, "b:1": ONE}, 2, "pulling 2 images: 4 of 12 layers, 6.2MB of 18MB, 3.1MB/s"),
    ({"a:1": dict.fromkeys(ONE, 0)}, 2, "pulling a:1: waiting for the registry"),
])
def test_the_line_says_layers_bytes_and_speed(pulls, seconds, expected):
    assert render(pulls, seconds) == expected

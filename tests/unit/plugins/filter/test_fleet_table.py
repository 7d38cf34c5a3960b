# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible.errors import AnsibleFilterError
from ansible_collections.flotilla.docker.plugins.filter.fleet_table import fleet_table

DIGEST = "sha256:" + "0123456789ab" + "c" * 52
FLEET = {
    "node1": {
        "daemon": {"version": "20.10.24", "active": True},
        "layers": [{"index": 0, "id": DIGEST}, {"index": 1, "id": None}],
    },
    "node10": {"daemon": {"version": "26.1.5"}, "layers": []},
}


def test_table_has_a_line_for_each_host():
    assert fleet_table(FLEET, {"ENGINE": "daemon.version", "ACTIVE": "daemon.active", "HTTP": "container.http"}) == [
        "HOST    ENGINE    ACTIVE  HTTP",
        "------  --------  ------  ----",
        "node1   20.10.24  yes     -",
        "node10  26.1.5    -       -",
    ]


def test_table_of_items_has_short_ids_right_aligned_numbers_and_a_line_for_a_host_without_items():
    assert fleet_table(FLEET, {"LAYER": "index", "ID": "id"}, each="layers") == [
        "HOST    LAYER  ID",
        "------  -----  ------------",
        "node1       0  0123456789ab",
        "node1       1  -",
        "node10      -  -",
    ]


def test_table_without_hosts_has_headings_only():
    assert fleet_table({}, {"A": "a"}) == ["HOST  A", "----  -"]


def test_input_other_than_hosts_is_refused():
    with pytest.raises(AnsibleFilterError, match=r"must be a dictionary of hosts \(got a list\)"):
        fleet_table([], {"A": "a"})

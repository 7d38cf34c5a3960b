# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the benchmark makes of the times that it measured."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).resolve().parents[3] / "tools"))

from bench import page, results, rows  # noqa: E402  pylint: disable=wrong-import-position
from bench.measure import Cost, summary  # noqa: E402  pylint: disable=wrong-import-position

SHARED = {
    "date": "2026-11-26",
    "rounds": 3,
    "load": 0.2,
    "loaded": False,
    "cpus": 2,
    "python": "3.13.1",
    "ansible-core": "2.21.0",
    "docker-py": "7.2.0",
    "community.docker": "5.4.0",
}
PEER = [Cost(10.0, 8.0), Cost(30.0, 9.0), Cost(12.0, 7.0)]
OURS = [Cost(6.0, 4.0), Cost(5.0, 5.0), Cost(9.0, 6.0)]


@pytest.fixture
def add(tmp_path, monkeypatch):
    monkeypatch.setattr(results, "PATH", tmp_path / "results.json")
    return lambda key, **shared: results.add(key, {"peer": PEER, "ours": OURS}, {**SHARED, **shared})


def test_summary_has_minimum_median_and_maximum_of_wall_time_and_median_of_cpu_time():
    assert summary(PEER) == (10.0, 12.0, 30.0, 8.0)


def test_ratios_are_those_of_the_medians(add):
    result = add("unchanged")
    assert (result["ratio"], result["cpu_ratio"]) == (0.5, 0.62)


def test_results_of_other_rows_are_kept(add):
    add("unchanged")
    add("create")
    assert list(results.load()) == ["unchanged", "create"]


def test_page_has_a_line_for_each_measured_row(add):
    add("unchanged")
    add("flow_second_10")
    add("scale_30")
    lines = page.text(results.load()).splitlines()
    title = next(row.title for row in rows.rows() if row.key == "unchanged")
    assert f"| {title} | 12.0 (10.0-30.0) | 6.0 (5.0-9.0) | 0.50 |  | ≤ 0.65 | 8.0 | 5.0 | 0.62 |" in lines
    assert "| second run, 10 hosts | 12.0 (10.0-30.0) | 6.0 (5.0-9.0) | 0.50 |  | ≤ 0.50 | 8.0 | 5.0 | 0.62 |" in lines
    assert "| 30 hosts | 0.4 (0.3-1.0) | 0.2 (0.2-0.3) | 0.50 |  |  | 0.3 | 0.2 | 0.62 |" in lines


def test_net_ratio_is_without_the_time_of_a_play_without_tasks(tmp_path, monkeypatch):
    monkeypatch.setattr(results, "PATH", tmp_path / "results.json")
    costs = {"peer": PEER, "ours": OURS, "empty": [Cost(1.0, 1.0), Cost(2.0, 1.0), Cost(4.0, 1.0)]}
    assert results.add("set_unchanged", costs, SHARED)["net_ratio"] == 0.4
    assert "| 12.0 (10.0-30.0) | 6.0 (5.0-9.0) | 0.50 | 0.40 | ≤ 0.06 | 8.0 | 5.0 | 0.62 |" in page.text(results.load())


def test_page_has_versions_and_a_note_that_the_machine_was_not_quiet(add):
    add("unchanged", loaded=True, load=3.0)
    text = page.text(results.load())
    assert "2026-11-26, rounds: 3, community.docker 5.4.0, ansible-core 2.21.0, Python 3.13.1" in text
    assert "The machine was not quiet, so these figures are not reliable." in text

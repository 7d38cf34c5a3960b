# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The figures, as a table and as JSON."""

from __future__ import annotations

import json
from dataclasses import asdict


def details(result):
    """What failed in one file."""
    for broken in result.broken:
        yield f"    task at line {broken['line']} failed: {broken['name']}: {broken['msg'][:300]}"
    for failed in result.failed:
        why = "" if failed["why"] == "is false" else f" ({failed['why'][:160]})"
        yield f"    assert at line {failed['task']}: {failed['condition'][:200]}{why}"


def line(result):
    """One file in one line."""
    first = f"  first: line {result.broken[0]['line']}, {result.broken[0]['name']}" if result.broken else ""
    return f"  {result.name:42} {result.passed:5} passed {len(result.failed):4} failed  {len(result.broken):3} tasks failed  {result.seconds:5.0f} s{first}"


def total(results):
    """All files of one run."""
    return (
        f"  {'all':42} {sum(result.passed for result in results):5} passed {sum(len(result.failed) for result in results):4} failed "
        f" {sum(len(result.broken) for result in results):3} tasks failed"
    )


def write(path, results):
    """Keep the figures for a comparison."""
    path.write_text(json.dumps([asdict(result) for result in results], indent=1))

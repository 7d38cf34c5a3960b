# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The figures, as a table and as JSON."""

from __future__ import annotations

import json
from dataclasses import asdict

from peer_suite import known

AS_PEER = "as with community.docker itself"


def details(result, baseline):
    """What failed in one file, and what it has to do with the baseline or with our own ways."""
    for broken in result.broken:
        yield f"    task at line {broken['line']} failed{_as_known(_is_broken(broken, baseline))}: {broken['name'].rpartition(' : ')[2]}: {broken['msg'][:300]}"
    for failed in result.failed:
        why = "" if failed["why"] == "is false" else f" ({failed['why'][:160]})"
        yield f"    assert at line {failed['task']} failed{_as_known(excuse(result, failed, baseline))}: {failed['condition'][:200]}{why}"


def _as_known(text):
    return f", {text}" if text else ""


def _is_broken(broken, baseline):
    return AS_PEER if baseline and any(broken["line"] == other["line"] for other in baseline["broken"]) else ""


def excuse(result, failed, baseline):
    """Why a failed condition is none of our faults; empty if it is."""
    same = (baseline or {}).get("failed", ())
    if any((failed["task"], failed["condition"]) == (other["task"], other["condition"]) for other in same):
        return AS_PEER
    return known.reason(result.name, failed["condition"])


def unexpected(result, baseline):
    """How many conditions and tasks fail for no known reason."""
    return sum(not excuse(result, failed, baseline) for failed in result.failed) + sum(not _is_broken(broken, baseline) for broken in result.broken)


def line(result, baseline):
    """One file in one line."""
    return f"  {result.name:38} {_figures([result], [baseline])}  {result.seconds:5.0f} s"


def total(results, baselines):
    """All files of one run."""
    return f"  {'all':38} {_figures(results, baselines)}"


def _figures(results, baselines):
    passed, failed, broken = (sum(count) for count in zip(*((result.passed, len(result.failed), len(result.broken)) for result in results)))
    surprises = sum(unexpected(*pair) for pair in zip(results, baselines))
    return f"{passed:5} passed {failed:4} failed  {broken:3} tasks failed  {surprises:3} of these unexpected"


def read(path):
    """The figures of an earlier run by file; empty if there was none."""
    return {result["name"]: result for result in json.loads(path.read_text())} if path.is_file() else {}


def write(path, results):
    """Keep the figures for a comparison, beside those of files that were not run now."""
    kept = {**read(path), **{result.name: asdict(result) for result in results}}
    path.write_text(json.dumps(list(kept.values()), indent=1))

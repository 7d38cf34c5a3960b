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
    """Failures in one file, with the baseline's result or the known difference."""
    for broken in result.broken:
        known = _as_known(_is_broken(result, broken, baseline))
        name = broken["name"].rpartition(" : ")[2]
        yield f"    task at line {broken['line']} failed{known}: {name}: {broken['msg'][:300]}"
    for failed in result.failed:
        why = "" if failed["why"] == "is false" else f" ({failed['why'][:160]})"
        yield f"    assert at line {failed['task']} failed{_as_known(excuse(result, failed, baseline))}: {failed['condition'][:200]}{why}"


def _as_known(text):
    return f", {text}" if text else ""


def _is_broken(result, broken, baseline):
    """Why a failed task is none of our faults; empty if it is."""
    if baseline and any(broken["line"] == other["line"] for other in baseline["broken"]):
        return AS_PEER
    return known.reason_of_task(result.name, broken["name"].rpartition(" : ")[2])


def excuse(result, failed, baseline):
    """Why a failed condition is not a fault of this collection; empty if it is one."""
    same = (baseline or {}).get("failed", ())
    if any((failed["task"], failed["condition"]) == (other["task"], other["condition"]) for other in same):
        return AS_PEER
    return known.reason(result.name, failed["condition"])


def unexpected(result, baseline):
    """How many conditions and tasks fail for no known reason."""
    return sum(not excuse(result, failed, baseline) for failed in result.failed) + sum(
        not _is_broken(result, broken, baseline) for broken in result.broken
    )


def line(result, baseline):
    """One file in one line: its figures, and how many conditions hold with community.docker itself."""
    return f"  {result.name:30} {_figures([result], [baseline])}  {result.seconds:5.0f} s"


def total(results, baselines):
    """All files of one run."""
    return f"  {'all':30} {_figures(results, baselines)}"


def _figures(results, baselines):
    passed, failed, broken = (
        sum(count) for count in zip(*((result.passed, len(result.failed), len(result.broken)) for result in results))
    )
    surprises = sum(unexpected(*pair) for pair in zip(results, baselines))
    peers = "" if None in baselines else f" (peer {sum(baseline['passed'] for baseline in baselines):3})"
    return f"{passed:5} passed{peers} {failed:4} failed  {broken:3} tasks failed  {surprises:3} of these unexpected"


def read(path):
    """The figures of an earlier run by file; empty if there was none."""
    return {result["name"]: result for result in json.loads(path.read_text())} if path.is_file() else {}


def write(path, results):
    """Store the figures for a comparison, together with those of files that were not run now."""
    kept = {**read(path), **{result.name: asdict(result) for result in results}}
    path.write_text(json.dumps(list(kept.values()), indent=1))

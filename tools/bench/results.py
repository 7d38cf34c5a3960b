# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Results of the benchmark, stored as JSON between runs."""

from __future__ import annotations

import datetime
import json
import os
import platform
import time
from pathlib import Path

import ansible
import docker
from peer_suite.paths import CHECKOUT

from bench import measure, peer

PATH = CHECKOUT / ".cache/bench/results.json"
# A machine counts as quiet if other processes use less than this part of its CPUs.
QUIET = 0.25


def circumstances(rounds):
    """Date, versions and load that all rows of this run share."""
    return {
        "date": datetime.date.today().isoformat(),
        "rounds": rounds,
        "load": round(os.getloadavg()[0], 2),
        # The load average counts work that has ended, too.
        "loaded": _busy(seconds=3.0) > QUIET,
        "cpus": os.cpu_count() or 1,
        "python": platform.python_version(),
        "ansible-core": ansible.__version__,
        "docker-py": docker.__version__,
        "community.docker": peer.version(),
    }


def _busy(seconds):
    """The part of the CPUs' time that other work takes, measured for some seconds."""
    before = _cpu_times()
    time.sleep(seconds)
    idle, total = (after - former for after, former in zip(_cpu_times(), before))
    return 1 - idle / total


def _cpu_times():
    """Idle and total time of all CPUs, from the first line of /proc/stat (proc_stat(5)): user, nice, system, idle, iowait and more."""
    times = [int(number) for number in Path("/proc/stat").read_text(encoding="ascii").splitlines()[0].split()[1:]]
    return times[3] + times[4], sum(times)


def add(key, costs, shared):
    """Store and return the result of one row: seconds of every round, their summary, and the ratios."""
    sides = {side: measure.summary(found)._asdict() for side, found in costs.items()}
    result = {
        **shared,
        "costs": {side: [cost._asdict() for cost in found] for side, found in costs.items()},
        **sides,
        "ratio": round(sides["ours"]["median"] / sides["peer"]["median"], 2),
        "cpu_ratio": round(sides["ours"]["cpu"] / sides["peer"]["cpu"], 2),
    }
    if "empty" in sides:
        result["net_ratio"] = round(_above(sides, "ours") / _above(sides, "peer"), 2)
    everything = load()
    everything[key] = result
    PATH.parent.mkdir(parents=True, exist_ok=True)
    PATH.write_text(json.dumps(everything, indent=2) + "\n", encoding="utf-8")
    return result


def _above(sides, side):
    """Seconds that a side took longer than a play without tasks."""
    return sides[side]["median"] - sides["empty"]["median"]


def load():
    """Results of all rows that were ever measured in this checkout, by key."""
    return json.loads(PATH.read_text(encoding="utf-8")) if PATH.is_file() else {}

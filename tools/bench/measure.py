# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs playbooks, and measures seconds of wall time and of CPU time."""

from __future__ import annotations

import json
import os
import resource
import statistics
import subprocess
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

from bench import peer


class Cost(NamedTuple):
    """Seconds of one run. CPU is that of ansible-playbook and of all programs that it started on this machine, without SSH's master."""

    wall: float
    cpu: float


class Summary(NamedTuple):
    """Costs of several runs."""

    low: float
    median: float
    high: float
    cpu: float


def summary(costs):
    """Minimum, median and maximum of wall time, and the median of CPU time, of the rounds of one row."""
    walls = [cost.wall for cost in costs]
    return Summary(min(walls), statistics.median(walls), max(walls), statistics.median(cost.cpu for cost in costs))


def run_tasks(tasks, socket, **variables):
    """The cost of tasks on this machine that connect to the Engine at ``socket``."""
    play = {
        "hosts": "localhost",
        "connection": "local",
        "gather_facts": False,
        "vars": {"ansible_python_interpreter": "{{ ansible_playbook_python }}", **variables},
        "tasks": tasks,
    }
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "play.yml"
        path.write_text(json.dumps([play]), encoding="utf-8")
        return run_playbook(path, "localhost,", DOCKER_HOST=socket, ANSIBLE_LOCALHOST_WARNING="false")


def run_playbook(playbook, inventory, *arguments, **environment):
    """The cost of a playbook that must succeed."""
    known = {**os.environ, "ANSIBLE_COLLECTIONS_PATH": str(peer.tree()), "ANSIBLE_FORKS": "10", **environment}
    before, started = _cpu(), time.monotonic()
    done = subprocess.run(
        ["ansible-playbook", "-i", str(inventory), str(playbook), *arguments],
        env=known,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    cost = Cost(time.monotonic() - started, _cpu() - before)
    if done.returncode:
        raise SystemExit(f"{playbook} failed:\n{done.stdout[-5000:]}{done.stderr[-5000:]}")
    return cost


def _cpu():
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime

# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Measures the flow on many hosts, against the same work in a playbook of ansible.builtin and community.docker."""

from __future__ import annotations

import subprocess
from pathlib import Path

from bench import fleets, measure

PLAYBOOKS = {"peer": Path(__file__).with_name("peer_flow.yml"), "ours": "flotilla.docker.flow"}


def measured(fleet_name, rounds, hosts):
    """Costs of both sides: of the first run on bare hosts, and of the second run, which changes nothing."""
    first, second = {"peer": [], "ours": []}, {"peer": [], "ours": []}
    for number in range(rounds):
        for side in ("peer", "ours") if number % 2 == 0 else ("ours", "peer"):
            with fleets.up(fleet_name, "--hosts", str(hosts)) as fleet:
                _age_package_lists(fleet)
                first[side].append(measure.run_playbook(PLAYBOOKS[side], fleet["inventory"]))
                second[side].append(measure.run_playbook(PLAYBOOKS[side], fleet["inventory"]))
    return {"flow_first": first, "flow_second": second}


def _age_package_lists(fleet):
    """The lists of a new host are empty, and a task with a cache time trusts them for an hour after the host's image was built."""
    for host in fleet["hosts"].values():
        touch = ["docker", "exec", host["container"], "touch", "--date=2 days ago", "/var/lib/apt/lists"]
        subprocess.run(touch, check=True)


def by_number_of_hosts(fleet_name, rounds, numbers):
    """Number of hosts to the costs of second runs of the flow and of the peer's playbook on that many hosts."""
    largest = max(numbers)
    names = [f"node{number}" for number in range(1, largest + 1)]
    arguments = [argument for name in names for argument in ("--host", f"{name}=forky,engine")]
    found = {number: {"peer": [], "ours": []} for number in numbers}
    with fleets.up(fleet_name, *arguments) as fleet:
        _age_package_lists(fleet)
        for side in PLAYBOOKS:
            measure.run_playbook(PLAYBOOKS[side], fleet["inventory"])
        for number in range(rounds):
            for hosts in numbers:
                for side in ("peer", "ours") if number % 2 == 0 else ("ours", "peer"):
                    limit = ",".join(names[:hosts])
                    found[hosts][side].append(
                        measure.run_playbook(PLAYBOOKS[side], fleet["inventory"], "--limit", limit)
                    )
    return found

# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""docs/performance.md, written from the results."""

from __future__ import annotations

from peer_suite.paths import CHECKOUT

from bench import results, rows

PAGE = CHECKOUT / "docs/performance.md"
HEADINGS = (
    "",
    "community.docker, s",
    "flotilla.docker, s",
    "ratio",
    "net ratio",
    "goal",
    "CPU of community.docker, s",
    "CPU of flotilla.docker, s",
    "CPU ratio",
)
FLOW_GOALS = {"flow_first": 0.9, "flow_second": 0.5}
INTRODUCTION = """# Performance

The same work with community.docker and with this collection, measured by `make bench`. `make bench` writes this page.

Times are seconds of `ansible-playbook`: the median of all rounds, with minimum and maximum in parentheses. Both sides take turns, and the side that
goes first changes from round to round. The ratio is flotilla.docker divided by community.docker: below 1, this collection is faster. CPU is the
median of the CPU time of `ansible-playbook` and of all that it starts on the controller.

The net ratio is the ratio without the time of a play that has no tasks, which was measured in the same rounds. It is given where one task is
compared with many: that task takes little more time than Ansible's own start, which a playbook has only once.
"""
MODULES = """
## Modules
On one host, with a local connection to Docker Engine 28.5 of the test fleet. Ten pings show the minimum cost of ten tasks.
The Python packages of both sides are compiled, as those of a distribution are.

What a task costs above a ping is mostly the compilation of its Python files, because a module runs from an archive of sources. So each module
imports only the files that the task needs, and `archive_imports.py` has each file compiled once, where Python's `zipimport` compiles it twice:
to find its path, and again to run it. The archive is larger than that, because Ansible packs every file that any import statement names:
`container_run` also contains pulls, networks, volumes, the rollback and the explanations of errors.
"""
FLOW = """
## The flow
`flotilla.docker.flow` over SSH, against the same work in [a playbook](../tools/bench/peer_flow.yml) of `ansible.builtin` and `community.docker`.
The first run installs Docker on bare hosts. The second run changes nothing. Ansible uses ten forks.
"""
SCALE = """
## More hosts
Second runs on hosts that have an Engine, with seconds for each host.
"""
REPEAT = """
## To repeat it
```
make bench                                  # all rows, five rounds: more than an hour on 2 cores
make bench ROUNDS=2 ROWS="unchanged pull"   # some rows; the others keep their figures
```

The results of all rounds are in `.cache/bench/results.json`.
"""


def write():
    """Write the page from all stored results."""
    PAGE.write_text(text(results.load()), encoding="utf-8")


def text(known):
    """The page."""
    parts = [INTRODUCTION, _circumstances(known), MODULES]
    parts.append(_table([_row(row.title, known[row.key], row.goal) for row in rows.rows() if row.key in known]))
    flow = [(key, result) for key, result in known.items() if key.startswith("flow_")]
    if flow:
        parts += [FLOW, _table([_row(_flow_title(key), result, _flow_goal(key)) for key, result in flow])]
    scale = sorted((int(key.rpartition("_")[2]), result) for key, result in known.items() if key.startswith("scale_"))
    if scale:
        parts += [SCALE, _table([_per_host(hosts, result) for hosts, result in scale])]
    return "".join([*parts, REPEAT])


def line(key, result):
    """One row for the terminal."""
    peer, ours = result["peer"], result["ours"]
    net = f", net {result['net_ratio']:.2f}" if "net_ratio" in result else ""
    return (
        f"{key:18} {peer['median']:8.2f} s {ours['median']:8.2f} s, ratio {result['ratio']:.2f}{net};"
        f" CPU {peer['cpu']:7.2f} s {ours['cpu']:7.2f} s, ratio {result['cpu_ratio']:.2f}"
    )


def _circumstances(known):
    """A sentence for each set of rows that were measured under the same circumstances."""
    keys = ("date", "rounds", "load", "loaded", "cpus", "python", "ansible-core", "docker-py", "community.docker")
    runs = dict.fromkeys(tuple(result[key] for key in keys) for result in known.values())
    sentences = []
    for date, rounds, load, loaded, cpus, python, core, sdk, community in runs:
        quiet = "The machine was not quiet, so these figures are not reliable." if loaded else "The machine was quiet."
        sentences.append(
            f"\n{date}, rounds: {rounds}, community.docker {community}, ansible-core {core}, Python {python}, docker-py {sdk}, {cpus} CPUs,"
            f" load {load:.1f} at the start. {quiet}\n"
        )
    return "".join(sentences)


def _row(title, result, goal):
    peer, ours = result["peer"], result["ours"]
    return (
        title,
        _spread(peer),
        _spread(ours),
        f"{result['ratio']:.2f}",
        f"{result['net_ratio']:.2f}" if "net_ratio" in result else "",
        f"≤ {goal:.2f}" if goal else "",
        f"{peer['cpu']:.1f}",
        f"{ours['cpu']:.1f}",
        f"{result['cpu_ratio']:.2f}",
    )


def _per_host(hosts, result):
    each = {
        side: {name: value / hosts for name, value in result[side].items()} if hosts else {}
        for side in ("peer", "ours")
    }
    return _row(f"{hosts} host{'s' if hosts > 1 else ''}", {**result, **each}, None)


def _spread(summary):
    return f"{summary['median']:.1f} ({summary['low']:.1f}-{summary['high']:.1f})"


def _flow_title(key):
    name, _sign, hosts = key.rpartition("_")
    return f"{'first' if name == 'flow_first' else 'second'} run, {hosts} hosts"


def _flow_goal(key):
    return FLOW_GOALS[key.rpartition("_")[0]]


def _table(lines):
    ruled = [HEADINGS, ("---",) + ("---:",) * (len(HEADINGS) - 1), *lines]
    return "\n" + "".join("| " + " | ".join(cells) + " |\n" for cells in ruled)

# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The command line of the benchmark."""

from __future__ import annotations

import argparse

from bench import flow, modules, page, peer, results, rows

FLOW_ROWS = ("flow_first", "flow_second")
SCALE = "scale"


def main():
    """Measure the wanted rows, keep their results, and write docs/performance.md."""
    known = [row.key for row in rows.rows()] + [*FLOW_ROWS, SCALE]
    asked = _arguments(known)
    wanted = asked.rows or known
    circumstances = results.circumstances(asked.rounds)
    print(
        f"community.docker {peer.version()}, {asked.rounds} rounds, load {circumstances['load']:.1f} at the start",
        flush=True,
    )
    if circumstances["loaded"]:
        print("WARNING: this machine is not quiet, so the figures are not reliable", flush=True)
    for key, costs in _measured(wanted, asked):
        print(page.line(key, results.add(key, costs, circumstances)), flush=True)
        # After each row, so that a run that is interrupted keeps what it measured.
        page.write()
    print(f"wrote {page.PAGE.relative_to(page.CHECKOUT)} and {results.PATH.relative_to(page.CHECKOUT)}")


def _measured(wanted, asked):
    of_modules = [row for row in rows.rows() if row.key in wanted]
    if of_modules:
        yield from modules.measured(asked.fleet, of_modules, asked.rounds)
    if set(FLOW_ROWS) & set(wanted):
        for key, costs in flow.measured(asked.fleet, asked.rounds, asked.hosts).items():
            yield f"{key}_{asked.hosts}", costs
    if SCALE in wanted:
        for number, costs in flow.by_number_of_hosts(asked.fleet, asked.rounds, asked.scale).items():
            yield f"{SCALE}_{number}", costs


def _arguments(known):
    parser = argparse.ArgumentParser(
        prog="bench", description="Measure the same work with community.docker and with this collection."
    )
    parser.add_argument("--fleet", default="bench", help="name for the test fleets (default bench)")
    parser.add_argument("--rounds", type=int, default=5, help="rounds (default 5)")
    parser.add_argument(
        "--hosts", type=int, default=10, help="hosts of the rows flow_first and flow_second (default 10)"
    )
    parser.add_argument(
        "--scale",
        type=_numbers,
        default=(1, 10, 30),
        metavar="N,N,...",
        help="hosts of the row scale (default 1,10,30)",
    )
    parser.add_argument("rows", nargs="*", metavar="ROW", help=f"rows to measure (default all): {', '.join(known)}")
    asked = parser.parse_args()
    unknown = [row for row in asked.rows if row not in known]
    if unknown:
        parser.error(f"no such row: {', '.join(unknown)}. Rows: {', '.join(known)}")
    return asked


def _numbers(text):
    return tuple(int(number) for number in text.split(","))

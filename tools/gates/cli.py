# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The command line: some gates at a time, one line for each command, and the sum as the last line."""

from __future__ import annotations

import argparse
import collections
import sys
import threading
import time

from gates import command, coverage, junit
from gates.declared import GATES
from gates.paths import LOGS

SCREEN = threading.Lock()
# The reason is at the end of a long output; the log has all of it.
LINES = 150
# Gates at a time. Those with Engines wait more than they compute.
WORKERS = 3


def main():
    parser = argparse.ArgumentParser(prog="tools/run python tools/gates", description="Run the checks of the project.")
    parser.add_argument("gates", nargs="*", metavar="GATE", help=f"all of {', '.join(GATES)}, unless named")
    asked = parser.parse_args().gates
    unknown = set(asked) - set(GATES)
    if unknown:
        parser.error(f"no such gate: {', '.join(sorted(unknown))}; there are {', '.join(GATES)}")
    seconds = run_gates([GATES[name] for name in asked or GATES])
    return close(seconds)


def run_gates(gates):
    """Some gates at a time, in this order; the seconds of each gate."""
    seconds = {gate.__name__: 0.0 for gate in gates}
    waiting = collections.deque(gates)
    live = len(waiting) == 1

    def work():
        while True:
            try:
                gate = waiting.popleft()
            except IndexError:
                return
            start = time.monotonic()
            run_gate(gate, live)
            seconds[gate.__name__] = time.monotonic() - start

    threads = [threading.Thread(target=work, daemon=True) for _number in range(WORKERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return seconds


def run_gate(gate, live):
    name = gate.__name__
    junit.forget(name)
    coverage.forget(name)
    LOGS.mkdir(parents=True, exist_ok=True)
    results = []
    with (LOGS / f"{name}.log").open("wb") as log:
        try:
            for each in gate():
                results.append(command.run(name, each, log, live))
                show(name, results[-1], live)
        except Exception as error:  # pylint: disable=broad-except
            results.append(command.Result(command.Command("gate"), failure=f"broke down: {error!r}"))
            show(name, results[-1], live)
    if not results:
        results.append(command.Result(command.Command("gate"), failure="ran no command"))
        show(name, results[-1], live)
    junit.record(name, results)


def show(gate, result, live):
    verdict = "skipped" if result.command.skip else "FAILED" if result.failure else "ok"
    remark = result.command.skip or result.failure
    with SCREEN:
        print(f"{verdict:8}{gate + ': ' + result.command.name:32}{result.seconds:6.1f} s  {remark}".rstrip())
        if result.failure and not live:
            print(
                *(f"    {line}" for line in result.output.splitlines()[-LINES:]),
                f"    (all of it: {LOGS / gate}.log)",
                sep="\n",
            )
        sys.stdout.flush()


def close(seconds):
    counts, failed = junit.add_up(seconds)
    measured = coverage.report(seconds)
    if measured:
        print("\nLines of module_utils that the tests did not run:\n" + measured)
    print("\n" + "".join(f"{gate:12}{took:7.1f} s\n" for gate, took in seconds.items()))
    for name in failed:
        print(f"FAILED {name}")
    print(
        f"{counts['passed']} passed, {counts['failed']} failed"
        + (f", {counts['skipped']} skipped" if counts["skipped"] else "")
    )
    return 1 if counts["failed"] or not counts["passed"] else 0

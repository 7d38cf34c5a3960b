# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The command line: lanes of gates side by side, one line for each step, and the sum as the last line."""

from __future__ import annotations

import argparse
import sys
import threading
import time

from gates import junit, step
from gates.declared import GATES, LANES
from gates.paths import LOGS

SCREEN = threading.Lock()
# The end of a long output is where the reason stands; all of it is in the log.
LINES = 150


def main():
    parser = argparse.ArgumentParser(prog="tools/run python tools/gates", description="Run the checks of the project.")
    parser.add_argument("gates", nargs="*", metavar="GATE", help=f"all of {', '.join(GATES)}, unless named")
    asked = parser.parse_args().gates
    unknown = set(asked) - set(GATES)
    if unknown:
        parser.error(f"no such gate: {', '.join(sorted(unknown))}; there are {', '.join(GATES)}")
    seconds = run_lanes([[GATES[name] for name in asked]] if asked else LANES)
    return close(seconds)


def run_lanes(lanes):
    """Each lane in its own thread; the seconds of each gate."""
    seconds = {gate.__name__: 0.0 for lane in lanes for gate in lane}

    def run_lane(lane):
        for gate in lane:
            start = time.monotonic()
            run_gate(gate, live=len(seconds) == 1)
            seconds[gate.__name__] = time.monotonic() - start

    threads = [threading.Thread(target=run_lane, args=[lane], daemon=True) for lane in lanes]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return seconds


def run_gate(gate, live):
    name = gate.__name__
    junit.forget(name)
    LOGS.mkdir(parents=True, exist_ok=True)
    results = []
    with (LOGS / f"{name}.log").open("wb") as log:
        try:
            for each in gate():
                results.append(step.run(name, each, log, live))
                show(name, results[-1], live)
        except Exception as error:  # pylint: disable=broad-except
            results.append(step.Result(step.Step("gate"), failure=f"broke down: {error!r}"))
            show(name, results[-1], live)
    if not results:
        results.append(step.Result(step.Step("gate"), failure="ran no step"))
        show(name, results[-1], live)
    junit.record(name, results)


def show(gate, result, live):
    verdict = "skipped" if result.step.skip else "FAILED" if result.failure else "ok"
    remark = result.step.skip or result.failure
    with SCREEN:
        print(f"{verdict:8}{gate + ': ' + result.step.name:32}{result.seconds:6.1f} s  {remark}".rstrip())
        if result.failure and not live:
            print(*(f"    {line}" for line in result.output.splitlines()[-LINES:]), f"    (all of it: {LOGS / gate}.log)", sep="\n")
        sys.stdout.flush()


def close(seconds):
    counts, failed = junit.add_up(seconds)
    print("\n" + "".join(f"{gate:12}{took:7.1f} s\n" for gate, took in seconds.items()))
    for name in failed:
        print(f"FAILED {name}")
    print(f"{counts['passed']} passed, {counts['failed']} failed" + (f", {counts['skipped']} skipped" if counts["skipped"] else ""))
    return 1 if counts["failed"] or not counts["passed"] else 0

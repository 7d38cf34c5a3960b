# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The command line."""

from __future__ import annotations

import argparse

from peer_suite import engine, images, peer, play, report
from peer_suite.paths import SCRATCH
from peer_suite.targets import TARGETS, tests


def main():
    """Run the files and print the figures. Returns 1 if something failed that neither fails in the baseline nor is a known difference."""
    asked = _arguments()
    source = peer.fetch()
    found = [test for test in tests(source) if not asked.files or {test.name, test.target} & set(asked.files)]
    for name in sorted({test.target for test in found if not TARGETS[test.target].exists}):
        print(f"{name} is left out: there is no module {TARGETS[name].module} yet")
    chosen = [test for test in found if TARGETS[test.target].exists]
    fleet = engine.Fleet(asked.fleet, asked.host)
    variables = {
        **images.publish(fleet.registry),
        "registry_frontend_address": fleet.guarded[0],
        "registry_frontend2_address": fleet.guarded[1],
    }
    trees = {test.target: peer.lay_out(source, None if asked.baseline else test.target) for test in chosen}
    trees[None] = peer.lay_out(source)
    return 1 if sum(_run_all(one, trees, chosen, variables, fleet.login, asked) for one in fleet.engines) else 0


def _run_all(one, trees, chosen, variables, login, asked):
    print(
        f"{one.name}: Engine {one.version}, API {one.api_version}, {'community.docker itself' if asked.baseline else 'flotilla.docker'}",
        flush=True,
    )
    one.forget_images(images.ON_HOSTS)
    figures = SCRATCH / "runs" / one.name
    known = {} if asked.baseline else report.read(figures / "baseline.json")
    results = []
    for test in chosen:
        if not (asked.baseline or asked.section or test.name in known):
            # The peer's own figures, once for each host.
            own = play.run(one, trees[None], test, variables, login, False)
            report.write(figures / "baseline.json", [own])
            known = report.read(figures / "baseline.json")
            one.forget_images(images.ON_HOSTS)
        result = play.run(one, trees[test.target], test, variables, login, not asked.baseline, asked.section)
        results.append(result)
        print(report.line(result, known.get(test.name)), flush=True)
        if not asked.short:
            print("".join(f"{line}\n" for line in report.details(result, known.get(test.name))), end="", flush=True)
    baselines = [known.get(result.name) for result in results]
    print(report.total(results, baselines), flush=True)
    if not asked.section:
        report.write(figures / f"{'baseline' if asked.baseline else 'ours'}.json", results)
    return sum(report.unexpected(*pair) for pair in zip(results, baselines))


def _arguments():
    parser = argparse.ArgumentParser(
        prog="peer_suite",
        description="Run community.docker's own integration tests against the modules of this collection, on the Engines of a test fleet.",
    )
    parser.add_argument(
        "files",
        nargs="*",
        metavar="FILE",
        help="only these files or targets, such as ports, docker_network or docker_network.ipam",
    )
    parser.add_argument("--fleet", default="peer", help="the test fleet (default: peer)")
    parser.add_argument("--host", action="append", help="only this host of the fleet")
    parser.add_argument("--section", help="only sections whose heading matches this pattern")
    parser.add_argument(
        "--baseline",
        action="store_true",
        help="run only community.docker itself, again: what fails then cannot pass here; other runs do so once for each host",
    )
    parser.add_argument("--short", action="store_true", help="only the figures")
    return parser.parse_args()

# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What can be asked for."""

from __future__ import annotations

import argparse

from peer_suite import engine, images, peer, play, report
from peer_suite.paths import SCRATCH


def main():
    """Run the files, print the figures; 1 if anything failed that neither fails in the baseline nor does so on purpose."""
    asked = _arguments()
    source = peer.fetch()
    files = [path for path in peer.tests(source) if not asked.files or path.stem in asked.files]
    registry, engines = engine.of_fleet(asked.fleet, asked.host)
    variables = images.publish(registry)
    tree = peer.lay_out(source, redirected=not asked.baseline)
    return 1 if sum(_run_all(one, tree, files, variables, asked) for one in engines) else 0


def _run_all(one, tree, files, variables, asked):
    print(f"{one.name}: Engine {one.version}, API {one.api_version}, {'community.docker itself' if asked.baseline else 'container_run'}", flush=True)
    one.forget_images(images.ON_HOSTS)
    figures = SCRATCH / "runs" / one.name
    known = {} if asked.baseline else report.read(figures / "baseline.json")
    results = []
    for path in files:
        result = play.run(one, tree, path, variables, {} if asked.baseline else play.SWITCHES, asked.section)
        results.append(result)
        print(report.line(result, known.get(path.stem)), flush=True)
        if not asked.short:
            print("".join(f"{line}\n" for line in report.details(result, known.get(path.stem))), end="", flush=True)
    baselines = [known.get(result.name) for result in results]
    print(report.total(results, baselines), flush=True)
    if not asked.section:
        report.write(figures / f"{tree.name}.json", results)
    return sum(report.unexpected(*pair) for pair in zip(results, baselines))


def _arguments():
    parser = argparse.ArgumentParser(
        prog="peer_suite", description="Run community.docker's tests of docker_container against container_run, on the engines of a test fleet."
    )
    parser.add_argument("files", nargs="*", metavar="FILE", help="only these files, such as ports or options")
    parser.add_argument("--fleet", default="peer", help="the test fleet (default: peer)")
    parser.add_argument("--host", action="append", help="only this host of the fleet")
    parser.add_argument("--section", help="only sections whose heading matches this pattern")
    parser.add_argument("--baseline", action="store_true", help="run community.docker itself: what fails then cannot pass here; later runs know it")
    parser.add_argument("--short", action="store_true", help="only the figures")
    return parser.parse_args()

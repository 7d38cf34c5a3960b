# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads and writes JUnit files, and counts their test cases."""

from __future__ import annotations

import shutil
import xml.etree.ElementTree as ET
from collections import Counter

from gates.paths import JUNIT


def forget(gate):
    JUNIT.mkdir(parents=True, exist_ok=True)
    for path in JUNIT.glob(f"{gate}.*.xml"):
        path.unlink()


def record(gate, results):
    """Write one case for each command, so that a command that reports nothing is counted."""
    suite = ET.Element("testsuite", name=gate)
    for result in results:
        case = ET.SubElement(suite, "testcase", classname=gate, name=result.command.name, time=f"{result.seconds:.1f}")
        if result.command.skip:
            ET.SubElement(case, "skipped", message=result.command.skip)
        elif result.failure:
            ET.SubElement(case, "failure", message=result.failure)
    ET.ElementTree(suite).write(JUNIT / f"{gate}.commands.xml", encoding="unicode")


def collect(gate, command):
    """Store the reports of a command. Returns the number of cases that it ran."""
    ran = 0
    for path in sorted(command.reports.glob("**/*.xml")):
        kept = JUNIT / f"{gate}.{command.name}.{path.stem}.xml"
        shutil.copyfile(path, kept)
        ran += sum(verdict != "skipped" for verdict, _name in cases(kept))
    return ran


def cases(path):
    """Each case of a file, as its verdict and its name."""
    for case in ET.parse(path).getroot().iter("testcase"):
        name = f"{case.get('classname')}.{case.get('name')}"
        if case.find("failure") is not None or case.find("error") is not None:
            yield "failed", name
        else:
            yield ("skipped" if case.find("skipped") is not None else "passed"), name


def add_up(gates):
    """Counts by verdict, and the names of failed cases."""
    counts, failed = Counter(), []
    for gate in gates:
        for path in sorted(JUNIT.glob(f"{gate}.*.xml")):
            for verdict, name in cases(path):
                counts[verdict] += 1
                if verdict == "failed":
                    failed.append(f"{path.stem}: {name}")
    return counts, failed

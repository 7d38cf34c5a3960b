# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which lines of module_utils the unit and integration tests run; settings are in pyproject.toml."""

from __future__ import annotations

import json
import os
import subprocess
import sys

from coverage import CoverageData

from gates.paths import CHECKOUT, WORK

DATA = WORK / "coverage"
MEASURED = ("unit", "containers", "integration")


def forget(gate):
    """Remove the measurements of an earlier run of the gate."""
    DATA.mkdir(parents=True, exist_ok=True)
    for path in (*DATA.glob(f"{gate}.data*"), *DATA.glob(f"{gate}.lines")):
        path.unlink()


def pytest(gate):
    """The command line that runs pytest with coverage."""
    return [sys.executable, "-m", "coverage", "run", f"--data-file={DATA / gate}.data", "-m", "pytest"]


def ran_lines(gate):
    """The file to which tests/integration/ran_lines.py writes."""
    return DATA / f"{gate}.lines"


def report(gates):
    """A table of the lines that were not run, for gates with coverage; empty if there are none."""
    for gate in gates:
        _convert(gate)
    measured = [str(path) for gate in gates if gate in MEASURED for path in sorted(DATA.glob(f"{gate}.data*"))]
    if not measured:
        return ""
    total = f"--data-file={DATA / 'total'}"
    _coverage("combine", "--keep", "--quiet", total, *measured)
    return _coverage("report", "--show-missing", "--skip-covered", "--sort=cover", total)


def _convert(gate):
    """Write the lines of integration tests, if there are any, as data of coverage."""
    if not ran_lines(gate).exists():
        return
    lines = {}
    for process in ran_lines(gate).read_text(encoding="utf-8").splitlines():
        for path, numbers in json.loads(process).items():
            lines.setdefault(path, set()).update(numbers)
    data = CoverageData(basename=str(DATA / f"{gate}.data"))
    data.add_lines(lines)
    data.write()


def _coverage(*words):
    done = subprocess.run(
        [sys.executable, "-m", "coverage", *words],
        cwd=CHECKOUT,
        env={**os.environ, "COLUMNS": "200"},
        check=False,
        capture_output=True,
        text=True,
    )
    return done.stdout + done.stderr

# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Paths that the gates use."""

from __future__ import annotations

import subprocess
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
WORK = CHECKOUT / ".cache"
JUNIT = WORK / "junit"
LOGS = WORK / "logs"


def venv_program(venv, program):
    """A program of one of the virtual environments that tools/setup.sh creates."""
    asked = subprocess.run(
        ["bash", "-c", f". tools/env.sh; venv_folder {venv}"], cwd=CHECKOUT, check=True, capture_output=True, text=True
    )
    return str(Path(asked.stdout.strip(), "bin", program))

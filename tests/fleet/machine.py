# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""This machine's own Docker Engine, in which the fleet's hosts are containers."""

from __future__ import annotations

import subprocess
from pathlib import Path

import docker

from fleet.report import FleetError

ENGINE_SCRIPT = Path(__file__).with_name("engine.sh")
TIMEOUT = 120


def connect():
    """A client of this machine's Engine, which is installed and started if needed."""
    done = subprocess.run(["sh", str(ENGINE_SCRIPT)], check=False, stdin=subprocess.DEVNULL)
    if done.returncode:
        raise FleetError("no Docker Engine on this machine; the lines above say why")
    return docker.from_env(timeout=TIMEOUT)

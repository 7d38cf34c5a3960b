# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fleets for tests, and plays on them."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
# A fleet that is up already and must be kept.
GIVEN = os.environ.get("FLOTILLA_TEST_FLEET")
TOOL = [sys.executable, str(CHECKOUT / "tests" / "fleet")]


@contextlib.contextmanager
def fleet(name, hosts):
    """The content of fleet.json of a fleet with these hosts, name to traits."""
    name = GIVEN or name
    description = Path(os.environ.get("FLOTILLA_FLEET_STATE", CHECKOUT / ".cache" / "fleet")) / name / "fleet.json"
    if not GIVEN:
        subprocess.run(
            [
                *TOOL,
                "up",
                "--name",
                name,
                *(word for host, traits in hosts.items() for word in ("--host", f"{host}={traits}")),
            ],
            check=True,
        )
    try:
        yield json.loads(description.read_text(encoding="utf-8"))
    finally:
        if not GIVEN:
            subprocess.run([*TOOL, "down", "--name", name], check=True)


def play(fleet, path, plays, *arguments):
    """Run plays by ansible-playbook over SSH, with these arguments; returns the finished process. ``path`` is the folder for the playbook."""
    path.write_text(json.dumps(plays), encoding="utf-8")
    environment = dict(os.environ, ANSIBLE_NOCOLOR="1", ANSIBLE_DISPLAY_ARGS_TO_STDOUT="0")
    return subprocess.run(
        ["ansible-playbook", "-i", fleet["inventory"], str(path), *arguments],
        check=False,
        capture_output=True,
        text=True,
        env=environment,
    )

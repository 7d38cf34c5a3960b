# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Test fleets that exist during a measurement."""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys

from peer_suite.paths import CHECKOUT, FLEETS


@contextlib.contextmanager
def up(name, *hosts):
    """The content of fleet.json of a new fleet, which is removed at the end."""
    _fleet("up", name, *hosts)
    try:
        yield json.loads((FLEETS / name / "fleet.json").read_text(encoding="utf-8"))
    finally:
        _fleet("down", name)


def _fleet(verb, name, *options):
    subprocess.run(
        [sys.executable, "tests/fleet", verb, "--name", name, *options],
        cwd=CHECKOUT,
        check=True,
        stdout=subprocess.DEVNULL,
    )

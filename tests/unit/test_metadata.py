# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the collection says of itself agrees with what it holds."""

from __future__ import annotations

from pathlib import Path

import yaml

COLLECTION = Path(__file__).resolve().parents[2]


def test_action_group_reaches_every_module_that_connects():
    runtime = yaml.safe_load((COLLECTION / "meta" / "runtime.yml").read_text(encoding="utf-8"))
    paths = (COLLECTION / "plugins" / "modules").glob("[!_]*.py")
    modules = sorted(
        path.stem for path in paths if "  - flotilla.docker.connection\n" in path.read_text(encoding="utf-8")
    )
    assert runtime["action_groups"]["docker"] == modules

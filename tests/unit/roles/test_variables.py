# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a role's meta/argument_specs.yml says of its variables is so."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

ROLES = Path(__file__).resolve().parents[3] / "roles"
NAMES = sorted(path.parent.name for path in ROLES.glob("*/meta"))


def described(role):
    entries = yaml.safe_load((ROLES / role / "meta" / "argument_specs.yml").read_text(encoding="utf-8"))["argument_specs"]
    return {name: option for entry in entries.values() for name, option in entry["options"].items()}


@pytest.mark.parametrize("role", NAMES)
def test_defaults_are_those_that_are_described(role):
    defaults = yaml.safe_load((ROLES / role / "defaults" / "main.yml").read_text(encoding="utf-8"))
    # A default that is a template is described in words.
    fixed = {name: value for name, value in defaults.items() if "{{" not in str(value)}
    assert fixed == {name: option["default"] for name, option in described(role).items() if "default" in option}
    assert set(defaults) == set(described(role))

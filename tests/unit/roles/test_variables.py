# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a role's meta/argument_specs.yml says of its variables is so."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

CHECKOUT = Path(__file__).resolve().parents[3]
ROLES = CHECKOUT / "roles"
# Tests that name variables without the role's prefix.
SHORT = ("tests/integration/test_registry_cache.py", "tests/unit/roles/test_distributions.py")
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


def test_every_variable_is_set_by_a_scenario_or_a_test():
    # The fleet's inventory sets what all scenarios share.
    paths = [*(CHECKOUT / "molecule").glob("**/*.yml"), CHECKOUT / "tests" / "fleet" / "inventory.py", *(CHECKOUT / "tests" / "integration").glob("*.py")]
    scenarios = "".join(path.read_text(encoding="utf-8") for path in paths)
    tests = "".join((CHECKOUT / path).read_text(encoding="utf-8") for path in SHORT)
    untried = [
        name
        for role in NAMES
        for name in described(role)
        if not re.search(r"\b%s(\"?:|=)" % name, scenarios) and not re.search(r"\b%s(=|\": )" % name.replace(role + "_", "", 1), tests)
    ]
    assert not untried

# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a role's meta/argument_specs.yml says of its variables is so."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
import yaml

CHECKOUT = Path(__file__).resolve().parents[3]
ROLES = CHECKOUT / "roles"
# Tests in which variables have no prefix of the role.
SHORT = ("tests/integration/test_registry_cache.py", "tests/unit/roles/test_distributions.py")
NAMES = sorted(path.parent.name for path in ROLES.glob("*/meta"))


def described(role):
    entries = yaml.safe_load((ROLES / role / "meta" / "argument_specs.yml").read_text(encoding="utf-8"))[
        "argument_specs"
    ]
    return {name: option for entry in entries.values() for name, option in entry["options"].items()}


@pytest.mark.parametrize("role", NAMES)
def test_defaults_are_those_that_are_described(role):
    defaults = yaml.safe_load((ROLES / role / "defaults" / "main.yml").read_text(encoding="utf-8"))
    # A default that is a template is described in words.
    fixed = {name: value for name, value in defaults.items() if "{{" not in str(value)}
    assert fixed == {name: option["default"] for name, option in described(role).items() if "default" in option}
    assert set(defaults) == set(described(role))


def variables_in(path):
    """Names that a file of a scenario sets: a file of variables, or one of plays or tasks."""
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    return variables_in_yaml({"vars": content} if isinstance(content, dict) else content)


def variables_in_yaml(value):
    """Names in every `vars` of plays and tasks, and those that a set_fact sets."""
    if isinstance(value, list):
        return set().union(*(variables_in_yaml(item) for item in value)) if value else set()
    if isinstance(value, str):
        # As in the arguments of ansible-playbook: --extra-vars name=value, or JSON.
        return set(re.findall(r"\b([a-z]\w+)(?:=|\": )", value))
    if not isinstance(value, dict):
        return set()
    found = set()
    for key, inner in value.items():
        if key in ("vars", "ansible.builtin.set_fact", "<<") and isinstance(inner, dict):
            found |= set(inner)
        found |= variables_in_yaml(inner)
    return found


def names_in_python(path):
    """Keys of dictionaries, and keywords of calls."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Dict):
            yield from (key.value for key in node.keys if isinstance(key, ast.Constant) and isinstance(key.value, str))
        elif isinstance(node, ast.keyword) and node.arg:
            yield node.arg


def test_every_variable_is_set_by_a_scenario_or_a_test():
    scenarios = sorted((CHECKOUT / "molecule").glob("**/*.yml"))
    tried = set().union(*map(variables_in, scenarios))
    # The fleet's inventory sets what all scenarios share.
    for path in (CHECKOUT / "tests" / "fleet" / "inventory.py", *(CHECKOUT / "tests" / "integration").glob("*.py")):
        tried.update(names_in_python(path))
    short = {name for path in SHORT for name in names_in_python(CHECKOUT / path)}
    untried = [
        name
        for role in NAMES
        for name in described(role)
        if name not in tried and name.replace(role + "_", "", 1) not in short
    ]
    assert untried == []

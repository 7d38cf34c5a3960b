# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import ast
from pathlib import Path

import pytest

PLUGINS = Path(__file__).resolve().parents[2] / "plugins"
COLLECTION = "ansible_collections.flotilla.docker.plugins."

# The table of ARCHITECTURE.md: what of ours each unit of module_utils may import, beside itself.
MAY_IMPORT = {
    "errors": set(),
    "step": {"errors"},
    "arguments": {"errors"},
    "lifeline": set(),
    "signals": {"errors"},
    "container": {"errors", "step", "image"},
    "image": {"errors", "step", "layers"},
    "layers": {"errors", "step"},
    "daemon": {"errors"},
    "daemon_config": {"errors", "step", "daemon", "unit"},
    "hub": {"errors", "image", "step"},
    "unit": {"errors"},
    "engine": {"errors", "signals"},
    "connection": {"errors", "arguments", "engine"},
    "runner": {"errors", "step", "arguments", "connection", "lifeline", "signals"},
}
# What of others only these units may import.
ONLY_IN = {
    "docker": {"engine"},
    "requests": {"engine"},
    "cryptography": {"daemon_config"},
    "urllib.request": {"hub"},
    "http.client": {"hub"},
    "ansible.module_utils.urls": {"hub"},
    "ansible.module_utils.basic": {"runner", "arguments"},
    "subprocess": {"unit", "daemon_config", "engine"},
    "yaml": set(),
}


def python_files(folder):
    return sorted(path for path in (PLUGINS / folder).rglob("*.py") if path.stem != "__init__")


def unit_of(path):
    return path.relative_to(PLUGINS / "module_utils").parts[0].split(".")[0]


def imports(path):
    """Full dotted names of all that a file imports, wherever in the file."""
    package = (COLLECTION + ".".join(path.relative_to(PLUGINS).parts[:-1])).split(".")
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            start = ".".join(base + ([node.module] if node.module else []))
            yield from ("%s.%s" % (start, alias.name) for alias in node.names)


def ours(names):
    prefix = COLLECTION + "module_utils."
    return {name[len(prefix) :].split(".")[0] for name in names if name.startswith(prefix)}


def begins(name, start):
    return name == start or name.startswith(start + ".")


def identify(path):
    return str(path.relative_to(PLUGINS))


def test_every_unit_is_in_the_table():
    assert {unit_of(path) for path in python_files("module_utils")} <= set(MAY_IMPORT)


@pytest.mark.parametrize("path", python_files("module_utils"), ids=identify)
def test_units_import_only_what_the_table_allows(path):
    unit = unit_of(path)
    assert ours(imports(path)) - {unit} <= MAY_IMPORT[unit]


@pytest.mark.parametrize("path", python_files("module_utils"), ids=identify)
def test_outside_libraries_have_one_home(path):
    unit = unit_of(path)
    for name in imports(path):
        for library, homes in ONLY_IN.items():
            assert not begins(name, library) or unit in homes, "%s belongs to %s" % (name, sorted(homes) or "nobody")


@pytest.mark.parametrize("path", python_files("modules"), ids=identify)
def test_modules_only_declare(path):
    for name in imports(path):
        assert not any(begins(name, library) for library in ONLY_IN), "%s has no place in a module" % name
    names = {getattr(node, "attr", None) or getattr(node, "id", None) for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))}
    assert not names & {"AnsibleModule", "fail_json", "exit_json", "check_mode"}


@pytest.mark.parametrize("path", python_files("filter") + python_files("action") + python_files("plugin_utils"), ids=identify)
def test_plugins_of_the_controller_need_no_engine(path):
    assert not ours(imports(path)) & {"engine", "connection", "runner", "unit"}
    assert not any(begins(name, library) for name in imports(path) for library in ("docker", "requests", "subprocess"))


@pytest.mark.parametrize("rule", ["TESTED_API", "DEFAULT_HOST"])
def test_a_rule_has_one_home(rule):
    homes = []
    for path in python_files("module_utils"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Assign) and any(getattr(target, "id", None) == rule for target in node.targets):
                homes.append(identify(path))
    assert len(homes) == 1


def test_init_files_are_empty():
    assert [identify(path) for path in PLUGINS.rglob("__init__.py") if path.read_text(encoding="utf-8").strip()] == []

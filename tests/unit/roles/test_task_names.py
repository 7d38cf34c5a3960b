# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Names of tasks: AWX shows each of them alone, so each says what the task does, and to what."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest
import yaml

ROLES = Path(__file__).resolve().parents[3] / "roles"
# "this" and "that" may be used with a noun, but not as a pronoun.
PRONOUN = re.compile(r"\b(it|them|these|those)\b|\b(this|that)$", re.IGNORECASE)
NAMES = sorted(path.parent.name for path in ROLES.glob("*/tasks"))


def tasks_of(path):
    """All tasks of a file, those in blocks too."""
    waiting = list(yaml.safe_load(path.read_text(encoding="utf-8")) or [])
    while waiting:
        task = waiting.pop(0)
        waiting += [inner for part in ("block", "rescue", "always") for inner in task.get(part, [])]
        yield task


def named(role):
    files = [*(ROLES / role / "tasks").rglob("*.yml"), *(ROLES / role / "handlers").rglob("*.yml")]
    return [(path, task) for path in sorted(files) for task in tasks_of(path)]


def is_shown(task):
    """Ansible does not print the names of blocks and of static imports."""
    return not {"block", "ansible.builtin.import_tasks"} & set(task)


@pytest.mark.parametrize("role", NAMES)
def test_every_task_has_a_name(role):
    assert [path.name for path, task in named(role) if not task.get("name")] == []


@pytest.mark.parametrize("role", NAMES)
def test_names_have_no_pronouns(role):
    assert [task["name"] for _path, task in named(role) if PRONOUN.search(task["name"])] == []


@pytest.mark.parametrize("role", NAMES)
def test_names_are_unique_among_the_files_that_one_host_runs(role):
    """Files of other package managers have the same tasks for other hosts."""
    managers = sorted(
        path.name for path in (ROLES / role / "tasks").iterdir() if path.name in ("apt", "dnf", "zypper")
    ) or [""]
    for manager in managers:
        others = set(managers) - {manager}
        counts = Counter(
            task["name"] for path, task in named(role) if path.parent.name not in others and is_shown(task)
        )
        assert [name for name, count in counts.items() if count > 1] == []


@pytest.mark.parametrize("role", NAMES)
def test_a_registered_variable_has_one_meaning(role):
    """Registered in one file, or once by each package manager, or at the same module."""
    homes = {}
    for path, task in named(role):
        if "register" in task:
            module = next(key for key in task if "." in key)
            homes.setdefault(task["register"], set()).add((module, path.name))
    assert {name: found for name, found in homes.items() if len({file for _module, file in found}) > 1} == {}


@pytest.mark.parametrize("role", [*NAMES, "flow"])
def test_variables_of_tasks_have_the_name_of_a_role(role):
    """A variable that a play registers takes precedence over one of a task, so "left" or "user" would have another value there."""
    names = {name for _path, task in named(role) for name in task.get("vars", {})}
    assert [name for name in sorted(names) if not name.startswith((f"_{role}_", *NAMES, "ansible_"))] == []

# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a role would do on a host that is not at hand: its variables and tasks, evaluated by Ansible with what docker_engine_facts would return there."""

from __future__ import annotations

import functools
from pathlib import Path

from ansible.parsing.dataloader import DataLoader
from ansible.template import Templar, trust_as_template
from ansible_collections.flotilla.docker.plugins.filter import as_type, engine_lookups, engine_plan, package_errors
from ansible_collections.flotilla.docker.plugins.module_utils.host import packages
from ansible_collections.flotilla.docker.plugins.module_utils.host.distribution import parse_distribution

ROLES = Path(__file__).resolve().parents[3] / "roles"
LOADER = DataLoader()
# Ansible finds them only if its loader was installed before the first import of the collection.
FILTERS = {
    f"flotilla.docker.{name}": function
    for plugin in (as_type, engine_lookups, engine_plan, package_errors)
    for name, function in plugin.FilterModule().filters().items()
}
# One for all hosts, because it caches compiled templates.
TEMPLAR = Templar(loader=LOADER, variables={})
for name, function in FILTERS.items():
    TEMPLAR._engine.environment.filters[name] = function


def load(path):
    return LOADER.load_from_file(str(path), trusted_as_template=True)


@functools.lru_cache(maxsize=None)
def variables_of(role):
    """Defaults and vars of a role, as Ansible merges them."""
    found = load(ROLES / role / "defaults" / "main.yml")
    main = ROLES / role / "vars"
    for path in sorted((main / "main").glob("*.yml")) or [main / "main.yml"]:
        found = dict(found, **load(path))
    return found


def facts_of(os_release, manager="", installed=(), files=(), **more):
    """The result of docker_engine_facts on a host with this os-release file, these installed packages ("docker.io 28.1") and package files."""
    versions = dict(line.split() for line in installed)
    return dict(
        {
            "distribution": parse_distribution(os_release)._asdict(),
            "service_manager": "systemd",
            "package_manager": manager,
            "packages": {name: {"version": version, "held": False} for name, version in versions.items()},
            "candidates": {},
            "folder_files": [],
            "package_files": [file._asdict() for file in packages.parse_files(files)],
            "files": {},
            "repository_sources": [],
            "units": {},
            "python": {"executable": "/usr/bin/python3", "version": "3.12.1", "is_system": True, "docker_py": ""},
            "interpreters": {"/var/lib/flotilla/python/bin/python": {"exists": False, "docker_py": ""}},
            "users": {},
            "rootless": {"managed": [], "problems": {}},
            "daemon_json": {},
            "configuration": None,
        },
        **more,
    )


class Role:
    """The role docker_engine on a host with these facts, with variables of the role given by name."""

    name = "docker_engine"

    @property
    def first_facts(self):
        """What the role docker_engine sets before all other tasks. The plan is evaluated whenever it is used, because tests change variables."""
        tasks = load(ROLES / self.name / "tasks" / "main.yml") if self.name == "docker_engine" else []
        facts = next((task["ansible.builtin.set_fact"] for task in tasks if "ansible.builtin.set_fact" in task), {})
        return {name: value for name, value in facts.items() if name != "docker_engine_status"}

    def __init__(self, facts, **given):
        self.variables = dict(
            variables_of(self.name),
            _docker_engine_facts=facts,
            **self.first_facts,
            inventory_hostname="web1",
            ansible_check_mode=False,
            ansible_run_tags=["all"],
            ansible_skip_tags=[],
        )
        self.variables.update(given)

    def value(self, name):
        """A variable."""
        return self._evaluated(self.variables[name])

    def plan(self, name):
        """A decision of the plan."""
        return self.value("_docker_engine_plan")[name]

    def task(self, file, module, name=""):
        """The arguments of the first task in tasks/``file`` with this module, a name with this beginning, and true conditions."""
        tasks = [inner for task in load(ROLES / self.name / "tasks" / file) for inner in task.get("block", [task])]
        chosen = [task for task in tasks if module in task and task["name"].startswith(name)]
        return next(self._evaluated(task[module]) for task in chosen if self._holds(task.get("when", [])))

    def refusals(self):
        """All messages with which the role fails before it changes anything."""
        return self.value("_docker_engine_refusals")

    def evaluate(self, text):
        """Evaluate a template of the test."""
        return self._evaluated(trust_as_template(text))

    def _holds(self, conditions):
        conditions = conditions if isinstance(conditions, list) else [conditions]
        return all(self._templar.evaluate_conditional(condition) for condition in conditions)

    def _evaluated(self, value):
        return self._templar.template(value)

    @property
    def _templar(self):
        TEMPLAR.available_variables = self.variables
        return TEMPLAR

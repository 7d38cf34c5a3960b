# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the role docker_engine would do on a host that is not at hand: its variables and tasks, evaluated by Ansible with the facts of such a host."""

from __future__ import annotations

from pathlib import Path

from ansible.parsing.dataloader import DataLoader
from ansible.template import Templar

ROLE = Path(__file__).resolve().parents[3] / "roles" / "docker_engine"
LOADER = DataLoader()


def _load(path):
    return LOADER.load_from_file(str(ROLE / path), trusted_as_template=True)


class Role:
    """The role on a host with these facts, with variables of the role given by name."""

    def __init__(self, facts, **given):
        variables = dict(_load("defaults/main.yml"), **_load("vars/main.yml"), **_load("vars/%s.yml" % facts["os_family"]))
        # Tasks that ask the host have not run.
        asked = {"_docker_engine_system": {"skipped": True}}
        self.variables = dict(variables, **asked, ansible_facts=facts, inventory_hostname="web1", ansible_check_mode=False, **given)

    def value(self, name):
        """A variable."""
        return self._evaluated(self.variables[name])

    def task(self, file, module, name=""):
        """The arguments of the first task in tasks/``file`` that runs this module, whose name begins so, and whose conditions hold."""
        tasks = [inner for task in _load("tasks/" + file) for inner in task.get("block", [task])]
        chosen = [task for task in tasks if module in task and task["name"].startswith(name)]
        return next(self._evaluated(task[module]) for task in chosen if self._holds(task.get("when", [])))

    def refusal(self, file="source.yml"):
        """What the first assertion in tasks/``file`` that does not hold says, or None."""
        for task in _load("tasks/" + file):
            asserted = task.get("ansible.builtin.assert")
            if asserted and self._holds(task.get("when", [])) and not self._holds(asserted["that"]):
                return self._evaluated(asserted["fail_msg"])
        return None

    def _holds(self, conditions):
        conditions = conditions if isinstance(conditions, list) else [conditions]
        return all(self._templar.evaluate_conditional(condition) for condition in conditions)

    def _evaluated(self, value):
        return self._templar.template(value)

    @property
    def _templar(self):
        return Templar(loader=LOADER, variables=self.variables)

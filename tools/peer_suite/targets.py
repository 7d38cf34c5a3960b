# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The integration targets of the peer that run here, with the module that replaces the peer's."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from peer_suite.paths import CHECKOUT


@dataclass(frozen=True)
class Target:
    """``module`` is this collection's. ``switches`` are options for every task of the module, for behavior that differs on purpose.

    ``files`` finds the files with tests; ``variables`` are those that the target's own main.yml sets before it includes them.
    """

    module: str
    switches: dict = field(default_factory=dict)
    files: str = "tasks/tests/*.yml"
    variables: dict = field(default_factory=dict)

    @property
    def exists(self):
        """Whether the collection has the module."""
        return (CHECKOUT / "plugins/modules" / f"{self.module}.py").is_file()


TARGETS = {
    "docker_container": Target(
        "container_run",
        {"debug": True, "track_declared": False, "grace": 0, "default_host_ip": "0.0.0.0"},
        variables={"cnames": [], "inames": [], "dnetworks": []},
    ),
    "docker_network": Target(
        "network_create",
        {"track_declared": False, "recreate": "when_needed"},
        variables={"cnames": [], "dnetworks": []},
    ),
    "docker_volume": Target("volume_create", {"track_declared": False, "data": "delete"}, variables={"vnames": []}),
    "docker_container_exec": Target("container_exec", {"max_output": 0}, files="tasks/main.yml"),
    "docker_container_info": Target("container_info", {"usage": False}, files="tasks/main.yml"),
    "docker_prune": Target("system_prune", files="tasks/main.yml"),
    "docker_login": Target("registry_login"),
    "docker_image_pull": Target(
        "image_pull", {"pull_check_mode_behavior": "always"}, variables={"cnames": [], "inames": []}
    ),
    "docker_image_info": Target("image_list", files="tasks/main.yml"),
    "docker_host_info": Target("docker_daemon_status", {"require": "running"}, files="tasks/test_host_info.yml"),
}


@dataclass(frozen=True)
class Test:
    """One file of a target."""

    target: str
    path: Path

    @property
    def name(self):
        """The name in figures and on the command line: only the target's name if it has one file."""
        if self.path.parent.name != "tests":
            return self.target
        return self.path.stem if self.target == "docker_container" else f"{self.target}.{self.path.stem}"


def tests(source):
    """All files of all targets, in the order of targets and names."""
    folder = source / "tests/integration/targets"
    return [Test(name, path) for name, target in TARGETS.items() for path in sorted((folder / name).glob(target.files))]

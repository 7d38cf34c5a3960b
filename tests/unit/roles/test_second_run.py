# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether the role docker_engine includes the tasks that a run without changes leaves out."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).resolve().parent))

from evaluated import ROLES, Role, facts_of, load  # noqa: E402  pylint: disable=wrong-import-position

TRIXIE = 'ID=debian\nNAME="Debian GNU/Linux"\nVERSION_ID=13\nVERSION_CODENAME=trixie'
PACKAGES = ["docker.io 26.1.5+dfsg1-9", "docker-cli 26.1.5+dfsg1-9", "ca-certificates 1", "python3-docker 7.1.0-2"]
UNITS = dict.fromkeys(
    ("docker.service", "docker.socket"), {"load_state": "loaded", "active_state": "active", "enabled": "enabled"}
)
SOURCE = "/etc/apt/sources.list.d/docker.sources"
FILES = {SOURCE: None, "/etc/apt/keyrings/docker.asc": None}
OLD_SOURCE = {SOURCE: {"sha256": "0", "first_line": "# Written by the role flotilla.docker.docker_engine."}}


def installed(packages=(), facts=None, **given):
    """The role on a host that has what the role installs by default."""
    found = dict(facts_of(TRIXIE, "apt", [*PACKAGES, *packages]), units=UNITS, files=FILES)
    variables = {f"docker_engine_{name}": value for name, value in given.items()}
    return Role(dict(found, **(facts or {})), _docker_engine_packages_changed=False, **variables)


def tasks_that_run(role, file):
    """Names of the tasks of a file whose conditions hold, without their own files."""
    tasks = [inner for task in load(ROLES / "docker_engine/tasks" / file) for inner in task.get("block", [task])]
    return [task["name"] for task in tasks if role._holds(task["when"])]


def test_a_run_without_changes_leaves_both_files_out():
    role = installed()
    assert not role.plan("preparation_needed")
    assert not role.value("_docker_engine_completion_needed")


@pytest.mark.parametrize(
    "role",
    [
        installed(version="26.2"),
        installed(hold=True),
        installed(extra_packages=["docker-compose"]),
        installed(python="venv"),
        installed(["docker-ce 1"], remove_conflicts=True),
        installed(source="docker", remove_conflicts=True, repository_key="PEM"),
        installed(source="folder", packages_folder="/srv/packages"),
        installed(facts={"files": dict(FILES, **OLD_SOURCE)}),
        installed(facts={"packages": {}}),
    ],
    ids=["version", "hold", "extra package", "venv", "conflict", "docker", "folder", "old source", "bare host"],
)
def test_every_task_that_changes_packages_is_reached(role):
    assert tasks_that_run(role, "install.yml")
    assert role.plan("preparation_needed")


@pytest.mark.parametrize(
    "role",
    [
        installed(state="absent"),
        installed(tls_address="tcp://0.0.0.0:2376"),
        installed(registry_logins=[{"registry": "hub:5000"}]),
        installed(rootless_only=True, rootless_users=["ops"]),
        Role(facts_of('ID=alpine\nNAME="Alpine Linux"', service_manager="openrc")),
    ],
    ids=["uninstall", "certificates", "wrong variable", "containers that would stop", "host that is not supported"],
)
def test_preparation_is_not_left_out(role):
    assert role.plan("preparation_needed")


@pytest.mark.parametrize(
    "role",
    [
        installed(facts={"units": {}}),
        installed(users=["ops"], facts={"users": {"ops": ["ops"]}}),
        installed(registry_logins=[{"registry": "hub:5000", "username": "ops", "password": "x"}]),
        installed(rootless_users=["ops"]),
        installed(facts={"rootless": {"managed": ["ops"], "problems": {}}}),
        installed(rootless_only=True, rootless_users=["ops"]),
    ],
    ids=["disabled units", "new member", "login", "rootless Engine", "removed rootless Engine", "rootless only"],
)
def test_completion_is_not_left_out(role):
    assert role.value("_docker_engine_completion_needed")


@pytest.mark.parametrize("state, names", [("enabled", []), ("disabled", ["docker.service"])])
def test_units_that_the_packages_enabled_are_not_enabled_again(state, names):
    role = installed(facts={"units": {}})
    units = {name: {"name": f"docker.{name}", "enabled": "enabled"} for name in ("service", "socket")}
    role.variables["docker_engine_status"] = dict(units, service={"name": "docker.service", "enabled": state})
    assert role.value("_docker_engine_units_to_enable") == names


def test_packages_that_an_upgrade_kept_are_removed():
    role = installed(version="26.2")
    role.variables["_docker_engine_packages_changed"] = True
    assert role.value("_docker_engine_completion_needed")


def test_members_of_the_group_docker_need_no_completion():
    assert not installed(users=["ops"], facts={"users": {"ops": ["docker", "ops"]}}).value(
        "_docker_engine_completion_needed"
    )


def test_notices_name_pending_restarts_and_warnings():
    role = installed()
    role.variables["_docker_engine_config"] = {"restart_pending": ["ipv6"], "restart_held_by": "containers run"}
    warning = {"cause": "No swap limit.", "advice": "Enable it."}
    role.variables["docker_engine_status"] = {"explained_warnings": [warning]}
    assert role.value("_docker_engine_has_notices")
    pending, warned = role.value("_docker_engine_notices")
    assert pending.startswith("A restart of the Engine on web1 is pending, for ipv6: containers run.")
    assert warned == "No swap limit. Enable it."


@pytest.mark.parametrize("result", [{}, {"_docker_engine_config": {"skipped": True}, "docker_engine_status": {}}])
def test_a_run_without_news_has_no_notices(result):
    role = installed()
    role.variables.update(result)
    assert not role.value("_docker_engine_has_notices")
    assert role.value("_docker_engine_notices") == []


CONFIGURED = {"changed": False, "status": {"reachable": True, "state": "running"}}
READ, SET = (task["name"] for task in load(ROLES / "docker_engine/tasks/verify.yml"))


def test_status_is_that_of_docker_daemon_config():
    role = installed()
    role.variables["_docker_engine_config"] = CONFIGURED
    assert role.task("configure.yml", "flotilla.docker.docker_daemon_config")["status"] is True
    assert tasks_that_run(role, "verify.yml") == [SET]
    assert role.task("verify.yml", "ansible.builtin.set_fact")["docker_engine_status"] == CONFIGURED["status"]


@pytest.mark.parametrize(
    "results",
    [
        {},
        {"_docker_engine_config": {"skipped": True, "changed": False}},
        {"_docker_engine_config": {"status": {"reachable": False, "state": "failed"}}},
        {"_docker_engine_config": {"status": None}},
    ],
    ids=["configuration left out by tags", "skipped", "daemon does not answer", "invalid address"],
)
def test_status_is_read_where_docker_daemon_config_has_none_of_a_running_daemon(results):
    role = installed()
    role.variables.update(results)
    assert tasks_that_run(role, "verify.yml") == [READ]
    assert role.task("verify.yml", "flotilla.docker.docker_daemon_status")["require"] == "running"


def includes_of(role):
    """Files of tasks that the role includes in its block for an Engine that is present."""
    block = next(task["block"] for task in load(ROLES / "docker_engine/tasks/main.yml") if "block" in task)
    includes = [task for task in block if "ansible.builtin.include_tasks" in task]
    return [task["ansible.builtin.include_tasks"] for task in includes if role._holds(task["when"])]


def test_daemon_that_needs_no_change_is_not_configured():
    role = installed(facts={"configuration": CONFIGURED})
    assert "daemon.yml" not in includes_of(role)
    assert role.value("_docker_engine_config") == CONFIGURED
    first = load(ROLES / "docker_engine/tasks/main.yml")[1]["ansible.builtin.set_fact"]
    assert role._evaluated(first["docker_engine_status"]) == CONFIGURED["status"]


@pytest.mark.parametrize(
    "role",
    [
        installed(),
        installed(version="26.2", facts={"configuration": CONFIGURED}),
        installed(tls_address="tcp://0.0.0.0:2376", facts={"configuration": CONFIGURED}),
    ],
    ids=["difference", "packages that will change", "certificates"],
)
def test_daemon_is_configured_and_verified_where_something_may_change(role):
    assert "daemon.yml" in includes_of(role)
    assert role.value("_docker_engine_config") == {"changed": False}


def test_configuration_is_looked_at_only_if_that_can_tell_all():
    def looked_at(**given):
        return "configuration" in installed(**given).task("main.yml", "flotilla.docker.docker_engine_facts")

    assert looked_at()
    assert not looked_at(state="absent")
    assert not looked_at(tls_address="tcp://0.0.0.0:2376")
    assert not looked_at(rootless_only=True, rootless_users=["ops"])


def test_status_of_an_earlier_run_is_not_used():
    role = installed()
    role.variables["_docker_engine_config"] = CONFIGURED
    role.variables.update(role.first_facts)
    assert tasks_that_run(role, "verify.yml") == [READ]


@pytest.mark.parametrize(
    "status, reads", [({"reachable": True}, False), ({"reachable": False}, True), (None, True)], ids=str
)
def test_status_is_read_of_rootless_engines_that_did_not_answer(status, reads):
    role = installed(rootless_users=["ops"])
    role.variables["item"] = {"item": "ops", "docker_host": "unix:///run/user/1000/docker.sock", "status": status}
    tasks = load(ROLES / "docker_engine/tasks/rootless.yml")
    (task,) = (task for task in tasks if "flotilla.docker.docker_daemon_status" in task)
    assert role._holds(task["when"]) is reads
    assert next(task for task in tasks if "flotilla.docker.docker_daemon_config" in task)[
        "flotilla.docker.docker_daemon_config"
    ]["status"]

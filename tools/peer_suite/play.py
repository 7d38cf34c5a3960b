# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs one file of the peer's tests in its own play and reads the output of the callback."""

from __future__ import annotations

import json
import os
import re
import secrets
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import docker

from peer_suite.paths import PLUGINS, SCRATCH
from peer_suite.targets import TARGETS

HEADING = re.compile(r"^#{20,}\n## (.*?) #*\n#{20,}\n", re.MULTILINE)


@dataclass
class Result:
    """The result of one file."""

    name: str
    passed: int = 0
    failed: list = field(default_factory=list)
    broken: list = field(default_factory=list)
    seconds: float = 0.0


# The login that the peer's own registry has, whose place the fleet's takes.
PEER_LOGIN = {"username": "testuser", "password": "hunter2"}


def run(engine, tree, test, variables, login, switched, section=None):
    """Run a file, or only its sections whose heading matches ``section``. ``switched``: with the target's options for every task of its module."""
    target = TARGETS[test.target]
    folder = SCRATCH / "runs" / engine.name / tree.name
    folder.mkdir(parents=True, exist_ok=True)
    prefix = f"ansible-docker-test-{secrets.token_hex(4)}"
    role = _role(folder, test, login, section)
    playbook = folder / f"{test.name}.yml"
    names = {"cname_prefix": prefix, "name_prefix": prefix, "remote_tmp_dir": str(folder)}
    defaults = {f"community.docker.{test.target}": target.switches if switched else {}}
    playbook.write_text(json.dumps(_play(engine, role, {**target.variables, **variables, **names}, defaults), indent=1))
    events, log = playbook.with_suffix(".jsonl"), playbook.with_suffix(".log")
    events.unlink(missing_ok=True)
    try:
        with log.open("wb") as output:
            code = subprocess.run(
                ["ansible-playbook", "-i", "localhost,", playbook],
                env=_environment(engine, tree, events, folder),
                cwd=folder,
                stdout=output,
                stderr=subprocess.STDOUT,
                check=False,
            ).returncode
    finally:
        engine.sweep(prefix)
    return _read(test.name, events, code, log)


def _role(folder, test, login, section):
    """A role with the one file, so that files and filters are found as in the target."""
    path = test.path
    role = folder / "roles" / test.name.replace(".", "_")
    shutil.rmtree(role, ignore_errors=True)
    (role / "tasks").mkdir(parents=True)
    (role / "meta").mkdir()
    (role / "meta/main.yml").write_text(json.dumps({"dependencies": [], "collections": ["community.docker"]}))
    target = next(folder for folder in path.parents if folder.name == test.target)
    for part in ("files", "filter_plugins", "templates"):
        if (target / part).is_dir():
            shutil.copytree(target / part, role / part)
    # The action that counts has the short name only.
    text = path.read_text().replace("ansible.builtin.assert:", "assert:")
    for option, value in PEER_LOGIN.items():
        text = text.replace(f"{option}: {value}", f"{option}: {login[option]}")
    if section:
        text = _sections(text, section)
    (role / "tasks/main.yml").write_text(text)
    return role


def _sections(text, wanted):
    parts = HEADING.split(text)
    kept = [f"# {heading}\n{body}" for heading, body in zip(parts[1::2], parts[2::2]) if re.search(wanted, heading)]
    return parts[0] + "".join(kept)


def _play(engine, role, variables, defaults):
    known = {
        "docker_api_version": engine.api_version,
        "docker_cli_version": engine.version,
        "docker_py_version": docker.__version__,
        "podman_cli_version": "0.0.0",
    }
    play = {
        "hosts": "localhost",
        "connection": "local",
        "gather_facts": True,
        "ignore_errors": True,  # a failure does not end the play: later assertions are counted too
        "vars": {**known, **variables, "ansible_python_interpreter": sys.executable},
        # Ansible follows the redirect, so this name means whichever module runs.
        "module_defaults": defaults,
        "tasks": [
            {"community.docker.docker_host_info": {}, "register": "docker_host_info"},
            {"ansible.builtin.include_role": {"name": str(role)}},
        ],
    }
    return [play]


def _environment(engine, tree, events, home):
    return {
        **os.environ,
        "HOME": str(home),  # logins are stored there
        "ANSIBLE_COLLECTIONS_PATH": str(tree),
        "ANSIBLE_ACTION_PLUGINS": str(PLUGINS / "action"),
        "ANSIBLE_CALLBACK_PLUGINS": str(PLUGINS / "callback"),
        "ANSIBLE_CALLBACKS_ENABLED": "counted",
        "ANSIBLE_PIPELINING": "true",
        "ANSIBLE_LOCALHOST_WARNING": "false",
        "ANSIBLE_RETRY_FILES_ENABLED": "false",
        "ANSIBLE_NOCOLOR": "true",
        "PEER_SUITE_EVENTS": str(events),
        "DOCKER_HOST": engine.socket,
    }


def _read(name, events, code, log):
    result = Result(name)
    lines = [json.loads(line) for line in events.read_text().splitlines()] if events.is_file() else []
    for event in lines:
        if event["kind"] == "asserts":
            result.passed += event["passed"]
            result.failed += [dict(failed, task=event["line"]) for failed in event["failed"]]
        elif event["kind"] == "task":
            result.broken.append(event)
        else:
            result.seconds = event["seconds"]
    if code and not result.broken or not lines:
        result.broken.append({"line": 0, "name": "the play itself", "msg": Path(log).read_text()[-400:]})
    return result

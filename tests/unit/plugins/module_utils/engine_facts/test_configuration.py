# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import os
import time

import pytest
from ansible_collections.flotilla.docker.plugins.module_utils.daemon_config import validation
from ansible_collections.flotilla.docker.plugins.module_utils.daemon_config.host import DaemonHost
from ansible_collections.flotilla.docker.plugins.module_utils.engine import connection
from ansible_collections.flotilla.docker.plugins.module_utils.engine_facts import configuration
from ansible_collections.flotilla.docker.plugins.module_utils.errors import Unreachable
from ansible_collections.flotilla.docker.plugins.module_utils.host import programs, systemd
from ansible_collections.flotilla.docker.plugins.modules import docker_daemon_config, docker_engine_facts

from ..daemon_config.machine import Machine

OPTIONS = {
    "section": "docker_engine",
    "options": {"debug": True, "registry-mirrors": ["https://mirror:5000"]},
    "environment": {"HTTPS_PROXY": "http://jo:S3Cret@proxy"},
    "docker_host": "unix:///run/docker.sock",
}


@pytest.fixture
def machine(tmp_path, monkeypatch):
    """A host that docker_daemon_config has configured with OPTIONS."""
    found = Machine(tmp_path, monkeypatch)
    monkeypatch.setattr(configuration, "connect", found._connect)
    monkeypatch.setattr(connection, "connect", found._connect)
    found.run(**OPTIONS)
    assert found.calls
    return found


def files(machine):
    return {path: path.read_bytes() for path in machine.folder.rglob("*") if path.is_file()}


def test_result_is_that_of_docker_daemon_config(machine):
    before = files(machine)
    found = configuration.if_unchanged(OPTIONS)
    assert files(machine) == before and machine.calls == []
    host = machine.host(**OPTIONS, status=True, state="present", api_version="auto")
    done = machine.run(**OPTIONS)
    assert found == docker_daemon_config.report(host, host.params, done)
    assert (found["service_action"], found["status"]["reachable"]) == ("none", True)
    assert "S3Cret" not in str(found)


@pytest.mark.parametrize(
    "difference",
    [
        {"options": {"debug": False}},
        {"options": {}},
        {"environment": {}},
        {"flags": ["--ipv6"]},
        {"service_settings": {"LimitNOFILE": "1048576"}},
        {"registry_certificates": {"mirror:5000": "PEM"}},
        {"section": "other"},
        {"restart_reasons": ["packages changed"]},
    ],
    ids=str,
)
def test_change_is_left_to_docker_daemon_config(machine, difference):
    before = files(machine)
    assert configuration.if_unchanged({**OPTIONS, **difference}) is None
    assert files(machine) == before and machine.calls == []


@pytest.mark.parametrize(
    "wrong", [{"options": {"bogus": 1}}, {"wait": "soon"}, {"merge": "maybe"}, {"unknown": 1}], ids=str
)
def test_wrong_option_is_left_to_docker_daemon_config(machine, wrong):
    assert configuration.if_unchanged({**OPTIONS, **wrong}) is None


def test_daemon_that_does_not_run_is_left_to_docker_daemon_config(machine):
    machine.write("state", "inactive")
    assert configuration.if_unchanged(OPTIONS) is None


def test_daemon_that_does_not_answer_is_left_to_docker_daemon_status(machine, monkeypatch):
    def refuse(options):
        raise Unreachable("no answer", kind="timeout")

    monkeypatch.setattr(connection, "connect", refuse)
    assert configuration.if_unchanged(OPTIONS) is None


def test_pending_restart_is_reported_again(machine):
    machine.run(**{**OPTIONS, "options": {"debug": True, "log-driver": "journald"}, "restart": "never"})
    options = {**OPTIONS, "options": {"debug": True, "log-driver": "journald"}, "restart": "never"}
    found = configuration.if_unchanged(options)
    assert found["restart_pending"] and found["restart_held_by"] == "restart is set to never"
    assert configuration.if_unchanged({**options, "restart": "always"}) is None


@pytest.fixture
def loaded(machine, monkeypatch):
    """Validations by dockerd, after the daemon was started with the flags and the daemon.json of OPTIONS."""
    validated = []
    monkeypatch.setattr(validation, "require_valid", validated.append)
    monkeypatch.setattr(programs, "words_of", lambda process: ["dockerd", "-H", "fd://"])
    unit = dict(machine.host().units()["docker.service"], started_at=systemd.moment(int(time.time())))
    monkeypatch.setattr(DaemonHost, "units", lambda host: {"docker.service": unit, "docker.socket": unit})
    return validated


def test_configuration_that_the_daemon_has_loaded_is_not_validated_again(machine, loaded):
    assert configuration.if_unchanged(OPTIONS)
    assert loaded == []


def test_file_that_is_newer_than_the_daemon_is_validated(machine, loaded):
    later = time.time() + 60
    os.utime(machine.folder / "etc/daemon.json", (later, later))
    assert configuration.if_unchanged(OPTIONS)
    assert len(loaded) == 1


def test_flags_that_the_daemon_does_not_have_are_validated(machine, loaded, monkeypatch):
    monkeypatch.setattr(programs, "words_of", lambda process: ["dockerd", "-H", "fd://", "--ipv6"])
    assert configuration.if_unchanged(OPTIONS)
    assert len(loaded) == 1


def test_secrets_are_not_shown():
    shown, hidden = docker_engine_facts.mask({"packages": [], "configuration": OPTIONS})
    assert "S3Cret" not in str(shown) and hidden == {"jo:S3Cret"}
    assert docker_engine_facts.mask({"packages": [], "configuration": {}}) == (
        {"packages": [], "configuration": {}},
        set(),
    )

# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json

import pytest
from ansible_collections.flotilla.docker.plugins.module_utils.daemon_config import arguments, result
from ansible_collections.flotilla.docker.plugins.module_utils.engine import connection
from ansible_collections.flotilla.docker.plugins.module_utils.errors import BadOption
from ansible_collections.flotilla.docker.plugins.module_utils.host.users import Account
from ansible_collections.flotilla.docker.plugins.module_utils.rootless.host import UserHost
from ansible_collections.flotilla.docker.plugins.modules import docker_daemon_config as module

from ..module_utils.daemon_config.machine import DEFAULTS, Machine

PARAMS = {
    "options": {"proxies": {"http-proxy": "jo:S3Cret@proxy"}, "log-opts": {"splunk-token": "S3C"}, "debug": True},
    "environment": {"HTTPS_PROXY": 'http://jo:S3C"r@t@proxy', "NO_PROXY": "localhost"},
    "flags": ["--https-proxy=http://jo:S3C'r@t@proxy", "--debug"],
    "service_settings": {"LimitNOFILE": "1048576"},
    "wait": 90,
}


def test_parameters_are_shown_without_secrets():
    shown, _hidden = arguments.mask(PARAMS)
    assert "S3C" not in str(shown)


def test_other_parameters_are_shown_as_they_are():
    shown, _hidden = arguments.mask(PARAMS)
    assert (shown["wait"], shown["options"]["debug"], shown["service_settings"]) == (
        90,
        True,
        {"LimitNOFILE": "1048576"},
    )


def test_credentials_of_proxies_are_masked_everywhere():
    _shown, hidden = arguments.mask(PARAMS)
    assert hidden == {"jo:S3Cret", 'jo:S3C"r@t'}


@pytest.mark.parametrize("wait", [0, -5])
def test_time_in_which_no_daemon_can_start_is_refused_before_anything_is_read(wait):
    with pytest.raises(BadOption, match="wait must be 1 second or more"):
        module.decide(None, {"wait": wait})


# An address of its own, so that the tests do not read the environment.
ADDRESS = {"docker_host": "unix:///run/docker.sock", "api_version": "auto", "state": "present"}


@pytest.fixture
def configure(monkeypatch):
    """Perform one task on a machine. Returns the result, and the time limits of its connections for the status."""

    def run(machine, check=False, **params):
        asked = []

        def connect(options):
            asked.append(options["timeout"])
            return machine._connect(options)

        monkeypatch.setattr(connection, "connect", connect)
        host = machine.host(**{**ADDRESS, "status": True, **params})
        done = machine.run(check, **host.params)
        return module.report(host, host.params, done), asked

    return run


def test_status_is_returned_only_on_request(configure, tmp_path, monkeypatch):
    machine = Machine(tmp_path, monkeypatch)
    assert "status" not in configure(machine, status=False)[0]
    assert configure(machine)[0]["status"]["reachable"] is True


def test_status_is_that_of_the_daemon_that_the_task_started(configure, tmp_path, monkeypatch):
    found, asked = configure(Machine(tmp_path, monkeypatch, active=False), options={"debug": True})
    status = found["status"]
    assert (found["service_action"], status["state"], status["reachable"]) == ("start", "running", True)
    assert status["server"]["version"] and status["service"]["active_state"] == "active" and asked == [5]


def test_status_in_check_mode_is_the_current_one_and_reading_it_starts_no_daemon(configure, tmp_path, monkeypatch):
    machine = Machine(tmp_path, monkeypatch, active=False)
    found, asked = configure(machine, check=True, options={"debug": True})
    status = found["status"]
    assert (found["service_action"], status["state"], status["reachable"]) == ("start", "socket_only", False)
    assert (machine.state, machine.calls, asked) == ("inactive", [], [])


def test_daemon_that_does_not_answer_is_a_status_and_not_a_failure(configure, tmp_path, monkeypatch):
    machine = Machine(tmp_path, monkeypatch)

    def refuse(options):
        raise BadOption("client_cert", "must be an existing file on the managed host", got="none.pem")

    monkeypatch.setattr(machine, "_connect", refuse)
    status = configure(machine)[0]["status"]
    assert (status["reachable"], status["state"], status["server"]) == (False, "unreachable", None)
    assert "client_cert must be an existing file" in status["cause"]


def test_daemon_that_hangs_delays_the_task_for_twenty_seconds(configure, tmp_path, monkeypatch):
    assert configure(Machine(tmp_path, monkeypatch), timeout=600)[1] == [20]


def test_invalid_address_has_no_status(configure, tmp_path, monkeypatch):
    found, asked = configure(Machine(tmp_path, monkeypatch), docker_host="nonsense", options={"debug": True})
    assert (found["status"], found["service_action"], asked) == (None, "reload", [])


def test_status_has_no_passwords_of_proxies(configure, tmp_path, monkeypatch):
    machine = Machine(tmp_path, monkeypatch)
    info = dict(machine.engine.daemon.info(), HttpProxy="http://user:hunter2@proxy:3128")
    monkeypatch.setattr(machine.engine.daemon, "info", lambda: info)
    status = configure(machine)[0]["status"]
    assert "proxy:3128" in status["proxies"]["http"] and "hunter2" not in json.dumps(status)


def test_status_of_a_rootless_engine_is_read_at_its_socket(tmp_path, monkeypatch):
    machine = Machine(tmp_path, monkeypatch)
    monkeypatch.setattr(connection, "connect", machine._connect)
    user = Account("ops", 4711, 4711, str(tmp_path))
    host = UserHost(dict(DEFAULTS, **ADDRESS), machine._connect, user)
    status = result.read_status(host)
    assert (status["address"], status["reachable"]) == ("unix:///run/user/4711/docker.sock", True)


def test_engine_that_was_removed_has_no_status(tmp_path, monkeypatch):
    machine = Machine(tmp_path, monkeypatch)
    params = dict(DEFAULTS, **dict(ADDRESS, state="absent"), status=True)
    assert "status" not in module.report(machine.host(), params, machine.run())

# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json
import os

import pytest
from ansible_collections.flotilla.docker.plugins.module_utils.host import daemon_facts, dockerd
from ansible_collections.flotilla.docker.plugins.module_utils.host.programs import read_output
from ansible_collections.flotilla.docker.plugins.module_utils.host.users import Account

OPS = Account("ops", 1000, 1000, "/home/ops")


@pytest.mark.parametrize(
    "text, keys, error",
    [
        ("{}", {}, False),
        ("", {}, False),
        ('{"debug": true}', {"debug": True}, False),
        ('{"a": ', {}, True),
        ("[]", {}, True),
    ],
)
def test_daemon_json(tmp_path, text, keys, error):
    path = tmp_path / "daemon.json"
    path.write_text(text)
    found = dockerd.read_configuration(str(path))
    assert (found["exists"], found["keys"], bool(found["error"])) == (True, keys, error)
    assert found["modified"] == int(path.stat().st_mtime)


def test_no_daemon_json(tmp_path):
    found = dockerd.read_configuration(str(tmp_path / "none.json"))
    assert (found["exists"], found["keys"], found["error"]) == (False, {}, None)


@pytest.mark.parametrize(
    "command, owner, expected",
    [
        ("/usr/sbin/dockerd -H fd://", None, "/etc/docker/daemon.json"),
        ("/usr/sbin/dockerd --config-file /srv/d.json -H fd://", None, "/srv/d.json"),
        ("/usr/sbin/dockerd --config-file=/srv/d.json", None, "/srv/d.json"),
        ("/usr/bin/dockerd-rootless.sh", OPS, "/home/ops/.config/docker/daemon.json"),
    ],
)
def test_which_file_the_daemon_reads(command, owner, expected):
    assert dockerd.configuration_path(command, owner) == expected


def test_docker_cli_is_run_without_connecting_to_a_daemon(tmp_path, monkeypatch):
    cli = tmp_path / "docker"
    cli.write_text(
        '#!/bin/sh\nprintf "{\\"Version\\": \\"28.5.2\\", \\"Host\\": \\"$2\\", \\"Environment\\": \\"$DOCKER_HOST\\"}"; exit 1\n'
    )
    cli.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    monkeypatch.setenv("DOCKER_HOST", "tcp://elsewhere:2375")
    assert dockerd.read_cli_client() == {"Version": "28.5.2", "Host": "unix:///dev/null", "Environment": ""}


@pytest.mark.parametrize("answer", ["", "not json", "[]", json.dumps({"Version": ""})])
def test_another_program_called_docker_is_not_the_docker_cli(tmp_path, monkeypatch, answer):
    cli = tmp_path / "docker"
    cli.write_text(f"#!/bin/sh\necho '{answer}'\n")
    cli.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    assert dockerd.read_cli_client() is None


def test_a_program_that_is_missing_or_hangs_gives_nothing():
    assert read_output(["no-such-program-here"]) is None
    assert read_output(["sleep", "30"], timeout=0.1) is None


def test_a_daemon_over_a_network_has_no_unit_facts():
    found = daemon_facts.read("tcp://10.0.0.1:2376", None)
    assert found["local"] is False
    assert "cannot be read" in found["no_unit_facts"]
    assert "service" not in found


def test_a_socket_of_another_daemon_is_not_explained_by_docker_service(monkeypatch):
    units = {
        name: {"active_state": "active", "listens_on": ["/run/docker.sock"]}
        for name in ("docker.service", "docker.socket", "containerd.service")
    }
    monkeypatch.setattr(daemon_facts.systemd, "read_units", lambda *args, **kwargs: units)
    found = daemon_facts.read("unix:///srv/other.sock", "/srv/other.sock")
    assert "does not belong to docker.socket" in found["no_unit_facts"]
    assert "service" not in found


def of_user(monkeypatch, home, uid=0, units=None):
    """The facts that host.read returns for the socket of ops; the reader is the user who runs the module."""
    found = {
        name: {"active_state": "inactive", "command": "", "started_at": None, "main_pid": 0}
        for name in ("docker.service", "docker.socket")
    }
    monkeypatch.setattr(daemon_facts.users, "owner_of", lambda path: OPS._replace(home=str(home)))
    monkeypatch.setattr(daemon_facts.os, "geteuid", lambda: uid)
    monkeypatch.setattr(daemon_facts.systemd, "read_units", lambda names, account=None: found if units else None)
    return daemon_facts.read("unix:///run/user/1000/docker.sock", "/run/user/1000/docker.sock")


@pytest.mark.parametrize("uid", [0, 1000])
def test_the_units_of_a_user_are_read_by_root_and_by_that_user(monkeypatch, tmp_path, uid):
    found = of_user(monkeypatch, tmp_path, uid, units=True)
    assert (found["owner"], found["service"]["active_state"]) == ("ops", "inactive")
    assert found["configuration"]["path"] == str(tmp_path / ".config/docker/daemon.json")


def test_other_users_cannot_read_the_units_of_a_user(monkeypatch, tmp_path):
    found = of_user(monkeypatch, tmp_path, uid=1001, units=True)
    assert "Only ops and root" in found["no_unit_facts"]
    assert "service" not in found


def test_units_that_do_not_run_may_have_a_file(monkeypatch, tmp_path):
    assert of_user(monkeypatch, tmp_path)["unit_file"] is False
    unit = tmp_path / ".config/systemd/user/docker.service"
    unit.parent.mkdir(parents=True)
    unit.write_text("[Service]")
    found = of_user(monkeypatch, tmp_path)
    assert (found["sleeping"], found["unit_file"]) == (True, True)
    assert "systemd of user ops is not running" in found["no_unit_facts"]

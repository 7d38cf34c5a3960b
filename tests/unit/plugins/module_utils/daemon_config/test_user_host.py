# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest

from ansible_collections.flotilla.docker.plugins.module_utils.daemon_config import removal, user_host
from ansible_collections.flotilla.docker.plugins.module_utils.step import Outcome
from ansible_collections.flotilla.docker.plugins.module_utils.unit.account import Account

ASKED = {"path": None, "flags": [], "environment": {}, "service_settings": {}, "timeout": 20, "remove_data": False}
LAUNCHER = "/usr/share/docker.io/contrib/dockerd-rootless.sh"


@pytest.fixture
def host(monkeypatch, tmp_path):
    """The host for a user whose home is empty, and whose systemd does not run; call it with parameters that differ."""
    monkeypatch.setattr(user_host.systemd, "read_units", lambda names, account=None: None)
    monkeypatch.setattr(user_host.account, "acting_as", lambda account: user_host.Host.acting(None))
    monkeypatch.setattr(user_host.docker, "find_program", lambda name: LAUNCHER if name.endswith(".sh") else "/usr/sbin/" + name)
    monkeypatch.setattr(user_host, "MEMORY_FOLDER", str(tmp_path / "memory"))
    monkeypatch.setattr(user_host.account, "_UNIT_FOLDERS", (str(tmp_path / "packaged"),))
    user = Account("ops", 4711, 4711, str(tmp_path))
    return lambda **changes: user_host.UserHost(dict(ASKED, **changes), None, user)


def write(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def test_paths_and_address_are_the_users(host, tmp_path):
    assert host().docker_host == "unix:///run/user/4711/docker.sock"
    assert host().params["docker_host"] == host().docker_host
    assert host().path == str(tmp_path / ".config/docker/daemon.json")
    assert host(path="/srv/daemon.json").path == "/srv/daemon.json"


def test_the_unit_is_written_where_there_is_none(host, tmp_path):
    texts = host().unit_files()
    unit = texts[str(tmp_path / ".config/systemd/user/docker.service")]
    assert "ExecStart=%s\n" % LAUNCHER in unit
    assert "Environment=PATH=/usr/share/docker.io/contrib:" in unit
    assert "WantedBy=default.target" in unit
    assert texts[str(tmp_path / ".config/systemd/user/docker.service.d/flotilla.conf")] == ""


def test_our_own_unit_is_kept_up_to_date(host, tmp_path):
    write(tmp_path / ".config/systemd/user/docker.service", user_host.unit_text.HEAD + "[Service]\nExecStart=/old\n")
    assert "ExecStart=%s\n" % LAUNCHER in host().unit_files()[str(tmp_path / ".config/systemd/user/docker.service")]


@pytest.mark.parametrize("folder", [".config/systemd/user", "packaged"])
def test_a_unit_of_others_stays_and_gets_a_drop_in(host, tmp_path, folder):
    write(tmp_path / folder / "docker.service", "[Service]\nExecStart=/opt/dockerd-rootless.sh\n")
    texts = host(environment={"HTTPS_PROXY": "http://proxy:3128"}).unit_files()
    assert list(texts) == [str(tmp_path / ".config/systemd/user/docker.service.d/flotilla.conf")]
    assert 'Environment="HTTPS_PROXY=http://proxy:3128"' in list(texts.values())[0]


def test_the_daemon_that_judges_is_told_that_it_is_rootless(host):
    assert host().command(["--debug"]) == ["dockerd", "--rootless", "--debug"]


def summaries(steps, changes):
    """What the steps of a removal say, where all of them change something."""
    said, outcome = [], None
    try:
        while True:
            step = steps.send(outcome)
            said.append(step.summary)
            outcome = Outcome(changes)
    except StopIteration:
        return said


def test_what_others_wrote_stays_when_the_engine_goes(host, tmp_path):
    write(tmp_path / ".config/systemd/user/docker.service", "[Service]\nExecStart=/opt/dockerd-rootless.sh\n")
    write(tmp_path / ".config/docker/daemon.json", '{"debug": true, "log-driver": "local"}')
    ours = host()
    ours.memory = {"options": {"log-driver": "local"}}
    assert summaries(removal.decide(ours, ours.params), True) == [
        "stop and disable docker.service",
        "write %s" % ours.path,
        "forget what was asked",
    ]


def test_all_that_was_brought_goes_with_the_data_where_that_is_asked(host, tmp_path):
    first = host()
    for path, text in first.unit_files().items():
        write(tmp_path / path, text)
    write(tmp_path / ".config/docker/daemon.json", '{"data-root": "/srv/ops"}')
    ours = host(remove_data=True)
    ours.memory = {"options": {"data-root": "/srv/ops"}, "lingered": True}
    assert summaries(removal.decide(ours, ours.params), True) == [
        "stop and disable docker.service",
        "remove %s" % ours.unit_path,
        "remove %s" % ours.path,
        "remove the data in /srv/ops",
        "loginctl disable-linger ops",
        "forget what was asked",
    ]


def test_a_user_who_is_gone_is_forgotten():
    assert summaries(removal.forget("jo"), False) == ["forget what was asked"]

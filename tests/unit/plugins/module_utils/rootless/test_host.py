# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import contextlib

import pytest
from ansible_collections.flotilla.docker.plugins.module_utils.daemon_config.record import HostRecord
from ansible_collections.flotilla.docker.plugins.module_utils.daemon_config.sections import Section
from ansible_collections.flotilla.docker.plugins.module_utils.host.users import Account
from ansible_collections.flotilla.docker.plugins.module_utils.rootless import host as rootless_host
from ansible_collections.flotilla.docker.plugins.module_utils.rootless import removal
from ansible_collections.flotilla.docker.plugins.module_utils.step import Outcome

ASKED = {"path": None, "flags": [], "environment": {}, "service_settings": {}, "timeout": 20, "remove_data": False}
LAUNCHER = "/usr/share/docker.io/contrib/dockerd-rootless.sh"


@pytest.fixture
def host(monkeypatch, tmp_path):
    """The host for a user whose home is empty, and whose systemd does not run; call it with parameters that differ."""
    monkeypatch.setattr(rootless_host.systemd, "read_units", lambda names, account=None: None)
    monkeypatch.setattr(rootless_host.users, "acting_as", lambda account: contextlib.nullcontext())
    monkeypatch.setattr(
        rootless_host.dockerd, "find_program", lambda name: LAUNCHER if name.endswith(".sh") else "/usr/sbin/" + name
    )
    monkeypatch.setattr(rootless_host, "RECORD_FOLDER", str(tmp_path / "records"))
    monkeypatch.setattr(rootless_host.users, "_UNIT_FOLDERS", (str(tmp_path / "packaged"),))
    user = Account("ops", 4711, 4711, str(tmp_path))
    return lambda **changes: rootless_host.UserHost(dict(ASKED, **changes), None, user)


def write(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def test_paths_and_address_are_the_users(host, tmp_path):
    assert host().docker_host == "unix:///run/user/4711/docker.sock"
    assert host().params["docker_host"] == host().docker_host
    assert host().path == str(tmp_path / ".config/docker/daemon.json")
    assert host(path="/srv/daemon.json").path == "/srv/daemon.json"


def test_missing_unit_is_written(host, tmp_path):
    texts = host().unit_files(Section())
    unit = texts[str(tmp_path / ".config/systemd/user/docker.service")]
    assert f"ExecStart={LAUNCHER}\n" in unit
    assert "Environment=PATH=/usr/share/docker.io/contrib:" in unit
    assert "WantedBy=default.target" in unit
    assert texts[str(tmp_path / ".config/systemd/user/docker.service.d/flotilla.conf")] == ""


def test_a_unit_of_this_module_is_kept_up_to_date(host, tmp_path):
    write(tmp_path / ".config/systemd/user/docker.service", rootless_host.drop_ins.HEAD + "[Service]\nExecStart=/old\n")
    assert (
        f"ExecStart={LAUNCHER}\n" in host().unit_files(Section())[str(tmp_path / ".config/systemd/user/docker.service")]
    )


@pytest.mark.parametrize("folder", [".config/systemd/user", "packaged"])
def test_unit_of_another_origin_is_kept_and_gets_a_drop_in(host, tmp_path, folder):
    write(tmp_path / folder / "docker.service", "[Service]\nExecStart=/opt/dockerd-rootless.sh\n")
    texts = host().unit_files(Section(environment={"HTTPS_PROXY": "http://proxy:3128"}))
    assert list(texts) == [str(tmp_path / ".config/systemd/user/docker.service.d/flotilla.conf")]
    assert 'Environment="HTTPS_PROXY=http://proxy:3128"' in list(texts.values())[0]


def test_the_configuration_is_validated_as_a_rootless_one(host):
    assert host().command(("--debug",)) == ["dockerd", "--rootless", "--debug"]


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


def test_removal_keeps_files_of_other_origin(host, tmp_path):
    write(tmp_path / ".config/systemd/user/docker.service", "[Service]\nExecStart=/opt/dockerd-rootless.sh\n")
    write(tmp_path / ".config/docker/daemon.json", '{"debug": true, "log-driver": "local"}')
    ours = host()
    ours.record = HostRecord({"role": Section(options={"log-driver": "local"})})
    assert summaries(removal.decide(ours, ours.params), True) == [
        "stop and disable docker.service",
        f"write {ours.path}",
        "remove the record of the rootless Engine",
    ]


def test_a_removal_with_data_removes_everything_that_was_set_up(host, tmp_path):
    first = host()
    for path, text in first.unit_files(Section()).items():
        write(tmp_path / path, text)
    write(tmp_path / ".config/docker/daemon.json", '{"data-root": "/srv/ops"}')
    ours = host(remove_data=True)
    ours.record = HostRecord({"role": Section(options={"data-root": "/srv/ops"})}, lingered=True)
    assert summaries(removal.decide(ours, ours.params), True) == [
        "stop and disable docker.service",
        f"remove {ours.unit_path}",
        f"remove {ours.path}",
        "remove the data in /srv/ops",
        "loginctl disable-linger ops",
        "remove the record of the rootless Engine",
    ]


def test_the_record_of_a_user_who_does_not_exist_any_more_is_removed():
    assert summaries(removal.remove_record("jo"), False) == ["remove the record of the rootless Engine"]

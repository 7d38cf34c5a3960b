# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json

import pytest
from ansible_collections.flotilla.docker.plugins.module_utils.errors import (
    BadOption,
    FlotillaError,
    Missing,
    StepFailed,
    Unreachable,
)

from .machine import Machine


@pytest.fixture
def machine(tmp_path, monkeypatch):
    return Machine(tmp_path, monkeypatch)


def test_options_that_the_daemon_can_reload_cause_one_reload(machine):
    done = machine.run(options={"debug": True})
    assert machine.options == {"debug": True}
    assert (done.service_action, done.changed_keys, machine.calls) == ("reload", ["debug"], ["reload docker.service"])


def test_other_options_cause_one_restart(machine):
    machine.run(options={"mtu": 1400, "debug": True})
    assert machine.calls == ["restart docker.service"]


def test_the_same_task_again_changes_nothing(machine):
    machine.run(options={"mtu": 1400}, environment={"A": "b"})
    assert machine.calls == ["daemon-reload", "restart docker.service"]
    done = machine.run(options={"mtu": 1400}, environment={"A": "b"})
    assert (machine.ledger.actions, done.service_action, machine.calls) == ([], "none", [])


def test_a_check_predicts_the_actions_of_the_run(machine):
    asked = {"options": {"mtu": 1400}, "environment": {"A": "b"}, "flags": ["--debug"]}
    machine.run(check=True, **asked)
    predicted = machine.ledger.actions
    assert (machine.options, machine.calls, machine.text("record.json")) == ({}, [], None)
    machine.run(**asked)
    assert machine.ledger.actions == predicted


def test_a_stopped_daemon_is_started(tmp_path, monkeypatch):
    machine = Machine(tmp_path, monkeypatch, active=False)
    assert machine.run(options={"debug": True}).service_action == "start"
    assert machine.state == "active"


def test_a_configuration_that_does_not_start_is_rolled_back(machine):
    machine.run(options={"mtu": 1400})
    assert machine.calls == ["restart docker.service"]
    with pytest.raises(StepFailed, match="The Docker daemon did not start: the configuration breaks"):
        machine.run(options={"mtu": 1500, "log-level": "breaks"}, environment={"A": "b"})
    assert (machine.options, machine.state) == ({"mtu": 1400}, "active")
    assert machine.text("docker.service.d/flotilla.conf") is None
    # The files are restored before systemd reads them, and systemd reads them before the daemon starts.
    assert machine.calls == ["daemon-reload", "restart docker.service", "daemon-reload", "restart docker.service"]
    assert machine.ledger.not_undone == []


def test_a_failed_reload_is_rolled_back_with_another_reload(machine):
    with pytest.raises(
        StepFailed, match="The Docker daemon did not reload its configuration: systemctl reload docker.service failed"
    ):
        machine.run(options={"labels": ["a=unloadable"]})
    assert (machine.options, machine.calls) == ({}, ["reload docker.service", "reload docker.service"])


def test_a_reload_is_awaited(machine):
    """Systemd sends a signal, and does not wait for what the daemon does."""
    machine.engine.daemon.reloads = [False, False, True]
    assert machine.run(options={"debug": True}).service_action == "reload"
    assert machine.engine.daemon.reloads == [True]


def test_a_reload_that_the_daemon_refuses_is_rolled_back(machine):
    machine.engine.daemon.reloads = [False]
    with pytest.raises(StepFailed, match="did not reload its configuration: its events report no reload within 0.1 s"):
        machine.run(options={"debug": True}, wait=0.1)
    assert (machine.options, machine.calls) == ({}, ["reload docker.service", "reload docker.service"])


def test_a_daemon_whose_events_cannot_be_read_is_reloaded(machine, monkeypatch):
    def refuse(since):
        raise Unreachable("no answer")

    monkeypatch.setattr(machine.engine.daemon, "has_reloaded", refuse)
    assert machine.run(options={"debug": True}).service_action == "reload"


def test_a_failure_before_the_restart_restarts_nothing(machine):
    machine.write("etc/certs.d/registry.example.org", "a file where a folder must be")
    with pytest.raises(Missing):
        machine.run(options={"mtu": 1500}, registry_certificates={"registry.example.org": "pem"})
    assert (machine.calls, machine.options) == ([], {})


def test_refused_task_changes_nothing(machine):
    with pytest.raises(BadOption, match="bogus"):
        machine.run(options={"bogus": 1})
    assert (machine.options, machine.calls, machine.text("record.json")) == ({}, [], None)


def ends_with_restart(machine):
    """Stop the daemon's containers when it is restarted, as without live-restore."""
    connect = machine._connect

    def connected(params):
        if "restart docker.service" in machine.text("calls"):
            machine.calls = ""
            for name in machine.running:
                machine.engine.containers.end(name, 0)
        return connect(params)

    machine._connect = connected
    return machine


def test_containers_that_the_daemon_does_not_start_are_started_again(tmp_path, monkeypatch):
    machine = ends_with_restart(Machine(tmp_path, monkeypatch, containers=("web", "db")))
    machine.run(options={"mtu": 1400})
    assert machine.running == {"web", "db"}


def test_a_rollback_starts_the_containers_too(tmp_path, monkeypatch):
    machine = ends_with_restart(Machine(tmp_path, monkeypatch, containers=("web",)))
    with pytest.raises(StepFailed):
        machine.run(options={"log-level": "breaks"})
    assert machine.running == {"web"}
    assert machine.ledger.undone[-2:] == ["restart docker.service", "start containers that ran before"]


def test_a_container_that_does_not_start_again_is_a_warning(tmp_path, monkeypatch):
    machine = Machine(tmp_path, monkeypatch, containers=("web",))
    machine.engine.failures["start web"] = FlotillaError("no web")
    ends_with_restart(machine).run(options={"mtu": 1400})
    assert machine.ledger.warnings() == [
        "Container web ran before the daemon was restarted and does not start now: no web."
    ]


@pytest.mark.parametrize(
    "restart, containers, live_restore, why",
    [
        ("never", {}, False, "restart is set to never"),
        ("when_safe", ("web",), False, "a restart would stop 1 containers (web), because live-restore is off"),
        ("when_safe", ("web",), True, ""),
        ("when_safe", {}, False, ""),
        ("always", ("web",), False, ""),
    ],
)
def test_a_restart_that_is_not_allowed_is_pending(tmp_path, monkeypatch, restart, containers, live_restore, why):
    machine = Machine(tmp_path, monkeypatch, containers=containers, live_restore=live_restore)
    options = {"mtu": 1400, "live-restore": live_restore}
    done = machine.run(options=options, restart=restart)
    assert done.restart_held_by == why
    assert done.restart_pending == (["mtu"] if why else [])
    assert machine.run(options=options, restart=restart).restart_pending == done.restart_pending


LIVE = {"live-restore": True}


@pytest.mark.parametrize(
    "asked, pending, why",
    [
        ({"options": {}}, ["live-restore"], "live-restore is not configured any more"),
        ({"options": {"live-restore": False, "mtu": 1400}}, ["mtu"], "live-restore is not configured any more"),
        ({"options": dict(LIVE, bip="10.9.0.1/24")}, ["bip"], "bip cannot be changed under live-restore"),
    ],
)
def test_a_restart_is_not_safe_if_live_restore_does_not_survive_it(tmp_path, monkeypatch, asked, pending, why):
    machine = Machine(tmp_path, monkeypatch, containers=("web",), live_restore=True)
    machine.run(section="mine", options=LIVE)
    # A later run has nothing to change, and still waits.
    for policy in ("never", "when_safe", "when_safe"):
        done = machine.run(section="mine", restart=policy, **asked)
        assert done.restart_pending == pending
    assert done.restart_held_by == f"a restart would stop 1 containers (web), because {why}"


def test_live_restore_by_a_flag_keeps_containers(tmp_path, monkeypatch):
    machine = Machine(tmp_path, monkeypatch, containers=("web",), live_restore=True)
    done = machine.run(flags=["--live-restore"], restart="when_safe", section="mine")
    assert (done.service_action, done.restart_held_by) == ("restart", "")


def test_a_removed_option_that_a_reload_does_not_reset_takes_a_restart(machine):
    machine.run(section="mine", options={"debug": True, "max-concurrent-downloads": 7})
    assert machine.calls == ["reload docker.service"]
    done = machine.run(section="mine", options={"debug": True})
    assert (done.service_action, machine.calls) == ("reload", ["reload docker.service"])
    done = machine.run(section="mine", options={})
    assert (done.service_action, machine.calls) == ("restart", ["restart docker.service"])


def test_a_pending_restart_is_done_once_it_is_allowed_and_not_again(machine):
    machine.run(options={"mtu": 1400}, restart="never")
    assert machine.run(options={"mtu": 1400}).service_action == "restart"
    assert machine.run(options={"mtu": 1400}).service_action == "none"


def test_a_restart_by_hand_ends_the_waiting(machine):
    machine.run(options={"mtu": 1400}, restart="never")
    machine.write("pid", "4711")
    assert machine.run(options={"mtu": 1400}, restart="never").restart_pending == []


def test_two_tasks_without_a_section_live_together(machine):
    machine.run(options={"debug": True}, environment={"A": "1"}, flags=["--label=a"])
    machine.run(options={"mtu": 1400}, environment={"B": "2"}, flags=["--label=b"], service_settings={"Nice": "5"})
    assert machine.options == {"debug": True, "mtu": 1400}
    drop_in = machine.text("docker.service.d/flotilla.conf")
    for line in ('Environment="A=1"', 'Environment="B=2"', "--label=a --label=b", "Nice=5"):
        assert line in drop_in
    for asked in (
        {"options": {"debug": True}, "environment": {"A": "1"}, "flags": ["--label=a"]},
        {"options": {"mtu": 1400}},
    ):
        machine.run(**asked)
        assert machine.ledger.actions == []


def test_each_section_removes_only_its_own_options(machine):
    machine.run(section="a", options={"debug": True, "mtu": 1400}, environment={"A": "1"})
    machine.run(section="b", options={"log-level": "warn"}, environment={"B": "2"})
    machine.run(section="a", options={"debug": True})
    assert machine.options == {"debug": True, "log-level": "warn"}
    drop_in = machine.text("docker.service.d/flotilla.conf")
    assert 'Environment="B=2"' in drop_in and "A=1" not in drop_in
    machine.run(section="a", options={"debug": True})
    assert machine.ledger.actions == []


def test_options_of_other_origin_are_kept(machine):
    machine.write("etc/daemon.json", '{"icc": false}')
    machine.run(section="a", options={"debug": True})
    machine.run(section="a")
    assert machine.options == {"icc": False}


def test_null_removes_what_a_task_without_a_section_set(machine):
    machine.run(options={"debug": True, "log-opts": {"max-size": "1m", "max-file": "3"}}, environment={"A": "1"})
    machine.run(options={"debug": None, "log-opts": {"max-file": None}}, environment={"A": None})
    assert machine.options == {"log-opts": {"max-size": "1m"}}
    assert machine.text("docker.service.d/flotilla.conf") is None


def test_an_option_of_two_sections_belongs_to_the_last_and_is_warned_of(machine):
    machine.run(section="a", options={"mtu": 1400})
    done = machine.run(section="b", options={"mtu": 1500})
    assert done.warnings == [
        "mtu was set by section a to another value before. The task that runs last wins; set mtu in one task only"
    ]
    machine.run(section="a")
    assert machine.options == {"mtu": 1500}


def test_merge_false_removes_all_other_options(machine):
    machine.run(section="a", options={"debug": True})
    machine.run(section="b", options={"mtu": 1400}, merge=False)
    assert machine.options == {"mtu": 1400}


def test_a_ca_file_is_removed_with_the_last_section_that_asks_for_it(machine):
    ca = "etc/certs.d/registry.example.org/ca.crt"
    machine.run(section="a", registry_certificates={"registry.example.org": "PEM"})
    machine.run(section="b", registry_certificates={"registry.example.org": "PEM"})
    machine.run(section="a")
    assert machine.text(ca) == "PEM"
    machine.run(section="b")
    assert (machine.text(ca), machine.calls) == (None, [])


def test_a_record_without_sections_belongs_to_the_first_task(machine):
    machine.write("etc/daemon.json", '{"debug": true, "mtu": 1400, "icc": false}')
    machine.write(
        "docker.service.d/flotilla.conf",
        '[Service]\nEnvironment="A=50%%"\nExecStart=\nExecStart=/usr/sbin/dockerd -H fd:// --label=a\nNice=5\n',
    )
    old = {
        "options": {"debug": True, "mtu": 1400},
        "certificates": False,
        "registry_cas": [],
        "pending": [],
        "invocation": "",
    }
    machine.write("record.json", json.dumps(old))
    machine.run(
        section="role",
        options={"debug": True},
        environment={"A": "50%"},
        flags=["--label=a"],
        service_settings={"Nice": "5"},
    )
    assert machine.options == {"debug": True, "icc": False}
    record = json.loads(machine.text("record.json"))
    assert sorted(record) == ["sections"] and sorted(record["sections"]) == ["role"]


def test_a_record_without_sections_keeps_its_drop_in_for_a_task_without_a_section(machine):
    machine.write(
        "docker.service.d/flotilla.conf",
        '[Service]\nEnvironment="A=1"\nExecStart=\nExecStart=/usr/sbin/dockerd -H fd:// --label=a\nNice=5\n',
    )
    machine.write("record.json", json.dumps({"options": {}, "pending": []}))
    machine.run(environment={"B": "2"})
    drop_in = machine.text("docker.service.d/flotilla.conf")
    for line in ('Environment="A=1"', 'Environment="B=2"', "--label=a", "Nice=5"):
        assert line in drop_in


def test_a_run_that_fails_keeps_the_record(machine):
    machine.run(section="a", options={"debug": True})
    before = machine.text("record.json")
    with pytest.raises(StepFailed):
        machine.run(section="b", options={"log-level": "breaks"})
    assert machine.text("record.json") == before


def test_secrets_are_not_in_the_diff(machine):
    machine.run(
        options={"proxies": {"http-proxy": "jo:S3Cret@proxy"}, "log-opts": {"splunk-token": "S3C"}},
        environment={"HTTPS_PROXY": 'http://jo:S3C"r@t@proxy', "AWS_SECRET_ACCESS_KEY": "S3C"},
        flags=["--https-proxy=http://jo:S3C'r@t@proxy"],
    )
    assert "S3C" in machine.text("docker.service.d/flotilla.conf")
    assert "S3C" not in str(machine.ledger.merged_into({}))


def test_backup_is_created_if_the_task_requests_it(machine):
    machine.write("etc/daemon.json", '{"icc": false}')
    done = machine.run(options={"debug": True}, backup=True)
    assert json.loads(open(done.backup_file, encoding="utf-8").read()) == {"icc": False}


# Moving the data root


@pytest.fixture
def stored(tmp_path, monkeypatch):
    """A host whose daemon has an image and a container."""
    machine = Machine(tmp_path, monkeypatch, containers=("web",))
    machine.write("data/containers/1/config.json", "{}")
    return machine


def test_data_are_moved_and_the_old_ones_removed(stored):
    done = stored.run(options={"data-root": str(stored.folder / "new")}, old_data="move")
    assert stored.text("new/containers/1/config.json") == "{}"
    assert list((stored.folder / "data").iterdir()) == []
    assert (done.service_action, stored.calls) == (
        "restart",
        ["stop docker.socket docker.service", "start docker.service"],
    )


def test_data_are_copied_and_the_old_ones_kept(stored):
    stored.run(options={"data-root": str(stored.folder / "new")}, old_data="copy")
    assert stored.text("data/containers/1/config.json") == stored.text("new/containers/1/config.json") == "{}"


def test_a_daemon_that_does_not_start_on_the_copy_runs_on_the_old_data(stored):
    with pytest.raises(StepFailed):
        stored.run(options={"data-root": str(stored.folder / "new"), "log-level": "breaks"}, old_data="move")
    assert stored.text("data/containers/1/config.json") == "{}"
    assert list((stored.folder / "new").iterdir()) == []
    assert (stored.state, stored.options, stored.text("record.json")) == ("active", {}, None)
    assert stored.running == {"web"}


def test_an_image_that_is_lost_keeps_the_old_data(stored, monkeypatch):
    images = [[{"Id": "sha256:1", "RepoTags": ["nginx:latest"]}], []]
    monkeypatch.setattr(stored.engine.images, "list", lambda: images.pop(0))
    with pytest.raises(StepFailed, match="does not find on its new data root: nginx:latest"):
        stored.run(options={"data-root": str(stored.folder / "new")}, old_data="move")
    assert stored.text("data/containers/1/config.json") == "{}"
    assert stored.state == "active"


def test_containers_that_outlive_the_daemon_are_stopped_and_started(stored):
    stored.engine.daemon.settings["LiveRestoreEnabled"] = True
    stored.run(options={"data-root": str(stored.folder / "new")}, old_data="move")
    assert "stop container web" in stored.ledger.actions
    assert stored.running == {"web"}


def test_data_is_not_moved_if_a_restart_is_not_allowed(stored):
    with pytest.raises(BadOption, match="old_data"):
        stored.run(options={"data-root": str(stored.folder / "new")}, old_data="move", restart="never")
    assert stored.calls == []

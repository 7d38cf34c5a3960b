# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.flotilla.docker.plugins.module_utils.host.systemd import (
    moment,
    read_journal,
    read_units,
    seconds,
)
from ansible_collections.flotilla.docker.plugins.module_utils.host.users import Account

# As systemctl show writes it (252): its own order, a block a unit.
RUNNING = """Type=notify
MainPID=4712
NRestarts=1
ExecMainStartTimestamp=Mon 2026-11-23 20:54:51 UTC
ExecMainExitTimestamp=
ExecMainCode=0
ExecMainStatus=0
ExecStart={ path=/usr/sbin/dockerd ; argv[]=/usr/sbin/dockerd -H fd:// $DOCKER_OPTS ; ignore_errors=no ; start_time=[n/a] ; pid=0 }
MemoryCurrent=104857600
TasksCurrent=21
Id=docker.service
TriggeredBy=docker.socket
LoadState=loaded
ActiveState=active
SubState=running
FragmentPath=/lib/systemd/system/docker.service
DropInPaths=/etc/systemd/system/docker.service.d/10-proxy.conf
UnitFileState=enabled
ActiveEnterTimestamp=Mon 2026-11-23 20:54:52 UTC
NeedDaemonReload=no
Result=success

Listen=/run/docker.sock (Stream)
Listen=127.0.0.1:2375 (Stream)
Id=docker.socket
LoadState=loaded
ActiveState=active
SubState=running
UnitFileState=enabled
Result=success
"""
MISSING = """MainPID=0
MemoryCurrent=[not set]
TasksCurrent=18446744073709551615
Id=docker.service
LoadState=not-found
ActiveState=inactive
SubState=dead
UnitFileState=

Id=docker.socket
LoadState=not-found
ActiveState=inactive
SubState=dead
"""
BOTH = ["docker.service", "docker.socket"]


def test_a_running_service_and_its_socket():
    units = read_units(BOTH, read=lambda arguments: RUNNING)
    service, socket = units["docker.service"], units["docker.socket"]
    assert (service["active_state"], service["main_pid"], service["memory"], service["tasks"], service["restarts"]) == (
        "active",
        4712,
        104857600,
        21,
        1,
    )
    assert (service["started_at"], service["since"], service["ended_at"]) == (
        "2026-11-23T20:54:51Z",
        "2026-11-23T20:54:52Z",
        None,
    )
    assert service["command"] == "/usr/sbin/dockerd -H fd:// $DOCKER_OPTS"
    assert service["drop_ins"] == ["/etc/systemd/system/docker.service.d/10-proxy.conf"]
    assert service["needs_daemon_reload"] is False
    assert socket["listens_on"] == ["/run/docker.sock", "127.0.0.1:2375"]


def test_units_that_do_not_exist():
    service = read_units(BOTH, read=lambda arguments: MISSING)["docker.service"]
    assert (service["load_state"], service["active_state"], service["enabled"]) == ("not-found", "inactive", None)
    assert (service["memory"], service["tasks"], service["main_pid"]) == (None, None, 0)


@pytest.mark.parametrize("number, word", [("1", "exited"), ("2", "killed"), ("3", "dumped"), ("0", None)])
def test_how_the_service_exited(number, word):
    output = RUNNING.replace("ExecMainCode=0", "ExecMainCode=" + number)
    assert read_units(BOTH, read=lambda arguments: output)["docker.service"]["exit_code"] == word


@pytest.mark.parametrize("output", [None, "", "\n"])
def test_a_host_without_systemd_has_no_unit_facts(output):
    assert read_units(BOTH, read=lambda arguments: output) is None


def test_one_call_of_systemctl_reads_all_units():
    called = []
    read_units(BOTH, read=called.append)
    assert len(called) == 1
    assert called[0][:2] == ["systemctl", "show"]
    assert called[0][-3:] == ["--"] + BOTH


OPS = Account("ops", 1000, 1000, "/home/ops")


@pytest.mark.parametrize(
    "uid, begins",
    [(0, ["setpriv", "--reuid=1000", "--regid=1000", "--init-groups", "env"]), (1000, ["env", "HOME=/home/ops"])],
)
def test_units_of_a_user_are_read_as_that_user(monkeypatch, uid, begins):
    called = []
    monkeypatch.setattr("os.geteuid", lambda: uid)
    read_units(BOTH, OPS, read=called.append)
    assert called[0][: len(begins)] == begins
    assert "XDG_RUNTIME_DIR=/run/user/1000" in called[0]
    assert called[0][called[0].index("systemctl") :][:3] == ["systemctl", "--user", "show"]


def test_the_journal_of_a_users_unit_is_read_by_its_user_id():
    called = []
    read_journal("docker.service", account=OPS, read=called.append)
    assert called[0][:3] == ["journalctl", "_SYSTEMD_USER_UNIT=docker.service", "_UID=1000"]


def test_the_journal_is_a_list_of_lines_or_empty():
    assert read_journal("docker.service", read=lambda arguments: "one\n\n two \n") == ["one", "two"]
    assert read_journal("docker.service", read=lambda arguments: None) == []


def test_times_are_utc():
    assert seconds("2026-11-23T20:54:52Z") == 1795467292
    assert moment(1795467292) == "2026-11-23T20:54:52Z"
    assert seconds(None) is None and moment(None) is None

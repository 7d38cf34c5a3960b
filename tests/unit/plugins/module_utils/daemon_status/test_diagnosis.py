# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.flotilla.docker.plugins.module_utils.daemon_status import diagnosis
from ansible_collections.flotilla.docker.plugins.module_utils.daemon_status.diagnosis import (
    answered,
    may_connect,
    not_answered,
)
from ansible_collections.flotilla.docker.plugins.module_utils.daemon_status.facts import DaemonFacts
from ansible_collections.flotilla.docker.plugins.module_utils.errors import Missing, Unreachable


def unit(active="active", sub="running", load="loaded", **changes):
    facts = {
        "active_state": active,
        "sub_state": sub,
        "load_state": load,
        "enabled": "enabled",
        "result": "success",
        "job": None,
        "exit_code": None,
        "exit_status": 0,
    }
    return dict(facts, **changes)


LISTENING = unit("active", "listening")
CLOSED = unit("inactive", "dead")
BROKEN = unit("failed", "failed", result="exit-code", exit_code="exited", exit_status=1)


def host(service, socket=CLOSED, **changes):  # pylint: disable=dangerous-default-value
    return DaemonFacts(
        "unix:///var/run/docker.sock", service=service, socket=socket, program="/usr/sbin/dockerd", **changes
    )


@pytest.mark.parametrize(
    "service, socket, expected",
    [
        (unit(), LISTENING, True),
        (unit("reloading", "reload"), LISTENING, True),
        (unit("inactive", "dead"), LISTENING, False),
        (unit("inactive", "dead"), CLOSED, True),
        (unit("inactive", "dead", "masked"), LISTENING, False),
        (unit("activating", "start"), LISTENING, False),
        (BROKEN, LISTENING, False),
        (BROKEN, unit("failed", "failed"), True),
        (None, None, True),
    ],
)
def test_the_api_is_asked_only_if_that_does_not_start_the_daemon(service, socket, expected):
    assert may_connect(host(service, socket)) is expected


REFUSED = Unreachable("Nothing listens", "Start it", kind="refused")


@pytest.mark.parametrize(
    "service, socket, error, state, cause, advice, final",
    [
        (
            unit("inactive", "dead"),
            LISTENING,
            None,
            "socket_only",
            "docker.socket listens",
            "systemctl start docker",
            True,
        ),
        (unit("inactive", "dead"), CLOSED, REFUSED, "stopped", "are stopped", "systemctl start docker", True),
        (
            unit("inactive", "dead", enabled="disabled"),
            CLOSED,
            REFUSED,
            "stopped",
            "not enabled",
            "systemctl enable --now docker",
            True,
        ),
        (unit("inactive", "dead", "masked"), CLOSED, REFUSED, "stopped", "masked", "systemctl unmask docker", True),
        (
            unit("inactive", "dead"),
            unit("failed", "failed", result="resources"),
            REFUSED,
            "failed",
            "docker.socket failed (resources)",
            "reset-failed",
            True,
        ),
        (unit("inactive", "dead", job="71"), CLOSED, REFUSED, "starting", "queued", "wait: 60", False),
        (unit("activating", "start"), LISTENING, None, "starting", "is starting", "wait: 60", False),
        (
            unit("activating", "auto-restart", result="exit-code", exit_code="exited", exit_status=1),
            LISTENING,
            None,
            "failed",
            "retrying",
            "journalctl",
            False,
        ),
        (unit("deactivating", "stop-sigterm"), LISTENING, None, "stopped", "is stopping", "Wait", False),
        (BROKEN, LISTENING, None, "failed", "exit status 1", "journalctl -u docker", True),
        (
            unit("failed", "failed", result="signal", exit_code="killed", exit_status=9),
            CLOSED,
            REFUSED,
            "failed",
            "signal 9",
            "journalctl -u docker",
            True,
        ),
        (
            unit("failed", "failed", result="signal", exit_code="killed", exit_status=9),
            CLOSED,
            REFUSED,
            "failed",
            "signal 9",
            "journalctl -k",
            True,
        ),
        (
            unit("failed", "failed", result="start-limit-hit"),
            CLOSED,
            REFUSED,
            "failed",
            "too often",
            "reset-failed",
            True,
        ),
        (
            unit("failed", "failed", result="start-limit-hit", exit_code="exited", exit_status=1),
            CLOSED,
            REFUSED,
            "failed",
            "docker.service failed (exit status 1) so often that systemd no longer starts it",
            "reset-failed",
            True,
        ),
        (
            unit("inactive", "dead", "bad-setting"),
            CLOSED,
            REFUSED,
            "failed",
            "cannot load",
            "systemd-analyze verify",
            True,
        ),
        (
            unit(),
            LISTENING,
            Unreachable("No answer within 2 s", "", kind="hung"),
            "hung",
            "does not answer",
            "systemctl restart docker",
            False,
        ),
        (unit(), LISTENING, REFUSED, "unreachable", "active, but nothing listens", "daemon.json", True),
    ],
)
def test_units_explain_why_there_is_no_answer(service, socket, error, state, cause, advice, final):
    found = not_answered(host(service, socket), error)
    assert (found.state, found.final) == (state, final)
    assert cause in found.cause
    assert advice in found.advice


@pytest.mark.parametrize(
    "kind, state, final",
    [
        ("hung", "hung", False),
        ("permission", "no_permission", True),
        ("tls", "tls", True),
        ("version", "version", True),
        ("name", "unreachable", True),
        ("address", "unreachable", True),
        ("ssh", "unreachable", True),
        ("not_installed", "not_installed", True),
        ("refused", "unreachable", False),
        ("cut", "unreachable", False),
    ],
)
def test_errors_explain_a_daemon_without_units(kind, state, final):
    found = not_answered(
        DaemonFacts("tcp://10.0.0.1:2376", local=False), Unreachable("What happened", "What to do", kind=kind)
    )
    assert (found.state, found.final) == (state, final)
    assert found.cause and found.advice


def test_a_host_without_docker_is_not_installed():
    for error in (Unreachable("No socket", kind="no_socket"), Unreachable("Refused", kind="refused")):
        found = not_answered(
            DaemonFacts(
                "unix:///var/run/docker.sock",
                service=unit("inactive", "dead", "not-found"),
                socket=unit("inactive", "dead", "not-found"),
            ),
            error,
        )
        assert found.state == "not_installed"
        assert "role flotilla.docker.docker_engine" in found.advice


def test_not_installed_comes_before_a_missing_docker_py():
    bare = DaemonFacts(
        "unix:///var/run/docker.sock",
        service=unit("inactive", "dead", "not-found"),
        socket=unit("inactive", "dead", "not-found"),
    )
    assert not_answered(bare, Missing("The Python package docker is missing", "Install it")).state == "not_installed"


def test_a_missing_docker_py_is_the_cause_if_the_service_is_active():
    found = not_answered(
        host(unit(), LISTENING), Missing("The Python package docker is missing", "Install python3-docker")
    )
    assert (found.state, found.cause, found.advice, found.final) == (
        "unreachable",
        "The Python package docker is missing",
        "Install python3-docker",
        True,
    )


def test_a_daemon_that_is_not_running_on_a_host_without_systemd_is_stopped():
    found = not_answered(
        DaemonFacts("unix:///var/run/docker.sock", program="/usr/sbin/dockerd", no_unit_facts="no systemd"), REFUSED
    )
    assert found.state == "stopped"


def test_no_permission_names_user_and_socket():
    error = Unreachable("denied", "Use become: true", kind="permission")
    found = not_answered(host(unit(), LISTENING, user="ops", socket_file="owned by root:docker, mode 0660"), error)
    assert (
        found.cause == "User ops has no permission to use unix:///var/run/docker.sock (owned by root:docker, mode 0660)"
    )
    assert found.advice == "Use become: true"


OF_OPS = "unix:///run/user/1000/docker.sock"
NO_SOCKET = Unreachable("No socket", "Start it", kind="no_socket")
DENIED = Unreachable("denied", "", kind="permission")
ABSENT = unit("inactive", "dead", "not-found", enabled=None)


def of_ops(service, **changes):
    """The rootless Engine of user ops, read by root."""
    return DaemonFacts(
        OF_OPS,
        **dict(
            {"service": service, "socket": service and ABSENT, "program": "/usr/sbin/dockerd", "owner": "ops"},
            **changes,
        ),
    )


@pytest.mark.parametrize(
    "seen, error, state, cause, advice, final",
    [
        (
            of_ops(unit("inactive", "dead")),
            NO_SOCKET,
            "stopped",
            "docker.service for user ops is stopped",
            "systemctl --user start docker (as ops)",
            True,
        ),
        (
            of_ops(unit("inactive", "dead"), user="ops"),
            NO_SOCKET,
            "stopped",
            "is stopped",
            "Start it: systemctl --user start docker",
            True,
        ),
        (
            of_ops(unit("inactive", "dead"), lingers=False),
            NO_SOCKET,
            "stopped",
            "lingering is disabled",
            "enable-linger ops && systemctl --user start",
            True,
        ),
        (
            of_ops(unit("inactive", "dead", enabled="disabled")),
            NO_SOCKET,
            "stopped",
            "not enabled",
            "--user enable --now docker",
            True,
        ),
        (
            of_ops(BROKEN),
            REFUSED,
            "failed",
            "docker.service for user ops failed",
            "systemctl --user reset-failed docker.service &&",
            True,
        ),
        (
            of_ops(unit("activating", "start")),
            NO_SOCKET,
            "starting",
            "docker.service for user ops is starting",
            "wait: 60",
            False,
        ),
        (
            of_ops(unit()),
            Unreachable("No answer", "", kind="hung"),
            "hung",
            "for user ops is active",
            "systemctl --user restart docker",
            False,
        ),
        (
            of_ops(unit()),
            REFUSED,
            "unreachable",
            "for user ops is active, but nothing listens",
            "~ops/.config/docker/daemon.json",
            True,
        ),
        (
            of_ops(ABSENT),
            NO_SOCKET,
            "not_installed",
            "No rootless Engine is set up for user ops",
            "docker_engine_rootless_users",
            True,
        ),
        (
            of_ops(None, sleeping=True),
            NO_SOCKET,
            "not_installed",
            "No rootless Engine is set up for user ops",
            "docker_engine_rootless_users",
            True,
        ),
        (
            of_ops(None, sleeping=True, unit_file=True, lingers=False),
            None,
            "stopped",
            "not logged in and lingering is disabled",
            "enable-linger ops",
            False,
        ),
        (
            of_ops(None, sleeping=True, unit_file=True),
            NO_SOCKET,
            "stopped",
            "systemd of user ops is not running",
            "systemctl start user@$(id -u ops)",
            False,
        ),
        (
            of_ops(None, user="jo"),
            DENIED,
            "no_permission",
            f"jo has no permission to use {OF_OPS}, which belongs to user ops",
            "as ops, or as root",
            True,
        ),
    ],
)
def test_a_rootless_engine_is_explained_by_the_users_units(seen, error, state, cause, advice, final):
    found = not_answered(seen, error)
    assert (found.state, found.final) == (state, final)
    assert cause in found.cause
    assert advice in found.advice


def test_a_rootless_engine_without_lingering_has_advice():
    assert answered(of_ops(unit())).advice == ""
    found = answered(of_ops(unit(), lingers=False))
    assert (found.state, "until ops logs out" in found.cause) == ("running", True)
    assert "loginctl enable-linger ops" in found.advice


def test_a_daemon_that_systemd_did_not_start_is_reported():
    assert answered(host(unit())).state == diagnosis.RUNNING
    assert "not started by systemd" in answered(host(unit("inactive", "dead"))).cause


def test_a_failed_service_is_explained_by_its_journal():
    lines = [
        "Starting Docker Application Container Engine...",
        "failed to start daemon: mkdir /var/lib/docker/tmp: no space left on device",
        "Failed with result 'exit-code'.",
    ]
    found = not_answered(host(BROKEN, LISTENING, journal=lines), None)
    assert found.cause == "docker.service failed (exit status 1): mkdir /var/lib/docker/tmp: no space left on device"
    assert found.advice.startswith("Free space")


def test_errors_before_a_kill_are_not_the_cause():
    killed = unit("failed", "failed", result="signal", exit_code="killed", exit_status=9)
    said = ['level=error msg="Failed to GetDriver graph"', 'level=info msg="API listen on /run/docker.sock"']
    found = not_answered(host(killed, LISTENING, journal=said), None)
    assert found.cause == "docker.service failed (signal 9)"


def test_a_failed_containerd_is_named():
    assert (
        "containerd.service failed too" in not_answered(host(BROKEN, LISTENING, containerd=unit("failed")), None).cause
    )

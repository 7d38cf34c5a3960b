# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What Podman's units mean."""

from __future__ import annotations

import pytest
from ansible_collections.flotilla.docker.plugins.module_utils.daemon_status import diagnosis
from ansible_collections.flotilla.docker.plugins.module_utils.daemon_status.facts import DaemonFacts
from ansible_collections.flotilla.docker.plugins.module_utils.errors import Unreachable

REFUSED = Unreachable("Cannot reach the Docker daemon: nothing listens", "Let it listen", kind="refused")


def host(socket="active", load="loaded", enabled="enabled", service="inactive", **more):
    units = {
        "service": {"active_state": service, "load_state": "loaded", "enabled": "static"},
        "socket": {"active_state": socket, "load_state": load, "enabled": enabled},
    }
    return DaemonFacts(
        "unix:///run/podman/podman.sock", podman=True, **dict(units, **dict({"program": "/usr/bin/podman"}, **more))
    )


def test_a_podman_service_that_waits_for_clients_is_running():
    assert diagnosis.may_connect(host())
    found = diagnosis.answered(host())
    assert (found.state, found.cause, found.advice) == (
        "running",
        "Podman answers at unix:///run/podman/podman.sock",
        "",
    )


@pytest.mark.parametrize(
    "facts, state, cause, advice",
    [
        ({"socket": "inactive"}, "stopped", "podman.socket is stopped", "Start it: systemctl start podman.socket"),
        (
            {"socket": "inactive", "enabled": "disabled"},
            "stopped",
            "not enabled",
            "systemctl enable --now podman.socket",
        ),
        ({"socket": "inactive", "load": "masked"}, "stopped", "masked", "systemctl unmask podman.socket"),
        ({"socket": "failed"}, "failed", "podman.socket failed", "systemctl reset-failed podman.service podman.socket"),
        (
            {"service": "failed", "journal": ["Error: no space"]},
            "failed",
            "podman.service failed: Error: no space",
            "journalctl -u podman",
        ),
        ({"program": None}, "not_installed", "Podman is not installed", "package podman"),
        (
            {"owner": "ops", "lingers": False, "sleeping": True},
            "stopped",
            "lingering is disabled",
            "systemctl --user enable --now podman.socket (as ops)",
        ),
        ({"owner": "ops", "sleeping": True}, "stopped", "systemd of user ops is not running", "systemctl start user@"),
        (
            {"owner": "ops", "user": "ops", "socket": "inactive"},
            "stopped",
            "podman.socket for user ops is stopped",
            "systemctl --user start podman.socket",
        ),
        ({}, "unreachable", "nothing listens", "Let it listen"),
    ],
)
def test_units_explain_why_podman_does_not_answer(facts, state, cause, advice):
    found = diagnosis.not_answered(host(**facts), REFUSED)
    assert found.state == state and cause in found.cause and advice in found.advice


def test_a_socket_of_root_needs_permission():
    found = diagnosis.not_answered(host(user="ops"), Unreachable("x", "Use become: true", kind="permission"))
    assert found.state == "no_permission" and found.advice == "Use become: true"

# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""docker_daemon_config on running daemons: an option that is removed from daemon.json is reset in the daemon."""

from __future__ import annotations

import json

import pytest
from target import SystemEngine

ENGINES = ["e20", "e26", "e28"]
# Options that a reload applies, and how docker info shows them.
SET = {
    "debug": True,
    "default-runtime": "other",
    "insecure-registries": ["insecure.invalid:5000"],
    "labels": ["removal=test"],
    "live-restore": True,
    "registry-mirrors": ["http://mirror.invalid:5000"],
    "runtimes": {"other": {"path": "/usr/sbin/runc"}},
}
RECORD = "/var/lib/flotilla/docker_daemon_config.json"
RESTART = "systemctl reset-failed docker.service; systemctl restart docker.service"
LIMITS = {"max-concurrent-downloads": 7, "max-concurrent-uploads": 8, "max-download-attempts": 9}


def shown(target):
    """The options of SET in docker info."""
    info = json.loads(target.shell("docker info --format '{{json .}}' 2>/dev/null"))
    registries = info["RegistryConfig"]
    return {
        "debug": info["Debug"],
        "default-runtime": info["DefaultRuntime"],
        "insecure-registries": sorted(set(registries["IndexConfigs"]) - {"docker.io"}),
        "labels": info["Labels"] or [],
        "live-restore": info["LiveRestoreEnabled"],
        "registry-mirrors": [mirror.rstrip("/") for mirror in registries["Mirrors"] or []],
        "runtimes": "other" in info["Runtimes"],
    }


@pytest.fixture(scope="module", params=ENGINES)
def prepared(request, fleet):
    """A host whose daemon has no options and no record of earlier tasks, and which has an image."""
    target = SystemEngine(fleet, request.param)
    image = fleet["hub"]["registry"] + "/library/nginx:latest"
    target.shell(f"docker pull {image}; docker tag {image} removal-test; docker rmi {image}")
    target.configure("{}")
    target.shell(f"rm -f {RECORD}; {RESTART}")
    yield target
    target.shell(f"docker rmi removal-test; rm -f {RECORD}; mv /root/daemon.json /etc/docker/daemon.json; {RESTART}")
    target.heal()


@pytest.fixture
def daemon(prepared):
    """The same before each test. The record exists while options are set or a restart is pending."""
    yield prepared
    prepared.shell(
        f"docker rm -f web; test ! -e {RECORD} || {{ rm {RECORD}; echo '{{}}' > /etc/docker/daemon.json; {RESTART}; }}"
    )


def configure(target, options, **more):
    done = target.run("docker_daemon_config", section="removal", options=options, **more)
    assert not done.get("failed"), done
    return done


def test_removed_options_are_at_their_defaults_in_the_daemon(daemon):
    before = shown(daemon)
    assert configure(daemon, SET)["service_action"] == "reload"
    assert shown(daemon) == dict(SET, runtimes=True)

    removed = configure(daemon, {})

    assert removed["service_action"] == "restart"
    assert shown(daemon) == before
    assert configure(daemon, {})["service_action"] == "none"


def test_removed_limits_of_transfers_are_reset_by_a_reload(daemon):
    configure(daemon, LIMITS)
    assert configure(daemon, {})["service_action"] == "reload"
    loaded = "for i in $(seq 120); do journalctl -u docker -o cat | grep 'Reloaded configuration' | tail -1 | grep -F '{}' && break; sleep 0.5; done"
    for key, default in (("max-concurrent-downloads", 3), ("max-concurrent-uploads", 5), ("max-download-attempts", 5)):
        assert daemon.shell(loaded.replace("{}", rf"{key}\":{default}"))


def test_options_at_their_defaults_are_removed_without_a_restart(daemon):
    configure(daemon, SET)
    defaults = {
        **dict.fromkeys(["insecure-registries", "labels", "registry-mirrors"], []),
        **dict.fromkeys(["debug", "live-restore"], False),
        "default-runtime": "runc",
        "runtimes": {},
    }
    assert configure(daemon, defaults)["service_action"] == "reload"

    assert configure(daemon, {})["service_action"] in ("reload", "none")
    assert not any(value for key, value in shown(daemon).items() if key != "default-runtime")


def test_removing_live_restore_waits_while_a_container_runs(daemon):
    configure(daemon, {"live-restore": True})
    daemon.shell("docker run -d --name web removal-test")

    for _run in range(2):
        held = configure(daemon, {}, restart="when_safe")

        assert held["restart_pending"] == ["live-restore"]
        assert "(web), because live-restore is not configured any more" in held["restart_held_by"]
    assert daemon.shell("docker inspect --format '{{.State.Running}} {{.RestartCount}}' web") == "true 0"


# What differs between two looks at a daemon that runs.
VOLATILE = ("host_info", "service", "client")


def lasting(status):
    """A status without what changes by itself, and with what does not of these."""
    service = status["service"] and {
        key: status["service"][key] for key in ("name", "active_state", "main_pid", "enabled")
    }
    rest = {key: value for key, value in status.items() if key not in (*VOLATILE, "changed", "invocation", "said")}
    return dict(
        rest, service=service, docker_cli=status["client"]["docker_cli"], info=sorted(status["host_info"] or ())
    )


def test_status_is_that_of_docker_daemon_status_after_a_restart(daemon):
    done = configure(daemon, {"debug": True, "mtu": 1400}, status=True)

    assert done["service_action"] == "restart"
    assert lasting(done["status"]) == lasting(daemon.status(require="running"))
    assert done["status"]["host_info"]["Debug"] is True


def test_status_in_check_mode_does_not_start_a_stopped_daemon(daemon):
    daemon.shell("systemctl stop docker.service; systemctl start docker.socket")
    try:
        predicted = configure(daemon, {"debug": True}, status=True, check=True)
        assert (predicted["service_action"], predicted["status"]["state"]) == ("start", "socket_only")
        assert daemon.active() == "inactive"
    finally:
        daemon.heal()


def test_status_of_a_daemon_that_hangs_does_not_fail_the_task(daemon):
    daemon.shell("pkill -STOP dockerd")
    try:
        done = configure(daemon, {}, status=True, timeout=3)
    finally:
        daemon.shell("pkill -CONT dockerd")
    assert (done["changed"], done["status"]["state"], done["status"]["reachable"]) == (False, "hung", False)

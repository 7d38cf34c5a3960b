# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A replacement that fails at any of its steps: the old container runs with its name and id, and nothing else is left."""

from __future__ import annotations

import signal

import proxy
import pytest
import waiting

SERVICE = {"name": "web", "image": "busybox", "command": ["sleep", "3600"], "stop_signal": "KILL", "grace": 0.3}
# Long enough for a container to exit in on a busy machine; the module notices the exit within a second.
WATCHED = {"grace": 60}
FAILS = dict(SERVICE, command=["false"], **WATCHED)
ENGINES = pytest.mark.parametrize("host", ["e20", "e26", "c28"], indirect=True)


@pytest.fixture
def service(host):
    """The id of a running container."""
    created = host.run("container_run", **SERVICE)
    assert created["rc"] == 0, created["msg"]
    return created["container"]["Id"]


def assert_kept(host, identity, result, *words, others=()):
    """The service runs as before, and the failure says why it failed and what runs now."""
    web = host.inspect("web")
    assert result["rc"] == 1
    assert web is not None, host.names()
    assert web["Id"] == identity
    assert web["State"]["Running"]
    assert host.names() == sorted(["web", *others])
    for word in words:
        assert word in result["msg"]
    assert "Traceback" not in str(result)
    assert result.get("not_undone", []) == []


BROKEN = {
    "parameter the Engine refuses": ({"memory": "1m"}, "memory"),
    "option that contradicts another": ({"cpus": 1, "cpu_quota": 1000}, "cpu_quota"),
    "unknown runtime": ({"runtime": "nonesuch"}, "runtime"),
    "missing network": ({"networks": [{"name": "nonesuch"}]}, "Network nonesuch does not exist"),
    "missing network mode": ({"network_mode": "nonesuch"}, "Network nonesuch does not exist"),
    "missing image": ({"image": "nonesuch", "pull": "never"}, "nonesuch"),
    "image that no registry has": ({"image": "nonesuch:1"}, "nonesuch"),
    "program that is not there": ({"command": ["nonesuch"]}, "check command and entrypoint"),
    "crash at the start": ({"command": ["sh", "-c", "echo the disk is full; exit 3"], **WATCHED}, "exit code 3"),
    "restart loop": (
        {"command": ["sh", "-c", "exit 3"], "restart_policy": "always", **WATCHED},
        "is in a restart loop",
    ),
    "missing bind source": ({"mounts": [{"type": "bind", "source": "/nonesuch", "target": "/srv"}]}, "/nonesuch"),
    "unhealthy": (
        {
            "command": ["sleep", "3601"],
            "state": "healthy",
            "healthcheck": {"test": "echo sick; exit 1", "interval": "200ms", "retries": 2},
        },
        "sick",
    ),
    "no health check": ({"command": ["sleep", "3601"], "state": "healthy"}, "no health check"),
    "never healthy": (
        {
            "command": ["sleep", "3601"],
            "state": "healthy",
            "healthcheck": {"test": "exit 1", "interval": "200ms", "retries": 1000},
            "healthy_wait_timeout": 1,
        },
        "was not healthy after 1 s",
    ),
}


@pytest.mark.parametrize("host", ["e20", "e28"], indirect=True)
@pytest.mark.parametrize("case", BROKEN)
def test_failed_replacement_keeps_the_old_container(host, service, case):
    options, word = BROKEN[case]
    result = host.run("container_run", **dict(SERVICE, **dict({"hostname": "new"}, **options)))
    assert_kept(host, service, result, word)


@ENGINES
def test_port_of_another_container_is_refused(host, service):
    holder = host.run("container_run", **dict(SERVICE, name="holder", published_ports=["18080:80"]))
    assert holder["rc"] == 0, holder["msg"]
    result = host.run("container_run", **dict(SERVICE, published_ports=["18080:80"]))
    assert_kept(host, service, result, "holder", "18080", others=["holder"])


@ENGINES
def test_port_of_a_process_is_refused(host, service):
    result = host.run("container_run", **dict(SERVICE, published_ports=["22:80"]))
    assert_kept(host, service, result, "22", "in use")


def test_failure_message_has_the_current_state(host, service):
    result = host.run("container_run", **dict(FAILS, command=["sh", "-c", "echo the disk is full; exit 3"]))
    assert_kept(host, service, result, "the disk is full", "Container web is running now")
    assert result["exit_code"] == 3
    assert result["failed_step"] == "start container web"
    assert result["undone"][-1] == "rename container web to a backup name"
    assert not result["changed"]


def test_rollback_pauses_a_paused_container_again(host, service):
    assert host.run("container_run", paused=True, **SERVICE)["rc"] == 0
    result = host.run("container_run", **FAILS)
    assert_kept(host, service, result, "exit code 1")
    assert host.inspect("web")["State"]["Paused"]


def test_rollback_leaves_a_stopped_container_stopped(host, service):
    host.api.kill("web")
    result = host.run("container_run", **FAILS)
    web = host.inspect("web")
    assert result["rc"] == 1
    assert (web["Id"], web["State"]["Status"]) == (service, "exited")
    assert host.names() == ["web"]
    assert "Container web is exited now" in result["msg"]


def test_rollback_restores_networks_and_addresses(host):
    networks = [{"name": "front", "ipv4_address": "10.99.0.10", "aliases": ["www"]}]
    identity = host.api.create_network("front", ipam={"Driver": "default", "Config": [{"Subnet": "10.99.0.0/24"}]})[
        "Id"
    ]
    try:
        old = host.run("container_run", networks=networks, **SERVICE)
        assert old["rc"] == 0, old["msg"]
        # The new container needs the same address, so the old one must release it.
        changed = host.run("container_run", **dict(SERVICE, networks=networks, hostname="new"))
        assert changed["rc"] == 0, changed["msg"]
        assert changed["container"]["NetworkSettings"]["Networks"]["front"]["IPAddress"] == "10.99.0.10"
        result = host.run("container_run", **dict(FAILS, networks=networks))
        assert_kept(host, changed["container"]["Id"], result, "exit code 1")
        front = host.inspect("web")["NetworkSettings"]["Networks"]["front"]
        assert front["IPAddress"] == "10.99.0.10"
        assert "www" in front["Aliases"]
    finally:
        host.clear()
        host.api.remove_network(identity)


def test_failed_change_of_networks_is_rolled_back(host, service):
    identity = host.api.create_network("front")["Id"]
    try:
        result = host.run("container_run", **dict(SERVICE, networks=[{"name": "front"}, {"name": "nonesuch"}]))
        assert_kept(host, service, result, "nonesuch")
        assert list(host.inspect("web")["NetworkSettings"]["Networks"]) == ["bridge"]
    finally:
        host.clear()
        host.api.remove_network(identity)


@pytest.mark.parametrize("host", ["e20", "e26", "e28", "c28"], indirect=True)
@pytest.mark.parametrize("program", ["false", "nonesuch"])
def test_rollback_restores_a_container_with_auto_remove(host, program):
    """The Engine removes the old container while the new one starts, or only after that has failed."""
    old = host.run("container_run", auto_remove=True, **SERVICE)
    assert old["rc"] == 0, old["msg"]
    result = host.run("container_run", **dict(FAILS, auto_remove=True, command=[program]))
    web = host.inspect("web")
    assert result["rc"] == 1
    assert result["not_undone"] == []
    assert web["State"]["Running"]
    assert web["Config"]["Cmd"] == SERVICE["command"]
    assert host.names() == ["web"]


def _new_one_runs(host, identity):
    web = host.inspect("web")
    return web is not None and web["Id"] != identity and web["State"]["Running"]


@ENGINES
def test_sigterm_rolls_the_run_back(host, service):
    run = host.start("container_run", **dict(SERVICE, hostname="new", grace=60))
    waiting.until(lambda: _new_one_runs(host, service))
    run.signal(signal.SIGTERM)
    assert_kept(host, service, run.result(), "signal 15", "Container web is running now")


# Give the old one another name, create, stop the old one, start, remove the old one.
@pytest.mark.parametrize("number", range(1, 6))
@ENGINES
def test_service_runs_after_a_signal_at_any_request(host, service, number, tmp_path):
    # The module may be ahead of the signal, but not of the removal.
    grace = 60 if number < 5 else 0.3
    with proxy.recording(host.socket, tmp_path) as recorded:
        run = host.start("container_run", **dict(SERVICE, docker_host=recorded.address, hostname="new", grace=grace))
        waiting.until(
            lambda: sum(not request.startswith("GET") for request in recorded.requests) >= number, pause=0.001
        )
        run.signal(signal.SIGTERM)
        result = run.result()
    if number < 5:
        assert_kept(host, service, result, "signal 15", "Container web is running now")
        return
    web = host.inspect("web")
    assert web["Id"] != service and web["State"]["Running"], result
    assert host.names() == ["web"]
    assert result["changed"] and not result.get("undone")


@ENGINES
def test_next_run_cleans_up_after_a_killed_run(host, service):
    run = host.start("container_run", **dict(SERVICE, hostname="new", grace=60))
    waiting.until(lambda: _new_one_runs(host, service))
    run.signal(signal.SIGKILL)
    assert run.result() is None
    settled = host.run("container_run", **dict(SERVICE, hostname="new"))
    assert settled["rc"] == 0, settled["msg"]
    assert settled["actions"] == ["remove leftover of an interrupted run of web"]
    assert settled["container"]["Config"]["Hostname"] == "new"
    assert host.names() == ["web"]


def test_next_run_restores_the_old_container_after_a_kill_before_the_start(host, service):
    host.api.rename("web", "web.flotilla-replaced")
    host.api.create_container("busybox", ["false"], name="web")
    settled = host.run("container_run", **SERVICE)
    assert settled["rc"] == 0, settled["msg"]
    assert settled["container"]["Id"] == service
    assert settled["changed"]
    assert host.names() == ["web"]


def test_next_run_restores_the_old_container_after_a_kill_between_renames(host, service):
    host.api.rename("web", "web.flotilla-replaced")
    predicted = host.run("container_run", check=True, **SERVICE)
    settled = host.run("container_run", **SERVICE)
    assert settled["rc"] == 0, settled["msg"]
    assert settled["actions"] == predicted["actions"]
    assert settled["container"]["Id"] == service
    assert host.names() == ["web"]


@pytest.mark.parametrize("host", ["e20", "e28"], indirect=True)
def test_killed_daemon_does_not_lose_the_old_container(host, service):
    """systemd restarts the daemon; the failure says what could not be rolled back, and the next run cleans up."""
    run = host.start("container_run", **dict(SERVICE, hostname="new", grace=60))
    waiting.until(lambda: _new_one_runs(host, service))
    host.execute("sh", "-c", "kill -9 $(cat /run/docker.pid)")
    result = run.result()
    assert result["rc"] == 1
    assert "Traceback" not in str(result)
    waiting.until(lambda: _answers(host))
    settled = host.run("container_run", **SERVICE)
    assert settled["rc"] == 0, settled["msg"]
    assert host.names() == ["web"]
    assert settled["container"]["State"]["Running"]
    assert "Hostname" in settled["container"]["Config"] and settled["container"]["Config"]["Hostname"] != "new"


def _answers(host):
    try:
        return host.api.ping()
    except OSError:
        return False

# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A replacement that breaks, at each of its steps: the old container runs under its name with its id, and nothing half made is left."""

from __future__ import annotations

import signal
import time

import proxy
import pytest

SERVICE = {"name": "web", "image": "busybox", "command": ["sleep", "3600"], "stop_signal": "KILL", "grace": 0.3}
ENGINES = pytest.mark.parametrize("host", ["e20", "e26", "c28"], indirect=True)


@pytest.fixture
def service(host):
    """A container that runs: its id."""
    created = host.run("container_run", **SERVICE)
    assert created["rc"] == 0, created["msg"]
    return created["container"]["Id"]


def assert_stands(host, identity, result, *words, others=()):
    """The service runs as before, and the failure says why and what stands now."""
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
    "parameter the Engine refuses": (dict(memory="1m"), "memory"),
    "option that contradicts another": (dict(cpus=1, cpu_quota=1000), "cpu_quota"),
    "unknown runtime": (dict(runtime="nonesuch"), "runtime"),
    "missing network": (dict(networks=[{"name": "nonesuch"}]), "no network nonesuch"),
    "missing network mode": (dict(network_mode="nonesuch"), "no network nonesuch"),
    "missing image": (dict(image="nonesuch", pull="never"), "nonesuch"),
    "image that no registry has": (dict(image="nonesuch:1"), "nonesuch"),
    "program that is not there": (dict(command=["nonesuch"]), "check command and entrypoint"),
    "crash at the start": (dict(command=["sh", "-c", "echo the disk is full; exit 3"]), "exit code 3"),
    "restart loop": (dict(command=["sh", "-c", "exit 3"], restart_policy="always", grace=1.0), "restarts again and again"),
    "missing bind source": (dict(mounts=[{"type": "bind", "source": "/nonesuch", "target": "/srv"}]), "/nonesuch"),
    "unhealthy": (dict(command=["sleep", "3601"], state="healthy", healthcheck={"test": "echo sick; exit 1", "interval": "200ms", "retries": 2}), "sick"),
    "no health check": (dict(command=["sleep", "3601"], state="healthy"), "no health check"),
    "never healthy": (
        dict(command=["sleep", "3601"], state="healthy", healthcheck={"test": "exit 1", "interval": "200ms", "retries": 1000}, healthy_wait_timeout=1),
        "was not healthy after 1 s",
    ),
}


@pytest.mark.parametrize("host", ["e20", "e28"], indirect=True)
@pytest.mark.parametrize("case", BROKEN)
def test_the_old_container_stays(host, service, case):
    options, word = BROKEN[case]
    result = host.run("container_run", **dict(SERVICE, **dict(dict(hostname="new"), **options)))
    assert_stands(host, service, result, word)


@ENGINES
def test_port_of_another_container(host, service):
    holder = host.run("container_run", **dict(SERVICE, name="holder", published_ports=["18080:80"]))
    assert holder["rc"] == 0, holder["msg"]
    result = host.run("container_run", **dict(SERVICE, published_ports=["18080:80"]))
    assert_stands(host, service, result, "holder", "18080", others=["holder"])


@ENGINES
def test_port_of_a_process(host, service):
    result = host.run("container_run", **dict(SERVICE, published_ports=["22:80"]))
    assert_stands(host, service, result, "22", "in use")


def test_the_message_says_what_stands(host, service):
    result = host.run("container_run", **dict(SERVICE, command=["sh", "-c", "echo the disk is full; exit 3"]))
    assert_stands(host, service, result, "the disk is full", "The container web is running now")
    assert result["exit_code"] == 3
    assert result["failed_step"] == "start container web"
    assert result["undone"][-1] == "set aside container web"
    assert not result["changed"]


def test_a_paused_container_is_paused_again(host, service):
    assert host.run("container_run", paused=True, **SERVICE)["rc"] == 0
    result = host.run("container_run", **dict(SERVICE, command=["false"]))
    assert_stands(host, service, result, "exit code 1")
    assert host.inspect("web")["State"]["Paused"]


def test_a_stopped_container_stays_stopped(host, service):
    host.api.kill("web")
    result = host.run("container_run", **dict(SERVICE, command=["false"]))
    web = host.inspect("web")
    assert result["rc"] == 1
    assert (web["Id"], web["State"]["Status"]) == (service, "exited")
    assert host.names() == ["web"]
    assert "The container web is exited now" in result["msg"]


def test_networks_and_their_addresses_come_back(host):
    networks = [{"name": "front", "ipv4_address": "10.99.0.10", "aliases": ["www"]}]
    identity = host.api.create_network("front", ipam={"Driver": "default", "Config": [{"Subnet": "10.99.0.0/24"}]})["Id"]
    try:
        old = host.run("container_run", networks=networks, **SERVICE)
        assert old["rc"] == 0, old["msg"]
        # The new one needs the same address, so the old one has to let go of it.
        changed = host.run("container_run", **dict(SERVICE, networks=networks, hostname="new"))
        assert changed["rc"] == 0, changed["msg"]
        assert changed["container"]["NetworkSettings"]["Networks"]["front"]["IPAddress"] == "10.99.0.10"
        result = host.run("container_run", **dict(SERVICE, networks=networks, command=["false"]))
        assert_stands(host, changed["container"]["Id"], result, "exit code 1")
        front = host.inspect("web")["NetworkSettings"]["Networks"]["front"]
        assert front["IPAddress"] == "10.99.0.10"
        assert "www" in front["Aliases"]
    finally:
        host.clear()
        host.api.remove_network(identity)


def test_a_failed_change_of_networks_is_taken_back(host, service):
    identity = host.api.create_network("front")["Id"]
    try:
        result = host.run("container_run", **dict(SERVICE, networks=[{"name": "front"}, {"name": "nonesuch"}]))
        assert_stands(host, service, result, "nonesuch")
        assert list(host.inspect("web")["NetworkSettings"]["Networks"]) == ["bridge"]
    finally:
        host.clear()
        host.api.remove_network(identity)


def test_a_container_that_removes_itself_comes_back(host):
    old = host.run("container_run", auto_remove=True, **SERVICE)
    assert old["rc"] == 0, old["msg"]
    result = host.run("container_run", **dict(SERVICE, auto_remove=True, command=["false"]))
    web = host.inspect("web")
    assert result["rc"] == 1
    assert result["not_undone"] == []
    assert web["State"]["Running"]
    assert web["Config"]["Cmd"] == SERVICE["command"]
    assert host.names() == ["web"]


def _until(condition, seconds=30, pause=0.05):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(pause)


def _new_one_runs(host, identity):
    web = host.inspect("web")
    return web is not None and web["Id"] != identity and web["State"]["Running"]


@ENGINES
def test_a_run_that_is_told_to_stop_takes_back(host, service):
    run = host.start("container_run", **dict(SERVICE, hostname="new", grace=60))
    _until(lambda: _new_one_runs(host, service))
    run.signal(signal.SIGTERM)
    assert_stands(host, service, run.result(), "signal 15", "The container web is running now")


# Give the old one another name, create, stop the old one, start, remove the old one.
@pytest.mark.parametrize("number", range(1, 6))
@ENGINES
def test_a_signal_at_any_request_leaves_a_service_that_runs(host, service, number, tmp_path):
    with proxy.recording(host.socket, tmp_path) as recorded:
        run = host.start("container_run", **dict(SERVICE, docker_host=recorded.address, hostname="new"))
        _until(lambda: sum(not request.startswith("GET") for request in recorded.requests) >= number, pause=0.001)
        run.signal(signal.SIGTERM)
        result = run.result()
    if number < 5:
        assert_stands(host, service, result, "signal 15", "The container web is running now")
        return
    web = host.inspect("web")
    assert web["Id"] != service and web["State"]["Running"], result
    assert host.names() == ["web"]
    assert result["changed"] and not result.get("undone")


@ENGINES
def test_a_run_that_is_killed_is_settled_by_the_next_one(host, service):
    run = host.start("container_run", **dict(SERVICE, hostname="new", grace=60))
    _until(lambda: _new_one_runs(host, service))
    run.signal(signal.SIGKILL)
    assert run.result() is None
    settled = host.run("container_run", **dict(SERVICE, hostname="new"))
    assert settled["rc"] == 0, settled["msg"]
    assert settled["actions"] == ["remove what a broken run of web left behind"]
    assert settled["container"]["Config"]["Hostname"] == "new"
    assert host.names() == ["web"]


def test_a_run_killed_before_the_new_one_ran_gives_the_old_one_back(host, service):
    host.api.rename("web", "web.flotilla-replaced")
    host.api.create_container("busybox", ["false"], name="web")
    settled = host.run("container_run", **SERVICE)
    assert settled["rc"] == 0, settled["msg"]
    assert settled["container"]["Id"] == service
    assert settled["changed"]
    assert host.names() == ["web"]


def test_a_run_killed_between_two_names_gives_the_old_one_back(host, service):
    host.api.rename("web", "web.flotilla-replaced")
    predicted = host.run("container_run", check=True, **SERVICE)
    settled = host.run("container_run", **SERVICE)
    assert settled["rc"] == 0, settled["msg"]
    assert settled["actions"] == predicted["actions"]
    assert settled["container"]["Id"] == service
    assert host.names() == ["web"]


@pytest.mark.parametrize("host", ["e20", "e28"], indirect=True)
def test_a_daemon_that_dies_in_the_middle(host, service):
    """systemd starts it again; what could not be taken back is said, and the next run settles it."""
    run = host.start("container_run", **dict(SERVICE, hostname="new", grace=3))
    _until(lambda: _new_one_runs(host, service))
    host.execute("sh", "-c", "kill -9 $(cat /run/docker.pid)")
    result = run.result()
    assert result["rc"] == 1
    assert "Traceback" not in str(result)
    _until(lambda: _answers(host))
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

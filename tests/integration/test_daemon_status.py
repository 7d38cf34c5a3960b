# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""docker_daemon_status on hosts with systemd, over SSH, with daemons that are broken on purpose."""

from __future__ import annotations

import pytest
from target import Target

HEAL = """
umount /var/lib/docker 2>/dev/null
pkill -CONT dockerd
test -e /root/daemon.json && mv /root/daemon.json /etc/docker/daemon.json
systemctl unmask docker.service docker.socket
systemctl reset-failed docker.service docker.socket
systemctl start docker.socket docker.service
"""


class SystemEngine(Target):
    """A host with an engine of its own."""

    def active(self):
        """What systemctl is-active says of the service."""
        return self.shell("systemctl is-active docker.service")

    def configure(self, text):
        """Put a daemon.json in place, and keep the old one."""
        self.shell("cp -np /etc/docker/daemon.json /root/daemon.json; cat > /etc/docker/daemon.json <<'END'\n%s\nEND" % text)


@pytest.fixture
def target(request, fleet):
    """A host with a daemon that runs, before and after the test."""
    chosen = SystemEngine(fleet, getattr(request, "param", "e20"))
    yield chosen
    chosen.shell(HEAL)
    assert chosen.active() == "active"


@pytest.mark.parametrize("target", ["e20", "e28"], indirect=True)
def test_a_daemon_that_runs(target):
    status = target.status(require="running", min_version="20.10", min_api_version="1.41", disk_usage=True, networks=True)
    assert (status["state"], status["reachable"], status["active"], status["advice"]) == ("running", True, True, "")
    assert status["service"]["main_pid"] > 0 and status["service"]["started_at"] and status["service"]["enabled"] == "enabled"
    assert "/run/docker.sock" in status["socket"]["listens_on"]
    assert status["server"]["version"] == target.shell("docker version --format '{{.Server.Version}}'")
    assert status["client"]["docker_cli"] == target.shell("docker version --format '{{.Client.Version}}'")
    assert status["server"]["containerd"] and status["server"]["runc"]
    assert status["storage"]["driver"] == target.shell("docker info --format '{{.Driver}}'")
    assert status["configuration"]["differs"] == {}
    assert {network["Name"] for network in status["networks"]} >= {"bridge", "host", "none"}
    assert set(status["disk_usage"]["classes"]) == {"images", "containers", "volumes", "build_cache"}


def test_a_listening_socket_is_not_made_to_start_the_daemon(target):
    target.shell("systemctl stop docker.service")
    status = target.status(wait=60)
    assert (status["state"], status["reachable"], status["active"]) == ("socket_only", False, False)
    assert "systemctl start docker" in status["advice"]
    assert target.active() == "inactive"


def test_a_stopped_daemon_fails_only_when_asked_to(target):
    target.shell("systemctl stop docker.service docker.socket")
    assert target.status()["state"] == "stopped"
    status = target.status(require="running")
    assert status["msg"].startswith("The Docker daemon is not running (stopped): docker.service and docker.socket are stopped")
    assert target.active() == "inactive"


def test_a_masked_service_and_its_socket_stay_as_they_are(target):
    target.shell("systemctl stop docker.service; systemctl mask docker.service; systemctl start docker.socket")
    before = target.shell("systemctl is-active docker.socket")
    status = target.status()
    assert status["state"] == "stopped"
    assert "masked" in status["cause"] and "systemctl unmask docker" in status["advice"]
    assert target.shell("systemctl is-active docker.socket") == before


@pytest.mark.parametrize("target", ["e28"], indirect=True)
def test_a_daemon_that_hangs(target):
    target.shell("kill -STOP $(cat /run/docker.pid)")
    status = target.status(timeout=2)
    assert (status["state"], status["active"], status["reachable"]) == ("hung", True, False)
    assert "within 2 s" in status["cause"] and "systemctl restart docker" in status["advice"]


def test_a_user_without_permission(target):
    status = target.status("ops")
    assert (status["state"], status["active"]) == ("no_permission", True)
    assert "The user ops may not use unix:///var/run/docker.sock (owned by root:docker, mode 0660)" in status["cause"]
    assert "become" in status["advice"]


@pytest.mark.parametrize(
    "text, cause, advice",
    [
        ('{"bogus": 1}', "bogus", "Remove the unknown keys"),
        ('{"debug": ', "EOF", "Correct daemon.json"),
        ('{"hosts": ["unix:///run/docker.sock"]}', "specified both as a flag", "Remove those keys"),
    ],
)
def test_a_broken_daemon_json(target, text, cause, advice):
    target.configure(text)
    target.shell("systemctl restart docker.service")
    status = target.status(wait=60)
    assert (status["state"], status["reachable"], status["service"]["exit_code"], status["service"]["exit_status"]) == ("failed", False, "exited", 1)
    assert cause in status["cause"] and "exit status 1" in status["cause"]
    assert advice in status["advice"] and "systemctl reset-failed" in status["advice"]
    assert any("daemon.json" in line for line in status["journal"])


def test_a_full_disk(target):
    target.shell("systemctl stop docker.service docker.socket; mount -t tmpfs -o size=64k tmpfs /var/lib/docker")
    target.shell("dd if=/dev/zero of=/var/lib/docker/full bs=1k; systemctl start docker.service")
    status = target.status(wait=60)
    assert status["state"] == "failed"
    assert "no space left on device" in status["cause"]
    assert status["advice"].startswith("Free space")


def test_a_port_that_is_taken(target):
    drop_in = "[Service]\\nExecStart=\\nExecStart=/usr/sbin/dockerd -H fd:// -H tcp://127.0.0.1:22\\n"
    target.shell("mkdir -p /run/systemd/system/docker.service.d; printf '%s' > /run/systemd/system/docker.service.d/taken.conf" % drop_in)
    try:
        target.shell("systemctl daemon-reload; systemctl restart docker.service")
        status = target.status(wait=60)
    finally:
        target.shell("rm /run/systemd/system/docker.service.d/taken.conf; systemctl daemon-reload")
    assert status["state"] == "failed"
    assert "address already in use" in status["cause"]
    assert status["advice"].startswith("Stop what uses the address")


def test_waiting_for_a_daemon_that_starts(target):
    target.shell("systemctl stop docker.service; systemctl start --no-block docker.service")
    assert target.status(wait=60, require="running")["state"] == "running"


def test_a_daemon_json_that_does_not_run_yet(target):
    target.configure('{"debug": true, "log-opts": {"max-size": "10m"}}')
    configuration = target.status()["configuration"]
    assert configuration["newer_than_start"] is True
    assert configuration["differs"] == {"debug": {"configured": True, "running": False}}
    assert configuration["unverified"] == ["log-opts"]


def test_a_host_without_docker_py(target):
    package = "/usr/lib/python3/dist-packages/docker"
    target.shell("mv %s %s.away" % (package, package))
    try:
        status = target.status()
    finally:
        target.shell("mv %s.away %s" % (package, package))
    assert (status["state"], status["active"], status["client"]["docker_py"]) == ("unreachable", True, None)
    assert "docker-py" in status["cause"] and "python3-docker" in status["advice"]


def test_a_bare_host(fleet):
    status = Target(fleet, "bare").status()
    assert (status["state"], status["reachable"], status["active"], status["client"]["docker_cli"]) == ("not_installed", False, False, None)
    assert "docker_engine" in status["advice"]


def test_a_daemon_of_another_host_has_no_unit_facts(target, fleet):
    other = fleet["hosts"]["e28"]["address"]
    status = target.status(docker_host="tcp://%s:2375" % other)
    assert (status["state"], status["service"], status["active"]) == ("unreachable", None, None)
    assert "cannot be read from here" in status["no_unit_facts"]

# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""docker_daemon_status on hosts with systemd, over SSH, with daemons that are broken on purpose."""

from __future__ import annotations

import pytest
from faults_page import SYSTEM, documented
from target import Target


@pytest.mark.parametrize("target", ["e20", "e28"], indirect=True)
def test_running_daemon_has_versions_and_settings(target):
    status = target.status(
        require="running", min_version="20.10", min_api_version="1.41", disk_usage=True, networks=True
    )
    assert (status["state"], status["reachable"], status["active"], status["advice"]) == ("running", True, True, "")
    assert (
        status["service"]["main_pid"] > 0
        and status["service"]["started_at"]
        and status["service"]["enabled"] == "enabled"
    )
    assert "/run/docker.sock" in status["socket"]["listens_on"]
    assert status["server"]["version"] == target.shell("docker version --format '{{.Server.Version}}'")
    assert status["client"]["docker_cli"] == target.shell("docker version --format '{{.Client.Version}}'")
    assert status["server"]["containerd"] and status["server"]["runc"]
    assert status["storage"]["driver"] == target.shell("docker info --format '{{.Driver}}'")
    assert status["configuration"]["differs"] == {}
    assert {network["Name"] for network in status["networks"]} >= {"bridge", "host", "none"}
    assert set(status["disk_usage"]["classes"]) == {"images", "containers", "volumes", "build_cache"}


def test_status_does_not_start_a_socket_activated_daemon(target):
    target.shell("systemctl stop docker.service")
    status = target.status(wait=60)
    assert (status["state"], status["reachable"], status["active"]) == ("socket_only", False, False)
    assert "systemctl start docker" in status["advice"]
    assert target.active() == "inactive"


def test_stopped_daemon_fails_only_with_require_running(target):
    target.shell("systemctl stop docker.service docker.socket")
    assert target.status()["state"] == "stopped"
    status = target.status(require="running")
    assert status["msg"].startswith(
        "The Docker daemon is not running (stopped): docker.service and docker.socket are stopped"
    )
    assert target.active() == "inactive"


def test_failed_service_has_exit_status_and_journal(target):
    target.configure('{"bogus": 1}')
    target.shell("systemctl restart docker.service")
    status = target.status(wait=180)
    assert (status["service"]["exit_code"], status["service"]["exit_status"], status["service"]["main_pid"]) == (
        "exited",
        1,
        0,
    )
    assert any("daemon.json" in line for line in status["journal"])


def test_masked_service_does_not_change_the_socket(target):
    target.shell("systemctl stop docker.service; systemctl mask docker.service; systemctl start docker.socket")
    before = target.shell("systemctl is-active docker.socket")
    target.status()
    assert target.shell("systemctl is-active docker.socket") == before


def test_wait_ends_when_the_daemon_has_started(target):
    target.shell("systemctl stop docker.service; systemctl start --no-block docker.service")
    assert target.status(wait=180, require="running")["state"] == "running"


def test_daemon_json_that_is_not_loaded_yet_is_reported(target):
    target.configure('{"debug": true, "log-opts": {"max-size": "10m"}}')
    configuration = target.status()["configuration"]
    assert configuration["newer_than_start"] is True
    assert configuration["differs"] == {"debug": {"configured": True, "running": False}}
    assert configuration["unverified"] == ["log-opts"]


def test_host_without_docker_is_not_installed(fleet):
    status = Target(fleet, "bare").status()
    assert (status["state"], status["reachable"], status["active"], status["client"]["docker_cli"]) == (
        "not_installed",
        False,
        False,
        None,
    )
    assert [status["state"], status["cause"], status["advice"]] == documented(SYSTEM)["Docker is not installed"]


def test_remote_daemon_has_no_unit_facts(target, fleet):
    other = fleet["hosts"]["e28"]["address"]
    status = target.status(docker_host=f"tcp://{other}:2375")
    assert (status["state"], status["service"], status["active"]) == ("unreachable", None, None)
    assert "systemd units of its host cannot be read" in status["no_unit_facts"]


@pytest.mark.parametrize("host", ["e20", "e28"], indirect=True)
def test_listings_equal_those_of_the_docker_cli(host):
    host.execute("sh", "-c", "docker pull -q nginx; docker volume create kept; docker network create asked --label a=b")
    host.execute("sh", "-c", "docker run -d --name runs --label a=b nginx; docker create --name stands nginx")
    listed = {"containers": True, "images": True, "networks": True, "volumes": True}
    filters = {
        "containers_filters": {"label": "a=b"},
        "networks_filters": {"label": ["a=b"]},
        "volumes_filters": {"dangling": True},
        "images_filters": {"dangling": True},
    }
    try:
        short = host.run("docker_daemon_status", **listed)
        chosen = host.run("docker_daemon_status", **listed, **filters)
        every = host.run(
            "docker_daemon_status", containers=True, containers_all=True, verbose_output=True, disk_usage=True
        )
    finally:
        host.execute("sh", "-c", "docker rm -f runs stands; docker volume rm kept; docker network rm asked")
    assert [container["Names"] for container in short["containers"]] == [["/runs"]]
    assert set(short["containers"][0]) == {"Id", "Image", "Command", "Created", "Status", "Ports", "Names"}
    assert any("nginx:latest" in image["RepoTags"] for image in short["images"])
    assert [container["Names"] for container in chosen["containers"]] == [["/runs"]]
    assert [network["Name"] for network in chosen["networks"]] == ["asked"]
    assert "kept" in [volume["Name"] for volume in chosen["volumes"]]
    assert not any("nginx:latest" in (image["RepoTags"] or []) for image in chosen["images"])
    assert sorted(container["Names"][0] for container in every["containers"]) == ["/runs", "/stands"]
    assert all("HostConfig" in container for container in every["containers"])
    usage = every["disk_usage"]
    assert (usage["classes"]["containers"]["count"], usage["classes"]["containers"]["active"]) == (2, 1)
    assert usage["LayersSize"] == usage["classes"]["images"]["size"] > 0 and usage["Images"]


@pytest.mark.parametrize("target", ["e28"], indirect=True)
def test_every_warning_of_the_daemon_is_explained(target):
    status = target.status()
    explained = [warning for entry in status["explained_warnings"] for warning in entry["warnings"]]
    assert sorted(explained) == sorted(status["daemon_warnings"])
    assert all(entry["cause"] and entry["advice"] for entry in status["explained_warnings"])


def test_min_version_fails_with_all_return_values(target):
    status = target.status(min_version="99.1")
    assert status["msg"].startswith("Docker Engine is 20.10.") and "min_version is 99.1" in status["msg"]
    assert (status["state"], status["reachable"]) == ("running", True) and status["server"]["version"]


def test_unknown_context_fails_without_asking_another_daemon(target):
    status = target.status(docker_context="nowhere")
    assert "no docker context nowhere" in status["msg"] and "state" not in status

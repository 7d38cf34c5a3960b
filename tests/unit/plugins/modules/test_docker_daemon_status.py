# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json

import pytest
from ansible.module_utils.testing import patch_module_args
from ansible_collections.flotilla.docker.plugins.module_utils.daemon_status import observation
from ansible_collections.flotilla.docker.plugins.module_utils.errors import Unreachable
from ansible_collections.flotilla.docker.plugins.modules import docker_daemon_status as module

from ..module_utils.in_memory.engine import Engine

ACTIVE = {
    "active_state": "active",
    "sub_state": "running",
    "load_state": "loaded",
    "enabled": "enabled",
    "result": "success",
    "job": None,
    "exit_status": 0,
}
STOPPED = dict(ACTIVE, active_state="inactive", sub_state="dead")


@pytest.fixture
def run(capsys, monkeypatch):
    """Run the module on a host with these units. Returns its result and the number of API requests."""

    def run(service, socket, engine=None, **options):
        asked = []
        facts = {
            "address": "unix:///var/run/docker.sock",
            "service": service,
            "socket": socket,
            "program": "/usr/sbin/dockerd",
        }
        monkeypatch.setattr(observation.daemon_facts, "read", lambda url, path: facts)

        def connect(params):
            asked.append(params["timeout"])
            if engine is None:
                raise Unreachable("Nothing listens", "Start it", kind="refused")
            return engine

        monkeypatch.setattr(module.connection, "connect", connect)
        with patch_module_args(dict(options)), pytest.raises(SystemExit):
            module.main()
        return json.loads(capsys.readouterr().out), len(asked)

    return run


def engine_29():
    """Engine 29 with a proxy that has a password, one image and one volume."""
    engine = Engine(
        "29",
        info={
            "Driver": "overlayfs",
            "DriverStatus": [["driver-type", "io.containerd.snapshotter.v1"]],
            "HttpProxy": "http://user:hunter2@proxy:3128",
        },
    )
    engine.volumes.create({"Name": "data"})
    return engine


def test_no_connection_to_a_socket_that_would_start_the_daemon(run):
    result, asked = run(STOPPED, ACTIVE, engine_29())
    assert (result["state"], result["reachable"], result["active"], asked) == ("socket_only", False, False, 0)
    assert result["server"] is None and result["storage"] is None and result["data_root"] is None
    assert result["changed"] is False


def test_daemon_that_answers_is_running(run):
    result, asked = run(ACTIVE, ACTIVE, engine_29())
    assert (result["state"], result["reachable"], result["can_talk_to_docker"], result["active"]) == (
        "running",
        True,
        True,
        True,
    )
    assert result["server"]["version"] == "29.7.2"
    assert result["storage"]["image_store"] == "containerd"
    assert result["cause"].endswith(".") and result["advice"] == ""


def test_passwords_of_proxies_are_not_in_the_result(run):
    assert "hunter2" not in json.dumps(run(ACTIVE, ACTIVE, engine_29())[0])


def test_requirement_that_is_not_met_fails_with_the_whole_status(run):
    result, asked = run(STOPPED, ACTIVE, require="running")
    assert result["failed"] is True
    assert result["msg"].startswith("The Docker daemon is not running (socket_only): docker.service is stopped")
    assert result["state"] == "socket_only" and result["advice"]


def test_waiting_ends_at_once_if_it_cannot_help(run):
    result, asked = run(STOPPED, STOPPED, wait=600)
    assert (result["state"], asked) == ("stopped", 1)


def test_listings_are_short_and_returned_only_on_request(run):
    result, asked = run(ACTIVE, ACTIVE, engine_29(), volumes=True, images=True, images_filters={"dangling": True})
    assert result["volumes"] == [{"Driver": "local", "Name": "data"}]
    assert "networks" not in result and "containers" not in result


def test_filters_reach_the_engine(run):
    engine = engine_29()
    run(ACTIVE, ACTIVE, engine, images=True, images_filters={"dangling": True}, verbose_output=True)
    assert engine.images.filters == {"dangling": ["true"]}


def test_disk_usage_of_an_empty_engine_29(run):
    assert run(ACTIVE, ACTIVE, engine_29(), disk_usage=True)[0]["disk_usage"]["LayersSize"] == 0


def test_listings_of_a_stopped_daemon_are_null(run):
    result, asked = run(STOPPED, ACTIVE, images=True, disk_usage=True)
    assert result["images"] is None and result["disk_usage"] is None


def test_invalid_option_is_a_failure_and_not_a_state(run):
    result, asked = run(ACTIVE, ACTIVE, engine_29(), docker_host="nonsense")
    assert result["failed"] is True and "docker_host" in result["msg"]
    assert asked == 0

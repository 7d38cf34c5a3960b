# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json

import pytest
from ansible.module_utils.testing import patch_module_args

from ansible_collections.flotilla.docker.plugins.module_utils.errors import Unreachable
from ansible_collections.flotilla.docker.plugins.modules import docker_daemon_status as module

ACTIVE = {"active_state": "active", "sub_state": "running", "load_state": "loaded", "enabled": "enabled", "result": "success", "job": None, "exit_status": 0}
STOPPED = dict(ACTIVE, active_state="inactive", sub_state="dead")


@pytest.fixture
def run(capsys, monkeypatch):
    """Run the module on a host with these units; gives its result and how often the API was asked."""

    def run(service, socket, engine=None, **options):
        asked = []
        facts = {"address": "unix:///var/run/docker.sock", "service": service, "socket": socket, "program": "/usr/sbin/dockerd"}
        monkeypatch.setattr(module.host, "read", lambda url, path: facts)

        def connect(params):
            asked.append(params["timeout"])
            if engine is None:
                raise Unreachable("Nothing listens", "Start it", kind="refused")
            return engine

        monkeypatch.setattr(module.connection, "connect", connect)
        with patch_module_args(dict(options)):
            with pytest.raises(SystemExit):
                module.main()
        return json.loads(capsys.readouterr().out), len(asked)

    return run


class Engine:
    """Answers as Engine 29 does on a host without images: no LayersSize, a proxy with a password."""

    is_podman = False

    @property
    def daemon(self):
        return self

    containers = images = networks = volumes = daemon

    def version(self):
        return {"Version": "29.7.2", "ApiVersion": "1.55", "MinAPIVersion": "1.40"}

    def info(self):
        return {"Driver": "overlayfs", "DriverStatus": [["driver-type", "io.containerd.snapshotter.v1"]], "HttpProxy": "http://user:hunter2@proxy:3128"}

    def disk_usage(self):
        return {"ImageUsage": {}, "ContainerUsage": {}, "VolumeUsage": {}, "BuildCacheUsage": {}}

    def list(self, **filters):
        return [{"Id": "1", "Name": "n", "Labels": {"asked": str(filters)}}]


def test_a_socket_that_would_start_the_daemon_is_left_alone(run):
    result, asked = run(STOPPED, ACTIVE, Engine())
    assert (result["state"], result["reachable"], result["active"], asked) == ("socket_only", False, False, 0)
    assert result["server"] is None and result["storage"] is None and result["data_root"] is None
    assert result["changed"] is False


def test_a_daemon_that_answers(run):
    result, asked = run(ACTIVE, ACTIVE, Engine())
    assert (result["state"], result["reachable"], result["can_talk_to_docker"], result["active"]) == ("running", True, True, True)
    assert result["server"]["version"] == "29.7.2"
    assert result["storage"]["image_store"] == "containerd"
    assert result["cause"].endswith(".") and result["advice"] == ""


def test_passwords_of_proxies_are_nowhere_in_the_result(run):
    assert "hunter2" not in json.dumps(run(ACTIVE, ACTIVE, Engine())[0])


def test_a_demand_that_is_not_met_fails_with_the_whole_status(run):
    result, asked = run(STOPPED, ACTIVE, require="running")
    assert result["failed"] is True
    assert result["msg"].startswith("The Docker daemon is not running (socket_only): docker.service is stopped")
    assert result["state"] == "socket_only" and result["advice"]


def test_waiting_ends_at_once_where_it_cannot_help(run):
    result, asked = run(STOPPED, STOPPED, wait=600)
    assert (result["state"], asked) == ("stopped", 1)


def test_listings_are_short_and_only_given_when_asked_for(run):
    result, asked = run(ACTIVE, ACTIVE, Engine(), volumes=True, images=True, images_filters={"dangling": True})
    assert result["volumes"] == [{"Driver": None, "Name": "n"}]
    assert "networks" not in result and "containers" not in result


def test_filters_reach_the_engine(run):
    result, asked = run(ACTIVE, ACTIVE, Engine(), images=True, images_filters={"dangling": True}, verbose_output=True)
    assert "'dangling': ['true']" in result["images"][0]["Labels"]["asked"]


def test_disk_usage_of_an_empty_engine_29(run):
    assert run(ACTIVE, ACTIVE, Engine(), disk_usage=True)[0]["disk_usage"]["LayersSize"] == 0


def test_listings_of_a_stopped_daemon_are_null(run):
    result, asked = run(STOPPED, ACTIVE, images=True, disk_usage=True)
    assert result["images"] is None and result["disk_usage"] is None


def test_a_bad_option_is_a_failure_and_no_state(run):
    result, asked = run(ACTIVE, ACTIVE, Engine(), docker_host="nonsense")
    assert result["failed"] is True and "docker_host" in result["msg"]
    assert asked == 0

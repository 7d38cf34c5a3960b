# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Podman's answers as 4.3.1 and 5.8.6 gave them."""

from __future__ import annotations

import json

import pytest
from ansible_collections.flotilla.docker.plugins.module_utils.engine import podman_shapes as shapes
from ansible_collections.flotilla.docker.plugins.module_utils.engine.engine import Engine
from ansible_collections.flotilla.docker.plugins.module_utils.errors import Missing

from . import recorded


class Api:
    """Returns the given answers, and records the requests."""

    version, address = "1.41", "unix:///run/podman/podman.sock"

    def __init__(self, answer=None):
        self.answer = answer
        self.body = None

    def get(self, action, path, *names, **params):
        return self.answer

    def post(self, action, path, *names, body=None, **params):
        self.body = body
        return self.answer


def podman(answer=None, version="4.3.1"):
    return Engine(Api(answer), {"Libpod-Api-Version": version})


# Podman's inspection of a container with these settings.
REWRITTEN = {
    "Name": "/web",
    "Config": {
        "Hostname": "d0b84cb1fda2",
        "Env": ["A=1", "container=podman", "HOSTNAME=d0b84cb1fda2"],
        "Labels": {"x": "y"},
    },
    "HostConfig": {
        "Binds": ["/tmp:/host:ro,rprivate,nosuid,nodev,rbind", "data:/data:rw,rprivate,nosuid,nodev,rbind"],
        "CapDrop": ["AUDIT_WRITE", "MKNOD", "NET_RAW"],
        "LogConfig": {"Type": "journald", "Config": None},
        "Memory": 134217728,
        "NetworkMode": "bridge",
        "PortBindings": {"80/tcp": [{"HostIp": "0.0.0.0", "HostPort": "41751"}]},
        "Tmpfs": {"/run2": "size=1m,rw,rprivate,nosuid,nodev,tmpcopyup"},
        "Ulimits": [{"Name": "RLIMIT_NOFILE", "Hard": 10000, "Soft": 10000}],
    },
}


def test_values_that_podman_adds_are_removed():
    found = podman(REWRITTEN).containers.find("web")
    assert found["HostConfig"]["Binds"] == ["/tmp:/host:ro", "data:/data"]
    assert found["HostConfig"]["Tmpfs"] == {"/run2": "size=1m"}
    assert found["HostConfig"]["Ulimits"] == [{"Name": "nofile", "Hard": 10000, "Soft": 10000}]
    assert found["Config"]["Env"] == ["A=1"]


def test_recorded_values_are_returned_as_requested():
    asked = {
        "Image": "nginx",
        "Labels": {"x": "y"},
        "HostConfig": {
            "Memory": 67108864,
            "NetworkMode": "front",
            "PortBindings": {"80/tcp": [{"HostIp": "", "HostPort": ""}]},
            "Sysctls": {"net.ipv4.ip_forward": "1"},
        },
    }
    engine = podman()
    engine.containers.create("web", asked)
    sent = engine.containers._api.body
    assert asked["Labels"] == {"x": "y"}, "the caller's body stays as it is"
    inspected = dict(REWRITTEN, Config=dict(REWRITTEN["Config"], Labels=sent["Labels"]))
    found = podman(inspected).containers.find("web")
    for name in ("NetworkMode", "PortBindings", "Sysctls"):
        assert found["HostConfig"][name] == asked["HostConfig"][name]
    assert not found["HostConfig"]["Ulimits"] and not found["HostConfig"]["CapDrop"], (
        "Podman's defaults are not options of a task"
    )
    assert found["HostConfig"]["Memory"] == 134217728, "what inspect shows as it is comes from there"
    assert found["Config"]["Labels"] == {"x": "y"}


def test_options_of_volume_drivers_are_not_recorded():
    mounts = [
        {"Type": "volume", "Target": "/data", "VolumeOptions": {"DriverConfig": {"Options": {"o": "password=hush"}}}}
    ]
    assert "hush" not in json.dumps(
        shapes.noted({"HostConfig": {"Mounts": mounts, "Sysctls": {"a": "1"}}}).get("Labels")
    )


@pytest.mark.parametrize("text", ["no json", "[1]", ""])
def test_invalid_label_is_ignored(text):
    inspected = dict(REWRITTEN, Config=dict(REWRITTEN["Config"], Labels={shapes.NOTE: text}))
    assert shapes.container(inspected)["HostConfig"]["CapDrop"] == ["AUDIT_WRITE", "MKNOD", "NET_RAW"]


@pytest.mark.parametrize(
    "version, can_update, ipc", [("4.3.1", False, {"ipc_mode": "private"}), ("5.4.2", True, {}), ("5.8.6", True, {})]
)
def test_limitations_depend_on_the_podman_version(version, can_update, ipc):
    containers = podman(version=version).containers
    assert containers.can_update is can_update
    assert containers.ignored({"Domainname": "x.org", "HostConfig": {"IpcMode": "private"}}) == dict(
        {"domainname": "x.org"}, **ipc
    )


@pytest.mark.parametrize(
    "name, expected",
    [
        ("nginx:1", "docker.io/library/nginx:1"),
        ("team/web@sha256:12", "docker.io/team/web@sha256:12"),
        ("hub:5000/web", "hub:5000/web"),
        ("localhost/web", "localhost/web"),
        ("sha256:" + "a" * 64, "sha256:" + "a" * 64),
        ("abcdef012345", "abcdef012345"),
    ],
)
def test_short_names_are_completed_with_docker_hub(name, expected):
    assert shapes.full_name(name) == expected


@pytest.mark.parametrize(
    "body, expected",
    [
        ({"Memory": 1}, {"Memory": 1}),
        ({"NanoCpus": 500000000, "Memory": 1}, {"CpuPeriod": 100000, "CpuQuota": 50000, "Memory": 1}),
        ({"NanoCpus": 0}, {"CpuPeriod": 100000, "CpuQuota": -1}),
    ],
)
def test_cpus_change_in_place_as_a_quota(body, expected):
    containers = podman(version="5.4.2").containers
    containers.update("web", body)
    assert containers._api.body == expected


def test_mirrors_are_in_the_field_of_the_engine():
    known = {
        "docker.io": {"Mirrors": ["hub:5000", "mirror.example.org"], "Secure": True},
        "hub:5000": {"Mirrors": [], "Secure": False},
    }
    info = podman({"RegistryConfig": {"IndexConfigs": known, "Mirrors": []}}).daemon.info()
    assert info["RegistryConfig"]["Mirrors"] == ["http://hub:5000", "https://mirror.example.org"]
    assert podman({"RegistryConfig": None}).daemon.info()["RegistryConfig"]["Mirrors"] == []


def test_search_results_have_the_field_names_of_the_engine():
    found = podman(
        [
            {
                "Index": "hub:5000",
                "Name": "hub:5000/library/nginx",
                "Description": "",
                "Stars": 0,
                "Official": "[OK]",
                "Automated": "",
            }
        ]
    )
    assert found.daemon.search("hub:5000/nginx") == [
        {
            "name": "hub:5000/library/nginx",
            "description": "",
            "star_count": 0,
            "is_official": True,
            "is_automated": False,
        }
    ]


def test_downloaded_layer_counts_as_unpacked():
    stream = (
        '{"status": "Pulling fs layer", "id": "aa4825b7e80f"} {"status": "Download complete", "id": "aa4825b7e80f"}'
    )
    engine = recorded.engine({("POST", "/images/create"): (200, stream)}, "1.41", Libpod_Api_Version="4.3.1")
    said = [message["status"] for message in engine.images.pull("nginx", "latest")]
    assert said == ["Pulling fs layer", "Download complete", "Pull complete"]


def test_podman_cannot_query_a_registry():
    with pytest.raises(Missing, match="cannot query a registry"):
        podman().images.distribution("nginx")


@pytest.mark.parametrize("version, kept", [("4.3.1", False), ("5.4.2", False), ("5.8.6", True), ("6.0.0-dev", True)])
def test_output_after_the_end_of_the_input_is_known_by_version(version, kept):
    assert podman(version=version).flavour.keeps_output_after_stdin is kept

# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What needs no docker-py does not import it, and works where it is not installed; what needs it fails before anything is changed."""

from __future__ import annotations

import re

import pytest

from ..daemon_config.machine import Machine
from .daemon import PING, answer, daemon
from .module_process import run

IMAGE_ID = "sha256:" + "1" * 64
IMAGE = {
    "Id": IMAGE_ID,
    "RepoTags": ["nginx:latest"],
    "RepoDigests": [],
    "Architecture": "amd64",
    "Os": "linux",
    "Size": 3,
    "Created": "2026-01-01T00:00:00Z",
    "RootFS": {"Type": "layers", "Layers": ["sha256:" + "2" * 64]},
    "Config": {"Env": ["PATH=/bin"], "Cmd": ["nginx"]},
    "GraphDriver": {"Name": "overlay2", "Data": {"UpperDir": "/none/diff"}},
}
WEB = {
    "Id": "3" * 64,
    "Name": "/web",
    "Image": IMAGE_ID,
    "Created": "2026-01-01T00:00:00Z",
    "State": {"Status": "running", "Running": True, "StartedAt": "2026-01-01T00:00:00Z", "ExitCode": 0, "Pid": 7},
    "Config": {"Image": "nginx", "Env": ["PATH=/bin"], "Cmd": ["nginx"], "Labels": {}},
    "HostConfig": {"NetworkMode": "default"},
    "NetworkSettings": {"Networks": {"bridge": {}}},
    "Mounts": [],
}
ANSWERS = {
    r"/_ping": answer(**PING),
    r"/info": answer(
        {
            "ServerVersion": "28.5.2",
            "DockerRootDir": "/none",
            "Driver": "overlay2",
            "RegistryConfig": {},
            "MemoryLimit": True,
        }
    ),
    r"/version": answer({"Version": "28.5.2", "ApiVersion": "1.51", "MinAPIVersion": "1.24", "Components": []}),
    r"/images/json": answer([dict(IMAGE, Created=1, Containers=-1, ParentId="", Labels={}, SharedSize=-1)]),
    r"/images/search": answer([{"name": "nginx", "description": "", "star_count": 5, "is_official": True}]),
    r"/images/nginx:latest/json": answer(IMAGE),
    r"/images/sha256:1+/json": answer(IMAGE),
    r"/images/(busybox:latest|sha256:5+)/json": answer(
        dict(IMAGE, Id="sha256:" + "5" * 64, RepoTags=["busybox:latest"])
    ),
    r"/images/nginx:latest/history": answer([{"Id": IMAGE_ID, "Created": 1, "CreatedBy": "COPY", "Size": 3}]),
    r"/images/sha256:1+/history": answer([{"Id": IMAGE_ID, "Created": 1, "CreatedBy": "COPY", "Size": 3}]),
    r"/distribution/.*": answer({"Descriptor": {"digest": "sha256:" + "4" * 64, "size": 3}, "Platforms": []}),
    r"/containers/json": answer(
        [{"Id": "3" * 64, "Names": ["/web"], "Image": "nginx", "ImageID": IMAGE_ID, "State": "running"}]
    ),
    r"/containers/web/stats": answer({"cpu_stats": {}, "precpu_stats": {}, "memory_stats": {}}),
    r"/containers/(web|3+)/json": answer(WEB),
}


def respond(method, target, body):
    """A small Engine 28 with one image and one container. It supports only reads."""
    path = re.sub(r"^/v1\.\d+", "", target.split("?")[0])
    found = [reply for pattern, reply in ANSWERS.items() if method == "GET" and re.fullmatch(pattern, path)]
    return found[0] if found else answer({"message": f"no such object: {path}"}, 404)


@pytest.fixture
def engine(tmp_path):
    with daemon(tmp_path / "s", respond) as running:
        yield running


UNCHANGED = {"name": "web", "image": "nginx"}
READS = [
    ("docker_daemon_status", {"containers": True, "images": True}, False),
    ("image_list", {}, False),
    ("image_layers", {"name": ["nginx"]}, False),
    ("container_info", {"name": "web"}, False),
    ("hub_search", {"term": "nginx", "via": "engine"}, False),
    ("image_pull", {"name": ["nginx"], "pull": "missing"}, False),
    ("image_pull", {"name": ["nginx"], "pull": "missing", "layers": True}, False),
    ("image_pull", {"name": ["nginx"]}, True),
    ("image_remove", {"name": ["busybox"]}, True),
    ("container_run", UNCHANGED, False),
    ("container_run", dict(UNCHANGED, memory="64m"), True),
    ("container_run", {"name": "new", "image": "nginx"}, True),
]


@pytest.mark.parametrize("module, arguments, check", READS)
def test_reads_work_without_docker_py_and_do_not_import_it(engine, module, arguments, check):
    result = run(module, dict(arguments, docker_host=engine.url), check)
    assert not result.get("failed"), result["msg"]
    assert {"docker", "requests", "urllib3"}.isdisjoint(result["asked_for"])
    assert {request.split()[0] for request in engine.requests} == {"GET"}
    assert engine.connections == 1
    ours = {name.partition(".module_utils.engine.")[2] for name in result["asked_for"]}
    assert ours.isdisjoint(
        ["podman", "podman_shapes", "docker_py", "ssh", "sdk", "explain", "causes", "streams", "transport"]
    )


@pytest.mark.parametrize("module, arguments", [("container_run", UNCHANGED), ("container_info", {"name": "web"})])
def test_run_without_changes_imports_nothing_that_changes_something(engine, module, arguments):
    result = run(module, dict(arguments, docker_host=engine.url))
    assert result["changed"] is False
    ours = {name.partition(".module_utils.")[2] for name in result["asked_for"]}
    assert ours.isdisjoint(["ledger", "step", "container.changes", "container.watch", "image.plan", "network.steps"])


@pytest.mark.parametrize("status", [False, True])
def test_status_after_the_configuration_needs_no_docker_py_and_is_imported_on_request(
    engine, tmp_path, monkeypatch, status
):
    Machine(tmp_path, monkeypatch)
    options = {"path": str(tmp_path / "daemon.json"), "docker_host": engine.url, "status": status}
    result = run("docker_daemon_config", options, check=True)
    assert not result.get("failed"), result["msg"]
    assert {"docker", "requests", "urllib3"}.isdisjoint(result["asked_for"])
    ours = {name.partition(".module_utils.")[2] for name in result["asked_for"]}
    assert ours.issuperset(["daemon_status.status", "engine.connection"]) is status
    assert ours.isdisjoint(["daemon_status.status", "daemon_status.diagnosis", "engine.connection"]) is not status
    assert (result["status"]["reachable"] if status else engine.requests == []) is True


@pytest.mark.parametrize("layers", [False, True])
def test_image_pull_imports_the_history_of_images_only_with_layers(engine, layers):
    result = run("image_pull", {"name": ["nginx"], "pull": "missing", "layers": layers, "docker_host": engine.url})
    ours = {name.partition(".module_utils.")[2] for name in result["asked_for"]}
    assert ("layers.history" in ours) is layers
    assert ours.isdisjoint(["layers.description", "layers.tree", "layers.usage"])


@pytest.mark.parametrize(
    "module, arguments",
    [
        ("container_run", {"name": "new", "image": "nginx"}),
        ("container_run", dict(UNCHANGED, memory="64m")),
        ("image_pull", {"name": ["nginx"]}),
        ("image_remove", {"name": ["busybox"]}),
    ],
)
def test_change_without_docker_py_fails_before_any_change(engine, module, arguments):
    result = run(module, dict(arguments, docker_host=engine.url))
    assert result["failed"]
    assert "The Python package docker (docker-py) is missing for" in result["msg"]
    assert "python3-docker" in result["msg"]
    assert "olled back" not in result["msg"]
    assert result["changed"] is False
    assert {request.split()[0] for request in engine.requests} == {"GET"}


def test_network_address_needs_docker_py(engine):
    result = run("image_list", {"docker_host": "tcp://127.0.0.1:2376"})
    assert "The Python package docker (docker-py) is missing for" in result["msg"]

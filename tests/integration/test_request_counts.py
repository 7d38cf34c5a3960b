# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How many requests each operation sends to the Engine and the registry: the figures of docs/requests.md."""

from __future__ import annotations

import proxy
import pytest
from registry import BUSYBOX, NGINX

ENGINES = pytest.mark.parametrize(
    "host", ["e20", "c28", *(pytest.param(name, marks=pytest.mark.long) for name in ("e26", "e28"))], indirect=True
)
HEAD = {"HEAD manifests": 1}
ASKED_BY_ENGINE = {"HEAD manifests": 1, "GET manifests": 1, "GET blobs": 1}
WHOLE = {"HEAD manifests": 1, "GET manifests": 1, "GET blobs": 7}


@pytest.fixture
def cost(empty, registry, tmp_path):
    """Run a module, expect success, and return how many requests the Engine and the registry had."""

    def run(module, check=False, **task):
        registry.heal()
        with proxy.recording(empty.socket, tmp_path) as passed:
            result = empty.run(module, check, **task, docker_host=passed.address)
            assert result["rc"] == 0, result["msg"]
            # One for reads, and one for what changes something, which docker-py carries.
            reads_only = all(request.startswith("GET ") for request in passed.requests)
            assert passed.connections == (1 if reads_only else 2)
            return len(passed.requests), registry.counts("library/nginx")

    return run


@ENGINES
def test_image_modules_send_the_documented_requests(cost, empty):
    assert cost("image_pull", check=True, name=NGINX) == (4, ASKED_BY_ENGINE), (
        "this machine does not reach the registry by its name"
    )
    requests, transfers = cost("image_pull", name=NGINX)
    # An Engine that had the image before may have kept the manifest.
    assert (requests, dict({"GET manifests": 1}, **transfers)) == (5, WHOLE)
    assert cost("image_pull", name=NGINX) == (5, HEAD)
    assert cost("image_pull", check=True, name=NGINX) == (4, ASKED_BY_ENGINE)
    assert cost("image_pull", name=NGINX, pull="missing") == (3, {})
    assert cost("image_pull", name=NGINX, pull="never") == (3, {})
    # These tests do not run on the Engine's host.
    assert cost("image_pull", name=NGINX, pull="never", layers=True) == (4, {})
    empty.api.pull(BUSYBOX)
    assert cost("image_list") == (3, {})
    assert cost("image_layers", name=NGINX) == (7, {})
    assert cost("image_layers") == (8, {})
    containerd = empty.name == "c28"
    assert cost("image_remove", check=True, name=BUSYBOX) == (5 if containerd else 8, {})
    assert cost("image_remove", name=BUSYBOX) == (6 if containerd else 5, {})
    assert cost("image_remove", name=BUSYBOX) == (2, {})
    assert cost("hub_search", term="nginx") == (2, {})


@ENGINES
def test_container_run_with_a_present_image_sends_the_documented_requests(cost, empty):
    empty.api.pull(NGINX)
    web = {"name": "web", "image": NGINX, "published_ports": ["18081:80"], "grace": 0.2}
    assert cost("container_run", **web)[0] <= 7
    assert cost("container_run", **web) == (3, {})
    assert cost("container_run", check=True, **web) == (3, {})


@pytest.mark.parametrize(
    "host", ["e26", *(pytest.param(name, marks=pytest.mark.long) for name in ("e20", "e28", "c28"))], indirect=True
)
def test_registry_requests_are_not_counted_as_pulls(empty, registry, play):
    empty.api.pull(NGINX)
    for task, expected in (
        ({"flotilla.docker.image_pull": {"name": NGINX}, "check_mode": True}, HEAD),
        ({"flotilla.docker.image_pull": {"name": NGINX, "rate_limit": True}}, {"HEAD manifests": 2}),
        (
            {"flotilla.docker.hub_search": {"term": "hub:5001/library/nginx", "tags": True}},
            {"GET tags": 1, "HEAD manifests": 2},
        ),
        ({"flotilla.docker.image_layers": {"name": NGINX}}, {}),
    ):
        registry.heal()
        finished = play([task], hosts=empty.name)
        assert finished.returncode == 0, finished.stdout
        assert registry.counts("library/nginx") == expected, task


@ENGINES
def test_object_modules_send_the_documented_requests(empty, fleet, tmp_path):
    empty.api.pull(BUSYBOX)
    empty.api.start(empty.api.create_container(BUSYBOX, ["sleep", "3600"], name="web", stop_signal="KILL"))
    hub = fleet["hub"]
    login = {"registry_url": hub["registry_auth"], "username": hub["username"], "password": hub["password"]}
    with open(fleet["ca"], encoding="utf-8") as ca:
        folder = f"/etc/docker/certs.d/{login['registry_url']}"
        empty.execute("sh", "-c", f"mkdir -p {folder} && cat > {folder}/ca.crt <<'END'\n{ca.read()}\nEND")
    for module, task, expected in (
        ("container_exec", {"container": "web", "argv": ["true"]}, 5),
        ("container_exec", {"container": "web", "argv": ["true"], "creates": "/bin"}, 3),
        ("container_info", {"name": "web"}, 3),
        ("container_info", {"name": "web", "usage": False}, 2),
        ("container_info", {"name": "web", "usage": False, "logs": {}, "processes": True, "changes": True}, 5),
        ("registry_login", dict(login, config_path=str(tmp_path / "config.json")), 2),
        ("registry_login", dict(login, config_path=str(tmp_path / "config.json")), 2),
        ("registry_login", dict(login, config_path=str(tmp_path / "config.json"), state="absent"), 0),
        ("system_prune", {"containers": True}, 2),
        ("system_prune", {"containers": True, "networks": True, "volumes": True}, 4),
        ("system_prune", {"images": True}, 3),
        ("system_prune", {"builder_cache": True}, 3),
    ):
        with proxy.recording(empty.socket, tmp_path) as passed:
            # What a run removes depends on what other tests left; the check reads the same.
            result = empty.run(module, check=module == "system_prune", **task, docker_host=passed.address)
        assert result["rc"] == 0, result["msg"]
        # The Engine may know the exit code of a command only at a later look.
        looks = [request for request in passed.requests if request.startswith("GET ") and "/exec/" in request]
        assert len(passed.requests) - len(looks[1:]) == expected, (module, task, passed.requests)

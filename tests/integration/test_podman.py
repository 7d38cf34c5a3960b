# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The same modules against Podman's Docker-compatible API: 4.3.1 and 5.8.6."""

from __future__ import annotations

import urllib.request

import pytest

EVERY_PODMAN = pytest.mark.parametrize("host", ["p12", "pfo"], indirect=True)
SOCKET = {"docker_host": "unix:///run/podman/podman.sock"}
# Any user may use this one; the files of the store are root's alone.
OPEN_SOCKET = {"docker_host": "unix:///srv/fleet/docker.sock"}
AS_OPS = {"ansible_user": "ops", "ansible_become": False}


@EVERY_PODMAN
def test_an_image_is_foreseen_pulled_known_and_removed(empty):
    foreseen = empty.run("image_pull", check=True, name=["nginx"])
    pulled = empty.run("image_pull", name=["nginx"])
    assert foreseen["changed"] and pulled["changed"]
    assert foreseen["images"][0]["digest"] == pulled["images"][0]["digest"] and foreseen["images"][0]["remote"]["state"] == "known"
    assert pulled["images"][0]["layer_count"] == 6
    for check in (True, False):
        again = empty.run("image_pull", check, name=["nginx"])
        assert not again["changed"] and [layer["status"] for layer in again["images"][0]["layers"]] == ["existed"] * 6
    assert [image["references"] for image in empty.run("image_list")["images"]] == [["nginx:latest"]]
    empty.run("image_pull", name=["hub:5000/library/nginx"])
    for name in ("nginx", "nginx", "hub:5000/library/nginx"):
        foreseen, done = (empty.run("image_remove", check, name=[name]) for check in (True, False))
        assert all(foreseen[key] == done[key] for key in ("changed", "untagged", "deleted"))
    assert done["untagged"] == ["hub:5000/library/nginx:latest"] and empty.run("image_list")["images"] == []


@EVERY_PODMAN
def test_failures_of_a_pull_are_told_by_class(empty, registry):
    registry.fault("library/busybox", fault="403")
    names = ["hub:5001/library/nginx:9", "nginx:9", "hub:5001/library/busybox", "hub:5443/library/nginx", "nowhere.invalid/nginx"]
    result = empty.run("image_pull", name=names, retries=0, parallel=5)
    assert result["rc"] == 1 and not result["changed"]
    assert [image["kind"] for image in result["images"]] == ["unknown_image", "unknown_image", "denied", "tls", "name"]


@EVERY_PODMAN
def test_a_registry_is_searched_through_its_catalogue(host):
    found = host.run("hub_search", term="hub:5000/nginx", via="engine")
    assert [result["name"] for result in found["results"]] == ["hub:5000/library/nginx"]


@EVERY_PODMAN
def test_a_container_is_made_kept_changed_and_removed(host):
    task = {
        "name": "web",
        "image": "nginx",
        "pull": "missing",
        "published_ports": ["8080:80", "90"],
        "volumes": ["data:/data", "/etc:/host/etc:ro"],
        "tmpfs": ["/scratch:size=1m"],
        "cap_drop": ["MKNOD"],
        "sysctls": {"net.ipv4.ip_default_ttl": "77"},
        "env": {"A": "1"},
        "stop_timeout": 1,
    }
    assert host.run("container_run", check=True, **task)["changed"] and host.inspect("web") is None
    made = host.run("container_run", **task)
    assert made["rc"] == 0, made["msg"]
    assert urllib.request.urlopen("http://%s:8080/" % host.address, timeout=10).status == 200
    for check in (True, False):
        again = host.run("container_run", check, **task)
        assert again["rc"] == 0 and not again["changed"], again
    task["env"] = {"A": "2"}
    changed = host.run("container_run", **task)
    assert changed["diff"]["before"]["env"] == {"A": "1"} and changed["changed"]
    info = host.run("container_info", name="web", usage=True)
    assert info["exists"] and "A=2" in info["container"]["Config"]["Env"]
    assert "web" in host.run("image_remove", name=["nginx"])["msg"]
    for expected in (True, False):
        assert host.run("container_run", name="web", state="absent")["changed"] is expected


@EVERY_PODMAN
def test_what_podman_would_leave_out_is_refused_before_anything_is_made(host):
    refused = host.run("container_run", name="web", image="nginx", mac_address="92:d0:c6:0a:29:33")
    assert refused["rc"] == 1 and "mac_address" in refused["msg"] and "Podman" in refused["msg"]
    assert host.inspect("web") is None


@pytest.mark.parametrize("host", ["p12"], indirect=True)
def test_memory_changes_by_a_new_container_where_podman_cannot_update(host):
    task = {"name": "web", "image": "nginx", "pull": "missing", "memory": "64m"}
    host.run("container_run", **task)
    changed = host.run("container_run", **dict(task, memory="96m"))
    assert changed["rc"] == 0 and host.inspect("web")["HostConfig"]["Memory"] == 96 << 20
    assert not host.run("container_run", **dict(task, memory="96m"))["changed"]


def test_on_the_host_layers_lie_where_it_says_and_the_status_knows_the_socket(hosts, play):
    status = {"flotilla.docker.docker_daemon_status": SOCKET}
    ask = [
        {"flotilla.docker.image_pull": dict(SOCKET, name=["nginx"], progress="none")},
        {"flotilla.docker.image_layers": dict(SOCKET, name="nginx", blocks=True), "register": "known"},
        {"ansible.builtin.command": {"argv": "{{ ['stat', '--format=%F'] + known.images[0].layers | map(attribute='path') }}"}, "register": "found"},
        {"flotilla.docker.image_layers": dict(OPEN_SOCKET, name="nginx"), "register": "as_user", "vars": AS_OPS},
        dict(status, register="up"),
        {"ansible.builtin.command": "systemctl stop podman.socket podman.service"},
        dict(status, register="down"),
        {"flotilla.docker.image_list": SOCKET, "register": "listed", "ignore_errors": True},
        {"ansible.builtin.command": "systemctl start podman.socket"},
        {
            "ansible.builtin.assert": {
                "that": [
                    "found.stdout_lines == ['directory'] * 6 and known.store == 'containers' and known.missing == []",
                    "known.images[0].layers | map(attribute='digest') | select('match', 'sha256:') | length == 6",
                    "known.images[0].layers | selectattr('size', 'gt', 0) | selectattr('blocks', 'gt', 0) | length == 6",
                    "known.images[0].layers | map(attribute='used_by') | flatten | unique == ['nginx:latest']",
                    "known.images[0].layers[1].created_by is search('nginx')",
                    "known.totals.size >= known.images[0].layers | map(attribute='size') | sum and known.totals.unowned == []",
                    "as_user.images[0].layers | map(attribute='path') == known.images[0].layers | map(attribute='path')",
                    "as_user.missing[0] is search('needs root') and as_user.totals is not defined",
                    "up.state == 'running' and up.product == 'podman' and up.active and up.cause is search('Podman answers')",
                    "up.storage.image_store == 'containers' and up.registry_mirrors | length == 1",
                    "down.state == 'stopped' and down.product == 'podman' and not down.active",
                    "down.cause == 'podman.socket is stopped.' and down.advice == 'Start it: systemctl start podman.socket.'",
                    "listed is failed and 'podman.socket' in listed.msg",
                ]
            }
        },
    ]
    done = play(ask, hosts="p12:pfo")
    assert done.returncode == 0, done.stdout + done.stderr

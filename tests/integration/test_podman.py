# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The same modules against Podman's Docker-compatible API: 4.3.1 and 5.8.6."""

from __future__ import annotations

import re
import urllib.request

import pytest
import waiting
from ansible_collections.flotilla.docker.plugins.module_utils.layers.model import Layer

EVERY_PODMAN = pytest.mark.parametrize("host", ["p12", "pfo"], indirect=True)
SOCKET = {"docker_host": "unix:///run/podman/podman.sock"}
# Any user may use this socket; only root can read the files of the store.
OPEN_SOCKET = {"docker_host": "unix:///srv/fleet/docker.sock"}
AS_OPS = {"ansible_user": "ops", "ansible_become": False}


@EVERY_PODMAN
def test_pull_and_removal_of_an_image_are_predicted(empty):
    predicted = empty.run("image_pull", check=True, name=["nginx"])
    pulled = empty.run("image_pull", name=["nginx"])
    assert predicted["changed"] and pulled["changed"]
    assert (
        predicted["images"][0]["digest"] == pulled["images"][0]["digest"]
        and predicted["images"][0]["remote"]["state"] == "known"
    )
    assert pulled["images"][0]["layer_count"] == 6
    for check in (True, False):
        again = empty.run("image_pull", check, name=["nginx"])
        assert not again["changed"] and [layer["status"] for layer in again["images"][0]["layers"]] == ["existed"] * 6
    assert [image["references"] for image in empty.run("image_list")["images"]] == [["nginx:latest"]]
    empty.run("image_pull", name=["hub:5000/library/nginx"])
    for name in ("nginx", "nginx", "hub:5000/library/nginx"):
        predicted, done = (empty.run("image_remove", check, name=[name]) for check in (True, False))
        assert all(predicted[key] == done[key] for key in ("changed", "untagged", "deleted"))
    assert done["untagged"] == ["hub:5000/library/nginx:latest"] and empty.run("image_list")["images"] == []


@EVERY_PODMAN
def test_each_pull_failure_has_a_class(empty, registry):
    registry.fault("library/busybox", fault="403")
    # The test of the login lets the host trust the CA.
    empty.execute("rm", "-rf", "/etc/containers/certs.d/hub:5443")
    names = [
        "hub:5001/library/nginx:9",
        "nginx:9",
        "hub:5001/library/busybox",
        "hub:5443/library/nginx",
        "nowhere.invalid/nginx",
    ]
    result = empty.run("image_pull", name=names, retries=0, parallel=5)
    assert result["rc"] == 1 and not result["changed"]
    *kinds, unresolved = [image["kind"] for image in result["images"]]
    assert kinds == ["unknown_image", "unknown_image", "denied", "tls"]
    # A busy resolver may not answer in time.
    assert unresolved in ("name", "timed_out")


@EVERY_PODMAN
def test_registry_catalog_is_searched(host):
    found = host.run("hub_search", term="hub:5000/nginx", via="engine")
    assert [result["name"] for result in found["results"]] == ["hub:5000/library/nginx"]


@EVERY_PODMAN
def test_container_is_created_kept_changed_and_removed(host):
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
    waiting.until(lambda: _serves(host))
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


def _serves(host):
    """nginx listens a moment after its start."""
    try:
        return urllib.request.urlopen(f"http://{host.address}:8080/", timeout=30).status == 200
    except OSError:
        return False


@EVERY_PODMAN
def test_options_that_podman_ignores_are_refused_before_any_change(host):
    refused = host.run("container_run", name="web", image="nginx", mac_address="92:d0:c6:0a:29:33")
    assert refused["rc"] == 1 and "mac_address" in refused["msg"] and "Podman" in refused["msg"]
    assert host.inspect("web") is None


@pytest.mark.parametrize("host", ["p12"], indirect=True)
def test_memory_change_recreates_the_container_on_podman_4(host):
    task = {"name": "web", "image": "nginx", "pull": "missing", "memory": "64m"}
    host.run("container_run", **task)
    changed = host.run("container_run", **dict(task, memory="96m"))
    assert changed["rc"] == 0 and host.inspect("web")["HostConfig"]["Memory"] == 96 << 20
    assert not host.run("container_run", **dict(task, memory="96m"))["changed"]


def test_layer_directories_exist_and_the_status_has_the_socket(hosts, play):
    status = {"flotilla.docker.docker_daemon_status": SOCKET}
    ask = [
        {
            "flotilla.docker.image_pull": dict(SOCKET, name=["nginx"], progress="none", layers=True),
            "register": "pulled",
        },
        {"flotilla.docker.image_layers": dict(SOCKET, name="nginx", blocks=True), "register": "known"},
        {
            "ansible.builtin.command": {
                "argv": "{{ ['stat', '--format=%F'] + known.images[0].layers | map(attribute='path') }}"
            },
            "register": "found",
        },
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
                    "pulled.missing == []",
                    *(
                        f"known.images[0].layers | map(attribute='{field}') == pulled.images[0].layers | map(attribute='{field}')"
                        for field in Layer._fields
                    ),
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


@EVERY_PODMAN
def test_networks_and_volumes_are_created_and_removed(host):
    run_container = {
        "image": "hub:5000/library/busybox",
        "command": ["sleep", "3600"],
        "stop_signal": "KILL",
        "grace": 0,
    }
    assert host.run("container_run", name="web", **run_container)["rc"] == 0
    network = {"name": "front", "labels": {"a": "b"}, "ipam_config": [{"subnet": "10.77.0.0/24"}]}
    connected = dict(network, members=[{"name": "web", "aliases": ["www"]}])
    absent = {"name": "front", "state": "absent", "force": True}
    volume = {"name": "records", "labels": {"a": "b"}}
    for module, task in (
        ("network_create", network),
        ("network_create", connected),
        ("network_create", absent),
        ("volume_create", volume),
        ("volume_create", {"name": "records", "state": "absent", "data": "delete"}),
    ):
        predicted, done, again = (host.run(module, check, **task) for check in (True, False, False))
        assert done["rc"] == 0, done["msg"]
        assert (predicted["actions"], done["changed"], again["changed"]) == (done["actions"], True, False)
    address = dict(network, members=[{"name": "web", "ipv4_address": "10.77.0.9"}])
    assert host.run("network_create", **network)["rc"] == 0
    assert "has no effect when Podman" in host.run("network_create", **address)["msg"]
    assert host.run("network_create", **dict(absent, force=False))["changed"]


@EVERY_PODMAN
def test_network_options_that_podman_ignores_fail_and_leave_nothing(host):
    for options, word in (
        ({"attachable": True}, "attachable is false, must be true"),
        ({"ipam_config": [{"subnet": "10.77.0.0/24", "iprange": "10.77.0.128/25"}]}, "iprange"),
        ({"driver_options": {"com.docker.network.bridge.enable_icc": False}}, "enable_icc is not set"),
    ):
        refused = host.run("network_create", name="front", **options)
        assert "Podman created network front and ignored" in refused["msg"] and word in refused["msg"]
        assert not refused["changed"] and "front" not in [found["Name"] for found in host.api.networks()]
    refused = host.run("network_create", check=True, name="front net")
    assert "name must have letters" in refused["msg"]
    mtu = {"name": "front", "driver_options": {"com.docker.network.driver.mtu": 1400}}
    assert [host.run("network_create", **mtu)["changed"] for _run in range(2)] == [True, False]
    host.run("network_create", name="front", state="absent")


@EVERY_PODMAN
def test_networks_and_volumes_of_a_task_are_created_with_the_container(host):
    task = {
        "name": "web",
        "image": "hub:5000/library/busybox",
        "command": ["sleep", "3600"],
        "stop_signal": "KILL",
        "grace": 0,
        "networks": [{"name": "made_front"}],
        "volumes": ["made_data:/srv"],
    }
    assert "create_networks: true" in host.run("container_run", **task)["msg"]
    made = {"create_networks": True, "create_volumes": True}
    created = host.run("container_run", **task, **made)
    assert created["rc"] == 0, created["msg"]
    assert {"create network made_front", "create volume made_data"} <= set(created["actions"])
    assert list(host.inspect("web")["NetworkSettings"]["Networks"]) == ["made_front"]
    assert not host.run("container_run", **task, **made)["changed"]
    host.run("container_run", name="web", state="absent")
    for module, absent in (("network_create", {"name": "made_front"}), ("volume_create", {"name": "made_data"})):
        assert host.run(module, state="absent", **({"data": "delete"} if module == "volume_create" else {}), **absent)[
            "changed"
        ]


@EVERY_PODMAN
def test_commands_run_in_containers(host):
    task = {"name": "web", "image": "hub:5000/library/busybox", "command": ["sleep", "3600"], "stop_signal": "KILL"}
    assert host.run("container_run", grace=0, **task)["rc"] == 0
    ran = host.run("container_exec", container="web", argv=["sh", "-c", "echo in; echo $A >&2"], env={"A": "out"})
    assert (ran["stdout"], ran["stderr"], ran["returned_rc"]) == ("in", "out", 0)
    fed = host.run("container_exec", container="web", argv=["cat"], stdin="text")
    if host.name == "p12":
        assert "stdin cannot be used with Podman before 5.8" in fed["msg"]
    else:
        assert fed["stdout"] == "text"
    failed = host.run("container_exec", container="web", argv=["sh", "-c", "exit 3"])
    assert "exited with code 3" in failed["msg"]
    assert "nonesuch" in host.run("container_exec", container="web", argv=["nonesuch"])["msg"]
    stopped = host.run("container_exec", container="web", argv=["sleep", "60"], exec_timeout=1)
    assert "did not finish within 1 s" in stopped["msg"] and "still running" not in stopped["msg"]
    assert "sleep 60" not in host.execute("ps", "-eo", "args")
    assert host.run("container_exec", container="web", argv=["touch", "/made"], detach=True)["rc"] == 0
    skipped = host.run("container_exec", container="web", argv=["true"], creates="/bin/sh")
    assert skipped["rc"] == 0 and not skipped["changed"]
    info = host.run("container_info", name=["web"], processes=True, changes=True, logs={"tail": 5})
    assert info["rc"] == 0, info
    assert any(len(process) > 1 and "sleep 3600" in process.values() for process in info["processes"]), info[
        "processes"
    ]
    refused = host.run("container_exec", container="web", argv=["true"], chdir="/etc/passwd")
    assert "Cannot run true in container web: /etc/passwd is not a directory" in refused["msg"]
    refused = host.run("container_exec", container="web", argv=["true"], chdir="/nonesuch")
    assert "Cannot run true in container web: the directory /nonesuch does not exist" in refused["msg"]
    for program in ("/etc", "/etc/passwd"):
        refused = host.run("container_exec", container="web", argv=[program])
        assert re.search("in container web: (it|%s) is not an executable program" % program, refused["msg"])
    assert "is not running" in _after_stop(host)["msg"]


def _after_stop(host):
    host.run("container_run", name="web", state="stopped")
    return host.run("container_exec", container="web", argv=["true"])


@EVERY_PODMAN
def test_pruning_removes_what_check_mode_lists(empty):
    task = {"image": "hub:5000/library/busybox", "command": ["true"], "grace": 0}
    assert empty.run("container_run", name="job", **task)["rc"] == 0
    for module, name in (("network_create", "prune_net"), ("volume_create", "prune_vol")):
        assert empty.run(module, name=name)["rc"] == 0
    everything = {
        "containers": True,
        "images": True,
        "networks": True,
        "volumes": True,
        "images_filters": {"dangling": False},
        "volumes_filters": {"all": True},
    }
    predicted, done, again = (empty.run("system_prune", check, **everything) for check in (True, False, False))
    assert done["rc"] == 0, done["msg"]
    assert predicted["actions"] == done["actions"]
    assert {"remove container job", "remove network prune_net", "remove volume prune_vol"} <= set(done["actions"])
    assert empty.api.images() == [] and not again["changed"]


@EVERY_PODMAN
def test_login_is_verified_and_stored(host, fleet, tmp_path):
    hub = fleet["hub"]
    registry = hub["registry_auth"]
    folder = f"/etc/containers/certs.d/{registry}"
    with open(fleet["ca"], encoding="utf-8") as ca:
        host.execute("sh", "-c", f"mkdir -p {folder} && cat > {folder}/ca.crt <<'END'\n{ca.read()}\nEND")
    login = {"registry_url": registry, "username": hub["username"], "config_path": str(tmp_path / "config.json")}
    assert "refused the credentials" in host.run("registry_login", password="wrong", **login)["msg"]
    for expected in (True, False):
        done = host.run("registry_login", password=hub["password"], **login)
        assert done["rc"] == 0, done["msg"]
        assert done["changed"] is expected
    assert host.run("registry_login", state="absent", **login)["changed"]

# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Images on real Engines of three generations and both stores, from a real registry with faults on request."""

from __future__ import annotations

import json
import os

import pytest
from ansible_collections.flotilla.docker.plugins.module_utils.layers.model import Layer
from registry import BUSYBOX, ENGINES, NGINX
from waiting import until

EVERY_ENGINE = pytest.mark.parametrize("host", ENGINES, indirect=True)


@EVERY_ENGINE
def test_pull_downloads_six_layers_once_as_check_mode_predicts(empty, registry):
    predicted = empty.run("image_pull", check=True, name=[NGINX])
    assert predicted["changed"] and not empty.api.images()

    pulled = empty.run("image_pull", name=[NGINX])
    image = pulled["images"][0]
    assert (
        pulled["rc"] == 0 and pulled["changed"] and pulled["actions"] == predicted["actions"] == ["pull image " + NGINX]
    )
    assert image["layer_count"] == 6 and [layer["status"] for layer in image["layers"]] == ["pulled"] * 6
    assert image["digest"] == predicted["images"][0]["digest"] and image["platform"] == "linux/amd64"

    registry.heal()
    again = empty.run("image_pull", name=[NGINX])
    assert not again["changed"] and again["images"][0]["id"] == image["id"] and again["images"][0]["attempts"] == 1
    requests = registry.counts("library/nginx")
    # The Engine may have removed the manifest from its cache.
    assert dict(requests, **{"GET manifests": 1}) == {"HEAD manifests": 1, "GET manifests": 1}, requests
    assert requests.get("GET manifests", 1) == 1, requests
    checked = empty.run("image_pull", check=True, name=[NGINX])
    assert not checked["changed"] and checked["images"][0]["remote"]["state"] == "known"


@EVERY_ENGINE
@pytest.mark.parametrize(
    "fault, kind",
    [
        ({"fault": "429"}, "rate_limited"),
        ({"fault": "503"}, "server_error"),
        ({"fault": "401"}, "login_required"),
        ({"fault": "403"}, "denied"),
        ({"fault": "404"}, "unknown_image"),
        ({"fault": "html"}, "not_a_registry"),
        ({"fault": "404", "on": "blobs"}, "server_error"),
        ({"fault": "corrupt"}, "corrupt"),
        ({"fault": "hang"}, "stalled"),
    ],
)
def test_each_fault_has_one_class_on_every_engine_and_the_next_run_succeeds(empty, registry, fault, kind):
    registry.fault("library/nginx", **fault)
    failed = empty.run("image_pull", name=[NGINX], retries=0, stall_timeout=2 if kind == "stalled" else 60)
    assert failed["rc"] == 1 and not failed["changed"]
    assert failed["images"][0]["kind"] == kind and failed["msg"].startswith("Cannot pull " + NGINX)
    registry.heal()
    finished = empty.run("image_pull", name=[NGINX])
    assert finished["rc"] == 0 and finished["images"][0]["layer_count"] == 6


@EVERY_ENGINE
def test_only_temporary_failures_are_retried(empty, registry):
    registry.fault("library/nginx", fault="503", times=3)  # an Engine sends two requests: HEAD and GET
    healed = empty.run("image_pull", name=[NGINX], retries=4, retry_delay=0.1)
    assert healed["rc"] == 0 and healed["images"][0]["attempts"] > 1
    registry.heal()
    for fault in ("404", "401", "403"):
        registry.fault("library/busybox", fault=fault)
        assert empty.run("image_pull", name=[BUSYBOX], retries=2, retry_delay=0.1)["images"][0]["attempts"] == 1, fault


def reload(host, text):
    """Write daemon.json, and wait until its mirrors are in effect, which is after systemctl has returned."""
    host.execute("sh", "-c", f"cat > /etc/docker/daemon.json <<'END'\n{text}\nEND\nsystemctl reload docker")
    mirrors = [mirror.rstrip("/") for mirror in json.loads(text)["registry-mirrors"]]
    until(lambda: [each.rstrip("/") for each in host.api.info()["RegistryConfig"]["Mirrors"]] == mirrors)


@pytest.mark.parametrize(
    "host", ["e26", *(pytest.param(name, marks=pytest.mark.long) for name in ("e20", "e28", "c28"))], indirect=True
)
def test_failure_names_mirrors_with_their_answers(empty, registry, fleet):
    before = empty.execute("cat", "/etc/docker/daemon.json")
    failing, dead = "http://" + fleet["hub"]["proxy"], "http://" + fleet["hub"]["proxy"].split(":")[0] + ":9"
    options = dict(json.loads(before), **{"registry-mirrors": [failing, dead]})
    options["insecure-registries"] += [address[len("http://") :] for address in (failing, dead)]
    try:
        reload(empty, json.dumps(options))
        registry.fault("library/nginx", fault="503")
        failed = empty.run("image_pull", name=["nginx"], retries=0, stall_timeout=30)
        assert (
            failed["rc"] == 1
            and failing + " answered 503" in failed["msg"]
            and dead[len("http://") :] + " cannot be reached" in failed["msg"]
        ), failed["msg"]
        assert failed["images"][0]["kind"] == "server_error"
    finally:
        reload(empty, before)


@pytest.mark.parametrize(
    "host",
    ["e20", "c28", *(pytest.param(name, marks=pytest.mark.long) for name in ("e26", "e28", "c26"))],
    indirect=True,
)
def test_image_list_filters_like_the_engine(empty):
    empty.run("image_pull", name=[NGINX, BUSYBOX])
    container = empty.api.create_container(BUSYBOX, labels={"team": "web"})["Id"]
    made = empty.api.commit(container)["Id"]
    empty.api.remove_container(container)

    def ids(**options):
        return {image["id"] for image in empty.run("image_list", **options)["images"]}

    everything = ids()
    assert len(everything) == 3 and ids(dangling=True) == {made} and ids(dangling=False) == everything - {made}
    assert ids(filters={"label": "team=web"}) == {made} == ids(filters={"label": ["team=web"], "dangling": True})
    assert ids(name=["hub:5001/library/*"]) == ids(name=[NGINX, BUSYBOX]) == everything - {made}
    bad = empty.run("image_list", filters={"nosuch": "x"})
    assert bad["rc"] == 1 and "invalid filter" in bad["msg"].lower()


@EVERY_ENGINE
def test_failed_image_does_not_stop_others_and_an_old_image_is_not_a_success(empty, registry):
    assert empty.run("image_pull", name=[BUSYBOX])["rc"] == 0
    registry.fault("library/busybox", fault="503")
    result = empty.run("image_pull", name=[BUSYBOX, NGINX, "hub:5001/library/nginx:9"], retries=0)
    assert result["rc"] == 1 and result["changed"] and result["msg"].startswith("2 of 3 images failed")
    assert [image.get("kind") for image in result["images"]] == ["server_error", None, "unknown_image"]
    assert result["images"][1]["layer_count"] == 6


@EVERY_ENGINE
def test_policies_missing_and_never_do_not_ask_the_registry_for_present_images(empty, registry):
    refused = empty.run("image_pull", name=[BUSYBOX], pull="never")
    assert refused["rc"] == 1 and "on this host, and pull is never" in refused["msg"]
    assert empty.run("image_pull", name=[BUSYBOX], pull="missing")["changed"]
    registry.heal()
    for policy in ("missing", "not_present", "never", {"platform": "linux/amd64"}):
        assert not empty.run("image_pull", name=[BUSYBOX], pull=policy)["changed"]
    for policy in ("sometimes", {"platfrom": "linux/amd64"}):
        assert "pull: missing" in empty.run("image_pull", name=[BUSYBOX], pull=policy)["msg"]
    assert registry.counts("library/busybox") == {}


@EVERY_ENGINE
def test_image_is_pinned_by_its_digest(empty):
    digest = empty.run("image_pull", name=[BUSYBOX])["images"][0]["digest"]
    pinned = "hub:5001/library/busybox:other@" + digest
    first, second = empty.run("image_pull", name=[pinned]), empty.run("image_pull", name=[pinned])
    assert first["rc"] == second["rc"] == 0 and not second["changed"]
    assert not empty.run("image_pull", check=True, name=[pinned])["changed"]


@EVERY_ENGINE
def test_platform_is_pulled_in_each_spelling_and_beside_the_daemons_own(empty):
    name = "hub:5001/library/multi"
    for platform in ("arm64", "linux/amd64", "linux/aarch64", "linux/arm64"):
        pulled = empty.run("image_pull", name=[name], platform=platform)
        assert pulled["rc"] == 0, (platform, pulled["msg"])
        expected = "linux/amd64" if "amd64" in platform else "linux/arm64"
        assert pulled["images"][0]["platform"] == expected, platform
    for other in (name, NGINX):
        absent = empty.run("image_pull", name=[other], platform="linux/s390x", retries=0)
        assert absent["images"][0]["kind"] == "wrong_platform", absent["msg"]


@EVERY_ENGINE
def test_start_of_an_id_is_an_id(empty):
    image = empty.run("image_pull", name=[BUSYBOX])["images"][0]
    for length in (7, 11, 12, 64):
        short = image["id"].split(":")[1][:length]
        pulled = empty.run("image_pull", name=[short])
        assert not pulled["changed"], pulled
        assert pulled["images"][0]["id"] == image["id"]
        assert empty.run("image_layers", name=[short])["images"][0]["id"] == image["id"]
    short = image["id"].split(":")[1][:7]
    predicted, removed = (empty.run("image_remove", check=check, name=[short]) for check in (True, False))
    assert predicted["deleted"] == removed["deleted"]
    assert removed["changed"]


def test_check_assumes_images_of_earlier_tasks(empty):
    """Later tasks can use what image_pull returns in check mode."""
    predicted = empty.run("image_pull", check=True, name=[NGINX])["images"][0]
    for policy in ("always", "missing", "never"):
        again = empty.run("image_pull", check=True, name=[predicted["id"]], pull=policy)
        assert again["changed"], policy
    shown = empty.run("image_layers", check=True, name=[predicted["id"]])
    assert shown["images"] == []
    assert "no such image" in shown["missing"][0]
    assert empty.run("image_layers", name=[predicted["id"]])["rc"] == 1


@EVERY_ENGINE
def test_credentials_of_the_task_are_used_and_never_shown(empty, fleet):
    hub = fleet["hub"]
    empty.execute("mkdir", "-p", "/etc/docker/certs.d/hub:5443")
    with open(fleet["ca"], encoding="utf-8") as ca:
        empty.execute("sh", "-c", f"cat > /etc/docker/certs.d/hub:5443/ca.crt <<'END'\n{ca.read()}\nEND")
    name = "hub:5443/library/busybox:1.0"
    for password, options in (
        (None, {}),
        ("wrong-one", {"registry_username": hub["username"], "registry_password": "wrong-one"}),
    ):
        refused = empty.run("image_pull", name=[name], retries=0, **options)
        assert refused["images"][0]["kind"] == "login_required" and (password or "-none-") not in json.dumps(
            refused["msg"]
        )
    pulled = empty.run("image_pull", name=[name], registry_username=hub["username"], registry_password=hub["password"])
    assert pulled["rc"] == 0 and hub["password"] not in json.dumps(dict(pulled, invocation=None))
    two = empty.run(
        "image_pull", name=[name, NGINX], registry_username=hub["username"], registry_password=hub["password"]
    )
    assert two["rc"] == 1 and "images from one registry" in two["msg"]


@pytest.mark.parametrize("host", ["e26", "c28"], indirect=True)
def test_directories_of_layers_exist_on_the_host_and_check_mode_is_not_a_pull(empty, play):
    ask = [
        {"flotilla.docker.image_layers": {}, "register": "before"},
        {"flotilla.docker.image_pull": {"name": "hub:5001/library/nginx", "layers": True}, "register": "pulled"},
        {"flotilla.docker.image_pull": {"name": "hub:5001/library/nginx"}, "check_mode": True, "register": "checked"},
        {"flotilla.docker.image_layers": {"since": "{{ before }}", "blocks": True}, "register": "after"},
        {
            "ansible.builtin.command": {"argv": "{{ ['stat', '--format=%F'] + after.added | map(attribute='path') }}"},
            "register": "found",
        },
        {
            "ansible.builtin.assert": {
                "that": [
                    "after.added | length == 6 and after.removed == []",
                    "found.stdout_lines == ['directory'] * 6",
                    "after.images[0].layers | map(attribute='digest') | select('match', 'sha256:') | length == 6",
                    "after.images[0].layers | selectattr('freed_with_image') | length == 6",
                    "after.images[0].layers | selectattr('blocks', 'gt', 0) | length == 6",
                    "after.images[0].layers[1].created_by is search('nginx')",
                    *(
                        f"after.images[0].layers | map(attribute='{field}') == pulled.images[0].layers | map(attribute='{field}')"
                        for field in Layer._fields
                    ),
                    "pulled.missing == [] and pulled.path_holds == after.path_holds",
                    "after.totals.layer_count == 6 and after.totals.unowned == [] and after.missing == []",
                    "checked is not changed and checked.images[0].remote.source == 'http://hub:5001'",
                ]
            }
        },
    ]
    finished = play(ask, hosts=empty.name)
    assert finished.returncode == 0, finished.stdout + finished.stderr


@EVERY_ENGINE
def test_layers_without_the_files_of_the_daemon_report_what_is_missing(empty):
    empty.run("image_pull", name=[NGINX, BUSYBOX])
    result = empty.run("image_layers", name=[NGINX])
    layers = result["images"][0]["layers"]
    assert [layer["index"] for layer in layers] == list(range(6)) and "cannot be read here" in result["missing"][0]
    assert (
        "nginx" in layers[1]["created_by"]
        and layers[0]["used_by"] == [BUSYBOX, NGINX]
        and not layers[0]["freed_with_image"]
    )
    assert result["images"][0]["rendered"].count("\n") == 6
    pulled = empty.run("image_pull", name=[NGINX], layers=True)
    assert pulled["missing"] == result["missing"]
    for field in ("size", "path", "created", "created_by", "comment", "compressed_size"):
        assert [layer[field] for layer in pulled["images"][0]["layers"]] == [layer[field] for layer in layers], field


@EVERY_ENGINE
def test_image_list_returns_names_digests_and_containers(empty):
    empty.run("image_pull", name=[BUSYBOX])
    empty.api.create_container(BUSYBOX, name="list-user")
    listed = empty.run("image_list")["images"]
    assert [image["references"] for image in listed] == [[BUSYBOX]] and listed[0]["containers"] == ["list-user"]
    assert listed[0]["digests"][0].startswith("hub:5001/library/busybox@sha256:") and not listed[0]["dangling"]
    assert empty.run("image_list", name=["nosuch"])["images"] == []


@EVERY_ENGINE
def test_removal_is_predicted_and_used_images_are_kept(empty):
    empty.run("image_pull", name=[BUSYBOX])
    empty.api.tag(BUSYBOX, "second", tag="name")
    empty.api.create_container(BUSYBOX, name="keeper")
    predicted = empty.run("image_remove", check=True, name=[BUSYBOX])
    assert (
        predicted["changed"]
        and predicted["deleted"] == []
        and BUSYBOX in [name for image in empty.api.images() for name in image["RepoTags"]]
    )
    removed = empty.run("image_remove", name=[BUSYBOX])
    assert (
        removed["rc"] == 0 and removed["deleted"] == [] and sorted(removed["untagged"]) == sorted(predicted["untagged"])
    )
    used = empty.run("image_remove", name=["second:name"])
    assert used["rc"] == 1 and used["containers"] == ["keeper"] and "keeper" in used["msg"]
    empty.clear()
    checked, gone = (
        empty.run("image_remove", check=True, name=["second:name"]),
        empty.run("image_remove", name=["second:name"]),
    )
    assert checked["deleted"] and checked["deleted"] == gone["deleted"] and checked["untagged"] == gone["untagged"]
    assert empty.api.images() == []
    assert not empty.run("image_remove", name=["second:name"])["changed"]


@EVERY_ENGINE
@pytest.mark.parametrize(
    "term, kind",
    [
        ("e429", "rate_limited"),
        ("e500", "server_error"),
        ("e404", "not_an_index"),
        ("ehtml", "not_an_index"),
        ("nosuch.invalid/x", "unreachable"),
    ],
)
def test_each_cause_of_a_failed_search_has_one_class(host, term, kind):
    assert host.run("hub_search", term=term)["kind"] == kind


@EVERY_ENGINE
def test_search_filters_before_it_limits(host):
    found = host.run("hub_search", term="nginx", is_official=True, limit=1)
    assert [one["name"] for one in found["results"]] == ["nginx"] and found["via"] == "engine"
    stars = [one["star_count"] for one in host.run("hub_search", term="nginx")["results"]]
    assert stars == sorted(stars, reverse=True)
    assert host.run("hub_search", term="enull")["results"] == []


def test_suite_does_not_skip_an_engine(hosts):
    assert set(ENGINES) <= set(hosts), os.environ.get("FLOTILLA_TEST_FLEET", "it")

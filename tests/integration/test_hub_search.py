# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Searching and listing tags over HTTP, at a substitute for Docker Hub and at a real registry, without an Engine."""

from __future__ import annotations

import modules
import pytest


@pytest.fixture
def search(fleet):
    """Run hub_search over HTTP on this machine, without an Engine."""

    def run(**task):
        web = {
            "via": "http",
            "hub_url": "https://" + fleet["hub"]["registry"].split(":")[0],
            "hub_ca_path": fleet["ca"],
        }
        return modules.Run(
            "hub_search", dict({"docker_host": "unix:///nonexistent.sock"}, **dict(web, **task))
        ).result()

    return run


def test_more_than_a_hundred_results_come_in_pages_with_the_most_stars_first(search):
    found = search(term="many", limit=150)
    stars = [one["star_count"] for one in found["results"]]
    assert found["via"] == "http" and found["count"] == 120 and stars == sorted(stars, reverse=True)
    assert search(term="many", limit=110, via="auto")["count"] == 110
    refused = search(term="many", limit=110, via="engine")
    assert refused["rc"] == 1 and "must be between 1 and 100 with via: engine" in refused["msg"]


@pytest.mark.parametrize(
    "filters, names",
    [
        ({"is_official": True}, ["nginx"]),
        ({"is_official": False, "min_stars": 100}, ["bitnami/nginx", "nginx/nginx-ingress"]),
        ({"name_pattern": "bitnami/*"}, ["bitnami/nginx"]),
        ({"name_pattern": "*nginx*", "limit": 2}, ["nginx", "bitnami/nginx"]),
        ({"min_stars": 100000}, []),
    ],
)
def test_filters_are_the_same_over_http_and_through_an_engine(search, host, filters, names):
    assert [one["name"] for one in search(term="nginx", **filters)["results"]] == names
    assert [one["name"] for one in host.run("hub_search", term="nginx", via="engine", **filters)["results"]] == names


def test_auto_searches_over_http_when_no_daemon_answers(search):
    assert search(term="nginx", via="auto")["via"] == "http"
    assert search(term="nginx", via="engine")["rc"] == 1


@pytest.mark.parametrize(
    "term, kind",
    [
        ("e429", "rate_limited"),
        ("e403", "refused"),
        ("e500", "server_error"),
        ("ehtml", "not_an_index"),
        ("eempty", "not_an_index"),
        ("ewords", "not_an_index"),
        ("eobject", "not_an_index"),
    ],
)
@pytest.mark.parametrize("tags", [False, True])
def test_each_cause_has_one_class_with_advice(search, term, kind, tags):
    failed = search(term=term, tags=tags)
    assert failed["rc"] == 1 and failed["kind"] == kind and "exception" not in failed, failed["msg"]
    if kind == "rate_limited":
        assert "wait 7 s" in failed["msg"]


def test_unreachable_server_and_untrusted_certificate_are_distinguished(search):
    assert search(term="nginx", hub_url="https://127.0.0.1:9")["kind"] == "unreachable"
    distrusted = search(term="nginx", hub_ca_path="/etc/ssl/certs/ca-certificates.crt")
    assert distrusted["kind"] == "unreachable" and "certificate" in distrusted["msg"].lower()


@pytest.mark.parametrize(
    "task, option", [({"term": "https://nginx"}, "term"), ({"term": "nginx", "limit": 0}, "limit"), ({}, "term")]
)
def test_invalid_options_are_refused_before_any_request(search, task, option):
    refused = search(**task)
    assert refused["rc"] == 1 and refused["option"] == option


def test_tags_have_all_fields_of_docker_hub_with_the_newest_first(search):
    listed = search(term="nginx", tags=True, newest=3)
    assert [tag["name"] for tag in listed["tags"]] == ["latest", "1.150", "1.149"]
    first = listed["tags"][0]
    assert set(first) == {"name", "digest", "size", "last_updated", "platforms"} and first["platforms"] == [
        "linux/amd64",
        "linux/arm64/v8",
    ]
    # On the second page.
    assert [tag["name"] for tag in search(term="nginx", tags=True, tag_pattern="1.1")["tags"]] == ["1.1"]
    assert search(term="nosuch", tags=True)["kind"] == "unknown_image"


def test_tags_of_another_registry_have_digests_and_are_ordered_by_version(play):
    task = {"flotilla.docker.hub_search": {"term": "hub:5001/library/nginx", "tags": True}, "register": "listed"}
    names = "listed.tags | map(attribute='name') == ['1.0', 'latest'] and listed.via == 'registry'"
    digests = "listed.tags | map(attribute='digest') | select('match', 'sha256:') | length == 2"
    # HTTPS is tried first there and fails, because the registry speaks plain HTTP.
    unknown = {
        "flotilla.docker.hub_search": {"term": "hub:5000/library/nosuch", "tags": True},
        "register": "unknown",
        "failed_when": "unknown.kind != 'unknown_image' or 'has no such repository' not in unknown.msg",
    }
    finished = play([task, {"ansible.builtin.assert": {"that": [names, digests]}}, unknown])
    assert finished.returncode == 0, finished.stdout


def test_pull_limit_is_read_without_a_pull(search, registry, fleet, monkeypatch):
    monkeypatch.setattr(
        "ansible_collections.flotilla.docker.plugins.module_utils.registry.lookup.DOCKER_HUB_REGISTRY",
        "http://" + fleet["hub"]["proxy"],
    )
    registry.fault("ratelimitpreview/test", fault="429")
    assert search(rate_limit=True)["rate_limit"] == {
        "limit": 100,
        "remaining": 0,
        "window": 21600,
        "source": "192.0.2.1",
    }
    assert registry.counts("ratelimitpreview/test") == {"HEAD manifests": 1}


def test_auto_reports_the_failures_of_daemon_and_http_with_advice_for_each(host):
    both = host.run("hub_search", term="e429", hub_url="https://127.0.0.1:9")
    assert both["kind"] == "rate_limited"
    assert "Wait a minute" in both["msg"]
    assert "Over HTTP: 127.0.0.1:9 cannot be reached" in both["msg"]
    assert "Check host and port" in both["msg"]

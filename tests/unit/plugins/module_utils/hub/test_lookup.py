# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Docker Hub cannot be reached from everywhere: its answers here are those that Docker documents, word for word."""

from __future__ import annotations

import json
import platform

import pytest

from ansible_collections.flotilla.docker.plugins.module_utils.errors import PullFailed, SearchFailed
from ansible_collections.flotilla.docker.plugins.module_utils.hub.endpoints import endpoints
from ansible_collections.flotilla.docker.plugins.module_utils.hub.http import Answer, NoAnswer
from ansible_collections.flotilla.docker.plugins.module_utils.hub.lookup import Lookup, hub_budget, sees_the_same
from ansible_collections.flotilla.docker.plugins.module_utils.hub.search import HubSearch, natural, said_by_engine
from ansible_collections.flotilla.docker.plugins.module_utils.image.failures import pull_failed
from ansible_collections.flotilla.docker.plugins.module_utils.image.reference import parse_reference

SHA = "sha256:" + "ab" * 32
NGINX = parse_reference("nginx")
CHALLENGE = {"www-authenticate": 'Bearer realm="https://auth.docker.io/token",service="registry.docker.io",scope="repository:library/nginx:pull"'}
LIMITS = {"ratelimit-limit": "100;w=21600", "ratelimit-remaining": "20;w=21600", "docker-ratelimit-source": "192.0.2.7"}


class Web:
    """Answers by the start of the URL; remembers what was asked."""

    def __init__(self, **answers):
        self.answers = {key.replace("_", "-"): value for key, value in answers.items()}
        self.asked = []

    def __call__(self, method, url, headers=None, data=None, ca_path=None):
        self.asked.append((method, url, headers or {}))
        for part, answer in self.answers.items():
            if part in url:
                answer = answer(headers or {}) if callable(answer) else answer
                if isinstance(answer, Exception):
                    raise answer
                return answer
        raise NoAnswer(url, "name", "Name or service not known")


def hub(**headers):
    """Docker Hub: a token for everybody, then the manifest."""

    def manifest(sent):
        return Answer(200, dict({"docker-content-digest": SHA}, **headers)) if sent.get("Authorization") == "Bearer abc" else Answer(401, CHALLENGE)

    return {"auth.docker.io": Answer(200, {}, b'{"token": "abc"}'), "registry-1": manifest}


class Engine:
    """A daemon that must not be asked: Docker Hub would count it."""

    class images:
        @staticmethod
        def distribution(reference, login=None, within=None):
            raise AssertionError("asked the daemon")


def test_docker_hub_is_asked_with_requests_that_it_does_not_count():
    web = Web(**hub(**LIMITS))
    remote = Lookup({}, web).remote(Engine, NGINX)
    assert remote.digest == SHA and remote.rate_limit == {"limit": 100, "remaining": 20, "window": 21600, "source": "192.0.2.7"}
    assert [method for method, _url, _headers in web.asked] == ["HEAD", "GET", "HEAD"]
    assert "/token?" in web.asked[1][1] and web.asked[1][2] == {}
    assert web.asked[2][2]["Accept"].count("application/vnd.") == 4


@pytest.mark.parametrize("kind, same, asked", [("refused", True, False), ("timed_out", True, False), ("tls", True, True), ("refused", False, True)])
def test_a_daemon_beside_us_is_not_asked_about_a_registry_where_nobody_listens(kind, same, asked):
    lookup = Lookup({}, Web(**{"registry-1": NoAnswer("https://registry-1.docker.io", kind, "no")}), sees_the_same=same)
    if asked:
        with pytest.raises(AssertionError, match="asked the daemon"):
            lookup.remote(Engine, NGINX)
    else:
        remote = lookup.remote(Engine, NGINX)
        assert remote.digest is None and "registry-1.docker.io cannot be reached" in remote.reason


@pytest.mark.parametrize(
    "is_local, info, expected",
    [(True, {}, True), (False, {}, False), (True, {"Name": "elsewhere"}, False), (True, {"HttpsProxy": "http://proxy:3128"}, False)],
)
def test_a_daemon_sees_the_same_from_the_same_host_without_a_proxy(monkeypatch, is_local, info, expected):
    for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    assert sees_the_same(is_local, dict({"Name": platform.node()}, **info)) is expected


def test_the_login_goes_to_the_token_server_and_nowhere_else():
    web = Web(**hub())
    Lookup({}, web).remote(Engine, NGINX, {"username": "alice", "password": "s3cret"})
    sent = {url.split("/")[2]: headers.get("Authorization", "") for _method, url, headers in web.asked}
    assert sent["auth.docker.io"] == "Basic YWxpY2U6czNjcmV0" and sent["registry-1.docker.io"] == "Bearer abc"


def test_a_mirror_is_asked_first_and_never_sees_the_login():
    web = Web(mirror=Answer(200, {"docker-content-digest": SHA}))
    remote = Lookup({"Mirrors": ["https://mirror.example/"]}, web).remote(Engine, NGINX, {"username": "alice", "password": "s3cret"})
    assert remote.source == "https://mirror.example" and [headers.get("Authorization") for _m, _u, headers in web.asked] == [None]


def test_an_image_that_is_not_there_fails_in_check_mode_as_in_the_run():
    with pytest.raises(PullFailed) as failure:
        Lookup({}, Web(**{"registry-1": Answer(404, {})})).remote(Engine, NGINX)
    assert failure.value.kind == "unknown_image"


def test_what_the_mirrors_answered_is_said_because_the_daemon_hides_it():
    masked = pull_failed(NGINX, 'Get "https://registry-1.docker.io/v2/": dial tcp: lookup registry-1.docker.io: no such host')
    verdict = Lookup({"Mirrors": ["http://one.example", "http://two.example"]}, Web(one=Answer(503, {}))).explain(NGINX, masked)
    assert "http://one.example answered 503" in verdict.text and "two.example cannot be reached" in verdict.text
    assert verdict.transient and verdict.kind == "server_error"


def test_the_wait_that_the_registry_asks_for_is_known():
    limited = pull_failed(NGINX, "toomanyrequests: You have reached your pull rate limit")
    verdict = Lookup({}, Web(**{"registry-1": Answer(429, dict(LIMITS, **{"retry-after": "30"}))})).explain(NGINX, limited)
    assert verdict.retry_after == 30 and verdict.rate_limit["remaining"] == 20


def test_the_budget_is_read_without_spending():
    web = Web(**hub(**LIMITS))
    assert hub_budget(None, web)["remaining"] == 20
    assert all(method == "HEAD" or "auth.docker.io" in url for method, url, _headers in web.asked)
    assert hub_budget(None, Web(**hub())) is None, "accounts without a limit get no headers"


@pytest.mark.parametrize(
    "registry, config, expected",
    [
        ("docker.io", {}, ["https://registry-1.docker.io"]),
        ("hub:5000", {}, ["https://hub:5000"]),
        ("hub:5000", {"IndexConfigs": {"hub:5000": {"Secure": False}}}, ["https://hub:5000", "http://hub:5000"]),
        ("127.0.0.1:5000", {"InsecureRegistryCIDRs": ["127.0.0.0/8"]}, ["https://127.0.0.1:5000", "http://127.0.0.1:5000"]),
        ("[::1]:5000", {"InsecureRegistryCIDRs": ["::1/128"]}, ["https://[::1]:5000", "http://[::1]:5000"]),
    ],
)
def test_a_registry_is_asked_where_the_daemon_would(registry, config, expected):
    assert [endpoint.base for endpoint in endpoints(registry, config)] == expected


def _page(names, following):
    results = [{"repo_name": name, "star_count": 1, "short_description": None, "is_official": False} for name in names]
    return Answer(200, {}, json.dumps({"results": results, "next": following}).encode())


def test_more_than_a_hundred_results_come_by_pages():
    web = Web(**{"page=1&": _page(["a%d" % n for n in range(100)], "x"), "page=2&": _page(["b%d" % n for n in range(20)], None)})
    assert len(HubSearch(web).search("many", 150)) == 120 and len(web.asked) == 2


def test_a_filter_over_http_looks_further_than_one_page_but_not_for_ever():
    web = Web(**{"page=1&": _page(["a%d" % n for n in range(100)], "x"), "page=2&": _page(["wanted"], "x"), "page=": _page(["b"], "x")})
    assert len(HubSearch(web).search("many", 1, lambda result: result["name"] == "wanted")) == 1 and len(web.asked) == 2
    assert all("page_size=100" in url for _method, url, _headers in web.asked)
    assert HubSearch(web).search("many", 1, lambda result: False) == [] and len(web.asked) == 12


@pytest.mark.parametrize(
    "answer, kind",
    [
        (Answer(429, {"retry-after": "7"}), "rate_limited"),
        (Answer(403, {}, b"<html>"), "refused"),
        (Answer(503, {}), "server_error"),
        (Answer(200, {}, b"<html>"), "not_an_index"),
        (Answer(200, {}, b"[]"), "not_an_index"),
        (Answer(200, {}, b"{}"), "not_an_index"),
        (Answer(200, {}, b""), "not_an_index"),
        (Answer(200, {}, b'{"results": {"name": "nginx"}}'), "not_an_index"),
        (Answer(200, {}, b'{"results": ["nginx"]}'), "not_an_index"),
        (Answer(404, {}, b'{"message": "object not found"}'), "unknown_image"),
        (NoAnswer("https://hub.docker.com/", "name", "Name or service not known"), "unreachable"),
    ],
)
def test_each_cause_over_http_has_one_error(answer, kind):
    with pytest.raises(SearchFailed) as failure:
        HubSearch(Web(**{"hub.docker.com": answer})).search("nginx", 25)
    assert failure.value.kind == kind and failure.value.advice


@pytest.mark.parametrize(
    "words, kind",
    [
        ("Unexpected status code 429", "rate_limited"),
        ("unexpected status code 429", "rate_limited"),  # 29
        ("Unexpected status code 404", "not_an_index"),
        ("error decoding registry search results: invalid character '<' looking for beginning of value", "not_an_index"),
        ('Get "https://index.docker.io/v1/search?q=nginx&n=25": dial tcp: lookup index.docker.io on 10.0.0.53:53: no such host', "unreachable"),
        ("invalid filter 'stars=[x]'", "bad_filter"),
    ],
)
def test_each_cause_through_the_engine_has_the_same_error(words, kind):
    assert said_by_engine("nginx", words).kind == kind


def test_tags_have_dates_platforms_and_the_newest_first():
    tags = [
        {
            "name": "1.0",
            "digest": SHA,
            "full_size": 9,
            "last_updated": "2025-01-01T00:00:00Z",
            "images": [{"os": "linux", "architecture": "arm", "variant": "v7"}],
        },
        {"name": "1.1", "digest": SHA, "full_size": 9, "last_updated": "2026-01-01T00:00:00Z", "images": []},
        {"name": "edge", "last_updated": "2026-02-01T00:00:00Z"},
    ]
    web = Web(**{"/v2/namespaces/library/repositories/nginx/tags": Answer(200, {}, json.dumps({"results": tags, "next": None}).encode())})
    found = HubSearch(web).tags("library/nginx", 5, lambda name: name.startswith("1."))
    assert [tag["name"] for tag in found] == ["1.1", "1.0"] and found[1]["platforms"] == ["linux/arm/v7"]


def test_versions_sort_as_people_count():
    assert sorted(["1.10", "1.9", "latest", "2.0"], key=natural, reverse=True) == ["latest", "2.0", "1.10", "1.9"]

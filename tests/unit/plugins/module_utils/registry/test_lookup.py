# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Docker Hub cannot be reached from everywhere: its answers here are those that Docker documents, word for word."""

from __future__ import annotations

import json
import platform

import pytest
from ansible_collections.flotilla.docker.plugins.module_utils.errors import NoAnswer, PullFailed, SearchFailed
from ansible_collections.flotilla.docker.plugins.module_utils.image.failures import pull_failed
from ansible_collections.flotilla.docker.plugins.module_utils.image.login import Logins
from ansible_collections.flotilla.docker.plugins.module_utils.image.reference import parse_reference
from ansible_collections.flotilla.docker.plugins.module_utils.registry.endpoints import endpoints
from ansible_collections.flotilla.docker.plugins.module_utils.registry.http import Answer, no_answer
from ansible_collections.flotilla.docker.plugins.module_utils.registry.lookup import Lookup, hub_budget, sees_the_same

from ..in_memory.engine import Engine
from .web import Web

SHA = "sha256:" + "ab" * 32
NGINX = parse_reference("nginx")
LOGINS = Logins({"registry_username": "alice", "registry_password": "s3cret"})
CHALLENGE = {
    "www-authenticate": 'Bearer realm="https://auth.docker.io/token",service="registry.docker.io",scope="repository:library/nginx:pull"'
}
LIMITS = {"ratelimit-limit": "100;w=21600", "ratelimit-remaining": "20;w=21600", "docker-ratelimit-source": "192.0.2.7"}


def hub(**headers):
    """Docker Hub: a token without credentials, then the manifest."""

    def manifest(sent):
        return (
            Answer(200, dict({"docker-content-digest": SHA}, **headers))
            if sent.get("Authorization") == "Bearer abc"
            else Answer(401, CHALLENGE)
        )

    return {"auth.docker.io": Answer(200, {}, b'{"token": "abc"}'), "registry-1": manifest}


def engine():
    """An Engine that must not receive requests for a digest, because Docker Hub would count them."""
    engine = Engine()
    engine.failures["distribution"] = AssertionError("asked the Engine")
    return engine


def test_docker_hub_is_asked_with_requests_that_are_not_counted():
    web = Web(**hub(**LIMITS))
    remote = Lookup({}, fetch=web).remote(engine(), NGINX)
    assert remote.digest == SHA and remote.rate_limit == {
        "limit": 100,
        "remaining": 20,
        "window": 21600,
        "source": "192.0.2.7",
    }
    assert [method for method, _url, _headers in web.asked] == ["HEAD", "GET", "HEAD"]
    assert "/token?" in web.asked[1][1] and web.asked[1][2] == {}
    assert web.asked[2][2]["Accept"].count("application/vnd.") == 4


@pytest.mark.parametrize(
    "kind, same, asked",
    [("refused", True, False), ("timed_out", True, False), ("tls", True, True), ("refused", False, True)],
)
def test_daemon_on_this_host_is_not_asked_when_nothing_listens(kind, same, asked):
    lookup = Lookup(
        {}, fetch=Web(**{"registry-1": no_answer("https://registry-1.docker.io", "no", kind)}), sees_the_same=same
    )
    if asked:
        with pytest.raises(AssertionError, match="asked the Engine"):
            lookup.remote(engine(), NGINX)
    else:
        remote = lookup.remote(engine(), NGINX)
        assert remote.digest is None and "registry-1.docker.io cannot be reached" in remote.reason


@pytest.mark.parametrize(
    "is_local, info, expected",
    [
        (True, {}, True),
        (False, {}, False),
        (True, {"Name": "elsewhere"}, False),
        (True, {"HttpsProxy": "http://proxy:3128"}, False),
    ],
)
def test_daemon_sees_the_same_from_the_same_host_without_a_proxy(monkeypatch, is_local, info, expected):
    for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    assert sees_the_same(is_local, dict({"Name": platform.node()}, **info)) is expected


def test_login_is_sent_to_the_token_server_only():
    web = Web(**hub())
    Lookup({}, LOGINS, web).remote(engine(), NGINX)
    sent = {url.split("/")[2]: headers.get("Authorization", "") for _method, url, headers in web.asked}
    assert sent["auth.docker.io"] == "Basic YWxpY2U6czNjcmV0" and sent["registry-1.docker.io"] == "Bearer abc"


def test_mirror_is_asked_first_and_without_the_login():
    web = Web(mirror=Answer(200, {"docker-content-digest": SHA}))
    remote = Lookup({"Mirrors": ["https://mirror.example/"]}, LOGINS, web).remote(engine(), NGINX)
    assert remote.source == "https://mirror.example" and [
        headers.get("Authorization") for _m, _u, headers in web.asked
    ] == [None]


def test_unknown_image_fails_in_check_mode_as_in_the_run():
    with pytest.raises(PullFailed) as failure:
        Lookup({}, fetch=Web(**{"registry-1": Answer(404, {})})).remote(engine(), NGINX)
    assert failure.value.kind == "unknown_image"


def test_answers_of_mirrors_are_reported_because_the_daemon_hides_them():
    masked = pull_failed(
        NGINX, 'Get "https://registry-1.docker.io/v2/": dial tcp: lookup registry-1.docker.io: no such host'
    )
    verdict = Lookup({"Mirrors": ["http://one.example", "http://two.example"]}, fetch=Web(one=Answer(503, {}))).explain(
        NGINX, masked
    )
    assert "http://one.example answered 503" in verdict.text and "two.example cannot be reached" in verdict.text
    assert verdict.transient and verdict.kind == "server_error"


def test_wait_that_the_registry_asks_for_is_read():
    limited = pull_failed(NGINX, "toomanyrequests: You have reached your pull rate limit")
    verdict = Lookup({}, fetch=Web(**{"registry-1": Answer(429, dict(LIMITS, **{"retry-after": "30"}))})).explain(
        NGINX, limited
    )
    assert verdict.retry_after == 30 and verdict.rate_limit["remaining"] == 20


def test_pull_limit_is_read_without_a_pull():
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
        (
            "127.0.0.1:5000",
            {"InsecureRegistryCIDRs": ["127.0.0.0/8"]},
            ["https://127.0.0.1:5000", "http://127.0.0.1:5000"],
        ),
        ("[::1]:5000", {"InsecureRegistryCIDRs": ["::1/128"]}, ["https://[::1]:5000", "http://[::1]:5000"]),
    ],
)
def test_registry_is_asked_at_the_addresses_of_the_daemon(registry, config, expected):
    assert [endpoint.base for endpoint in endpoints(registry, config)] == expected


def test_registry_over_plain_http_that_answers_decides_the_failure():
    """The Engine allows plain HTTP there, so that HTTPS is tried first and fails."""
    config = {"IndexConfigs": {"hub:5000": {"Secure": False}}}
    web = Web(
        **{"https://hub": no_answer("https://hub:5000", "SSL: WRONG_VERSION_NUMBER"), "http://hub": Answer(404, {})}
    )
    with pytest.raises(SearchFailed, match="http://hub:5000 has no such repository") as failure:
        Lookup(config, fetch=web).tags(parse_reference("hub:5000/nosuch"), lambda name: True, 5)
    assert failure.value.kind == "unknown_image"


def test_registry_that_is_reached_at_no_address_is_unreachable():
    with pytest.raises(SearchFailed) as failure:
        Lookup({}, fetch=Web()).tags(parse_reference("hub:5000/nosuch"), lambda name: True, 5)
    assert failure.value.kind == "unreachable"


@pytest.mark.parametrize(
    "secure, cause",
    [
        ("[SSL: WRONG_VERSION_NUMBER] wrong version number (_ssl.c:1020)", "the answer is not complete after 60 s"),
        ("[SSL] record layer failure (_ssl.c:1020)", "the answer is not complete after 60 s"),
        ("certificate has expired", "certificate has expired"),
    ],
)
def test_failure_over_plain_http_counts_where_the_registry_does_not_speak_tls(secure, cause):
    def asked(*given, **more):
        plain = "http://" in str((given, more))
        words = "the answer is not complete after 60 s" if plain else secure
        raise NoAnswer(f"hub:5000 cannot be reached: {words}", "Check it", "timed_out" if plain else "tls")

    config = {"IndexConfigs": {"hub:5000": {"Secure": False}}}
    with pytest.raises(SearchFailed, match=cause):
        Lookup(config, fetch=asked).tags(parse_reference("hub:5000/web"), lambda name: True, 5)


def test_tags_of_a_registry_are_the_newest_versions_with_digests():
    tags = Answer(200, {}, json.dumps({"tags": ["1.9", "latest", "1.10", "1.10-rc1"]}).encode())
    web = Web(**{"/tags/list": tags, "/manifests/": Answer(200, {"docker-content-digest": SHA})})
    found = Lookup({}, fetch=web).tags(parse_reference("hub:5000/web"), lambda name: True, 2)
    assert found == [{"name": "1.10", "digest": SHA}, {"name": "1.9", "digest": SHA}]

# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later


"""Docker Hub cannot be reached from everywhere: its answers here are those that Docker documents."""

from __future__ import annotations

import itertools
import json

import pytest
from ansible_collections.flotilla.docker.plugins.module_utils.errors import SearchFailed
from ansible_collections.flotilla.docker.plugins.module_utils.registry.client import Registry
from ansible_collections.flotilla.docker.plugins.module_utils.registry.failures import engine_search_failed
from ansible_collections.flotilla.docker.plugins.module_utils.registry.http import Answer, no_answer
from ansible_collections.flotilla.docker.plugins.module_utils.registry.search import HubSearch, registry_tags

from .server import send, serving
from .web import Web

SHA = "sha256:" + "ab" * 32


def _page(names, following):
    results = [{"repo_name": name, "star_count": 1, "short_description": None, "is_official": False} for name in names]
    return Answer(200, {}, json.dumps({"results": results, "next": following}).encode())


def test_more_than_a_hundred_results_come_in_pages():
    web = Web(
        **{
            "page=1&": _page(["a%d" % n for n in range(100)], "x"),
            "page=2&": _page(["b%d" % n for n in range(20)], None),
        }
    )
    assert len(HubSearch(web).search("many", 150)) == 120 and len(web.asked) == 2


def test_filter_over_http_searches_a_thousand_results():
    web = Web(
        **{
            "page=1&": _page(["a%d" % n for n in range(100)], "x"),
            "page=2&": _page(["wanted"], "x"),
            **{f"page={number}&": _page([f"b{number}"], "x") for number in range(3, 12)},
        }
    )
    assert len(HubSearch(web).search("many", 1, lambda result: result["name"] == "wanted")) == 1 and len(web.asked) == 2
    assert all("page_size=100" in url for _method, url, _headers in web.asked)
    assert HubSearch(web).search("many", 1, lambda result: False) == []
    assert len(web.asked) == 12


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
        (no_answer("https://hub.docker.com/", "Name or service not known"), "unreachable"),
    ],
)
def test_each_failure_over_http_has_a_class_and_advice(answer, kind):
    with pytest.raises(SearchFailed) as failure:
        HubSearch(Web(**{"hub.docker.com": answer})).search("nginx", 25)
    assert failure.value.kind == kind and failure.value.advice


@pytest.mark.parametrize(
    "words, kind",
    [
        ("Unexpected status code 429", "rate_limited"),
        ("unexpected status code 429", "rate_limited"),  # 29
        ("Unexpected status code 404", "not_an_index"),
        (
            "error decoding registry search results: invalid character '<' looking for beginning of value",
            "not_an_index",
        ),
        (
            'Get "https://index.docker.io/v1/search?q=nginx&n=25": dial tcp: lookup index.docker.io on 10.0.0.53:53: no such host',
            "unreachable",
        ),
        ("invalid filter 'stars=[x]'", "bad_filter"),
    ],
)
def test_each_failure_through_the_engine_has_the_same_class(words, kind):
    assert engine_search_failed("nginx", words).kind == kind


def test_tags_of_docker_hub_are_ordered_by_update_time():
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
    web = Web(
        **{
            "/v2/namespaces/library/repositories/nginx/tags": Answer(
                200, {}, json.dumps({"results": tags, "next": None}).encode()
            )
        }
    )
    found, complete = HubSearch(web).tags("library/nginx", 5, lambda name: name.startswith("1."))
    assert [tag["name"] for tag in found] == ["1.1", "1.0"]
    assert found[1]["platforms"] == ["linux/arm/v7"]
    assert complete


def test_tags_of_docker_hub_without_an_update_time_come_last_by_version():
    entries = [{"name": "1.9"}, {"name": "1.10"}, {"name": "0.1", "last_updated": "2020-01-01T00:00:00Z"}]
    web = Web(tags=Answer(200, {}, json.dumps({"results": entries}).encode()))
    assert [tag["name"] for tag in HubSearch(web).tags("team/web", 5).tags] == ["0.1", "1.10", "1.9"]


def test_tags_of_a_large_repository_are_searched_to_a_limit_and_said_to_be_incomplete():
    def page(number):
        return _tags([f"{number}.{minor}" for minor in range(100)], "x")

    web = Web(**{f"page={number}": page(number) for number in range(99, 0, -1)})
    found, complete = HubSearch(web).tags("team/web", 5, lambda name: False)
    assert found == []
    assert not complete
    assert len(web.asked) == 50


def _tags(names, following):
    return Answer(200, {}, json.dumps({"results": [{"name": name} for name in names], "next": following}).encode())


@pytest.mark.parametrize("ask", [lambda hub: hub.search("nginx", 500), lambda hub: hub.tags("library/nginx", 500)])
def test_docker_hub_that_repeats_a_page_is_a_failure(ask):
    """Without a limit, 18,655 requests were sent."""
    entries = [{"name": "1.0", "repo_name": "nginx"}]
    with serving(lambda handler: send(handler, body=json.dumps({"results": entries, "next": "x"}).encode())) as (
        address,
        asked,
    ):
        with pytest.raises(SearchFailed, match="repeats itself") as failure:
            ask(HubSearch(base=address))
    assert failure.value.kind == "endless"
    assert len(asked) == 2


@pytest.mark.parametrize("relation", ["next", '"next"'])
def test_registry_that_repeats_its_cursor_is_a_failure(relation):
    def same(handler):
        send(handler, body=b'{"tags": ["1.0"]}', Link=f"</v2/web/tags/list?last=1.0&n=100>; rel={relation}")

    with serving(same) as (address, asked), pytest.raises(SearchFailed, match="repeats itself"):
        registry_tags(Registry(address), "web")
    assert len(asked) == 2


def test_registry_that_invents_new_cursors_without_new_tags_is_a_failure():
    numbers = itertools.count()

    def more(handler):
        send(handler, body=b'{"tags": ["1.0"]}', Link=f"</v2/web/tags/list?last={next(numbers)}>; rel=next")

    with serving(more) as (address, asked), pytest.raises(SearchFailed, match="repeats itself"):
        registry_tags(Registry(address), "web")
    assert len(asked) == 2


@pytest.mark.parametrize(
    "form", ["<{}>; rel=next", '<http://elsewhere{}>; REL="next"', '</>; rel=prev, <{}>; rel="next"']
)
def test_all_pages_of_a_registry_are_asked_at_the_registry_itself(form):
    def page(handler):
        if "last=" in handler.path:
            send(handler, body=b'{"tags": ["b"]}')
        else:
            send(handler, body=b'{"tags": ["a"]}', Link=form.format("/v2/web/tags/list?last=a"))

    with serving(page) as (address, asked):
        assert registry_tags(Registry(address), "web") == ["a", "b"]
    assert len(asked) == 2


@pytest.mark.parametrize("body", [b'{"tags": {}}', b"[]", b"x", b"", b"[" * 100000, b'{"tags": "1.0"}'])
def test_invalid_list_of_tags_is_a_failure(body):
    with serving(lambda handler: send(handler, body=body)) as (address, _asked):
        if body == b'{"tags": {}}':
            assert registry_tags(Registry(address), "web") == []
            return
        with pytest.raises(SearchFailed) as failure:
            registry_tags(Registry(address), "web")
    assert failure.value.kind == "not_an_index"

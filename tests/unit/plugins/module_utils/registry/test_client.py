# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later


from __future__ import annotations

import base64
import json

import pytest
from ansible_collections.flotilla.docker.plugins.module_utils.registry.client import Registry, rate_limit, retry_after
from ansible_collections.flotilla.docker.plugins.module_utils.registry.http import Answer

from .server import send, serving

BASIC = "Basic " + base64.b64encode(b"alice:s3cret").decode()
LOGIN = {"username": "alice", "password": "s3cret"}


def token_registry(handler):
    """A registry that is its own token server, and accepts the token abc."""
    sent = handler.headers.get("Authorization")
    if handler.path.startswith("/token"):
        answers = {None: "anonymous", BASIC: "abc"}
        return send(handler, body=json.dumps({"access_token": answers.get(sent)}).encode())
    if sent == "Bearer abc":
        return send(handler, body=b"{}")
    realm = "http://" + handler.headers["Host"] + "/token"
    return send(handler, 401, WWW_Authenticate=f'Bearer realm="{realm}",service="s",scope="repository:web:pull"')


@pytest.mark.parametrize("login, status", [(LOGIN, 200), (None, 401), ({"username": "eve", "password": "x"}, 401)])
def test_login_is_exchanged_for_a_token(login, status):
    with serving(token_registry) as (address, asked):
        assert Registry(address, login=login).ask("GET", "/v2/web/tags/list").status == status
    assert asked[1] == "/token?service=s&scope=repository%3Aweb%3Apull"


def test_token_is_used_for_the_next_request_too():
    with serving(token_registry) as (address, asked):
        registry = Registry(address, login=LOGIN)
        for _number in range(3):
            registry.ask("GET", "/v2/web/tags/list")
    assert len(asked) == 5


def test_registry_with_basic_authentication_gets_the_password():
    def basic(handler):
        right = handler.headers.get("Authorization") == BASIC
        send(handler, 200 if right else 401, WWW_Authenticate='Basic realm="x"')

    with serving(basic) as (address, _asked):
        registry = Registry(address, login=LOGIN)
        assert registry.ask("GET", "/v2/").status == 200
        assert registry.sends_password


def test_registry_token_is_sent_as_it_is():
    with serving(token_registry) as (address, asked):
        assert Registry(address, login={"registrytoken": "abc"}).ask("GET", "/v2/").status == 200
    assert len(asked) == 2


def test_identity_token_is_exchanged_by_post():
    def exchange(handler):
        if handler.command == "POST":
            length = int(handler.headers["Content-Length"])
            form = handler.rfile.read(length).decode()
            return send(handler, body=b'{"token": "abc"}' if "refresh_token=id" in form else b"{}")
        return token_registry(handler)

    with serving(exchange) as (address, _asked):
        assert Registry(address, login={"identitytoken": "id"}).ask("GET", "/v2/").status == 200


@pytest.mark.parametrize("body", [b"x", b"[]", b"{}", b'{"token": null}'])
def test_refusal_is_returned_if_the_token_server_returns_no_token(body):
    def broken(handler):
        return send(handler, body=body) if handler.path.startswith("/token") else token_registry(handler)

    with serving(broken) as (address, _asked):
        assert Registry(address, login=LOGIN).ask("GET", "/v2/").status == 401


@pytest.mark.parametrize(
    "text, expected", [("7", 7.0), ("", None), ("Wed, 21 Oct 2026 07:28:00 GMT", None), ("-1", None)]
)
def test_retry_after_is_seconds(text, expected):
    assert retry_after(Answer(429, {"retry-after": text})) == expected


def test_answer_without_rate_limit_headers_has_no_rate_limit():
    assert rate_limit(Answer(200, {"ratelimit-limit": "none"})) is None

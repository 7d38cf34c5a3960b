# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Requests to a real server that never ends: each of them ends here."""

from __future__ import annotations

import itertools
import time

import pytest
from ansible_collections.flotilla.docker.plugins.module_utils.errors import NoAnswer
from ansible_collections.flotilla.docker.plugins.module_utils.registry import http

from .server import send, serving


@pytest.fixture
def impatient(monkeypatch):
    for name in ("HEADERS_WITHIN", "BODY_WITHIN", "SLOWEST_SPAN"):
        monkeypatch.setattr(http, name, 0.2)


def endless_body(handler):
    handler.send_response(200)
    handler.end_headers()
    while True:
        handler.wfile.write(b"x" * 65536)


def slow_body(handler):
    handler.send_response(200)
    handler.end_headers()
    while True:
        handler.wfile.write(b"x")
        time.sleep(0.05)


def slow_headers(handler):
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    while True:
        handler.wfile.write(b"x")
        time.sleep(0.05)


def silence(handler):
    time.sleep(60)


def endless_error(handler):
    handler.send_response(500)
    handler.end_headers()
    while True:
        handler.wfile.write(b"x" * 65536)


@pytest.mark.parametrize("answer", [endless_body, endless_error])
def test_body_that_does_not_end_is_a_failure(monkeypatch, answer):
    monkeypatch.setattr(http, "LARGEST_BODY", 1024 * 1024)
    with serving(answer) as (address, _asked), pytest.raises(NoAnswer) as failure:
        http.fetch("GET", address)
    assert failure.value.kind == "too_large"


@pytest.mark.parametrize("answer", [slow_body, slow_headers, silence])
def test_answer_that_comes_byte_by_byte_is_a_failure(impatient, answer):
    with serving(answer) as (address, _asked), pytest.raises(NoAnswer) as failure:
        http.fetch("GET", address)
    assert failure.value.kind == "timed_out"
    assert failure.value.advice


@pytest.mark.parametrize("answer", [slow_body, slow_headers, silence])
def test_download_that_is_too_slow_is_a_failure(impatient, answer):
    with serving(answer) as (address, _asked), pytest.raises(NoAnswer) as failure:
        http.fetch("GET", address, write=lambda piece: None)
    assert failure.value.kind == "timed_out"


def test_download_ends_at_the_size_that_was_announced():
    written = []
    with serving(endless_body) as (address, _asked), pytest.raises(NoAnswer, match="more than 100000 bytes"):
        http.fetch("GET", address, write=written.append, limit=100000)
    assert sum(map(len, written)) <= 100000


def test_endless_redirects_end():
    numbers = itertools.count()
    with serving(lambda handler: send(handler, 302, Location=f"/{next(numbers)}")) as (address, asked):
        answer = http.fetch("GET", address)
    assert answer.status == 302
    assert len(asked) <= 12


def test_header_fields_of_one_name_are_joined():
    with serving(lambda handler: send(handler, Link=['<a>; rel="prev"', "<b>; rel=next"])) as (address, _asked):
        assert http.fetch("GET", address).headers["link"] == '<a>; rel="prev", <b>; rel=next'


def test_address_where_nothing_listens_is_refused():
    with pytest.raises(NoAnswer) as failure:
        http.fetch("GET", "http://127.0.0.1:9")
    assert failure.value.kind == "refused"


def test_plain_http_on_a_tls_address_is_a_tls_failure():
    with serving(send) as (address, _asked), pytest.raises(NoAnswer) as failure:
        http.fetch("GET", address.replace("http:", "https:"))
    assert failure.value.kind == "tls"


def test_error_has_its_body():
    with serving(lambda handler: send(handler, 404, b"gone")) as (address, _asked):
        assert http.fetch("GET", address)[::2] == (404, b"gone")

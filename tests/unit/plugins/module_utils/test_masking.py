# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json

import pytest
from ansible_collections.flotilla.docker.plugins.module_utils.daemon_config import drop_ins
from ansible_collections.flotilla.docker.plugins.module_utils.masking import mask_address, mask_credentials, mask_file

PASSWORDS = [
    "TOP",
    'TO"P',
    "TO'P",
    "TO@P",
    "TO:P",
    "TO/P",
    "TO%21P",
    "TO P",
    "TO\\P",
    "TO#?P",
    "TO$P",
    "TO://P",
    '"TOP"',
    "TO,P",
    "TO=P",
]
SCHEMES = ["http://", "https://", "HTTP://", "socks5://", ""]
HOSTS = ["proxy.example.org:3128", "proxy", "[2001:db8::1]:3128", "192.0.2.1:3128/path"]


def addresses(password):
    """Addresses with this password and their masked form."""
    return {f"{scheme}jo:{password}@{host}": f"{scheme}***@{host}" for scheme in SCHEMES for host in HOSTS}.items()


def shows_secret(shown):
    return "TO" in shown or "jo" in shown


@pytest.fixture(params=PASSWORDS)
def password(request):
    return request.param


def test_the_address_of_a_proxy_shows_scheme_and_host_only(password):
    assert [
        (mask_address(address), masked) for address, masked in addresses(password) if mask_address(address) != masked
    ] == []


@pytest.mark.parametrize("key", ["http-proxy", "HTTPS_PROXY", "HttpProxy", "all_proxy"])
def test_the_value_of_a_proxy_key_is_masked(key, password):
    for address, masked in addresses(password):
        assert mask_credentials({"proxies": {key: address}}) == {"proxies": {key: masked}}


def test_lines_of_a_drop_in_show_no_credentials(password):
    for address, masked in addresses(password):
        shown = mask_file(
            drop_ins.service_drop_in({"HTTPS_PROXY": address, "NO_PROXY": "localhost"}, [], {}, "dockerd")
        )
        assert shown[2:] == [f'Environment="HTTPS_PROXY={masked}"', 'Environment="NO_PROXY=localhost"']


def test_the_command_line_of_a_drop_in_shows_no_credentials(password):
    for address, _masked in addresses(password):
        if " " not in address:
            assert not shows_secret(
                mask_file(drop_ins.service_drop_in({}, ["--http-proxy=" + address], {}, "dockerd"))[-1]
            )


def test_lines_of_daemon_json_show_no_credentials(password):
    for address, masked in addresses(password):
        shown = mask_file(json.dumps({"proxies": {"http-proxy": address, "no-proxy": "localhost"}}))
        assert shown[2:4] == [f'    "http-proxy": "{masked}",', '    "no-proxy": "localhost"']


@pytest.mark.parametrize(
    "text", ["{}", "cannot use {} now", 'proxyconnect: "{}"', "HTTPS_PROXY={}", "{{'got': '{}'}}", "--http-proxy={}"]
)
def test_text_shows_no_credentials(text, password):
    for address, _masked in addresses(password):
        if " " not in address:
            assert not shows_secret(mask_credentials(text.format(address)))


def test_secrets_by_name_are_masked_on_request():
    value = {"log-opts": {"splunk-token": "TOP", "splunk-url": "https://splunk.example.org"}}
    assert mask_credentials(value, by_name=True)["log-opts"] == {
        "splunk-token": "********",
        "splunk-url": "https://splunk.example.org",
    }
    assert mask_credentials(value) == value


def test_secret_variables_of_the_daemon_are_masked():
    text = drop_ins.service_drop_in({"AWS_SECRET_ACCESS_KEY": "TOP"}, [], {}, "")
    assert mask_file(text)[-1] == 'Environment="AWS_SECRET_ACCESS_KEY=********"'


@pytest.mark.parametrize(
    "text",
    [
        "ssh://ops@host",
        "unix:///run/user/1000/docker.sock",
        "tcp://192.0.2.1:2376",
        "nginx:1.27@sha256:0123",
        "hub.example.org:5000/nginx:1@sha256:0123",
        "https://hub.example.org:5000/v2/nginx@sha256:0123",
        "https://hub.example.org/v2/nginx@sha256:0123",
        "mail ops@example.org at 10:17",
        "time=2026-11-26T10:17:30Z level=info",
        "user@1000.service failed",
    ],
)
def test_text_without_credentials_is_not_changed(text):
    assert mask_credentials(text) == text


def test_lists_and_other_values_keep_their_shape():
    value = {"mirrors": ["https://jo:TOP@hub", "https://hub"], "debug": True, "mtu": 1400, "none": None}
    assert mask_credentials(value) == {
        "mirrors": ["https://***@hub", "https://hub"],
        "debug": True,
        "mtu": 1400,
        "none": None,
    }


def test_names_that_use_no_proxy_are_shown():
    assert mask_credentials({"NO_PROXY": "a,b", "no-proxy": "c", "NoProxy": "d"}) == {
        "NO_PROXY": "a,b",
        "no-proxy": "c",
        "NoProxy": "d",
    }

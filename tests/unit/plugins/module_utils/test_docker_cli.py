# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import base64

import pytest
from ansible_collections.flotilla.docker.plugins.module_utils import docker_cli
from ansible_collections.flotilla.docker.plugins.module_utils.docker_cli import Login

HUB = "https://index.docker.io/v1/"


@pytest.mark.parametrize(
    "address, key",
    [
        ("https://r.example.com/v2/", "r.example.com"),
        ("http://r.example.com:5000", "r.example.com:5000"),
        ("r.example.com/team/web", "r.example.com"),
        (" r.example.com ", "r.example.com"),
        ("docker.io", HUB),
        ("index.docker.io", HUB),
        ("https://index.docker.io/v1/", HUB),
        ("registry-1.docker.io", HUB),
    ],
)
def test_spellings_of_a_registry_have_one_key(address, key):
    assert docker_cli.registry_key(address) == key


@pytest.mark.parametrize(
    "login",
    [Login("alice", "s3:cret"), Login("alice", "", "token"), Login("älice", "ö")],
)
def test_stored_login_is_read_back(login):
    assert docker_cli.login_of(login.entry()) == login


@pytest.mark.parametrize("entry", [{}, {"auth": ""}, {"email": "x"}, {"username": 5}])
def test_entry_without_a_login(entry):
    assert docker_cli.login_of(entry) is None


@pytest.mark.parametrize(
    "entry, login",
    [
        ({"username": "alice", "password": "s3cret"}, Login("alice", "s3cret")),
        ({"auth": "Og==", "identitytoken": "t", "username": "alice"}, Login("alice", "", "t")),
        ({"registrytoken": "t"}, Login(registry_token="t")),
    ],
)
def test_other_forms_of_an_entry_are_read(entry, login):
    assert docker_cli.login_of(entry) == login


@pytest.mark.parametrize(
    "entry", ["text", {"auth": "%%%"}, {"auth": 5}, {"auth": base64.b64encode(b"nocolon").decode()}]
)
def test_entry_that_cannot_be_decoded_is_an_error(entry):
    with pytest.raises(ValueError, match="must"):
        docker_cli.login_of(entry)


def test_entry_of_the_exact_key_is_preferred():
    assert docker_cli.keys_of({"docker.io": {}, HUB: {}, "other": {}}, HUB) == [HUB, "docker.io"]


@pytest.mark.parametrize(
    "content, helper",
    [
        ({}, None),
        ({"credsStore": "pass"}, "pass"),
        ({"credHelpers": {"r": "ecr"}, "credsStore": "pass"}, "ecr"),
        ({"credHelpers": {"https://r/v2/": "ecr"}}, "ecr"),
        ({"credHelpers": []}, None),
    ],
)
def test_helper_of_a_registry(content, helper):
    assert docker_cli.helper_of(content, "r") == helper


def test_entry_is_that_of_docker_login():
    assert Login("alice", "s3cret").entry() == {"auth": base64.b64encode(b"alice:s3cret").decode()}

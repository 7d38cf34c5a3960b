# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import base64
import json
import os

import pytest
from ansible_collections.flotilla.docker.plugins.module_utils.engine import credentials
from ansible_collections.flotilla.docker.plugins.module_utils.engine.credentials import DockerConfig

OPS = base64.b64encode(b"ops:pass:word").decode()
HUB = "https://index.docker.io/v1/"
REGISTRY = "hub:5000"


@pytest.fixture
def stored(tmp_path):
    """The stored login for a registry with this config.json; text is written as it is."""

    def look(config, registry=REGISTRY):
        text = config if isinstance(config, str) else json.dumps(config)
        (tmp_path / "config.json").write_text(text, encoding="utf-8")
        return DockerConfig({"DOCKER_CONFIG": str(tmp_path), "HOME": "/none"}).find(registry)

    return look


@pytest.fixture
def helper(tmp_path, monkeypatch):
    """Install a credential helper "test", whose body is shell."""

    def install(body):
        program = tmp_path / "docker-credential-test"
        program.write_text("#!/bin/sh\n" + body, encoding="utf-8")
        program.chmod(0o755)
        monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)

    return install


@pytest.mark.parametrize(
    "key, registry",
    [
        ("hub:5000", "hub:5000"),
        ("https://hub:5000", "hub:5000"),
        ("http://hub:5000/v1/", "hub:5000"),
        (HUB, "docker.io"),
        ("docker.io", "docker.io"),
        ("index.docker.io", "docker.io"),
    ],
)
def test_entry_is_found_in_each_spelling_of_its_registry(stored, key, registry):
    address = HUB if registry == "docker.io" else registry
    found = stored({"auths": {"other": {"auth": "x"}, key: {"auth": OPS}}}, registry)
    assert found == ({"username": "ops", "password": "pass:word", "serveraddress": address}, "")


def test_identity_token_is_a_login(stored):
    found = stored({"auths": {REGISTRY: {"auth": OPS, "identitytoken": "t"}}})
    assert found.login == {"identitytoken": "t", "serveraddress": REGISTRY}


@pytest.mark.parametrize(
    "config",
    [{}, {"auths": {}}, {"auths": {REGISTRY: {}}}, {"auths": {"other": {"auth": OPS}}}, {"auths": None}],
)
def test_without_an_entry_there_is_no_login_and_no_warning(stored, config):
    assert stored(config) == (None, "")


def test_without_a_file_there_is_no_login_and_no_warning(tmp_path):
    assert DockerConfig({"DOCKER_CONFIG": str(tmp_path)}).find(REGISTRY) == (None, "")


@pytest.mark.parametrize(
    "config, reason",
    [
        ({"auths": {REGISTRY: {"auth": "no base64"}}}, "docker login hub:5000"),
        ({"auths": {REGISTRY: {"auth": base64.b64encode(b"nocolon").decode()}}}, "docker login hub:5000"),
        ({"auths": {REGISTRY: {"auth": 5}}}, "docker login hub:5000"),
        ({"auths": {REGISTRY: {"auth": "w7w=x"}}}, "docker login hub:5000"),
        ({"auths": {REGISTRY: "text"}}, "must be a JSON object"),
        ({"auths": ["text"]}, "auths must be a JSON object"),
        ({"credHelpers": ["text"]}, "credHelpers must be a JSON object"),
        ({"credsStore": ["text"]}, "must name credential helpers"),
        ({"credsStore": "nosuch"}, "docker-credential-nosuch cannot be run"),
        ([], "not a JSON object"),
        ("{", "not valid JSON"),
        ("", "not valid JSON"),
    ],
)
def test_whatever_is_wrong_is_a_warning_that_names_the_file(stored, tmp_path, config, reason):
    login, warning = stored(config)
    assert login is None
    assert f"Error loading credentials for hub:5000 from {tmp_path}/config.json" in warning
    assert reason in warning


def test_broken_entry_of_another_registry_does_not_matter(stored):
    assert stored({"auths": {"other": {"auth": "no base64"}, REGISTRY: {"auth": OPS}}}).login["username"] == "ops"


def test_file_that_cannot_be_read_is_a_warning(tmp_path):
    (tmp_path / "config.json").mkdir()
    assert "the file cannot be read" in DockerConfig({"DOCKER_CONFIG": str(tmp_path)}).find(REGISTRY).warning


@pytest.mark.parametrize(
    "answer, login",
    [
        ({"Username": "ops", "Secret": "word"}, {"username": "ops", "password": "word", "serveraddress": REGISTRY}),
        ({"Username": "<token>", "Secret": "t"}, {"identitytoken": "t", "serveraddress": REGISTRY}),
        ({"Username": "", "Secret": ""}, None),
    ],
)
@pytest.mark.parametrize("config", [{"credsStore": "test"}, {"credHelpers": {REGISTRY: "test"}}])
def test_helper_returns_the_login(stored, helper, config, answer, login):
    helper(f"read address; [ $address = {REGISTRY} ] && echo '{json.dumps(answer)}'\n")
    assert stored(config) == (login, "")


def test_entry_of_the_file_is_used_if_the_helper_has_none(stored, helper):
    helper("echo 'credentials not found in native keychain'; exit 1\n")
    assert stored({"credsStore": "test", "auths": {REGISTRY: {"auth": OPS}}}).login["username"] == "ops"


@pytest.mark.parametrize(
    "body, reason",
    [
        ("echo 'the keyring is locked'; exit 1\n", "failed: the keyring is locked"),
        ("exit 1\n", "failed: it printed nothing"),
        ("echo s3cret\n", "did not print a login"),
        ("sleep 60\n", "did not answer within 0.5 seconds"),
    ],
)
def test_helper_that_fails_is_a_warning_without_its_secret(stored, helper, monkeypatch, body, reason):
    if "within 0.5 seconds" in reason:
        monkeypatch.setattr(credentials.credential_helper, "PATIENCE", 0.5)
    helper(body)
    login, warning = stored({"credsStore": "test"})
    assert login is None
    assert reason in warning
    assert "docker-credential-test" in warning
    assert "s3cret" not in warning


def test_file_is_read_once_and_only_when_a_login_is_asked_for(tmp_path):
    config = DockerConfig({"DOCKER_CONFIG": str(tmp_path)})
    (tmp_path / "config.json").write_text(json.dumps({"auths": {REGISTRY: {"auth": OPS}}}))
    assert config.find(REGISTRY).login
    (tmp_path / "config.json").unlink()
    assert config.find(REGISTRY).login

# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import hashlib
import json

import pytest
from ansible_collections.flotilla.docker.plugins.module_utils.engine.address import resolve
from ansible_collections.flotilla.docker.plugins.module_utils.errors import BadOption, Missing


@pytest.fixture
def folder(tmp_path):
    """A docker CLI's folder with the contexts remote (with TLS files) and broken."""
    for name, meta in (
        ("remote", {"Endpoints": {"docker": {"Host": "tcp://10.0.0.1:2376", "SkipTLSVerify": False}}}),
        ("broken", []),
    ):
        key = hashlib.sha256(name.encode()).hexdigest()
        path = tmp_path / "contexts" / "meta" / key
        path.mkdir(parents=True)
        (path / "meta.json").write_text(json.dumps(meta))
    (tmp_path / "contexts" / "tls" / hashlib.sha256(b"remote").hexdigest() / "docker").mkdir(parents=True)
    (tmp_path / "config.json").write_text('{"currentContext": "remote"}')
    return tmp_path


@pytest.mark.parametrize(
    "params, environ, url, origin",
    [
        ({"docker_host": "tcp://a:1"}, {"DOCKER_HOST": "tcp://b:1"}, "tcp://a:1", "docker_host"),
        ({"docker_context": "remote"}, {"DOCKER_HOST": "tcp://b:1"}, "tcp://10.0.0.1:2376", "context remote"),
        ({}, {"DOCKER_HOST": "tcp://b:1", "DOCKER_CONTEXT": "remote"}, "tcp://b:1", "DOCKER_HOST"),
        ({}, {"DOCKER_CONTEXT": "default"}, "unix:///var/run/docker.sock", "default"),
        ({}, {}, "tcp://10.0.0.1:2376", "context remote"),
        ({"docker_context": "default"}, {}, "unix:///var/run/docker.sock", "default"),
    ],
)
def test_address_has_the_precedence_of_the_docker_cli(folder, params, environ, url, origin):
    found = resolve(params, dict(environ, DOCKER_CONFIG=str(folder)))
    assert (found.url, found.origin) == (url, origin)


def test_tls_files_of_a_context_are_used(folder):
    assert resolve({"docker_context": "remote"}, {"DOCKER_CONFIG": str(folder)}).tls_folder.endswith("docker")


@pytest.mark.parametrize("name", ["nowhere", "broken"])
def test_an_unknown_or_broken_context_is_an_error(folder, name):
    with pytest.raises(Missing, match=f"no docker context {name}"):
        resolve({"docker_context": name}, {"DOCKER_CONFIG": str(folder)})


@pytest.mark.parametrize("text", ["", "{", "[]", "{}"])
def test_invalid_config_json_means_the_local_socket(tmp_path, text):
    (tmp_path / "config.json").write_text(text)
    assert resolve({}, {"DOCKER_CONFIG": str(tmp_path)}).socket_path == "/var/run/docker.sock"


@pytest.mark.parametrize(
    "url, reason",
    [
        ("/var/run/docker.sock", "must start with unix://"),
        ("unix://var/run/docker.sock", "must have an absolute path after unix://"),
        ("foo://x", "must start with"),
        ("fd://", "must start with"),
        ("tcp://host", "must have a port"),
        ("tcp://:2375", "must have a host name"),
        ("tcp://host:99999", "between 1 and 65535"),
        ("host:2375", "must start with"),
    ],
)
def test_invalid_address_is_refused(url, reason):
    with pytest.raises(BadOption, match="docker_host") as raised:
        resolve({"docker_host": url}, {})
    assert reason in str(raised.value)


@pytest.mark.parametrize(
    "url",
    ["unix:///run/user/1000/docker.sock", "tcp://[::1]:2375", "https://host:2376", "ssh://ops@host", "ssh://host:22"],
)
def test_valid_address_is_accepted(url):
    assert resolve({"docker_host": url}, {}).url == url


def test_error_names_the_variable_of_an_invalid_address():
    with pytest.raises(BadOption, match="it comes from DOCKER_HOST"):
        resolve({}, {"DOCKER_HOST": "tcp://host"})


def test_a_password_in_an_address_is_refused_and_not_shown():
    with pytest.raises(BadOption) as raised:
        resolve({"docker_host": "ssh://ops:hunter2@host"}, {})
    assert "hunter2" not in str(raised.value)

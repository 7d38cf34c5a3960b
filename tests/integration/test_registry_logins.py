# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Logins from the Docker config of the user who runs the module: files, stores and helpers, with a registry that needs a login."""

from __future__ import annotations

import base64
import json

import pytest

NAME = "hub:5443/library/busybox:1.0"
REGISTRY = "hub:5443"


@pytest.fixture
def guarded(empty, fleet):
    """A host without images that trusts the registry's CA."""
    empty.execute("mkdir", "-p", "/etc/docker/certs.d/hub:5443")
    with open(fleet["ca"], encoding="utf-8") as ca:
        empty.execute("sh", "-c", f"cat > /etc/docker/certs.d/hub:5443/ca.crt <<'END'\n{ca.read()}\nEND")
    return empty


@pytest.fixture
def configured(tmp_path, monkeypatch):
    """Write a Docker config and a credential helper "test", whose body is shell."""

    def write(config, helper=None):
        (tmp_path / "config.json").write_text(json.dumps(config), encoding="utf-8")
        monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path))
        if helper is not None:
            program = tmp_path / "docker-credential-test"
            program.write_text("#!/bin/sh\n" + helper, encoding="utf-8")
            program.chmod(0o755)
            monkeypatch.setenv("PATH", str(tmp_path), prepend=":")

    return write


def answer(hub):
    """A helper that knows one registry."""
    login = json.dumps({"ServerURL": REGISTRY, "Username": hub["username"], "Secret": hub["password"]})
    return f"read -r address; [ \"$address\" = {REGISTRY} ] || {{ echo 'credentials not found in native keychain'; exit 1; }}\necho '{login}'\n"


def entry(hub, password=None):
    """An entry of the file itself."""
    return {"auth": base64.b64encode(("{}:{}".format(hub["username"], password or hub["password"])).encode()).decode()}


@pytest.mark.parametrize("host", ["e20", "c28"], indirect=True)
def test_login_is_found_wherever_docker_login_stores_it(guarded, fleet, configured):
    hub = fleet["hub"]
    empty_helper = "echo 'credentials not found in native keychain'; exit 1\n"
    for config, helper in (
        ({"auths": {REGISTRY: entry(hub)}}, None),
        ({"auths": {REGISTRY: {}}, "credsStore": "test"}, answer(hub)),
        ({"credHelpers": {REGISTRY: "test"}}, answer(hub)),
        ({"auths": {REGISTRY: entry(hub)}, "credsStore": "test"}, empty_helper),
    ):
        configured(config, helper)
        pulled = guarded.run("image_pull", name=[NAME], retries=0)
        assert pulled["rc"] == 0, (config, pulled["msg"])
        assert hub["password"] not in json.dumps(pulled)
        guarded.api.remove_image(NAME, force=True)


@pytest.mark.parametrize(
    "config, helper, reason",
    [
        (
            {"credHelpers": {REGISTRY: "test"}},
            "echo 'the keyring is locked'; exit 1\n",
            "failed: the keyring is locked",
        ),
        ({"credHelpers": {REGISTRY: "test"}}, None, "docker-credential-test cannot be run"),
        ({"auths": {REGISTRY: {"auth": "!!"}}}, None, "Log in again with docker login hub:5443"),
        ([], None, "the file is not a JSON object"),
    ],
)
def test_login_that_cannot_be_read_is_in_the_failure_of_a_pull_and_a_warning_for_an_open_registry(
    guarded, configured, tmp_path, config, helper, reason
):
    configured(config, helper)
    failed = guarded.run("image_pull", name=[NAME], retries=0)
    assert failed["images"][0]["kind"] == "login_required"
    assert f"from {tmp_path}/config.json" in failed["msg"]
    assert reason in failed["msg"]


def test_helper_is_called_only_when_the_registry_is_asked(guarded, configured, tmp_path):
    configured({"credsStore": "test"}, 'echo called >> "$DOCKER_CONFIG/calls"; exit 1\n')
    for policy in ("always", "missing"):
        assert guarded.run("image_pull", name=["hub:5000/library/busybox:1.0"], pull=policy)["rc"] == 0
    assert (tmp_path / "calls").read_text() == "called\n"


def test_refused_identity_token_is_a_refused_login(guarded, configured):
    configured({"credHelpers": {REGISTRY: "test"}}, """echo '{"Username": "<token>", "Secret": "tok-5f0c"}'\n""")
    refused = guarded.run("image_pull", name=[NAME], retries=0)
    assert refused["images"][0]["kind"] == "login_required" and "tok-5f0c" not in json.dumps(refused)

# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Logins from the Docker config of the user who runs the module: files, stores and helpers, against a registry that wants a password."""

from __future__ import annotations

import base64
import json

import pytest

NAME = "hub:5443/library/busybox:1.0"
REGISTRY = "hub:5443"


@pytest.fixture
def guarded(empty, fleet):
    """A host without images that trusts the registry's authority."""
    empty.execute("mkdir", "-p", "/etc/docker/certs.d/hub:5443")
    with open(fleet["ca"], encoding="utf-8") as authority:
        empty.execute("sh", "-c", "cat > /etc/docker/certs.d/hub:5443/ca.crt <<'END'\n%s\nEND" % authority.read())
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
    return "read -r address; [ \"$address\" = %s ] || { echo 'credentials not found in native keychain'; exit 1; }\necho '%s'\n" % (REGISTRY, login)


def entry(hub, password=None):
    """An entry of the file itself."""
    return {"auth": base64.b64encode(("%s:%s" % (hub["username"], password or hub["password"])).encode()).decode()}


@pytest.mark.parametrize("host", ["e20", "c28"], indirect=True)
def test_a_login_is_found_wherever_docker_login_may_have_put_it(guarded, fleet, configured):
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
    "helper, said",
    [
        ("echo 'the keyring is locked'; exit 1\n", "failed for hub:5443: the keyring is locked"),
        ("echo no json\n", "something else than a login"),
        ("sleep 60\n", "did not answer within"),
        (None, "cannot be run"),
    ],
)
def test_a_helper_that_does_not_work_is_named_before_anything_is_pulled(guarded, configured, monkeypatch, helper, said):
    monkeypatch.setattr("ansible_collections.flotilla.docker.plugins.module_utils.engine.credentials.PATIENCE", 1.0)
    configured({"credHelpers": {REGISTRY: "test"}}, helper)
    failed = guarded.run("image_pull", name=[NAME], retries=0)
    assert failed["rc"] == 1 and said in failed["msg"] and "docker-credential-test" in failed["msg"] and "registry_username" in failed["msg"]
    assert not guarded.api.images()


def test_a_token_of_identity_that_the_registry_does_not_take_is_a_refused_login(guarded, configured):
    configured({"credHelpers": {REGISTRY: "test"}}, """echo '{"Username": "<token>", "Secret": "tok-5f0c"}'\n""")
    refused = guarded.run("image_pull", name=[NAME], retries=0)
    assert refused["images"][0]["kind"] == "login_required" and "tok-5f0c" not in json.dumps(refused)


def test_a_config_that_is_no_config_is_named(guarded, configured):
    configured({"auths": {REGISTRY: {"auth": "!!"}}})
    failed = guarded.run("image_pull", name=[NAME], retries=0)
    assert failed["rc"] == 1
    assert "config.json of this user cannot be read" in failed["msg"] and "docker login" in failed["msg"]

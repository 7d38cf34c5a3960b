# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Logging in and out at a registry with TLS and a password, with the file and with a credential helper."""

from __future__ import annotations

import json
import os
import uuid

import pytest
from ansible_collections.flotilla.docker.plugins.module_utils.engine.daemon import Daemon

REGISTRY = "hub:5443"
# Keeps one login in a file beside itself, as docker-credential-pass keeps it elsewhere.
HELPER = """#!/bin/sh
kept=$(dirname "$0")/kept
case $1 in
store) cat > "$kept" ;;
get) [ -s "$kept" ] || { echo credentials not found in native keychain; exit 1; }; cat "$kept" ;;
erase) cat > /dev/null; rm -f "$kept" ;;
esac
"""


@pytest.fixture
def guarded(host, fleet):
    """A host that trusts the CA of the registry."""
    host.execute("mkdir", "-p", "/etc/docker/certs.d/hub:5443")
    with open(fleet["ca"], encoding="utf-8") as ca:
        host.execute("sh", "-c", f"cat > /etc/docker/certs.d/hub:5443/ca.crt <<'END'\n{ca.read()}\nEND")
    return host


@pytest.fixture
def login(guarded, fleet, tmp_path):
    """Run the module with the right credentials and a file of its own."""
    hub = fleet["hub"]

    def run(check=False, **options):
        known = {
            "registry_url": REGISTRY,
            "username": hub["username"],
            "password": hub["password"],
            "config_path": str(tmp_path / "config.json"),
        }
        return guarded.run("registry_login", check, **dict(known, **options))

    run.file = tmp_path / "config.json"
    run.password = hub["password"]
    run.host = guarded
    return run


def content(path):
    return json.loads(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("host", ["e20", "e26", "e28"], indirect=True)
def test_log_in_once_and_out_in_any_spelling(login):
    predicted = login(check=True)
    assert not login.file.exists()
    first = login()
    assert first["changed"]
    assert first["actions"] == predicted["actions"]
    assert first["login_result"] == "Login Succeeded"
    assert list(content(login.file)["auths"]) == [REGISTRY]
    assert not login()["changed"]
    assert not login(registry_url=f"https://{REGISTRY}/v2/")["changed"]
    assert login.password not in json.dumps(first)
    assert login(state="absent", registry_url=f"https://{REGISTRY}")["changed"]
    assert content(login.file)["auths"] == {}
    assert not login(state="absent")["changed"]


@pytest.mark.parametrize("host", ["e20", "e26", "e28"], indirect=True)
def test_wrong_password_is_refused_in_check_mode_too_and_nothing_is_stored(login):
    for check in (True, False):
        refused = login(check=check, password="wrong-password")
        assert f"Cannot log in to {REGISTRY} as" in refused["msg"]
        assert "the registry refused the credentials" in refused["msg"]
        assert "wrong-password" not in json.dumps(refused)
    assert not login.file.exists()


def test_stored_credentials_that_were_revoked_are_found(login):
    assert login(password="revoked-one", verify=False)["changed"]
    assert "the registry refused the credentials" in login(password="revoked-one")["msg"]


def test_credential_helper_keeps_the_login(login, monkeypatch, tmp_path):
    program = tmp_path / "docker-credential-test"
    program.write_text(HELPER, encoding="utf-8")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    login.file.write_text('{"credsStore": "test", "detachKeys": "ctrl-x"}', encoding="utf-8")
    stored = login()
    assert stored["stored_in"] == "docker-credential-test"
    assert content(login.file) == {"credsStore": "test", "detachKeys": "ctrl-x", "auths": {REGISTRY: {}}}
    assert not login()["changed"]
    assert login(state="absent")["changed"]
    assert not (tmp_path / "kept").exists()


def test_identity_token_is_stored_kept_and_in_no_result(login, monkeypatch):
    """A registry that issues another token at each login, and accepts the earlier ones."""

    def answer(self, login):
        return {
            "Status": "Login Succeeded",
            **({} if login.get("identitytoken") else {"IdentityToken": f"identity-token-{uuid.uuid4()}"}),
        }

    monkeypatch.setattr(Daemon, "login", answer)
    results = [login(check=True), login()]
    entry = content(login.file)["auths"][REGISTRY]
    results += [login(), login(check=True)]
    assert [result["changed"] for result in results] == [True, True, False, False]
    assert entry["identitytoken"].startswith("identity-token-")
    assert content(login.file)["auths"][REGISTRY] == entry
    assert login.password not in login.file.read_text(encoding="utf-8")
    assert "identity-token" not in json.dumps(results)


def test_helper_that_is_not_installed_is_named(login):
    login.file.write_text('{"credsStore": "nonesuch"}', encoding="utf-8")
    assert "the credential helper docker-credential-nonesuch cannot be run" in login()["msg"]


def test_broken_file_is_never_overwritten(login):
    login.file.write_text('{"auths": {', encoding="utf-8")
    assert "is not valid JSON" in login()["msg"]
    assert login.file.read_text(encoding="utf-8") == '{"auths": {'


def test_registry_that_does_not_exist_is_explained(login):
    refused = login(registry_url="nowhere.invalid:5000")
    assert "the registry cannot be reached" in refused["msg"]


def test_daemon_need_not_run_unless_it_verifies(login):
    assert login(verify=False, docker_host="unix:///nonexistent.sock")["changed"]
    assert not login(verify=False, docker_host="unix:///nonexistent.sock")["changed"]
    assert login(state="absent", docker_host="unix:///nonexistent.sock")["changed"]


def test_owner_that_does_not_exist_yet_is_a_warning_in_check_mode(login, capfd):
    predicted = login(check=True, owner="no-such-user", config_path=None)
    assert predicted["changed"]
    assert "User no-such-user does not exist" in capfd.readouterr().err


@pytest.mark.parametrize(
    "options, message",
    [
        ({"registry_url": " "}, "registry_url must be the address of a registry"),
        ({"owner": "no-such-user"}, "owner must be a user of the managed host"),
        ({"password": None}, "password"),
        ({"username": "a:b"}, "username must not have a colon"),
        ({"registry_url": "hub:99999"}, "the address is not valid"),
    ],
    ids=str,
)
def test_options_that_cannot_work_are_refused(login, options, message):
    assert message in login(**options)["msg"]


def test_revoked_login_is_found_in_check_mode_and_can_be_removed_in_any_spelling(login):
    assert login(password="revoked-one", verify=False)["changed"]
    before = login.file.read_text(encoding="utf-8")
    refused = login(check=True, password="revoked-one")
    assert "the registry refused the credentials" in refused["msg"]
    assert login.file.read_text(encoding="utf-8") == before
    removal = {"state": "absent", "registry_url": f"https://{REGISTRY}/v2/"}
    assert login(check=True, **removal)["changed"]
    assert login.file.read_text(encoding="utf-8") == before
    assert login(**removal)["changed"]
    assert content(login.file)["auths"] == {}


def test_folder_that_cannot_be_written_is_named(login, tmp_path):
    (tmp_path / "file").write_text("", encoding="utf-8")
    refused = login(config_path=str(tmp_path / "file" / "config.json"))
    assert "file/config.json: Not a directory" in refused["msg"]
    refused = login(config_path="/proc/nonesuch/config.json")
    assert "Cannot write /proc/nonesuch/config.json" in refused["msg"]
    assert (refused["changed"], refused["not_undone"]) == (False, [])


def test_logins_at_the_same_time_lose_nothing(login):
    names = [f"registry{number}.example.com" for number in range(6)]
    runs = [
        login.host.start(
            "registry_login",
            registry_url=name,
            username="ops",
            password=f"secret-of-{name}",
            verify=False,
            config_path=str(login.file),
        )
        for name in names
    ]
    assert [run.result()["changed"] for run in runs] == [True] * len(names)
    assert sorted(content(login.file)["auths"]) == names

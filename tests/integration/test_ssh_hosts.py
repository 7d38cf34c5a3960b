# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Daemons at ssh:// addresses: what works, and the message of each failure. SSH never prompts, and every wait ends."""

from __future__ import annotations

import os
import shutil
import subprocess

import modules
import pytest
from registry import BUSYBOX


class Client:
    """The ssh of the user who runs the modules, with a configuration of its own."""

    def __init__(self, folder, fleet):
        self.known_hosts, self.key = folder / "known_hosts", folder / "key"
        state = fleet["state_dir"]
        shutil.copy(os.path.join(state, "known_hosts"), self.known_hosts)
        shutil.copy(fleet["key"], self.key)
        config = folder / "config"
        config.write_text(
            f"IdentityFile {self.key}\nIdentitiesOnly yes\nUserKnownHostsFile {self.known_hosts}\n", encoding="utf-8"
        )
        self.program = folder / "bin" / "ssh"
        self.program.parent.mkdir()
        self.program.write_text(f'#!/bin/sh\nexec {shutil.which("ssh")} -F {config} "$@"\n', encoding="utf-8")
        self.program.chmod(0o755)


@pytest.fixture
def client(fleet, tmp_path, monkeypatch):
    client = Client(tmp_path, fleet)
    monkeypatch.setenv("PATH", f"{client.program.parent}:{os.environ['PATH']}")
    return client


@pytest.fixture
def address(fleet):
    """Of a host of the fleet, such as ssh://root@192.0.2.10."""
    return lambda host, user="root": f"ssh://{user}@{fleet['hosts'][host]['address']}"


def run(module, url, **options):
    return modules.Run(module, {"docker_host": url, "timeout": 60, **options}).result()


def status(url, **options):
    return run("docker_daemon_status", url, **options)


@pytest.mark.parametrize("host", ["e20", "e28", "c28"])
def test_status_over_ssh_has_no_unit_facts(client, address, host):
    found = status(address(host))

    assert (found["state"], found["reachable"], found["advice"]) == ("running", True, "")
    assert found["service"] is None
    assert "reached over a network" in found["no_unit_facts"]


def test_ssh_address_may_contain_a_socket_path(client, address):
    assert status(address("e28") + "/run/docker.sock")["state"] == "running"
    assert status(address("e28") + "/run/elsewhere.sock")["state"] == "unreachable"


@pytest.mark.parametrize("host", ["e20", "e28"], indirect=True)
def test_image_is_pulled_and_container_started_over_ssh(client, address, host, empty):
    url = address(host.name)
    pulled = run("image_pull", url, name=[BUSYBOX])
    again = run("image_pull", url, name=[BUSYBOX])
    made = run("container_run", url, name="far", image=BUSYBOX, command=["sleep", "600"])
    listed = run("image_list", url)

    assert (pulled["rc"], pulled["changed"], again["changed"]) == (0, True, False), pulled
    assert made["rc"] == 0, made
    assert host.inspect("far")["State"]["Running"]
    assert listed["images"]


def test_key_that_the_host_refuses_is_explained(client, address):
    client.key.unlink()
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(client.key)], check=True)
    assert_reports(status(address("e28")), "unreachable", "refused the SSH login", "without a password prompt")


def test_key_with_a_passphrase_fails_without_a_prompt(client, address):
    subprocess.run(
        ["ssh-keygen", "-q", "-p", "-N", "a passphrase", "-f", str(client.key)], check=True, capture_output=True
    )
    assert_reports(status(address("e28")), "unreachable", "refused the SSH login", "without a password prompt")


def test_unknown_host_key_is_explained(client, address):
    client.known_hosts.write_text("", encoding="utf-8")
    assert_reports(status(address("e28")), "unreachable", "is not in known_hosts", "add it to known_hosts")


def test_changed_host_key_is_explained(client, address, fleet):
    other = subprocess.run(
        ["ssh-keygen", "-y", "-f", str(client.key)], check=True, capture_output=True, text=True
    ).stdout
    client.known_hosts.write_text(f"{fleet['hosts']['e28']['address']} {other}", encoding="utf-8")
    assert_reports(status(address("e28")), "unreachable", "it may be a different host", "ssh-keygen -R HOST")


def test_unknown_host_name_is_explained(client):
    assert_reports(
        status("ssh://root@nowhere.invalid"), "unreachable", "cannot be resolved", "Correct the host in docker_host"
    )


def test_port_without_ssh_server_is_explained(client, address):
    assert_reports(status(address("e28") + ":9"), "unreachable", "no SSH server listens", "the port in docker_host")


def test_host_without_docker_is_explained(client, address):
    assert_reports(
        status(address("bare")),
        "not_installed",
        "the docker CLI, which is needed to reach the daemon, is not installed",
        "Install Docker there",
    )


@pytest.mark.parametrize("host", ["e20", "e28"])
def test_user_without_permission_for_the_socket_is_explained(client, address, host):
    assert_reports(
        status(address(host, "ops")),
        "no_permission",
        "has no permission to use the daemon's socket there",
        "group docker there",
    )


@pytest.mark.parametrize("host", ["e20", "e28"], indirect=True)
def test_stopped_daemon_is_explained(client, address, host):
    host.execute("systemctl", "stop", "docker.socket", "docker.service")
    try:
        assert_reports(
            status(address(host.name)), "unreachable", "the daemon is not running on the host", "systemctl start docker"
        )
    finally:
        host.execute("systemctl", "reset-failed", "docker.socket", "docker.service")
        host.execute("systemctl", "start", "docker.socket", "docker.service")


def test_hanging_daemon_is_explained(client, address, host):
    host.execute("systemctl", "kill", "--signal=STOP", "docker.service")
    try:
        assert_reports(
            status(address(host.name), timeout=10), "hung", "did not respond within 10 s", "increase timeout"
        )
    finally:
        host.execute("systemctl", "kill", "--signal=CONT", "docker.service")


def test_missing_ssh_program_is_explained(client, address, monkeypatch):
    monkeypatch.setenv("PATH", "/nowhere")
    assert_reports(status(address("e28")), "unreachable", "the program ssh is not installed", "openssh-client")


def assert_reports(found, state, cause, advice):
    assert (found["rc"], found["state"], found["reachable"]) == (0, state, False), found
    assert cause in found["cause"]
    assert advice in found["advice"]
    assert found["service"] is None

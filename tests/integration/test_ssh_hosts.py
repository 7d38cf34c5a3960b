# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Daemons behind ssh://: what works, and what each failure says. Nothing asks for anything, and nothing waits for ever."""

from __future__ import annotations

import os
import shutil
import subprocess

import pytest

import modules
from registry import BUSYBOX


class Client:
    """The ssh of the user who runs the modules, with a configuration of its own."""

    def __init__(self, folder, fleet):
        self.known_hosts, self.key = folder / "known_hosts", folder / "key"
        state = fleet["state_dir"]
        shutil.copy(os.path.join(state, "known_hosts"), self.known_hosts)
        shutil.copy(fleet["key"], self.key)
        config = folder / "config"
        config.write_text(f"IdentityFile {self.key}\nIdentitiesOnly yes\nUserKnownHostsFile {self.known_hosts}\n", encoding="utf-8")
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
    return modules.Run(module, {"docker_host": url, "timeout": 10, **options}).result()


def status(url, **options):
    return run("docker_daemon_status", url, **options)


@pytest.mark.parametrize("host", ["e20", "e28", "c28"])
def test_the_daemon_is_read_without_facts_of_its_units(client, address, host):
    found = status(address(host))

    assert (found["state"], found["reachable"], found["advice"]) == ("running", True, "")
    assert found["service"] is None
    assert "reached over a network" in found["no_unit_facts"]


def test_a_socket_can_be_named(client, address):
    assert status(address("e28") + "/run/docker.sock")["state"] == "running"
    assert status(address("e28") + "/run/elsewhere.sock")["state"] == "unreachable"


@pytest.mark.parametrize("host", ["e20", "e28"], indirect=True)
def test_an_image_is_pulled_and_a_container_runs(client, address, host, empty):
    url = address(host.name)
    pulled = run("image_pull", url, name=[BUSYBOX])
    again = run("image_pull", url, name=[BUSYBOX])
    made = run("container_run", url, name="far", image=BUSYBOX, command=["sleep", "600"])
    listed = run("image_list", url)

    assert (pulled["rc"], pulled["changed"], again["changed"]) == (0, True, False), pulled
    assert made["rc"] == 0, made
    assert host.inspect("far")["State"]["Running"]
    assert listed["images"]


def test_a_key_that_is_not_accepted(client, address):
    client.key.unlink()
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(client.key)], check=True)
    told(status(address("e28")), "unreachable", "does not let this user log in by SSH", "a key that the SSH host accepts")


def test_a_key_that_wants_a_passphrase_asks_nobody(client, address):
    subprocess.run(["ssh-keygen", "-q", "-p", "-N", "a passphrase", "-f", str(client.key)], check=True, capture_output=True)
    told(status(address("e28")), "unreachable", "does not let this user log in by SSH", "without a question")


def test_a_host_whose_key_is_not_known(client, address):
    client.known_hosts.write_text("", encoding="utf-8")
    told(status(address("e28")), "unreachable", "is not known here", "put it into known_hosts")


def test_a_host_whose_key_is_another_one(client, address, fleet):
    other = subprocess.run(["ssh-keygen", "-y", "-f", str(client.key)], check=True, capture_output=True, text=True).stdout
    client.known_hosts.write_text(f"{fleet['hosts']['e28']['address']} {other}", encoding="utf-8")
    told(status(address("e28")), "unreachable", "it may be another host", "ssh-keygen -R HOST")


def test_a_name_that_is_no_host(client):
    told(status("ssh://root@nowhere.invalid"), "unreachable", "cannot be resolved", "Correct the host in docker_host")


def test_a_port_where_no_sshd_listens(client, address):
    told(status(address("e28") + ":9"), "unreachable", "no sshd listens", "the port in docker_host")


def test_a_host_without_docker(client, address):
    told(status(address("bare")), "not_installed", "there is no docker CLI on the host", "Install Docker there")


@pytest.mark.parametrize("host", ["e20", "e28"])
def test_a_user_who_may_not_use_the_socket(client, address, host):
    told(status(address(host, "ops")), "no_permission", "may not use the daemon's socket there", "group docker there")


@pytest.mark.parametrize("host", ["e20", "e28"], indirect=True)
def test_a_daemon_that_is_stopped(client, address, host):
    host.execute("systemctl", "stop", "docker.socket", "docker.service")
    try:
        told(status(address(host.name)), "unreachable", "no daemon answers on the host", "systemctl start docker")
    finally:
        host.execute("systemctl", "start", "docker.socket", "docker.service")


def test_a_daemon_that_hangs(client, address, host):
    host.execute("systemctl", "kill", "--signal=STOP", "docker.service")
    try:
        told(status(address(host.name), timeout=2), "hung", "gave no answer within 2 s", "raise timeout")
    finally:
        host.execute("systemctl", "kill", "--signal=CONT", "docker.service")


def test_no_program_ssh(client, address, monkeypatch):
    monkeypatch.setenv("PATH", "/nowhere")
    told(status(address("e28")), "unreachable", "no program ssh", "openssh-client")


def told(found, state, cause, advice):
    assert (found["rc"], found["state"], found["reachable"]) == (0, state, False), found
    assert cause in found["cause"]
    assert advice in found["advice"]
    assert found["service"] is None

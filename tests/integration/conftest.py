# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fixtures: real Engines, and modules that are run as Ansible runs them."""

from __future__ import annotations

import os
import re
import subprocess

import docker
import fleets
import modules
import pytest
import ran_lines
import waiting
from registry import Registry
from target import SystemEngine

HOSTS = {
    "bare": "13",
    "e20": "12,engine",
    "e26": "13,engine",
    "e28": "forky,engine",
    "c26": "13,engine,containerd",
    "c28": "forky,engine,containerd",
    "r20": "12,rootless",
    "r28": "forky,rootless",
    "p12": "12,podman",
    "pfo": "forky,podman",
}


@pytest.fixture(scope="session")
def fleet():
    """What fleet.json says. FLOTILLA_NEW_FLEET names it, so that two runs can be side by side."""
    with fleets.fleet(os.environ.get("FLOTILLA_NEW_FLEET", "it"), HOSTS) as described:
        yield described


class Host:
    """A host of the fleet with an engine."""

    def __init__(self, name, described):
        self.name = name
        self.socket = described["socket"]
        self.container = described["container"]
        self.address = described["address"]
        self.api = docker.APIClient(base_url=self.socket, version="auto", timeout=120)

    def run(self, module, check=False, **options):
        """The result of one run of a module against this Engine; "rc" is 0 unless it failed."""
        return self.start(module, check, **options).result()

    def start(self, module, check=False, **options):
        """Start the module and return while it runs."""
        return modules.Run(module, dict({"docker_host": self.socket}, **options), check)

    def execute(self, *command):
        """Run a command on the host as root."""
        return subprocess.run(
            ["docker", "exec", self.container, *command], check=True, capture_output=True, text=True
        ).stdout

    def restart_engine(self):
        """Restart the daemon, which systemd refuses after three starts within a minute unless they are forgotten."""
        self.execute("sh", "-c", "systemctl reset-failed docker.service; systemctl restart docker.service")

    def inspect(self, name):
        """The inspected container, or None."""
        try:
            return self.api.inspect_container(name)
        except docker.errors.NotFound:
            return None

    def need(self, *images):
        """Pull those of the images that are missing, which other tests may have removed."""
        for image in images:
            try:
                self.api.inspect_image(image)
            except docker.errors.NotFound:
                self.api.pull(image, tag=None if ":" in image else "latest")

    def names(self):
        """Names of all containers."""
        return sorted(name.lstrip("/") for container in self.api.containers(all=True) for name in container["Names"])

    def clear(self):
        """Remove objects that tests left."""
        waiting.remove_all(
            lambda: self.api.containers(all=True),
            lambda container: self.api.remove_container(container["Id"], force=True, v=True),
        )


@pytest.fixture(scope="session")
def hosts(fleet):
    """Name to Host."""
    return {name: Host(name, described) for name, described in fleet["hosts"].items() if described["socket"]}


@pytest.fixture
def host(request, hosts):
    """One host without containers: e28, or the one that @pytest.mark.parametrize("host", [...], indirect=True) names."""
    chosen = hosts[getattr(request, "param", "e28")]
    chosen.clear()
    yield chosen
    chosen.clear()


@pytest.fixture
def target(request, fleet):
    """A host whose daemon runs before and after the test: e20, or the one that indirect=True names."""
    chosen = SystemEngine(fleet, getattr(request, "param", "e20"))
    yield chosen
    chosen.heal()


@pytest.fixture
def registry(fleet):
    """The registry behind the proxy, without faults before and after the test."""
    hub = Registry(fleet["hub"])
    hub.heal()
    yield hub
    hub.heal()


@pytest.fixture
def empty(host):
    """The host without images."""
    if host.name.startswith("c"):
        # Leases of an interrupted pull would keep its layers for hours, so that tests would not pull them.
        host.execute("sh", "-c", "ctr -n moby leases ls -q | xargs -r ctr -n moby leases rm --sync")
    waiting.remove_all(host.api.images, lambda image: host.api.remove_image(image["Id"], force=True))
    return host


@pytest.fixture
def play(fleet, tmp_path):
    """Run tasks by ansible-playbook on hosts of the fleet, over SSH, with these arguments; returns the finished process."""

    def run(tasks, *arguments, hosts="e28"):
        return fleets.play(
            fleet, tmp_path / "play.yml", [{"hosts": hosts, "gather_facts": False, "tasks": tasks}], *arguments
        )

    return run


def pytest_sessionstart():
    """Record the lines that run, if that is wanted."""
    ran_lines.start()


def pytest_sessionfinish():
    """Write the lines that ran in this process; those of modules are written already."""
    ran_lines.save()


def pytest_make_parametrize_id(config, val, argname):
    """Short ids for dictionaries."""
    return re.sub(r"[^\w=.,-]+", "_", str(val))[:60] if isinstance(val, dict) else None

# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An Engine of the test fleet."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import docker

from peer_suite.paths import FLEETS


class Engine:
    """A host's Engine: its address, its versions, and clean-up."""

    def __init__(self, name, socket, container):
        self.name = name
        self.socket = socket
        self._container = container
        self._client = docker.DockerClient(socket)
        version = self._client.version()
        self.version, self.api_version = version["Version"], version["ApiVersion"]

    def trust(self, registries, ca):
        """Have the Engine accept certificates of this CA from registries."""
        for registry in registries:
            folder = f"/etc/docker/certs.d/{registry}"
            subprocess.run(
                ["docker", "exec", "-i", self._container, "sh", "-c", f"mkdir -p {folder} && cat > {folder}/ca.crt"],
                input=ca,
                check=True,
            )

    def forget_images(self, prefix):
        """Remove images of an earlier run, so that those of this one are pulled."""
        for image in self._client.images.list():
            for tag in image.tags:
                if tag.startswith(prefix):
                    self._client.images.remove(tag, force=True)

    def sweep(self, prefix):
        """Remove the objects that the tests left, by their prefix."""
        for container in self._client.containers.list(all=True, ignore_removed=True):
            if container.name.startswith(prefix):
                container.remove(force=True, v=True)
        for found in (*self._client.networks.list(), *self._client.volumes.list()):
            if found.name.startswith(prefix):
                found.remove()


class Fleet:
    """What fleet.json says: the Engines of ``wanted`` hosts, or of all, and the registries."""

    def __init__(self, name, wanted):
        state = FLEETS / name / "fleet.json"
        if not state.is_file():
            raise SystemExit(
                f"there is no fleet {name}: create it with python tests/fleet up --name {name} --host p20=12,engine"
            )
        described = json.loads(state.read_text())
        hosts = {
            name: host for name, host in described["hosts"].items() if host["socket"] and (not wanted or name in wanted)
        }
        if not hosts:
            raise SystemExit(f"the fleet {name} has no such host with an engine")
        self.engines = [Engine(name, host["socket"], host["container"]) for name, host in hosts.items()]
        hub = described["hub"]
        self.registry = hub["registry"]
        # One registry with a password, under two names that its certificate has.
        self.guarded = [hub["registry_auth"], f"{hub['address']}:{hub['registry_auth'].rpartition(':')[2]}"]
        self.login = {"username": hub["username"], "password": hub["password"]}
        for engine in self.engines:
            engine.trust(self.guarded, Path(described["ca"]).read_bytes())

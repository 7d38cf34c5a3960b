# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An engine of the test fleet."""

from __future__ import annotations

import json

import docker

from peer_suite.paths import FLEETS


class Engine:
    """A host's engine: its address, its versions, and a broom."""

    def __init__(self, name, socket):
        self.name = name
        self.socket = socket
        self._client = docker.DockerClient(socket)
        version = self._client.version()
        self.version, self.api_version = version["Version"], version["ApiVersion"]

    def forget_images(self, prefix):
        """Remove images of an earlier run, so that those of this one are pulled."""
        for image in self._client.images.list():
            for tag in image.tags:
                if tag.startswith(prefix):
                    self._client.images.remove(tag, force=True)

    def sweep(self, prefix):
        """Remove what the tests left under their prefix."""
        for container in self._client.containers.list(all=True, ignore_removed=True):
            if container.name.startswith(prefix):
                container.remove(force=True, v=True)
        for found in (*self._client.networks.list(), *self._client.volumes.list()):
            if found.name.startswith(prefix):
                found.remove()


def of_fleet(fleet, wanted):
    """The registry's address, and the engines of a fleet (those of ``wanted``, or all)."""
    state = FLEETS / fleet / "fleet.json"
    if not state.is_file():
        raise SystemExit(f"there is no fleet {fleet}: bring it up with python tests/fleet up --name {fleet} --host p20=12,engine")
    described = json.loads(state.read_text())
    hosts = {name: host for name, host in described["hosts"].items() if host["socket"] and (not wanted or name in wanted)}
    if not hosts:
        raise SystemExit(f"the fleet {fleet} has no such host with an engine")
    return described["hub"]["registry"], [Engine(name, host["socket"]) for name, host in hosts.items()]

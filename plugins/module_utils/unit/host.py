# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""All that the managed host itself says about the daemon at an address."""

from __future__ import annotations

import os
from typing import Any, Optional

from . import docker, systemd

SERVICE, SOCKET, CONTAINERD = "docker.service", "docker.socket", "containerd.service"


def read(url: str, path: Optional[str]) -> dict[str, Any]:
    """Facts for diagnosis.Host. ``path`` is that of the daemon's socket, None for an address on a network."""
    facts: dict[str, Any] = {"address": url, "local": path is not None, "user": docker.current_user()}
    if path is None:
        return dict(facts, no_unit_facts="The daemon at %s is reached over a network: the units of its host cannot be read from here" % url)
    own = path.startswith("/run/user/%d/" % os.geteuid())
    facts.update(user_unit=own, program=docker.find_program("dockerd"), socket_file=docker.describe_socket(path))
    units = systemd.read_units([SERVICE, SOCKET] if own else [SERVICE, SOCKET, CONTAINERD], user=own)
    if units is None:
        return dict(facts, no_unit_facts="systemd does not run this host%s" % (" for this user" if own else ""))
    service, socket = units[SERVICE], units[SOCKET]
    if not own and not _same(path, socket["listens_on"]):
        return dict(facts, no_unit_facts="The socket %s is not one of docker.socket, so docker.service says nothing about it" % path)
    facts.update(service=service, socket=socket, containerd=units.get(CONTAINERD))
    facts["configuration"] = _configuration(service, own)
    if service["active_state"] in ("failed", "activating"):
        facts["journal"] = systemd.read_journal(SERVICE, user=own)
    return facts


def _configuration(service: dict[str, Any], user: bool) -> dict[str, Any]:
    found = docker.read_configuration(docker.configuration_path(service["command"], user))
    started, modified = systemd.seconds(service["started_at"]), found["modified"]
    newer = service["main_pid"] and started and modified and modified > started
    return dict(found, modified=systemd.moment(modified), newer_than_start=bool(newer))


def _same(path: str, listens_on: list[str]) -> bool:
    """Whether docker.service is behind a socket. The default path counts where docker.socket is missing or masked, and so says nothing."""
    known = [os.path.realpath(listened) for listened in listens_on] + [os.path.realpath("/run/docker.sock")]
    return os.path.realpath(path) in known

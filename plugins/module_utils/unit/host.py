# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""All that the managed host itself says about the daemon at an address."""

from __future__ import annotations

import os
from typing import Any, Optional

from . import account, docker, podman, systemd

SERVICE, SOCKET, CONTAINERD = "docker.service", "docker.socket", "containerd.service"


def read(url: str, path: Optional[str]) -> dict[str, Any]:
    """Facts for diagnosis.Host. ``path`` is that of the daemon's socket, None for an address on a network."""
    facts: dict[str, Any] = {"address": url, "local": path is not None, "user": docker.current_user()}
    if path is None:
        return dict(facts, no_unit_facts="The daemon at %s is reached over a network: the units of its host cannot be read from here" % url)
    owner = account.owner_of(path)
    facts.update(program=docker.find_program("dockerd"), socket_file=docker.describe_socket(path))
    if podman.owns(path):
        return podman.read(facts, owner)
    if owner:
        return _read_of_user(facts, owner)
    units = systemd.read_units([SERVICE, SOCKET, CONTAINERD])
    if units is None:
        return dict(facts, no_unit_facts="systemd does not run this host")
    if not _same(path, units[SOCKET]["listens_on"]):
        return dict(facts, no_unit_facts="The socket %s is not one of docker.socket, so docker.service says nothing about it" % path)
    return _with_units(facts, units, None)


def _read_of_user(facts: dict[str, Any], owner: account.Account) -> dict[str, Any]:
    """The same for an Engine that belongs to a user."""
    facts.update(owner=owner.name, lingers=owner.lingers)
    if os.geteuid() not in (0, owner.uid):
        return dict(facts, no_unit_facts="What systemd knows of the units of %s, it tells %s and root alone" % (owner.name, owner.name))
    units = systemd.read_units([SERVICE, SOCKET], owner)
    if units is None:
        return dict(facts, sleeping=True, unit_file=bool(owner.find_unit(SERVICE)), no_unit_facts="systemd does not run the units of %s now" % owner.name)
    return _with_units(facts, units, owner)


def _with_units(facts: dict[str, Any], units: dict[str, dict[str, Any]], owner: Optional[account.Account]) -> dict[str, Any]:
    service = units[SERVICE]
    facts.update(service=service, socket=units[SOCKET], containerd=units.get(CONTAINERD), configuration=_configuration(service, owner))
    if service["active_state"] in ("failed", "activating"):
        # A system's dockerd answers a flag that it does not know with more than a hundred lines of usage.
        facts["journal"] = systemd.read_journal(SERVICE, lines=20 if owner else 250, account=owner)
    return facts


def _configuration(service: dict[str, Any], owner: Optional[account.Account]) -> dict[str, Any]:
    found = docker.read_configuration(docker.configuration_path(service["command"], owner))
    started, modified = systemd.seconds(service["started_at"]), found["modified"]
    newer = service["main_pid"] and started and modified and modified > started
    return dict(found, modified=systemd.moment(modified), newer_than_start=bool(newer))


def _same(path: str, listens_on: list[str]) -> bool:
    """Whether docker.service is behind a socket. The default path counts where docker.socket is missing or masked, and so says nothing."""
    known = [os.path.realpath(listened) for listened in listens_on] + [os.path.realpath("/run/docker.sock")]
    return os.path.realpath(path) in known

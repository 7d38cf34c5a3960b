# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reads facts of the managed host about the daemon at an address."""

from __future__ import annotations

import os
from typing import Any

from . import dockerd, podman_units, systemd, users

SERVICE, SOCKET, CONTAINERD = "docker.service", "docker.socket", "containerd.service"


def read(url: str, path: str | None) -> dict[str, Any]:
    """Facts for daemon_status.facts.DaemonFacts. ``path`` is that of the daemon's socket, None for an address on a network."""
    facts: dict[str, Any] = {"address": url, "local": path is not None, "user": dockerd.current_user()}
    if path is None:
        return dict(
            facts,
            no_unit_facts=f"The daemon at {url} is reached over a network, so the systemd units of its host cannot be read",
        )
    owner = users.owner_of(path)
    facts.update(program=dockerd.find_program("dockerd"), socket_file=dockerd.describe_socket(path))
    if podman_units.owns(path):
        return podman_units.read(facts, owner)
    if owner:
        return _read_of_user(facts, owner)
    units = systemd.read_units([SERVICE, SOCKET, CONTAINERD])
    if units is None:
        return dict(facts, no_unit_facts="This host does not run systemd")
    if not _same(path, units[SOCKET]["listens_on"]):
        return dict(
            facts,
            no_unit_facts=f"The socket {path} does not belong to docker.socket, so the state of docker.service does not apply to it",
        )
    return _with_units(facts, units, None)


def _read_of_user(facts: dict[str, Any], owner: users.Account) -> dict[str, Any]:
    """The same for a rootless Engine."""
    facts.update(owner=owner.name, lingers=owner.lingers)
    if os.geteuid() not in (0, owner.uid):
        return dict(
            facts,
            no_unit_facts=f"Only {owner.name} and root can read the systemd units of user {owner.name}",
        )
    units = systemd.read_units([SERVICE, SOCKET], owner)
    if units is None:
        return dict(
            facts,
            sleeping=True,
            unit_file=bool(owner.find_unit(SERVICE)),
            no_unit_facts=f"The systemd of user {owner.name} is not running",
        )
    return _with_units(facts, units, owner)


def _with_units(facts: dict[str, Any], units: dict[str, dict[str, Any]], owner: users.Account | None) -> dict[str, Any]:
    service = units[SERVICE]
    facts.update(
        service=service,
        socket=units[SOCKET],
        containerd=units.get(CONTAINERD),
        configuration=_configuration(service, owner),
    )
    if service["active_state"] in ("failed", "activating"):
        # dockerd answers an unknown flag with more than a hundred lines of usage.
        facts["journal"] = systemd.read_journal(SERVICE, lines=20 if owner else 250, account=owner)
    return facts


def _configuration(service: dict[str, Any], owner: users.Account | None) -> dict[str, Any]:
    found = dockerd.read_configuration(dockerd.configuration_path(service["command"], owner))
    started, modified = systemd.seconds(service["started_at"]), found["modified"]
    newer = service["main_pid"] and started and modified and modified > started
    return dict(found, modified=systemd.moment(modified), newer_than_start=bool(newer))


def _same(path: str, listens_on: list[str]) -> bool:
    """Whether docker.service is behind a socket. The default path counts where docker.socket is missing or masked."""
    known = [os.path.realpath(listened) for listened in listens_on] + [os.path.realpath("/run/docker.sock")]
    return os.path.realpath(path) in known

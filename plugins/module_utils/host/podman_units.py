# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reads the units of Podman's API: a socket, and a service that systemd starts for a client and that exits by itself."""

from __future__ import annotations

import os
from typing import Any

from . import dockerd, systemd, users

SERVICE, SOCKET = "podman.service", "podman.socket"


def owns(path: str) -> bool:
    """Whether a socket is Podman's; the package podman-docker links it to the path of Docker's."""
    return os.path.realpath(path).endswith("/podman/podman.sock")


def read(facts: dict[str, Any], owner: users.Account | None) -> dict[str, Any]:
    """Facts of a socket that is Podman's, for daemon_status.facts.DaemonFacts."""
    facts = dict(facts, podman=True, program=dockerd.find_program("podman"))
    if owner:
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
            sleeping=bool(owner),
            no_unit_facts=f"The systemd of user {owner.name} is not running"
            if owner
            else "This host does not run systemd",
        )
    facts.update(service=units[SERVICE], socket=units[SOCKET])
    if units[SERVICE]["active_state"] in ("failed", "activating"):
        facts["journal"] = systemd.read_journal(SERVICE, account=owner)
    return facts

# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The units of Podman's API: a socket that listens, and a service that systemd starts for a client and that ends by itself."""

from __future__ import annotations

import os
from typing import Any, Optional

from . import account, docker, systemd

SERVICE, SOCKET = "podman.service", "podman.socket"


def owns(path: str) -> bool:
    """Whether a socket is Podman's; the package podman-docker lays a link to it where Docker's would be."""
    return os.path.realpath(path).endswith("/podman/podman.sock")


def read(facts: dict[str, Any], owner: Optional[account.Account]) -> dict[str, Any]:
    """Facts for diagnosis.Host of a socket that is Podman's."""
    facts = dict(facts, podman=True, program=docker.find_program("podman"))
    if owner:
        facts.update(owner=owner.name, lingers=owner.lingers)
        if os.geteuid() not in (0, owner.uid):
            return dict(facts, no_unit_facts="What systemd knows of the units of %s, it tells %s and root alone" % (owner.name, owner.name))
    units = systemd.read_units([SERVICE, SOCKET], owner)
    if units is None:
        return dict(facts, sleeping=bool(owner), no_unit_facts="systemd does not run %s" % ("the units of %s now" % owner.name if owner else "this host"))
    facts.update(service=units[SERVICE], socket=units[SOCKET])
    if units[SERVICE]["active_state"] in ("failed", "activating"):
        facts["journal"] = systemd.read_journal(SERVICE, account=owner)
    return facts

# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Facts of the managed host about its daemon, without the API."""

from __future__ import annotations

from typing import Any, NamedTuple


class DaemonFacts(NamedTuple):
    """Facts from systemd, the disk and the user database. Facts of units are None if systemd does not manage the daemon.

    ``owner`` is the user whose rootless Engine it is, None for the system's; ``lingers``: the owner's units run without a login; ``sleeping``:
    they do not run now; ``podman``: the socket and the units are Podman's; ``unit_file``: the owner has a docker.service.
    """

    address: str
    service: dict[str, Any] | None = None
    socket: dict[str, Any] | None = None
    containerd: dict[str, Any] | None = None
    local: bool = True
    program: str | None = None
    socket_file: str | None = None
    user: str = "root"
    owner: str | None = None
    lingers: bool = True
    sleeping: bool = False
    unit_file: bool = False
    journal: list[str] = []
    no_unit_facts: str | None = None
    configuration: dict[str, Any] | None = None
    podman: bool = False

    @property
    def product(self) -> str:
        """Whose daemon it is, as the return value product has it."""
        return "podman" if self.podman else "docker"

# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The return values of docker_daemon_status, without its listings."""

from __future__ import annotations

import platform
from typing import TYPE_CHECKING, Any

from ..engine import installed
from ..errors import sentence
from ..host import dockerd
from ..masking import mask_credentials
from . import diagnosis, drift, result

if TYPE_CHECKING:
    from ..engine.address import Address
    from .observation import Observation


def describe(address: Address, seen: Observation) -> dict[str, Any]:
    """The return values, without the credentials in addresses."""
    running = seen.diagnosis.state == diagnosis.RUNNING
    settings = result.settings(seen.info, seen.engine.flavour.image_store if seen.engine else None)
    # Podman's service runs only while a client is there; what listens is its socket.
    unit = seen.host.socket if seen.host.podman else seen.host.service
    status = dict(
        {name: value if running else None for name, value in settings.items()},
        product=seen.engine.flavour.product if seen.engine else seen.host.product,
        reachable=running,
        can_talk_to_docker=running,
        rootless=settings["rootless"] if running else True if seen.host.owner else None,
        host_info=seen.info if running else None,
        configuration=drift.report(seen.host.configuration, seen.info),
        state=seen.diagnosis.state,
        cause=sentence(seen.diagnosis.cause),
        advice=sentence(seen.diagnosis.advice) if seen.diagnosis.advice else "",
        active=unit["active_state"] in ("active", "reloading") if unit else None,
        address=address.url,
        address_from=address.origin,
        no_unit_facts=seen.host.no_unit_facts,
        service=seen.host.service,
        socket=seen.host.socket,
        journal=seen.host.journal[-20:],
        client=result.client(dockerd.read_cli_client(), installed.docker_py_version(), platform.python_version()),
        server=result.server(seen.version) if running else None,
    )
    masked: dict[str, Any] = mask_credentials(status)
    return masked

# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The container with the registries, the failing proxy and the search index."""

from __future__ import annotations

import time
import urllib.error
import urllib.request

from fleet import images
from fleet.report import FleetError
from fleet.state import pack

USER = "alice"
NAME = "hub"
PATIENCE = 30


def start(client, state, network, address, labels):
    reference = images.hub_image().reference
    container = client.containers.create(
        reference,
        name=f"{network.name}-{NAME}",
        hostname=NAME,
        labels=labels,
        network=network.id,
        networking_config={network.id: client.api.create_endpoint_config(ipv4_address=address)},
        volumes=[f"{state.logs}:/logs"],
    )
    certs = state.ca.parent
    container.put_archive("/", pack({
        "/etc/hub/": (b"", 0o755, 0),
        "/etc/hub/hub.crt": ((certs / "hub.crt").read_bytes(), 0o644, 0),
        "/etc/hub/hub.key": ((certs / "hub.key").read_bytes(), 0o600, 0),
        "/etc/hub/account": (f"{USER}:{state.password}".encode(), 0o600, 0),
    }))  # fmt: skip
    container.start()
    return container


def await_ready(container, address):
    """Wait for the proxy, which forwards to the registry: its answer means that both are ready."""
    deadline = time.monotonic() + PATIENCE
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    while time.monotonic() < deadline:
        try:
            opener.open(f"http://{address}:5001/v2/", timeout=2).close()
            return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise FleetError(
        f"the hub did not answer within {PATIENCE} s; the end of its log:\n{container.logs(tail=15).decode(errors='replace')}"
    )


def describe(state, container, address):
    """The part of fleet.json about the hub."""
    return {
        "address": address,
        "container": container.name,
        "registry": f"{address}:5000",
        "proxy": f"{address}:5001",
        "control": f"http://{address}:5001/_control",
        "registry_auth": f"{NAME}:5443",
        "username": USER,
        "password": state.password,
        "logs": str(state.logs),
    }

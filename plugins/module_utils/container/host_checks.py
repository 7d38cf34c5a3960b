# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Checks for reasons why a new container would fail on its host, before anything is changed."""

from __future__ import annotations

import errno
import os
import socket
from typing import TYPE_CHECKING, Any, Iterator, Mapping

from ..errors import BadOption, FlotillaError, Missing
from ..shapes import host_ports
from . import dependencies, watch

if TYPE_CHECKING:
    from ..engine.engine import Engine

# The option that has the same effect with Podman.
_INSTEAD = {"domainname": "hostname: web.example.org"}


def problems(
    engine: Engine,
    name: str,
    body: Mapping[str, Any],
    endpoints: Mapping[str, Any],
    replaced: Mapping[str, Any] | None,
    starts: bool,
    creates_networks: bool | None = None,
) -> Iterator[FlotillaError]:
    """Unmet requirements of a new container on its host: options that have an effect, networks unless the plan ``creates_networks`` (None: it has no
    such option), a runtime, and ports where it ``starts``.
    """
    for option, value in engine.containers.ignored(body).items():
        yield BadOption(
            option,
            "has no effect with Podman, whose API accepts and ignores it; remove it for hosts with Podman",
            got=value,
            example=_INSTEAD.get(option, ""),
        )
    host = body["HostConfig"]
    mode = host.get("NetworkMode") or ""
    for network in () if creates_networks else dependencies.networks_of(body, endpoints):
        if engine.networks.find(network) is None:
            yield Missing(
                f"Network {network} does not exist",
                "Create it first with flotilla.docker.network_create, "
                + ("" if creates_networks is None else "let this task create it with create_networks: true, ")
                + "or use one that docker network ls lists",
            )
    if host.get("Runtime"):
        runtimes = sorted(engine.daemon.info().get("Runtimes") or {})
        if runtimes and host["Runtime"] not in runtimes:
            yield BadOption(
                "runtime",
                f"must be a runtime of this Engine: {', '.join(runtimes)}",
                got=host["Runtime"],
                example="runtime: runc",
            )
    if starts and mode not in ("host", "none"):
        yield from _taken_ports(engine, name, host.get("PortBindings") or {}, replaced)


def _taken_ports(
    engine: Engine, name: str, bindings: Mapping[str, Any], replaced: Mapping[str, Any] | None
) -> Iterator[FlotillaError]:
    if not engine.address.startswith("unix://"):
        return  # ports of another host cannot be tested from here; a failed start is rolled back anyway
    own = host_ports(((replaced or {}).get("HostConfig") or {}).get("PortBindings"))
    for proto, address, port in sorted(host_ports(bindings) - own):
        if _is_taken(proto, address, port):
            owner = watch.publisher(engine, port, name)
            # If no container publishes the port, it may belong to another network namespace than the Engine's, so the Engine decides.
            if owner:
                yield BadOption(
                    "published_ports",
                    f"must be free on the host; host port {port} is already published by container {owner}",
                    got=f"{address}:{port}" if address else str(port),
                    example=f"published_ports: ['{port + 1}:80']",
                )


def _is_taken(proto: str, address: str, port: int) -> bool:
    """Whether a process listens on the port. SO_REUSEADDR ignores connections that are being closed."""
    if proto not in ("tcp", "udp"):
        return False
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM if proto == "tcp" else socket.SOCK_DGRAM) as probe:
        try:
            if proto == "tcp" and os.name == "posix":
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((address, port))
        except OSError as error:
            return error.errno == errno.EADDRINUSE
    return False

# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Looks for what would make a new container fail, before anything is changed."""

from __future__ import annotations

import errno
import os
import socket
from typing import Any, Mapping, Optional

from ..errors import BadOption, Missing
from . import watch

_BUILT_IN_NETWORKS = ("", "default", "bridge", "host", "none")


def check_conflicts(params: Mapping[str, Any]) -> None:
    """Options that contradict each other, and text that no option can hold."""
    for option, value in params.items():
        if _has_nul(value):
            raise BadOption(option, "…\\0…", "it contains a NUL character, which no file name, argument or variable can hold", "%s: without \\0" % option)
    if params.get("auto_remove") and params.get("restart_policy") not in (None, "no"):
        raise BadOption("auto_remove", True, "a container that is removed at its end cannot be restarted by restart_policy", "auto_remove: false")
    if params.get("cpus") is not None and (params.get("cpu_quota") or params.get("cpu_period")):
        raise BadOption("cpus", params["cpus"], "cpu_quota and cpu_period say the same in another way", "cpus: 1.5")
    if params.get("pids_limit") is not None and params["pids_limit"] < -1:
        raise BadOption("pids_limit", params["pids_limit"], "it is a number of processes, or -1 for no limit", "pids_limit: 200")
    _check_ranges(params)
    targets = {mount["target"].rstrip("/") for mount in params.get("mounts") or []}
    for volume in params.get("volumes") or []:
        if any(part.rstrip("/") in targets for part in volume.split(":")[:2] if part.startswith("/") and part == _inside(volume)):
            raise BadOption("volumes", volume, "mounts has the same path in the container", "volumes: ['web:/srv']")


def _has_nul(value: Any) -> bool:
    if isinstance(value, dict):
        return any(_has_nul(entry) for pair in value.items() for entry in pair)
    if isinstance(value, (list, tuple)):
        return any(map(_has_nul, value))
    return isinstance(value, str) and "\0" in value


def _inside(volume: str) -> str:
    parts = volume.split(":")
    return parts[1] if len(parts) > 1 and parts[1].startswith("/") else parts[0]


_RANGES = (
    ("oom_score_adj", -1000, 1000),
    ("memory_swappiness", 0, 100),
    ("blkio_weight", 0, 1000),
    ("cpu_shares", 0, 262144),
    ("cpu_period", 0, 1000000),
    ("grace", 0, 3600),
    ("restart_retries", 0, 2**31),
)


def _check_ranges(params: Mapping[str, Any]) -> None:
    for option, least, most in _RANGES:
        value = params.get(option)
        if value is not None and not least <= value <= most:
            raise BadOption(option, value, "it is a number from %s to %s" % (least, most), "%s: %s" % (option, max(least, min(most, 10))))


# What does the same with Podman.
_INSTEAD = {"domainname": "hostname: web.example.org"}


def check(engine: Any, name: str, body: Mapping[str, Any], endpoints: Mapping[str, Any], replaced: Optional[Mapping[str, Any]]) -> None:
    """Networks, runtime and ports that the new container needs. Raises Missing or BadOption."""
    for option, value in engine.containers.ignored(body).items():
        raise BadOption(option, value, "Podman's API takes it and does nothing about it; leave it out on hosts with Podman", _INSTEAD.get(option, ""))
    host = body["HostConfig"]
    mode = host.get("NetworkMode") or ""
    networks = set(endpoints) | ({str(mode)} if not mode.startswith("container:") else set())
    for network in sorted(networks - set(_BUILT_IN_NETWORKS)):
        if engine.networks.find(network) is None:
            raise Missing(
                "There is no network %s" % network,
                "Create it first, with community.docker.docker_network or docker network create, or name one that docker network ls shows",
            )
    if host.get("Runtime"):
        runtimes = sorted(engine.daemon.info().get("Runtimes") or {})
        if runtimes and host["Runtime"] not in runtimes:
            raise BadOption("runtime", host["Runtime"], "the daemon knows %s" % ", ".join(runtimes), "runtime: runc")
    _check_ports(engine, name, host.get("PortBindings") or {}, replaced)


def _check_ports(engine: Any, name: str, bindings: Mapping[str, Any], replaced: Optional[Mapping[str, Any]]) -> None:
    if not engine.address.startswith("unix://"):
        return  # the ports of another host cannot be tried from here; a start that fails is taken back anyway
    own = _host_ports(((replaced or {}).get("HostConfig") or {}).get("PortBindings") or {})
    for proto, address, port in sorted(_host_ports(bindings) - own):
        if _is_taken(proto, address, port):
            owner = watch.publisher(engine, port, name)
            # Without an owner it may be a port of a host that the daemon does not share with us, so the Engine has the last word.
            if owner:
                raise BadOption(
                    "published_ports",
                    "%s%s" % (address + ":" if address else "", port),
                    "the container %s has this port of the host" % owner,
                    "published_ports: ['%d:80']" % (port + 1),
                )


def _host_ports(bindings: Mapping[str, Any]) -> set:
    return {
        (port.partition("/")[2], entry.get("HostIp") or "", int(entry["HostPort"]))
        for port, entries in bindings.items()
        for entry in entries or []
        if (entry.get("HostPort") or "").isdigit()
    }


def _is_taken(proto: str, address: str, port: int) -> bool:
    """Whether a process listens there. SO_REUSEADDR passes over connections that are just closing."""
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

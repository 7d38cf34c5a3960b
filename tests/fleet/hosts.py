# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Hosts: containers that boot systemd, separated from this machine's kernel as far as possible."""

from __future__ import annotations

import contextlib
import json
import socket
import time

import docker
from docker.errors import APIError, DockerException
from docker.types import Mount
from requests.exceptions import RequestException

from fleet import images
from fleet.report import FleetError
from fleet.state import pack

# With SYS_TIME a host would set this machine's clock; the others reach its kernel, too.
DROPPED = ["SYS_TIME", "SYS_MODULE", "SYS_BOOT", "SYS_RESOURCE"]
SHARED_FOLDER = "/srv/fleet"
OPS = 1000


def create(client, state, network, addresses, position, host, labels):
    """Create a host without starting it."""
    api = client.api
    address = addresses.host(position)
    container = api.create_container(
        images.host_image(host.release, host.image_kind).reference,
        name=f"{network.name}-{host.name}",
        hostname=host.name,
        labels=labels,
        # Without a terminal, systemd does not print why it does not boot.
        tty=True,
        environment={"CGROUP": host.release.cgroup},
        host_config=_host_config(api, state, network, addresses.hub, host),
        networking_config=api.create_networking_config({network.id: api.create_endpoint_config(ipv4_address=address)}),
    )
    created = client.containers.get(container["Id"])
    created.put_archive("/", pack(_files(state, addresses.hub, host)))
    return created


def _host_config(api, state, network, hub_address, host):
    config = api.create_host_config(
        network_mode=network.id,
        cap_add=["ALL"],
        cap_drop=DROPPED,
        security_opt=["seccomp=unconfined", "apparmor=unconfined"],
        tmpfs={"/run": "mode=755,exec", "/run/lock": "mode=1777", "/tmp": "mode=1777,exec"},
        # An Engine cannot use overlay on overlay, so its data is on volumes.
        mounts=[
            Mount("/var/lib/docker", None),
            Mount("/var/lib/containerd", None),
            Mount("/var/lib/containers", None),
            Mount(SHARED_FOLDER, str(state.socket_folder(host.name)), type="bind"),
        ],
        extra_hosts={"hub": hub_address, "index.docker.io": hub_address},
        devices=["/dev/net/tun", "/dev/fuse"],
        # crun writes a device rule for its containers, which must not allow more than the host's.
        device_cgroup_rules=["a *:* rwm"] if "podman" in host.traits else None,
    )
    # The same as --cgroupns=private and systempaths=unconfined of the CLI.
    return {**config, "CgroupnsMode": "private", "MaskedPaths": [], "ReadonlyPaths": []}


def _files(state, hub_address, host):
    public_key = state.key.with_suffix(".pub").read_bytes()
    files = {
        "/root/.ssh/": (b"", 0o700, 0),
        "/root/.ssh/authorized_keys": (public_key, 0o600, 0),
        "/home/ops/.ssh/": (b"", 0o700, OPS),
        "/home/ops/.ssh/authorized_keys": (public_key, 0o600, OPS),
        "/etc/ssh/ssh_host_ed25519_key": (state.host_key.read_bytes(), 0o600, 0),
        "/etc/ssh/ssh_host_ed25519_key.pub": (state.host_key.with_suffix(".pub").read_bytes(), 0o644, 0),
        **_search_certificate("/etc/docker", state),
    }
    if host.image_kind in ("engine", "rootless"):
        files.update(_engine_files("/etc/docker", 0, state, hub_address, host))
    if "rootless" in host.traits:
        files.update(_engine_files("/home/ops/.config/docker", OPS, state, hub_address, host))
    if "podman" in host.traits:
        files["/etc/containers/registries.conf.d/fleet.conf"] = (_podman_registries(hub_address).encode(), 0o644, 0)
    return files


def _engine_files(folder, owner, state, hub_address, host):
    return {
        f"{folder}/daemon.json": (json.dumps(_daemon_options(hub_address, host), indent=2).encode(), 0o644, owner),
        **_search_certificate(folder, state),
    }


def _search_certificate(folder, state):
    """Docker reads the CA of the search index from here, whatever its name."""
    return {f"{folder}/certs.d/docker.io/ca.crt": (state.ca.read_bytes(), 0o644, 0)}


def _daemon_options(hub_address, host):
    options = {
        "registry-mirrors": [f"http://{hub_address}:5000"],
        "insecure-registries": insecure_registries(hub_address),
    }
    if "containerd" in host.traits:
        options["features"] = {"containerd-snapshotter": True}
    return options


def _podman_registries(hub_address):
    """The hub replaces Docker Hub, as it does for Engines."""
    plain = "".join(
        f'[[registry]]\nlocation = "{name}"\ninsecure = true\n' for name in insecure_registries(hub_address)
    )
    mirror = (
        f'[[registry]]\nlocation = "docker.io"\n[[registry.mirror]]\nlocation = "{hub_address}:5000"\ninsecure = true\n'
    )
    return f'unqualified-search-registries = ["docker.io"]\n{mirror}{plain}'


def insecure_registries(hub_address):
    """Single addresses, because an address range would also disable TLS for the names that resolve to it.

    The mirror is included for Docker 26 with the containerd store, which otherwise uses TLS for every mirror.
    """
    return ["hub:5000", "hub:5001", f"{hub_address}:5000"]


def await_ready(state, host, container, address, deadline):
    """Wait until sshd answers, systemd has booted without failed units, and the Engine, if any, answers."""
    conditions = {
        f"no sshd at {address}": lambda: _greets(address),
        "systemd does not come up": lambda: _has_booted(container),
    }
    if host.has_engine:
        conditions["its Engine does not answer"] = lambda: _engine_answers(state.socket(host.name))
    if "rootless" in host.traits:
        conditions["the Engine of ops does not answer"] = lambda: _rootless_engine_answers(container)
    for complaint, condition in conditions.items():
        while not condition():
            container.reload()
            if container.status != "running" or time.monotonic() > deadline:
                raise FleetError(
                    f"{host.name}: {complaint}; the container is {container.status}\n{_last_words(container)}"
                )
            time.sleep(0.2)


def _has_booted(container):
    try:
        answer = container.exec_run(["systemctl", "is-system-running"])
    except APIError:
        # 409: the host stopped meanwhile.
        return False
    state = answer.output.decode(errors="replace").strip()
    if state == "degraded":
        raise FleetError(f"{container.name} booted with failed units\n{_last_words(container)}")
    return state == "running"


def _greets(address):
    try:
        with socket.create_connection((address, 22), timeout=2) as connection:
            return connection.recv(4) == b"SSH-"
    except OSError:
        return False


def _engine_answers(path):
    try:
        client = docker.APIClient(base_url=f"unix://{path}", timeout=5, version="1.41")
        try:
            return client.ping()
        finally:
            client.close()
    except (DockerException, RequestException):
        return False


def _rootless_engine_answers(container):
    return (
        container.exec_run(["docker", "-H", f"unix:///run/user/{OPS}/docker.sock", "version"], user="ops").exit_code
        == 0
    )


def _last_words(container):
    words = [container.logs(tail=15).decode(errors="replace")]
    for command in (["systemctl", "--failed", "--no-legend", "--no-pager"], ["journalctl", "-n", "20", "--no-pager"]):
        with contextlib.suppress(APIError):
            words.append(container.exec_run(command).output.decode(errors="replace"))
    return "\n".join(f"    {line.rstrip()}" for text in words for line in text.splitlines() if line.strip())

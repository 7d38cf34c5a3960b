# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Creates, removes and lists fleets."""

from __future__ import annotations

import json
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from docker.errors import APIError

from fleet import hosts as host_containers
from fleet import hub, images, inventory, network
from fleet.report import FleetError, say
from fleet.state import State, states_folder

LABEL = "flotilla.fleet"
STATE_LABEL = "flotilla.fleet.state"
# More in parallel makes each of them slower on a small machine.
WORKERS = 6
PATIENCE = 60
PATIENCE_PER_HOST = 5


def up(client, name, hosts, user):
    """Create a fleet of exactly these hosts and wait until it is ready. An existing fleet of this name is removed first."""
    _refuse_foreign(client, name)
    images.ensure(client, [images.hub_image(), *(images.host_image(host.release, host.image_kind) for host in hosts)])
    down(client, name)
    state, labels = State(name), {LABEL: name, STATE_LABEL: str(State(name).path)}
    own_network, addresses = network.create(client, _prefix(name), labels)
    state.make(hosts, addresses.hub)
    say(f"starting {len(hosts)} hosts and the hub")
    hub_container = hub.start(client, state, own_network, addresses.hub, labels)
    containers = _start_all(client, state, own_network, addresses, hosts, labels)
    _await_all(state, hosts, containers, addresses)
    hub.await_ready(hub_container, addresses.hub)
    _prove_login(state, hosts, addresses)
    return state, inventory.write(state, hosts, containers, addresses, hub_container, user)


def kept(client, name, hosts, user):
    """The description of the fleet of that name, if it runs and has exactly these hosts; else None."""
    state = State(name)
    running = [container for container in _containers(client, name) if container.status == "running"]
    if not state.description.exists() or len(running) != len(hosts) + 1:
        return None
    description = json.loads(state.description.read_text(encoding="utf-8"))
    wanted = {host.name: (host.release.name, sorted(host.traits)) for host in hosts}
    found = {own_name: (host["release"], host["traits"]) for own_name, host in description["hosts"].items()}
    if found != wanted or description["user"] != user:
        return None
    return state, [dict(host, name=own_name) for own_name, host in description["hosts"].items()]


def down(client, name):
    """Remove a fleet. Returns whether there was one."""
    _refuse_foreign(client, name)
    containers, networks = _containers(client, name), _networks(client, name)
    state = State(name)
    found = bool(containers or networks or state.path.exists())
    # Close SSH connections while the hosts still answer.
    state.remove()
    with ThreadPoolExecutor(WORKERS) as pool:
        list(pool.map(_remove_container, containers))
    for own_network in networks:
        network.remove(own_network)
    return found


def names(client):
    """The fleets of this checkout, and those whose checkout no longer exists."""
    known = {container.labels[LABEL] for container in _containers(client) if not _is_foreign(container.labels)}
    known |= {
        own_network.attrs["Labels"][LABEL]
        for own_network in _networks(client)
        if not _is_foreign(own_network.attrs["Labels"])
    }
    if states_folder().is_dir():
        known |= {path.name for path in states_folder().iterdir() if path.is_dir()}
    return sorted(known)


def status(client, name=None):
    """One row for each container of a fleet."""
    rows = []
    for container in sorted(_containers(client, name), key=lambda container: (container.labels[LABEL], container.name)):
        networks = container.attrs["NetworkSettings"]["Networks"].values()
        address = next((entry["IPAddress"] for entry in networks), "")
        kind = container.attrs["Config"]["Image"].rpartition("/")[2].partition(":")[0]
        fleet = container.labels[LABEL]
        rows.append((fleet, container.name[len(_prefix(fleet)) + 1 :], kind, address or "-", container.status))
    return rows


def _start_all(client, state, own_network, addresses, hosts, labels):
    def start(position):
        container = host_containers.create(client, state, own_network, addresses, position, hosts[position], labels)
        container.start()
        return container

    with ThreadPoolExecutor(WORKERS) as pool:
        return list(pool.map(start, range(len(hosts))))


def _await_all(state, hosts, containers, addresses):
    deadline = time.monotonic() + PATIENCE + PATIENCE_PER_HOST * len(hosts)
    with ThreadPoolExecutor(WORKERS) as pool:
        waits = [
            pool.submit(host_containers.await_ready, state, host, container, addresses.host(position), deadline)
            for position, (host, container) in enumerate(zip(hosts, containers))
        ]
    failures = [str(wait.exception()) for wait in waits if wait.exception()]
    if failures:
        raise FleetError(
            "\n".join([*failures, f"The hosts are kept for inspection; 'down --name {state.name}' removes them."])
        )


def _prove_login(state, hosts, addresses):
    """Check the login with ssh and the options of the inventory, on one host of each image."""
    examples = {(host.release, host.image_kind): addresses.host(position) for position, host in enumerate(hosts)}

    def login(target):
        command = ["ssh", "-i", str(state.key), *state.ssh_options, target, "sudo -n true"]
        done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=60)
        if done.returncode:
            raise FleetError(f"ssh {target} does not work: {done.stderr.strip()}")

    with ThreadPoolExecutor(WORKERS) as pool:
        list(pool.map(login, [f"{user}@{address}" for address in examples.values() for user in ("root", "ops")]))


def _refuse_foreign(client, name):
    for container in _containers(client, name):
        if _is_foreign(container.labels) and container.status == "running":
            raise FleetError(
                f"a fleet {name} is up from {container.labels[STATE_LABEL]}; take it down there, or choose another --name"
            )


def _is_foreign(labels):
    """Whether a fleet belongs to another checkout. If its state folder no longer exists, it belongs to none."""
    path = Path(labels[STATE_LABEL])
    return path.parent != states_folder() and path.exists()


def _containers(client, name=None):
    return client.containers.list(all=True, ignore_removed=True, filters={"label": _filter(name)})


def _networks(client, name=None):
    return client.networks.list(filters={"label": _filter(name)})


def _filter(name):
    return LABEL if name is None else f"{LABEL}={name}"


def _prefix(name):
    return f"flotilla-{name}"


def _remove_container(container):
    try:
        container.remove(force=True, v=True)
    except APIError as error:
        # 404: removed meanwhile; 409: it is already being removed.
        if error.status_code not in (404, 409):
            raise

#!/usr/bin/python
# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: docker_daemon_status
short_description: Tell whether a Docker daemon can be used, and why not
version_added: 0.1.0
author:
  - flotilla.docker contributors (@flotilla-docker)
description:
  - Asks systemd first and the Engine API second, as C(systemctl status docker), C(docker version) and C(docker info) do together.
  - A daemon that is stopped, broken or missing is a result with a state, its cause and advice, and no failure, unless O(require),
    O(min_version) or O(min_api_version) make it one.
  - Never starts anything. A stopped daemon whose C(docker.socket) listens would be started by any connection, so the module does not
    connect then.
  - Works without docker-py and without Docker on the managed host too, and says so.
  - Tells Podman's Docker-compatible API from Docker, and reads C(podman.socket) and C(podman.service) then. There a connection is no
    intrusion, because Podman starts for each client and ends by itself.
  - Of a user's own rootless Engine, at C(unix:///run/user/UID/docker.sock), it reads the user's units, which root and that user may do.
extends_documentation_fragment:
  - flotilla.docker.attributes.reads
  - flotilla.docker.connection
options:
  require:
    description:
      - With V(running), a daemon that cannot be used fails the task. The failure has all return values too.
    type: str
    choices: [running]
  min_version:
    description:
      - Fails the task if the daemon is not running or Docker Engine is older, such as V(26.1).
    type: str
  min_api_version:
    description:
      - Fails the task if the daemon is not running or its newest Engine API version is older, such as V(1.44).
    type: str
  wait:
    description:
      - Looks again for up to so many seconds until the daemon answers.
      - Ends at once where waiting cannot help, for instance when the service failed for good, is stopped or not installed, or when the
        user has no permission.
    type: int
    default: 0
  containers:
    description:
      - List containers that run.
    type: bool
    default: false
  containers_all:
    description:
      - With O(containers=true), list those that do not run too.
    type: bool
    default: false
  containers_filters:
    description:
      - "Filters of C(docker ps) for O(containers), such as V({label: [app=web]}). A value may be a list."
    type: dict
  images:
    description:
      - List images.
    type: bool
    default: false
  images_filters:
    description:
      - "Filters of C(docker images) for O(images), such as V({dangling: true})."
    type: dict
  networks:
    description:
      - List networks.
    type: bool
    default: false
  networks_filters:
    description:
      - "Filters of C(docker network ls) for O(networks), such as V({driver: bridge})."
    type: dict
  volumes:
    description:
      - List volumes.
    type: bool
    default: false
  volumes_filters:
    description:
      - "Filters of C(docker volume ls) for O(volumes), such as V({dangling: true})."
    type: dict
  disk_usage:
    description:
      - Add up the disk use of images, containers, volumes and the build cache, as C(docker system df) does.
      - The daemon walks all volumes and writable layers for it, which takes seconds on a large host.
    type: bool
    default: false
  verbose_output:
    description:
      - Give all that the Engine API says in the listings and in RV(disk_usage), not only what C(docker ps) and the like show.
    type: bool
    default: false
"""

EXAMPLES = r"""
- name: Look at the daemon
  flotilla.docker.docker_daemon_status:
  register: docker

- name: Show why it cannot be used
  ansible.builtin.debug:
    msg: "{{ docker.state }}: {{ docker.cause }}. {{ docker.advice }}"
  when: not docker.reachable

- name: Wait for an engine that is new enough
  flotilla.docker.docker_daemon_status:
    require: running
    min_version: "26.1"
    wait: 60

- name: List dangling images, and where the disk space goes
  flotilla.docker.docker_daemon_status:
    images: true
    images_filters:
      dangling: true
    disk_usage: true

- name: Look at the rootless Engine of the user with the id 1000
  flotilla.docker.docker_daemon_status:
    docker_host: unix:///run/user/1000/docker.sock
  become: true

- name: Restart where daemon.json asks for something that does not run yet
  ansible.builtin.debug:
    msg: "Restart for {{ docker.configuration.differs }}"
  when: docker.configuration.differs | default({}, true) | length > 0
"""

RETURN = r"""
reachable:
  description: Whether the Engine API answered.
  returned: always
  type: bool
  sample: true
product:
  description: V(docker), or V(podman) where Podman's Docker-compatible API answers or would.
  returned: always
  type: str
  sample: docker
state:
  description:
    - V(running) means that the API answers. V(starting), V(stopped), V(failed) and V(socket_only) are what systemd says of
      C(docker.service); V(socket_only) is stopped until the first client connects to C(docker.socket).
    - Of Podman it is C(podman.socket) that is V(stopped) or V(failed). C(podman.service) runs only while a client is connected.
    - V(hung) accepts connections and does not answer. V(no_permission), V(tls) and V(version) are about this client.
    - V(not_installed) and V(unreachable) are all the rest; RV(cause) tells.
  returned: always
  type: str
  sample: running
cause:
  description: Why the daemon is in this state, in a sentence.
  returned: always
  type: str
  sample: The daemon answers at unix:///var/run/docker.sock.
advice:
  description: What to do about it, in a sentence. Empty for a daemon that runs, unless it is a user's that ends with the user's login.
  returned: always
  type: str
  sample: ""
active:
  description: Whether systemd calls C(docker.service), or C(podman.socket) of Podman, active. V(null) where RV(no_unit_facts) says why.
  returned: always
  type: bool
  sample: true
address:
  description: Address of the daemon that was asked.
  returned: always
  type: str
  sample: unix:///var/run/docker.sock
address_from:
  description: Who named that address.
  returned: always
  type: str
  sample: DOCKER_HOST
no_unit_facts:
  description: Why there are no facts from systemd, such as that the daemon runs on another host. V(null) where there are.
  returned: always
  type: str
  sample: null
service:
  description: What systemd says of C(docker.service). V(null) where RV(no_unit_facts) says why.
  returned: always
  type: dict
  contains:
    name: &name
      description: Name of the unit.
      type: str
      sample: docker.service
    load_state: &load_state
      description: V(loaded), V(not-found), V(masked) or what else systemd knows.
      type: str
      sample: loaded
    active_state: &active_state
      description: V(active), V(inactive), V(activating), V(deactivating), V(reloading) or V(failed).
      type: str
      sample: active
    sub_state: &sub_state
      description: The finer state that systemd shows in brackets.
      type: str
      sample: running
    enabled: &enabled
      description: V(enabled), V(disabled), V(masked) or what else C(systemctl is-enabled) shows.
      type: str
      sample: enabled
    result: &result
      description: How the last run ended, V(success) also while it runs.
      type: str
      sample: success
    since: &since
      description: Since when the unit is active, in UTC.
      type: str
      sample: "2026-11-23T20:54:52Z"
    job: &job
      description: Number of the job that systemd has queued for the unit.
      type: str
      sample: null
    unit_file: &unit_file
      description: Path of the unit file.
      type: str
      sample: /lib/systemd/system/docker.service
    needs_daemon_reload: &needs_daemon_reload
      description: Whether the unit file changed since systemd read it.
      type: bool
      sample: false
    type:
      description: Type of the service.
      type: str
      sample: notify
    main_pid:
      description: Process id of dockerd, V(0) while it does not run.
      type: int
      sample: 1234
    started_at:
      description: When dockerd was last started, in UTC.
      type: str
      sample: "2026-11-23T20:54:51Z"
    ended_at:
      description: When it last ended, in UTC.
      type: str
      sample: null
    exit_code:
      description: How it last ended, V(exited), V(killed) or V(dumped).
      type: str
      sample: null
    exit_status:
      description: Its last exit status, or the number of the signal that ended it.
      type: int
      sample: 0
    restarts:
      description: How often systemd restarted it by itself.
      type: int
      sample: 0
    memory:
      description: Bytes of memory in use by the service.
      type: int
      sample: 104857600
    tasks:
      description: Number of its threads.
      type: int
      sample: 21
    triggered_by:
      description: Units that start this one.
      type: list
      elements: str
      sample: [docker.socket]
    drop_ins:
      description: Paths of files that add to the unit file.
      type: list
      elements: str
      sample: []
    command:
      description: Command line of dockerd.
      type: str
      sample: /usr/sbin/dockerd -H fd://
socket:
  description: What systemd says of C(docker.socket). V(null) where RV(no_unit_facts) says why.
  returned: always
  type: dict
  contains:
    name: *name
    load_state: *load_state
    active_state: *active_state
    sub_state: *sub_state
    enabled: *enabled
    result: *result
    since: *since
    job: *job
    unit_file: *unit_file
    needs_daemon_reload: *needs_daemon_reload
    listens_on:
      description: Addresses that the socket listens on.
      type: list
      elements: str
      sample: [/run/docker.sock]
journal:
  description: The last messages of C(docker.service), if it failed or is starting. Credentials in addresses are hidden.
  returned: always
  type: list
  elements: str
  sample: []
client:
  description: Versions on the managed host's side of the API.
  returned: always
  type: dict
  contains:
    docker_cli:
      description: Version of the docker CLI, V(null) if it is not installed.
      type: str
      sample: 28.5.2
    api_version:
      description: Newest Engine API version that the docker CLI speaks.
      type: str
      sample: "1.51"
    git_commit:
      description: Commit that the docker CLI was built from.
      type: str
      sample: ecc6942
    go_version:
      description: Version of Go that built it.
      type: str
      sample: go1.24.9
    os:
      description: Its operating system.
      type: str
      sample: linux
    arch:
      description: Its processor architecture.
      type: str
      sample: amd64
    build_time:
      description: When it was built.
      type: str
      sample: Wed Oct  8 12:17:26 2025
    docker_py:
      description: Version of docker-py for the Python that ran the module, V(null) if it is not installed.
      type: str
      sample: 7.2.0
    python:
      description: Version of that Python.
      type: str
      sample: 3.13.5
server:
  description: Versions of the daemon and its components. V(null) unless RV(reachable).
  returned: always
  type: dict
  contains:
    version:
      description: Version of Docker Engine.
      type: str
      sample: 28.5.2
    api_version:
      description: Newest Engine API version that it speaks.
      type: str
      sample: "1.51"
    min_api_version:
      description: Oldest one.
      type: str
      sample: "1.24"
    containerd:
      description: Version of containerd.
      type: str
      sample: 2.1.9
    runc:
      description: Version of runc.
      type: str
      sample: 1.3.4
    docker_init:
      description: Version of docker-init.
      type: str
      sample: 0.19.0
    os:
      description: Operating system of the daemon.
      type: str
      sample: linux
    arch:
      description: Processor architecture of the daemon.
      type: str
      sample: amd64
    kernel_version:
      description: Kernel of the daemon's host.
      type: str
      sample: 6.12.48
    platform:
      description: Name of the product, where it has one.
      type: str
      sample: Docker Engine - Community
    git_commit:
      description: Commit that the engine was built from.
      type: str
      sample: 89c5e8f
    go_version:
      description: Version of Go that built it.
      type: str
      sample: go1.24.9
    build_time:
      description: When it was built.
      type: str
      sample: "2025-10-08T12:17:26.000000000+00:00"
    experimental:
      description: Whether experimental features are on.
      type: bool
      sample: false
    components:
      description: All components with their details, as the Engine API gives them.
      type: list
      elements: dict
storage:
  description: Where images are stored. V(null) unless RV(reachable).
  returned: always
  type: dict
  contains:
    driver:
      description: Storage driver, or snapshotter of containerd.
      type: str
      sample: overlay2
    image_store:
      description: V(graphdriver), V(containerd) for the containerd image store, or V(containers) for Podman's.
      type: str
      sample: graphdriver
    status:
      description: What the driver says of itself.
      type: dict
      sample: {Backing Filesystem: extfs}
data_root:
  description: Folder of the daemon's data, as the daemon sees it. V(null) unless RV(reachable).
  returned: always
  type: str
  sample: /var/lib/docker
cgroup:
  description: Driver and version of control groups. V(null) unless RV(reachable).
  returned: always
  type: dict
  sample: {driver: systemd, version: 2}
rootless:
  description: Whether the daemon runs without root, as a user's own does. V(null) where nothing tells.
  returned: always
  type: bool
  sample: false
live_restore:
  description: Whether containers outlive the daemon. V(null) unless RV(reachable).
  returned: always
  type: bool
  sample: false
registry_mirrors:
  description: Mirrors of Docker Hub. V(null) unless RV(reachable).
  returned: always
  type: list
  elements: str
  sample: []
insecure_registries:
  description: Networks and registries that are used without verified TLS. V(null) unless RV(reachable).
  returned: always
  type: list
  elements: str
  sample: ["127.0.0.0/8"]
proxies:
  description: Proxies of the daemon, without their credentials. V(null) unless RV(reachable).
  returned: always
  type: dict
  sample: {http: null, https: null, "no": null}
security_options:
  description: Security options of the daemon. V(null) unless RV(reachable).
  returned: always
  type: list
  elements: dict
  sample: [{name: seccomp, profile: builtin}]
daemon_warnings:
  description: What the daemon warns of. V(null) unless RV(reachable).
  returned: always
  type: list
  elements: str
  sample: ["WARNING: No swap limit support"]
explained_warnings:
  description: What is known of RV(daemon_warnings), those of one meaning together. V(null) unless RV(reachable).
  returned: always
  type: list
  elements: dict
  contains:
    warnings:
      description: The warnings.
      type: list
      elements: str
      sample: ["WARNING: No swap limit support"]
    means:
      description: What they mean for containers.
      type: str
      sample: "memory_swap of containers is not enforced: one that is at its memory limit goes on in the host's swap."
    advice:
      description: When that matters, and what to do then.
      type: str
      sample: Without swap on the host it does not matter. On cgroup v1, boot the kernel with swapaccount=1.
configuration:
  description: C(daemon.json) against the daemon that runs. V(null) where RV(no_unit_facts) says why.
  returned: always
  type: dict
  contains:
    path:
      description: Path of the file that dockerd reads.
      type: str
      sample: /etc/docker/daemon.json
    exists:
      description: Whether it is there.
      type: bool
      sample: true
    error:
      description: Why it cannot be read as a JSON object.
      type: str
      sample: null
    modified:
      description: When it was last written, in UTC.
      type: str
      sample: "2026-11-23T20:54:50Z"
    newer_than_start:
      description: Whether it was written after dockerd was started, so that dockerd may not have read it.
      type: bool
      sample: false
    differs:
      description: Keys of the file that the running daemon has otherwise, with both values. V(null) unless RV(reachable).
      type: dict
      sample: {live-restore: {configured: true, running: false}}
    unverified:
      description: Keys of the file that the Engine API does not show. V(null) unless RV(reachable).
      type: list
      elements: str
      sample: [log-opts]
can_talk_to_docker:
  description: The same as RV(reachable), named as in C(community.docker.docker_host_info).
  returned: always
  type: bool
  sample: true
host_info:
  description: All of C(docker info), without the credentials of proxies. V(null) unless RV(reachable).
  returned: always
  type: dict
containers:
  description: Containers, with O(verbose_output=true) all of what the Engine API lists. V(null) unless RV(reachable).
  returned: when O(containers=true)
  type: list
  elements: dict
images:
  description: Images. V(null) unless RV(reachable).
  returned: when O(images=true)
  type: list
  elements: dict
networks:
  description: Networks. V(null) unless RV(reachable).
  returned: when O(networks=true)
  type: list
  elements: dict
volumes:
  description: Volumes. V(null) unless RV(reachable).
  returned: when O(volumes=true)
  type: list
  elements: dict
disk_usage:
  description: Disk use in bytes, with O(verbose_output=true) beside all that the Engine API answers. V(null) unless RV(reachable).
  returned: when O(disk_usage=true)
  type: dict
  contains:
    LayersSize:
      description: Of all layers of images.
      type: int
      sample: 192839201
    classes:
      description: For V(images), V(containers), V(volumes) and V(build_cache) how many there are, how many are in use, their size and what of it
        could be removed.
      type: dict
      sample: {images: {count: 3, active: 1, size: 192839201, reclaimable: 1982256}}
"""

import platform
from typing import Any, NamedTuple

from ansible_collections.flotilla.docker.plugins.module_utils import connection, runner
from ansible_collections.flotilla.docker.plugins.module_utils.daemon import demands, diagnosis, drift, listings, result, usage, waiting
from ansible_collections.flotilla.docker.plugins.module_utils.daemon.secrets import mask_credentials
from ansible_collections.flotilla.docker.plugins.module_utils.engine import sdk
from ansible_collections.flotilla.docker.plugins.module_utils.errors import BadOption, FlotillaError, sentence
from ansible_collections.flotilla.docker.plugins.module_utils.unit import docker, host

SPEC = {
    **listings.argument_spec(),
    "require": {"type": "str", "choices": ["running"]},
    "min_version": {"type": "str"},
    "min_api_version": {"type": "str"},
    "wait": {"type": "int", "default": 0},
}


class Seen(NamedTuple):
    """One look at the daemon; ``version`` and ``info`` are empty unless it answered."""

    host: Any
    diagnosis: Any
    engine: Any = None
    version: dict = {}
    info: dict = {}


def report(later, params, decided=None):
    demands.check_options(params)
    seen = waiting.look_until_settled(lambda left: look(later, min(params["timeout"], left) if params["wait"] else params["timeout"]), params["wait"])
    status = mask_credentials(describe(later.address, seen))
    demands.enforce(params, seen.diagnosis, status)
    return dict(status, **mask_credentials(list_all(seen.engine, params)))


def look(later, timeout):
    """Ask the host, and the API only where that changes nothing."""
    facts = diagnosis.Host(**host.read(later.address.url, later.address.socket_path))
    if not diagnosis.may_ask(facts):
        return Seen(facts, diagnosis.not_answered(facts, None))
    try:
        engine = later.connect(timeout=timeout)
        return Seen(facts, diagnosis.answered(facts), engine, engine.daemon.version(), engine.daemon.info())
    except BadOption:
        raise
    except FlotillaError as error:
        return Seen(facts, diagnosis.not_answered(facts, error))


def list_all(engine, params):
    """The listings that the task asks for."""
    verbose = params["verbose_output"]
    read = {
        "containers": lambda filters: engine.containers.list(running_only=not params["containers_all"], **filters),
        "images": lambda filters: engine.images.list(filters=filters or None),
        "networks": lambda filters: engine.networks.list(**filters),
        "volumes": lambda filters: engine.volumes.list(**filters),
    }
    wanted = [name for name in read if params[name]]
    found = {name: listings.shorten(name, read[name](listings.parse_filters(params[name + "_filters"])), verbose) if engine else None for name in wanted}
    if params["disk_usage"]:
        found["disk_usage"] = usage.summary(engine.daemon.disk_usage(), verbose) if engine else None
    return found


def describe(address, seen):
    """The return values."""
    running = seen.diagnosis.state == diagnosis.RUNNING
    is_podman = seen.engine.is_podman if seen.engine else seen.host.podman
    settings = result.settings(seen.info, is_podman)
    # Podman's service runs only while a client is there; what listens is its socket.
    unit = seen.host.socket if seen.host.podman else seen.host.service
    return dict(
        {name: value if running else None for name, value in settings.items()},
        product="podman" if is_podman else "docker",
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
        client=result.client(docker.read_cli_client(), sdk.version(), platform.python_version()),
        server=result.server(seen.version) if running else None,
    )


def main():
    runner.run(report=report, argument_spec=SPEC, connect=connection.later)


if __name__ == "__main__":
    main()

#!/usr/bin/python
# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: docker_daemon_status
short_description: Show whether a Docker daemon can be used, and why not
version_added: 0.1.0
author:
  - flotilla.docker contributors (@flotilla-docker)
description:
  - Asks systemd first and the Engine API second, and returns what C(systemctl status docker), C(docker version) and C(docker info) show.
  - If the daemon is stopped, broken or missing, the task does not fail. It returns a state, its cause and advice. With O(require),
    O(min_version) or O(min_api_version) the task fails.
  - Never starts the daemon. A stopped daemon whose C(docker.socket) is listening would be started by any connection, so the module does not
    connect in that case.
  - Also works on hosts without docker-py or without Docker.
  - Recognizes Podman's Docker-compatible API, and reads C(podman.socket) and C(podman.service) for it. Connecting is safe there, because
    Podman's service starts for each client and exits by itself.
  - For a rootless Engine, at C(unix:///run/user/UID/docker.sock), reads the user's units. Only root and that user can do so.
extends_documentation_fragment:
  - flotilla.docker.attributes.reads
  - flotilla.docker.connection
  - flotilla.docker.result_size
options:
  require:
    description:
      - With V(running), the task fails if the daemon cannot be used. The failed result has all return values too.
    type: str
    choices: [running]
  min_version:
    description:
      - Fail the task if the daemon is not running or Docker Engine is older, such as V(26.1).
    type: str
  min_api_version:
    description:
      - Fail the task if the daemon is not running or its newest Engine API version is older, such as V(1.44).
    type: str
  wait:
    description:
      - Check again for up to this many seconds until the daemon answers.
      - This stops early when waiting cannot help, for example when the service failed and is not retried, is stopped or not installed, or when the
        user has no permission.
    type: int
    default: 0
  containers:
    description:
      - List running containers.
    type: bool
    default: false
  containers_all:
    description:
      - With O(containers=true), list all containers, not only running ones.
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
      - Return the disk usage of images, containers, volumes and the build cache, as C(docker system df) does.
      - The Engine reads all volumes and writable layers for it, which takes seconds on a large host.
    type: bool
    default: false
  verbose_output:
    description:
      - Return everything that the Engine API returns for the listings and RV(disk_usage), not only what C(docker ps) and similar commands show.
    type: bool
    default: false
"""

EXAMPLES = r"""
- name: Read the status of the daemon
  flotilla.docker.docker_daemon_status:
  register: docker

- name: Show why it cannot be used
  ansible.builtin.debug:
    msg: "{{ docker.state }}: {{ docker.cause }}. {{ docker.advice }}"
  when: not docker.reachable

- name: Wait for a new enough Engine
  flotilla.docker.docker_daemon_status:
    require: running
    min_version: "26.1"
    wait: 60

- name: List dangling images and disk usage
  flotilla.docker.docker_daemon_status:
    images: true
    images_filters:
      dangling: true
    disk_usage: true

- name: Read the status of the rootless Engine of the user with id 1000
  flotilla.docker.docker_daemon_status:
    docker_host: unix:///run/user/1000/docker.sock
  become: true

- name: Show options of daemon.json that the running daemon does not use yet
  ansible.builtin.debug:
    msg: "{{ docker.configuration.differs }}"
  when: docker.configuration.differs | default({}, true) | length > 0
"""

RETURN = r"""
reachable:
  description: Whether the Engine API answered.
  returned: always
  type: bool
  sample: true
product:
  description: V(docker), or V(podman) if the socket is that of Podman's Docker-compatible API.
  returned: always
  type: str
  sample: docker
state:
  description:
    - V(running) means that the API answers. V(starting), V(stopped), V(failed) and V(socket_only) are states of C(docker.service);
      V(socket_only) is stopped until the first client connects to C(docker.socket).
    - For Podman, V(stopped) and V(failed) are states of C(podman.socket). C(podman.service) runs only while a client is connected.
    - V(hung) means that the daemon accepts connections and does not answer. V(no_permission), V(tls) and V(version) are problems of this
      client.
    - V(not_installed) and V(unreachable) are all other cases; RV(cause) explains them.
  returned: always
  type: str
  sample: running
cause:
  description: Why the daemon is in this state, in a sentence.
  returned: always
  type: str
  sample: The daemon answers at unix:///var/run/docker.sock.
advice:
  description: What to do about it, in a sentence. Empty for a running daemon, unless it is a rootless Engine that stops when its user logs out.
  returned: always
  type: str
  sample: ""
active:
  description: Whether C(docker.service), or C(podman.socket) for Podman, is active. V(null) if RV(no_unit_facts) is set.
  returned: always
  type: bool
  sample: true
address:
  description: Address of the daemon that was asked.
  returned: always
  type: str
  sample: unix:///var/run/docker.sock
address_from:
  description: Where that address was set, such as an option, an environment variable or a context.
  returned: always
  type: str
  sample: DOCKER_HOST
no_unit_facts:
  description: Why there are no facts from systemd, for example because the daemon runs on another host. V(null) if there are.
  returned: always
  type: str
  sample: null
service:
  description: State of C(docker.service) in systemd. V(null) if RV(no_unit_facts) is set.
  returned: always
  type: dict
  contains:
    name: &name
      description: Name of the unit.
      type: str
      sample: docker.service
    load_state: &load_state
      description: V(loaded), V(not-found), V(masked) or another load state of systemd.
      type: str
      sample: loaded
    active_state: &active_state
      description: V(active), V(inactive), V(activating), V(deactivating), V(reloading) or V(failed).
      type: str
      sample: active
    sub_state: &sub_state
      description: The more detailed state, which C(systemctl status) shows in parentheses.
      type: str
      sample: running
    enabled: &enabled
      description: V(enabled), V(disabled), V(masked) or another state of C(systemctl is-enabled).
      type: str
      sample: enabled
    result: &result
      description: Result of the last run, V(success) also while it runs.
      type: str
      sample: success
    since: &since
      description: Time when the unit became active, in UTC.
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
      description: Time when dockerd was last started, in UTC.
      type: str
      sample: "2026-11-23T20:54:51Z"
    ended_at:
      description: Time when dockerd last exited, in UTC.
      type: str
      sample: null
    exit_code:
      description: How dockerd last exited, V(exited), V(killed) or V(dumped).
      type: str
      sample: null
    exit_status:
      description: Last exit status of dockerd, or the number of the signal that killed it.
      type: int
      sample: 0
    restarts:
      description: Number of automatic restarts by systemd.
      type: int
      sample: 0
    memory:
      description: Bytes of memory in use by the service.
      type: int
      sample: 104857600
    tasks:
      description: Number of tasks (processes and threads) of the service.
      type: int
      sample: 21
    triggered_by:
      description: Units that start this one.
      type: list
      elements: str
      sample: [docker.socket]
    drop_ins:
      description: Paths of drop-in files of the unit.
      type: list
      elements: str
      sample: []
    command:
      description: Command line of dockerd.
      type: str
      sample: /usr/sbin/dockerd -H fd://
socket:
  description: State of C(docker.socket) in systemd. V(null) if RV(no_unit_facts) is set.
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
      description: Newest Engine API version that the docker CLI supports.
      type: str
      sample: "1.51"
    git_commit:
      description: Commit that the docker CLI was built from.
      type: str
      sample: ecc6942
    go_version:
      description: Version of Go that it was built with.
      type: str
      sample: go1.24.9
    os:
      description: Operating system of the docker CLI.
      type: str
      sample: linux
    arch:
      description: Processor architecture of the docker CLI.
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
      description: Newest Engine API version that the Engine supports.
      type: str
      sample: "1.51"
    min_api_version:
      description: Oldest Engine API version that the Engine supports.
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
      description: Kernel of the Engine's host.
      type: str
      sample: 6.12.48
    platform:
      description: Name of the product. V(null) if it has none.
      type: str
      sample: Docker Engine - Community
    git_commit:
      description: Commit that the Engine was built from.
      type: str
      sample: 89c5e8f
    go_version:
      description: Version of Go that it was built with.
      type: str
      sample: go1.24.9
    build_time:
      description: When it was built.
      type: str
      sample: "2025-10-08T12:17:26.000000000+00:00"
    experimental:
      description: Whether experimental features are enabled.
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
      description: Details that the driver reports.
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
  description: Whether this is a rootless Engine. V(null) if it is not known.
  returned: always
  type: bool
  sample: false
live_restore:
  description: Whether containers keep running while the daemon is stopped. V(null) unless RV(reachable).
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
  description: Warnings of the daemon. V(null) unless RV(reachable).
  returned: always
  type: list
  elements: str
  sample: ["WARNING: No swap limit support"]
explained_warnings:
  description: Explanations of RV(daemon_warnings), one for each cause. V(null) unless RV(reachable).
  returned: always
  type: list
  elements: dict
  contains:
    warnings:
      description: The warnings.
      type: list
      elements: str
      sample: ["WARNING: No swap limit support"]
    cause:
      description: What they mean for containers.
      type: str
      sample: "memory_swap of containers is not enforced: a container at its memory limit continues in the host's swap."
    advice:
      description: When that is a problem, and what to do about it.
      type: str
      sample: Only hosts with swap are affected. On cgroup v1, boot the kernel with swapaccount=1.
configuration:
  description: C(daemon.json) compared with the running daemon. V(null) if RV(no_unit_facts) is set.
  returned: always
  type: dict
  contains:
    path:
      description: Path of the file that dockerd reads.
      type: str
      sample: /etc/docker/daemon.json
    exists:
      description: Whether the file exists.
      type: bool
      sample: true
    error:
      description: Why it cannot be read as a JSON object.
      type: str
      sample: null
    modified:
      description: Time of the last change of the file, in UTC.
      type: str
      sample: "2026-11-23T20:54:50Z"
    newer_than_start:
      description: Whether the file was changed after dockerd was started, so that dockerd may not have read it.
      type: bool
      sample: false
    differs:
      description: Options of the file whose value differs in the running daemon, with both values. V(null) unless RV(reachable).
      type: dict
      sample: {live-restore: {configured: true, running: false}}
    unverified:
      description: Options of the file that the Engine API does not return. V(null) unless RV(reachable).
      type: list
      elements: str
      sample: [log-opts]
can_talk_to_docker:
  description: The same as RV(reachable), named as in C(community.docker.docker_host_info).
  returned: always
  type: bool
  sample: true
host_info:
  description: Everything that C(docker info) shows, without the credentials of proxies. V(null) unless RV(reachable).
  returned: always
  type: dict
containers:
  description: Containers. With O(verbose_output=true) everything that the Engine API returns. V(null) unless RV(reachable).
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
  description: Disk usage in bytes. With O(verbose_output=true) also everything that the Engine API returns. V(null) unless RV(reachable).
  returned: when O(disk_usage=true)
  type: dict
  contains:
    LayersSize:
      description: Size of all image layers.
      type: int
      sample: 192839201
    classes:
      description: For V(images), V(containers), V(volumes) and V(build_cache) their number, the number in use, their size and how much of it can be
        reclaimed.
      type: dict
      sample: {images: {count: 3, active: 1, size: 192839201, reclaimable: 1982256}}
left_out:
  description: What the listings and RV(disk_usage) lack because of O(max_result_size). Empty if they are complete.
  returned: success
  type: list
  elements: str
  sample: []
"""

from typing import TYPE_CHECKING, Any, Mapping

from ansible_collections.flotilla.docker.plugins.module_utils import result_size, runner
from ansible_collections.flotilla.docker.plugins.module_utils.daemon_status import (
    listings,
    observation,
    requirements,
    status,
    wait,
)
from ansible_collections.flotilla.docker.plugins.module_utils.engine import connection
from ansible_collections.flotilla.docker.plugins.module_utils.errors import BadOption
from ansible_collections.flotilla.docker.plugins.module_utils.masking import mask_credentials
from ansible_collections.flotilla.docker.plugins.module_utils.shapes import filter_values

if TYPE_CHECKING:
    from ansible_collections.flotilla.docker.plugins.module_utils.engine.engine import Engine

SPEC = {
    **result_size.ARGUMENT_SPEC,
    **listings.argument_spec(),
    "require": {"type": "str", "choices": ["running"]},
    "min_version": {"type": "str"},
    "min_api_version": {"type": "str"},
    "wait": {"type": "int", "default": 0},
}


def report(later: connection.Later, params: Mapping[str, Any], decided: None = None) -> dict[str, Any]:
    requirements.check_options(params)
    seen = wait.wait_until_settled(
        lambda left: look(later, min(params["timeout"], left) if params["wait"] else params["timeout"]), params["wait"]
    )
    described = status.describe(later.address, seen)
    requirements.enforce(params, seen.diagnosis, described)
    result_in_full = dict(described, **mask_credentials(list_all(seen.engine, params)))
    return result_size.fit(result_in_full, params["max_result_size"], *listings.SHRINKABLE)


def look(later: connection.Later, timeout: float) -> observation.Observation:
    """One look at the daemon. An invalid option is a failure and not a state."""
    seen = observation.look(later, timeout)
    if isinstance(seen.error, BadOption):
        raise seen.error
    return seen


def list_all(engine: Engine | None, params: Mapping[str, Any]) -> dict[str, Any]:
    """The listings that the task asks for."""
    wanted = [name for name in listings.HEADERS if params[name]] + (["disk_usage"] if params["disk_usage"] else [])
    if engine is None:
        return dict.fromkeys(wanted)
    verbose = params["verbose_output"]
    containers = engine.containers.list if params["containers_all"] else engine.containers.list_running
    read = {
        "containers": lambda filters: containers(**filters),
        "images": lambda filters: engine.images.list(filters=filters or None),
        "networks": lambda filters: engine.networks.list(**filters),
        "volumes": lambda filters: engine.volumes.list(**filters),
    }
    found: dict[str, Any] = {
        name: listings.shorten(name, read[name](filter_values(params[name + "_filters"], name + "_filters")), verbose)
        for name in read
        if name in wanted
    }
    if params["disk_usage"]:
        # pylint: disable-next=import-outside-toplevel  # few tasks ask for it
        from ansible_collections.flotilla.docker.plugins.module_utils.daemon_status import disk_usage

        found["disk_usage"] = disk_usage.summary(engine.daemon.disk_usage(), verbose)
    return found


def main() -> None:
    runner.run(report=report, argument_spec=SPEC, connect=connection.later)


if __name__ == "__main__":
    main()

# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rows of the table that compare modules: the same work on one host, with community.docker and with this collection."""

from __future__ import annotations

from typing import NamedTuple

from peer_suite.paths import CHECKOUT

IMAGES = ("nginx:latest", "nginx:1.0", "busybox:1.0", "busybox:2.0", "multi:latest")
WEB = {"name": "bench", "image": "nginx:latest", "published_ports": ["18080:80"]}
MEMBER = {"name": "bench", "image": "nginx:latest", "grace": 0}
CLI_RUNS = "seq 100 | xargs -P 8 -I NUMBER docker run --detach --name bench-NUMBER nginx:latest"
PULL_ALL = {"flotilla.docker.image_pull": {"name": list(IMAGES)}}

# Containers before a round: none, the container of the row in its desired state, or images too.
NOTHING, WITH_IMAGES, AS_IT_SHOULD_BE = "nothing", "images", "containers"


class Row(NamedTuple):
    """One comparison. ``goal`` is the maximum ratio of this collection to its peer that is accepted.

    ``net``: one task is compared with many, so the start of Ansible counts once for both, and the ratio without it is shown, too.
    """

    key: str
    title: str
    before: str
    peer: list
    ours: list
    goal: float | None = None
    net: bool = False


def rows():
    """All rows, in the order of the table."""
    found = [
        Row("ping", "10 tasks of ansible.builtin.ping, the minimum for any module", WITH_IMAGES, _ping(), _ping()),
        Row(
            "unchanged",
            "10 tasks, container is up to date",
            AS_IT_SHOULD_BE,
            [_peer("docker_container", **WEB)] * 10,
            [_ours("container_run", **WEB)] * 10,
            0.65,
        ),
        Row(
            "create",
            "1 task, container is created and started (with `grace: 0`: the peer does not watch it)",
            WITH_IMAGES,
            [_peer("docker_container", **WEB)],
            [_ours("container_run", **WEB, grace=0)],
            1.0,
        ),
        Row(
            "container_info",
            "10 tasks, read a container (with `usage: false`: the peer does not measure it)",
            AS_IT_SHOULD_BE,
            [_peer("docker_container_info", name="bench")] * 10,
            [_ours("container_info", name="bench", usage=False)] * 10,
            0.75,
        ),
        Row(
            "daemon_status",
            "10 tasks, read the status of the daemon",
            WITH_IMAGES,
            [_peer("docker_host_info")] * 10,
            [_ours("docker_daemon_status")] * 10,
            0.8,
        ),
        Row("pull", "5 images pulled: 5 tasks, 1 task", NOTHING, _peer_pulls(), [PULL_ALL]),
        Row("pull_again", "5 images up to date: 5 tasks, 1 task", WITH_IMAGES, _peer_pulls(), [PULL_ALL], 0.45),
    ]
    return found + (_sets() if (CHECKOUT / "plugins/modules/container_set.py").exists() else [])


def _sets():
    """Sets beside a loop of the peer; and 100 members beside the Docker CLI, and beside a task for one container."""
    loop = [{**_peer("docker_container", name="bench-{{ item }}", image="nginx:latest"), "loop": list(range(1, 21))}]
    return [
        Row(
            "set_create",
            "20 containers created and started: a loop, 1 task (with `grace: 0`)",
            WITH_IMAGES,
            loop,
            _set(20),
            0.3,
            net=True,
        ),
        Row(
            "set_unchanged",
            "20 containers are as they should be: a loop, 1 task",
            AS_IT_SHOULD_BE,
            loop,
            _set(20),
            0.06,
            net=True,
        ),
        Row(
            "set_create_100",
            "100 containers created and started: `xargs -P 8 docker run` in place of community.docker, 1 task (with `grace: 0`)",
            WITH_IMAGES,
            [{"ansible.builtin.shell": CLI_RUNS}],
            _set(100),
            1.5,
            net=True,
        ),
        Row(
            "set_unchanged_100",
            "containers are as they should be: 1 of `container_run` in place of community.docker, 100 of `container_set`",
            AS_IT_SHOULD_BE,
            [_ours("container_run", **WEB)],
            _set(100),
            2.0,
            net=True,
        ),
    ]


def _set(count):
    return [_ours("container_set", name="bench", containers=[{**MEMBER, "count": count}])]


def _ping():
    return [{"ansible.builtin.ping": {}}] * 10


def _peer_pulls():
    return [_peer("docker_image_pull", name=name) for name in IMAGES]


def _peer(module, **options):
    return {f"community.docker.{module}": options}


def _ours(module, **options):
    return {f"flotilla.docker.{module}": options}

# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Pulls that are interrupted: each is a clear failure, and the next run succeeds."""

from __future__ import annotations

import contextlib
import re

import pytest
from registry import ENGINES, NGINX
from waiting import until

# The largest layer takes almost a minute.
SLOW = {"fault": "slow", "bytes_per_second": 100000}


def on(*quick):
    """On these hosts with each change, on the other Engines in the long run."""
    return pytest.mark.parametrize(
        "host", [pytest.param(name, marks=() if name in quick else pytest.mark.long) for name in ENGINES], indirect=True
    )


def half_way(host, registry, **options):
    """A slow pull that has received some layers."""
    registry.fault("library/nginx", **SLOW)
    running = host.start("image_pull", name=[NGINX], **dict({"retries": 0, "stall_timeout": 2}, **options))
    until(lambda: registry.counts("library/nginx").get("GET blobs"))
    return running


def failure(result):
    """The kind and the message of the one image that failed."""
    image = result["images"][0]
    assert (
        result["rc"] == 1
        and not result["changed"]
        and "Traceback" not in result["msg"]
        and image["error"] == result["msg"]
    )
    return image["kind"], result["msg"]


def assert_names_the_registry(result):
    """The pull failed because the registry is gone. What the Engine notices of it first is a matter of milliseconds."""
    kind, message = failure(result)
    assert kind in ("stalled", "cut", "timed_out", "refused", "unreachable"), message
    assert re.search(r"\. Check [^.]*\bregistry\b", message), message


def assert_finishes(host, registry):
    """The next run completes the pull, and the run after it changes nothing."""
    registry.heal()
    finished = host.run("image_pull", name=[NGINX], retries=0, stall_timeout=30)
    assert finished["rc"] == 0 and finished["changed"] and finished["images"][0]["layer_count"] == 6, finished.get(
        "msg"
    )
    assert not host.run("image_pull", name=[NGINX])["changed"]


@contextlib.contextmanager
def frozen(host):
    """The daemon runs but does not answer."""
    host.execute("sh", "-c", "kill -STOP $(cat /run/docker.pid)")
    try:
        yield
    finally:
        host.execute("sh", "-c", "kill -CONT $(cat /run/docker.pid)")


@contextlib.contextmanager
def small_disk(host):
    """The daemon's data is on a disk of 8 MB. Yields a function that frees space on it."""
    root = "/var/lib/containerd" if host.name.startswith("c") else "/var/lib/docker"
    restart = "systemctl stop docker.socket docker containerd; %s; systemctl reset-failed docker docker.socket containerd; systemctl start docker"
    host.execute("sh", "-c", restart % f"mount -t tmpfs -o size=8m none {root}")
    try:
        yield lambda: host.execute("mount", "-o", "remount,size=200m", root)
    finally:
        host.execute("sh", "-c", restart % f"umount {root}")


@on("e20", "c28")
def test_killed_daemon_is_named_and_the_next_run_succeeds(empty, registry):
    running = half_way(empty, registry, stall_timeout=30)
    empty.execute("sh", "-c", "kill -9 $(cat /run/docker.pid)")
    kind, message = failure(running.result())
    assert kind == "daemon" and "closed the connection" in message and "run the task again" in message
    until(lambda: empty.run("image_list")["rc"] == 0)
    assert_finishes(empty, registry)


@on("e26")
def test_hanging_daemon_is_distinguished_from_a_hanging_registry(empty, registry):
    running = half_way(empty, registry, stall_timeout=5)
    with frozen(empty):
        kind, message = failure(running.result())
        assert kind == "daemon" and "did not respond within" in message
        other = empty.run("image_pull", name=[NGINX], timeout=1)
        assert other["rc"] == 1 and "did not respond within 1 s" in other["msg"]
    assert_finishes(empty, registry)


@on("e20", "c28")
def test_killed_registry_stalls_the_pull_and_the_next_run_succeeds(empty, registry):
    running = half_way(empty, registry)
    registry.kill()
    try:
        assert_names_the_registry(running.result())
        assert_names_the_registry(empty.run("image_pull", name=[NGINX], retries=0, stall_timeout=2))
    finally:
        registry.start()
    assert_finishes(empty, registry)


@on("e28")
def test_pull_is_retried_after_the_registry_returns(empty, registry):
    # A second stall would not be retried.
    running = half_way(empty, registry, retries=5, retry_delay=1, stall_timeout=30)
    registry.kill()
    registry.start()
    finished = running.result()
    assert finished["rc"] == 0 and finished["changed"] and finished["images"][0]["layer_count"] == 6, finished.get(
        "msg"
    )


@on("e26", "c28")
def test_full_disk_is_named_and_not_retried_and_free_space_is_enough(empty, registry):
    with small_disk(empty) as make_room:
        full = empty.run("image_pull", name=[NGINX], retries=3)
        kind, message = failure(full)
        assert kind == "no_space" and full["images"][0]["attempts"] == 1
        assert "the disk of the host is full" in message and "Free space" in message
        make_room()
        assert_finishes(empty, registry)


@on("e20")
def test_slow_pull_is_not_stalled(empty, registry):
    registry.fault("library/nginx", fault="slow", bytes_per_second=300000)
    finished = empty.run("image_pull", name=[NGINX], retries=0, stall_timeout=10)
    assert finished["rc"] == 0 and finished["images"][0]["layer_count"] == 6, finished.get("msg")


@pytest.mark.parametrize(
    "host",
    ["e20", pytest.param("e26", marks=pytest.mark.long), pytest.param("e28", marks=pytest.mark.long)],
    indirect=True,
)
def test_closed_connections_are_reported_by_layer(empty, registry):
    # The containerd store requests the rest of a blob and succeeds; the others start again until they fail.
    registry.fault("library/nginx", fault="cut", bytes=100000)
    # Less than the five seconds after which the Engine tries again.
    kind, message = failure(empty.run("image_pull", name=[NGINX], retries=0, stall_timeout=4))
    assert (
        kind == "stalled"
        and "restarts the download of layer" in message
        and "network between host and registry" in message
    )
    assert_finishes(empty, registry)


@pytest.mark.parametrize(
    "host",
    ["e28", pytest.param("e20", marks=pytest.mark.long), pytest.param("e26", marks=pytest.mark.long)],
    indirect=True,
)
def test_hanging_downloads_use_all_slots_until_the_daemon_is_restarted(empty, registry):
    registry.fault("library/nginx", fault="hang", on="blobs")
    assert failure(empty.run("image_pull", name=[NGINX], retries=0, stall_timeout=2))[0] == "stalled"
    registry.heal()
    kind, message = failure(empty.run("image_pull", name=[NGINX], retries=0, stall_timeout=6))
    assert kind == "stalled" and "no layer data was received" in message and "restart the daemon" in message
    empty.execute("sh", "-c", "systemctl reset-failed docker.service docker.socket; systemctl restart docker")
    assert_finishes(empty, registry)

# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How long a container is watched after its start, and what is reported of one that exits."""

from __future__ import annotations

import pytest
from ansible_collections.flotilla.docker.plugins.module_utils.container import watch
from ansible_collections.flotilla.docker.plugins.module_utils.errors import ApiError, StepFailed

from ..in_memory.engine import Engine


class Clock:
    """A clock that sleeping advances. ``later`` is called when it reaches ``at`` seconds."""

    def __init__(self):
        self.now = 0.0
        self.at, self.later = None, None

    def monotonic(self):
        return self.now

    def sleep(self, seconds):
        self.now += seconds
        if self.at is not None and self.now >= self.at:
            self.at = None
            self.later()


@pytest.fixture
def clock(monkeypatch):
    clock = Clock()
    monkeypatch.setattr(watch, "time", clock)
    return clock


@pytest.fixture
def engine():
    """An Engine on which container web runs."""
    engine = Engine()
    engine.containers.add("web")
    return engine


def test_watch_of_a_container_that_exits_does_not_last_until_the_end_of_grace(engine, clock):
    clock.at, clock.later = 2.5, lambda: engine.containers.end("web", 3)
    with pytest.raises(StepFailed, match="web exited within 60 s of starting: exit code 3"):
        watch.for_grace(engine, "web", "web", 60)
    assert clock.now < 4


@pytest.mark.parametrize("grace", [0.2, 1.0, 2.5])
def test_container_that_runs_is_watched_until_the_end_of_grace(engine, clock, grace):
    assert watch.for_grace(engine, "web", "web", grace)["State"]["Running"]
    assert clock.now == pytest.approx(grace)


def test_container_is_looked_at_even_if_a_busy_host_lets_all_of_grace_pass_first(engine, clock, monkeypatch):
    times = iter(range(0, 100, 10))
    monkeypatch.setattr(clock, "monotonic", lambda: next(times))
    engine.containers.end("web", 3)
    with pytest.raises(StepFailed, match="exit code 3"):
        watch.for_grace(engine, "web", "web", 0.2)


def test_container_is_not_watched_without_grace(engine, clock):
    engine.containers.end("web", 3)
    assert watch.for_grace(engine, "web", "web", 0) is None


def test_restart_loop_is_reported_with_the_number_of_restarts(engine, clock):
    engine.containers.stored("web")["RestartCount"] = 3
    # The Engine has restarted it already, so it has no exit code.
    with pytest.raises(
        StepFailed, match=r"restart loop \(3 restarts within 1 s of starting\)\. .* Read the log"
    ) as caught:
        watch.for_grace(engine, "web", "web", 1)
    assert "exit code" not in str(caught.value)
    engine.containers.stored("web")["State"].update(Restarting=True, ExitCode=7)
    with pytest.raises(StepFailed, match=r"restart loop \(3 restarts within 1 s of starting\): exit code 7"):
        watch.for_grace(engine, "web", "web", 1)


@pytest.mark.parametrize(
    "out_of_memory, memory, memory_is_advised", [(True, 8388608, True), (False, 8388608, True), (False, 0, False)]
)
def test_more_memory_is_advised_after_a_kill_with_a_limit_also_if_the_engine_lost_the_reason(
    clock, out_of_memory, memory, memory_is_advised
):
    engine = Engine()
    engine.containers.add("web", memory=memory)
    engine.containers.end("web", 137, out_of_memory)
    with pytest.raises(StepFailed) as failure:
        watch.for_grace(engine, "web", "web", 0.001)
    assert ("Give it more memory" in str(failure.value)) is memory_is_advised
    assert failure.value.facts["exit_code"] == 137


@pytest.mark.parametrize(
    "explanation",
    [
        "cannot start a stopped process: unknown",
        "OCI runtime start failed: cannot start a container that has stopped: unknown",
        "runc create failed: unable to start container process: container init was OOM-killed (memory limit too low?): unknown",
        "error during container init: error setting cgroup config for procHooks process: "
        "unable to set memory limit to 6291456 (current usage: 10039296, peak usage: 10272768): unknown",
        "setting cgroup config for procHooks process caused: failed to write 10485760 to memory.limit_in_bytes: "
        "write /sys/fs/cgroup/memory/docker/1/memory.limit_in_bytes: device or resource busy: unknown",
        "unable to start container process: error during container init: read init-p: connection reset by peer: unknown",
    ],
)
def test_memory_limit_that_is_too_low_for_the_start_is_named(explanation):
    """What runc says on Debian 12 and 13, and in reports about moby."""
    error = watch.not_started(Engine(), "web", ApiError("start container web", 500, explanation))
    assert explanation in str(error)
    assert str(error).endswith(
        "The memory limit is most likely too low to start the container's first process. Give it more memory."
    )


@pytest.mark.parametrize(
    "explanation, advice",
    [
        ('exec: "nosuch": executable file not found in $PATH', "is not in the image"),
        ('exec: "/x/y": stat /x/y: no such file or directory', "is not in the image"),
        ("crun: executable file `/x/y` not found: No such file or directory", "is not in the image"),
        ('exec: "/etc": is a directory: permission denied', "cannot execute the program"),
        ('exec: "/etc": is a directory: unknown: permission denied', "cannot execute the program"),
        ('exec: "/etc/passwd": permission denied', "cannot execute the program"),
        ("crun: the path `/etc` is not a regular file: Operation not permitted", "cannot execute the program"),
        ("crun: the path `/etc/passwd` exists but it is not executable", "cannot execute the program"),
    ],
)
def test_program_that_cannot_be_run_is_named_as_the_cause(explanation, advice):
    """What runc 1.3, crun 1.8 and crun 1.28 say."""
    assert advice in str(watch.not_started(Engine(), "web", ApiError("start container web", 400, explanation)))

# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A run rolls back and exits when its play has ended in any way: with and without pipelining, as root and with become."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time

import pytest
from registry import BUSYBOX

# Seconds within which a run must detect that its result is not read, and roll back. It checks every 10 s, and ssh fails at the second line.
NOTICED_WITHIN = 120
# Seconds that a task with a limit may take. Its container must be created within them on a busy machine, too.
LIMIT = 40
WAYS = {
    "root": {},
    "root, pipelining": {"ansible_pipelining": True},
    "become": {"ansible_user": "ops", "ansible_become": True},
    "become, pipelining": {"ansible_user": "ops", "ansible_become": True, "ansible_pipelining": True},
}


def waiting(name):
    """A task that waits for ten minutes, because its container never becomes healthy. Its rollback removes the container."""
    return {
        "flotilla.docker.container_run": {
            "name": name,
            "image": BUSYBOX,
            "command": ["sleep", "600"],
            "state": "healthy",
            "healthcheck": {"test": ["CMD", "false"], "interval": "1h"},
            "healthy_wait_timeout": 600,
        }
    }


class Play:
    """A play that runs in its own session."""

    def __init__(self, fleet, folder, host, name, task, variables):
        self.name = name
        path = folder / f"{name}.yml"
        play = {"hosts": host, "gather_facts": False, "vars": variables, "tasks": [task]}
        path.write_text(json.dumps([play]), encoding="utf-8")
        # Its own connections, because the first play that ends closes a shared one.
        control = {"ANSIBLE_SSH_CONTROL_PATH_DIR": str(folder / name)}
        self.process = subprocess.Popen(
            ["ansible-playbook", "-i", fleet["inventory"], str(path)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env=dict(os.environ, ANSIBLE_NOCOLOR="1", **control),
            start_new_session=True,
        )

    def kill(self, number, chosen):
        """Send a signal to those processes of the play whose command lines are ``chosen``. Workers have sessions of their own."""
        listed = subprocess.run(["ps", "-eo", "pid=,ppid=,args="], check=True, capture_output=True, text=True).stdout
        ours, pids = {self.process.pid}, []
        for pid, parent, line in (line.split(None, 2) for line in listed.splitlines()):
            if int(parent) in ours or int(pid) in ours:
                ours.add(int(pid))
                pids += [int(pid)] if chosen(int(pid), line) else []
        assert pids, listed
        for pid in pids:
            os.kill(pid, number)

    def end(self):
        """Stop its remaining processes."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.communicate(timeout=30)


def is_ssh(_pid, line):
    return line.startswith("ssh ")


ENDS = {
    "terminated": lambda play: play.process.terminate(),
    # A remaining worker would read the result, so the workers are killed with the play.
    "killed": lambda play: play.kill(signal.SIGKILL, lambda pid, line: not is_ssh(pid, line)),
    "worker killed": lambda play: play.kill(
        signal.SIGKILL, lambda pid, line: pid != play.process.pid and not is_ssh(pid, line)
    ),
    "ssh terminated": lambda play: play.kill(signal.SIGTERM, is_ssh),
    # The task has a timeout, after which the controller stops waiting.
    "timeout": lambda play: None,
}


def until(seconds, holds):
    end = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > end:
            return False
        time.sleep(0.5)
    return True


def python_processes(host):
    """Pids of Python on the host."""
    return set(host.execute("sh", "-c", "pgrep python3 || true").split())


@pytest.mark.parametrize("end", ENDS)
def test_run_ends_and_rolls_back_when_its_play_is_gone(fleet, tmp_path, host, end):
    host.need(BUSYBOX)
    before = python_processes(host)
    plays = []
    try:
        for number, variables in enumerate(WAYS.values()):
            name = f"lost{number}"
            task = dict(waiting(name), **({"timeout": LIMIT} if end == "timeout" else {}))
            plays.append(Play(fleet, tmp_path, host.name, name, task, variables))
        names = {play.name for play in plays}
        # All of them at some time: one that has a timeout may be removed before another one is created.
        missing = set(names)

        def all_were_created():
            missing.difference_update(host.names())
            return not missing

        assert until(180, all_were_created), missing
        assert end == "timeout" or python_processes(host) - before

        for play in plays:
            ENDS[end](play)

        until(NOTICED_WITHIN + (LIMIT if end == "timeout" else 0), lambda: not names & set(host.names()))
        left = {way for way, play in zip(WAYS, plays) if play.name in host.names()}
        assert not left, f"still there: {left}"
        assert until(60, lambda: not python_processes(host) - before)
    finally:
        for play in plays:
            play.end()


def test_async_run_returns_its_result_after_empty_lines(fleet, tmp_path, host):
    """It takes longer than the interval between two lines."""
    host.need(BUSYBOX)
    task = waiting("slow")
    task["flotilla.docker.container_run"]["healthy_wait_timeout"] = 13
    task.update({"async": 180, "poll": 1})
    play = Play(fleet, tmp_path, host.name, "slow", task, WAYS["become, pipelining"])
    output = play.process.communicate(timeout=240)[0]
    assert "was not healthy after 13 s" in output
    assert host.names() == []


def test_async_run_ends_at_its_limit_when_its_play_is_gone(fleet, tmp_path, host):
    host.need(BUSYBOX)
    before = python_processes(host)
    play = Play(
        fleet, tmp_path, host.name, "limited", dict(waiting("limited"), **{"async": LIMIT, "poll": 1}), WAYS["root"]
    )
    try:
        assert until(180, lambda: "limited" in host.names())
        play.process.kill()
        assert until(NOTICED_WITHIN, lambda: not python_processes(host) - before)
    finally:
        play.end()

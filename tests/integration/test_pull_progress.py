# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Progress of a slow pull on a terminal and in a log. Over SSH, as a user who becomes root."""

from __future__ import annotations

import itertools
import json
import os
import re
import subprocess
import urllib.request

import pytest
from terminal import Terminal

HOSTS = ("e20", "e26", "e28")
NGINX, OLD = "hub:5001/library/nginx:latest", "hub:5001/library/nginx:1.0"
LINE = re.compile(r"pulling: \[(\w+)\] +\S+, \d of \d layers, ([\d.]+)(k|M)B of [\d.]+MB")


@pytest.fixture
def slow(request, fleet, hosts):
    """Three hosts without images, and a registry that sends this many bytes per second."""
    faults = fleet["hub"]["control"] + "/faults/library/nginx"
    body = json.dumps({"fault": "slow", "bytes_per_second": getattr(request, "param", 400000)}).encode()
    for name in HOSTS:
        # Under other names, too, because their layers would not be pulled.
        hosts[name].clear()
        hosts[name].execute("docker", "image", "prune", "--all", "--force")
    urllib.request.urlopen(urllib.request.Request(faults, data=body, method="PUT"), timeout=10).close()
    yield
    urllib.request.urlopen(urllib.request.Request(faults, method="DELETE"), timeout=10).close()


@pytest.fixture
def command(fleet, tmp_path):
    """An ansible-playbook that pulls on the three hosts as ops, who becomes root."""

    def make(*arguments, **options):
        play = {
            "hosts": ",".join(HOSTS),
            "become": True,
            "gather_facts": False,
            "tasks": [{"name": "Pull", "flotilla.docker.image_pull": options}],
        }
        path = tmp_path / "play.yml"
        path.write_text(json.dumps([play]), encoding="utf-8")
        return [
            "ansible-playbook",
            "-i",
            fleet["inventory"],
            "-e",
            "ansible_user=ops ansible_become=true",
            path,
            *arguments,
        ]

    return make


@pytest.fixture
def without_callback(tmp_path):
    return dict(os.environ, ANSIBLE_LOG_PATH=str(tmp_path / "ansible.log"), ANSIBLE_NOCOLOR="1")


@pytest.fixture
def environment(without_callback):
    return dict(without_callback, ANSIBLE_CALLBACKS_ENABLED="flotilla.docker.pull_progress")


def lines(rows):
    """Megabytes by host, as shown on one screen."""
    found = [LINE.match(row) for row in rows]
    return {match[1]: float(match[2]) / (1 if match[3] == "M" else 1000) for match in found if match}


def others(rows):
    return [row for row in rows if not row.startswith("pulling: ")]


def assert_nothing_else_was_erased(terminal):
    """Only live lines were erased; all output of Ansible is still on the screen."""
    last = terminal.everything()
    for rows in terminal.screens:
        # The last row may be incomplete.
        assert others(rows)[:-1] == last[: len(others(rows)) - 1]
    assert lines(last) == {} and not any("pulling" in row for row in last), last


def test_each_host_has_one_live_line_that_is_updated(slow, command, environment, tmp_path):
    name = f"{{{{ 'hub:5001/library/nginx:none' if inventory_hostname == 'e20' else '{NGINX}' }}}}"
    with Terminal(command(name=name), environment) as terminal:
        terminal.watch()
        seen = [lines(rows) for rows in terminal.screens]
        both = [shown for shown in seen if {"e26", "e28"} <= set(shown)]
        assert both[-1]["e26"] > both[0]["e26"] and both[-1]["e28"] > both[0]["e28"]
        assert all(
            sum(row.startswith(f"pulling: [{host}]") for row in rows) <= 1
            for rows in terminal.screens
            for host in HOSTS
        )
        # One host failed while the others pulled.
        assert any("fatal: [e20]" in "".join(rows) and lines(rows) for rows in terminal.screens)
        assert_nothing_else_was_erased(terminal)
        assert terminal.process.returncode == 2
    log = (tmp_path / "ansible.log").read_bytes()
    assert b"changed: [e26]" in log and b"\x1b" not in log and b"\r" not in log and b"pulling" not in log


def test_live_lines_with_fewer_forks_than_hosts_and_in_a_smaller_window(slow, command, environment):
    with Terminal(command("--forks", "2", name=[NGINX, OLD]), environment, columns=90) as terminal:
        assert terminal.watch(lambda rows: any(row.startswith("pulling: [e26] 2 images, ") for row in rows))
        terminal.resize(40, 30)
        before = len(terminal.screens)
        terminal.watch()
        shown = [[row for row in rows if row.startswith("pulling: ")] for rows in terminal.screens[before:]]
        # Until the next update the terminal truncates lines that were drawn for the larger window.
        painted = list(itertools.dropwhile(lambda rows: not rows or any(len(row) == 40 for row in rows), shown))
        assert any(painted) and all(len(row) < 40 for rows in painted for row in rows)
        assert all(len([row for row in rows if row.startswith("pulling: ")]) <= 2 for rows in terminal.screens)
        assert not any("pulling" in row for row in terminal.rows())
        assert terminal.process.returncode == 0


def test_ctrl_c_leaves_the_terminal_and_the_hosts_clean(slow, command, environment, hosts):
    with Terminal(command(name=NGINX), environment) as terminal:
        assert terminal.watch(lambda rows: set(lines(rows)) == set(HOSTS)), terminal.rows()
        terminal.type(b"\x03")
        terminal.watch()
        assert "interrupted" in terminal.everything()[-1]
        assert_nothing_else_was_erased(terminal)
    for name in HOSTS:
        left = "for _ in $(seq 300); do pgrep -x python3 >/dev/null || break; sleep 0.2; done; pgrep -ax python3; ls -A /tmp | grep ansible-pull-progress; true"
        assert hosts[name].execute("sh", "-c", left) == ""


@pytest.mark.parametrize("slow", [2000000], indirect=True)
@pytest.mark.parametrize("arguments, options", [(["--check"], {}), ([], {"progress": "none"})])
def test_no_progress_in_check_mode_and_with_progress_none(slow, command, environment, arguments, options):
    with Terminal(command(*arguments, name=NGINX, **options), environment) as terminal:
        terminal.watch()
        assert b"pulling" not in terminal.raw
        assert terminal.process.returncode == 0


@pytest.mark.parametrize("slow", [300000], indirect=True)
def test_terminal_without_the_callback_has_plain_lines(slow, command, without_callback):
    with Terminal(command(name=NGINX), without_callback) as terminal:
        terminal.watch()
        rows = [row for row in terminal.everything() if LINE.match(row)]
        for host in HOSTS:
            assert any(row.startswith(f"pulling: [{host}]") for row in rows), terminal.everything()
        assert not re.search(rb"\x1b\[\d*[AJ]", terminal.raw)


@pytest.mark.parametrize("slow", [300000], indirect=True)
def test_log_has_few_plain_lines_for_each_host(slow, command, environment, tmp_path):
    output = subprocess.run(command(name=NGINX), env=environment, check=True, capture_output=True, text=True).stdout
    for host in HOSTS:
        assert 1 <= len(re.findall(rf"^pulling: \[{host}\] {NGINX}, \d of 6 layers, .*/s$", output, re.M)) <= 4, output
    assert "\x1b" not in output and "\r" not in output
    assert "pulling: [e20]" in (tmp_path / "ansible.log").read_text(encoding="utf-8")


def test_lost_connection_is_reported_as_cause(slow, command, environment, hosts):
    with Terminal(command(name=NGINX), environment) as terminal:
        assert terminal.watch(lambda rows: set(lines(rows)) == set(HOSTS)), terminal.rows()
        hosts["e20"].execute("pkill", "-9", "-u", "ops", "sshd")
        terminal.watch()
        assert "The connection to the host was lost during the pull" in " ".join(terminal.everything())
        assert terminal.process.returncode == 4
        assert_nothing_else_was_erased(terminal)

# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import io
import os
import pickle
import subprocess
import sys

import pytest
from ansible_collections.flotilla.docker.plugins.plugin_utils import live_lines
from ansible_collections.flotilla.docker.plugins.plugin_utils.live_lines import HostLine, LiveLines, lay_out


class Display:
    def __init__(self, stream):
        self._stream = stream

    def display(self, msg, newline=True):
        self._stream.write(msg + "\n" * newline)


def lines_on(stream):
    return LiveLines(Display(stream), stream)


def test_each_host_has_one_row():
    assert lay_out({"a": "one", "longer": "two"}, 80, 24) == ["pulling: [a]      one", "pulling: [longer] two"]


def test_row_is_cut_to_the_width_of_the_terminal():
    (row,) = lay_out({"a": "x" * 200}, 40, 24)
    assert len(row) == 39


def test_last_row_counts_hosts_without_a_row():
    rows = lay_out({"host%d" % number: "text" for number in range(100)}, 80, 10)
    assert len(rows) == 8
    assert rows[-1] == "pulling: 93 more hosts"


def test_lines_are_erased_before_other_output_and_painted_after_it():
    stream = io.StringIO()
    lines = lines_on(stream)
    lines.display(HostLine("half", "a"))
    lines.display("ok: [b]")
    block = "pulling: [a] half\n"
    assert stream.getvalue() == block + "\r\033[1A\033[J" + "ok: [b]\n" + block


def test_empty_line_removes_the_row_of_the_host():
    stream = io.StringIO()
    lines = lines_on(stream)
    lines.display(HostLine("half", "a"))
    lines.display(HostLine("", "a"))
    stream.truncate(0)
    lines.display("ok: [b]")
    assert stream.getvalue().strip("\0") == "ok: [b]\n"


def test_nothing_is_painted_after_a_prompt():
    stream = io.StringIO()
    lines = lines_on(stream)
    lines.display("Password: ", newline=False)
    lines.display(HostLine("half", "a"))
    assert stream.getvalue() == "Password: "


def test_worker_process_writes_no_live_line(monkeypatch):
    stream = io.StringIO()
    lines = lines_on(stream)
    monkeypatch.setattr(live_lines.os, "getpid", lambda: -1)
    lines.display(HostLine("half", "a"))
    assert stream.getvalue() == "half\n"


def test_pickled_line_keeps_its_host():
    line = pickle.loads(pickle.dumps(HostLine("half", "a")))
    assert (line, line.host) == ("half", "a")


class Screen(io.StringIO):
    def isatty(self):
        return True


@pytest.mark.parametrize(
    "stream, term, callback, expected",
    [
        (Screen(), "xterm", "default", True),
        (Screen(), "xterm", "community.general.diy", True),
        (Screen(), "dumb", "default", False),
        (Screen(), "", "default", False),
        (Screen(), "xterm", "awx_display", False),
        (Screen(), "xterm", "ansible.posix.json", False),
        (io.StringIO(), "xterm", "default", False),
    ],
)
def test_live_lines_need_a_terminal_and_a_stdout_callback_for_people(monkeypatch, stream, term, callback, expected):
    monkeypatch.setattr(sys, "stdout", stream)
    monkeypatch.setenv("TERM", term)
    monkeypatch.setattr(live_lines.C, "DEFAULT_STDOUT_CALLBACK", callback)
    assert live_lines.terminal_supports_them() is expected


@pytest.mark.parametrize(
    "callback, expected", [("ansible.posix.json", False), ("jsonl", False), ("default", True), ("awx_display", True)]
)
def test_no_live_lines_if_the_stdout_callback_writes_json(monkeypatch, callback, expected):
    monkeypatch.setattr(live_lines.C, "DEFAULT_STDOUT_CALLBACK", callback)
    assert live_lines.output_is_text() is expected


def test_importing_the_plugins_changes_nothing_in_ansible():
    """In a new process, because this one has imported them."""
    program = """
from ansible.utils.display import Display
methods = {name: getattr(Display(), name) for name in dir(Display()) if not name.startswith("_") and callable(getattr(Display(), name))}
import ansible_collections.flotilla.docker.plugins.action.image_pull
import ansible_collections.flotilla.docker.plugins.callback.pull_progress
assert methods == {name: getattr(Display(), name) for name in methods}
"""
    subprocess.run(
        [sys.executable, "-c", program], check=True, env=dict(os.environ, PYTHONPATH=os.pathsep.join(sys.path))
    )


def test_display_is_as_before_when_the_callback_has_stopped():
    stream = io.StringIO()
    display = Display(stream)
    before = display.display
    live_lines.start(display, stream)
    display.display(HostLine("half", "a"))
    assert display.display != before and live_lines.are_shown()
    live_lines.stop()
    assert display.display == before
    assert not live_lines.are_shown()
    assert stream.getvalue().endswith("\r\033[1A\033[J")

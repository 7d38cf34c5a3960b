# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import io
import pickle
import sys

import pytest

from ansible_collections.flotilla.docker.plugins.plugin_utils import board
from ansible_collections.flotilla.docker.plugins.plugin_utils.board import Board, HostLine, lay_out


class Display:
    def __init__(self, stream):
        self._stream = stream

    def display(self, msg, newline=True):
        self._stream.write(msg + "\n" * newline)


def board_on(stream):
    return Board(Display(stream), stream)


def test_hosts_are_laid_out_below_each_other():
    assert lay_out({"a": "one", "longer": "two"}, 80, 24) == ["pulling: [a]      one", "pulling: [longer] two"]


def test_a_row_is_cut_before_the_terminal_would_wrap_it():
    (row,) = lay_out({"a": "x" * 200}, 40, 24)
    assert len(row) == 39


def test_hosts_beyond_the_screen_are_counted():
    rows = lay_out({"host%d" % number: "text" for number in range(100)}, 80, 10)
    assert len(rows) == 8
    assert rows[-1] == "pulling: 93 hosts more"


def test_the_block_goes_before_other_output_and_comes_back_after_it():
    stream = io.StringIO()
    painter = board_on(stream)
    painter.display(HostLine("half", "a"))
    painter.display("ok: [b]")
    block = "pulling: [a] half\n"
    assert stream.getvalue() == block + "\r\033[1A\033[J" + "ok: [b]\n" + block


def test_a_host_that_is_done_leaves_nothing():
    stream = io.StringIO()
    painter = board_on(stream)
    painter.display(HostLine("half", "a"))
    painter.display(HostLine("", "a"))
    stream.truncate(0)
    painter.display("ok: [b]")
    assert stream.getvalue().strip("\0") == "ok: [b]\n"


def test_an_open_line_is_not_painted_over():
    stream = io.StringIO()
    painter = board_on(stream)
    painter.display("Password: ", newline=False)
    painter.display(HostLine("half", "a"))
    assert stream.getvalue() == "Password: "


def test_a_worker_paints_nothing(monkeypatch):
    stream = io.StringIO()
    painter = board_on(stream)
    monkeypatch.setattr(board.os, "getpid", lambda: -1)
    painter.display(HostLine("half", "a"))
    assert stream.getvalue() == "half\n"


def test_a_line_keeps_its_host_between_processes():
    line = pickle.loads(pickle.dumps(HostLine("half", "a")))
    assert (line, line.host) == ("half", "a")


class Screen(io.StringIO):
    def isatty(self):
        return True


@pytest.mark.parametrize("stream, term, callback, expected", [
    (Screen(), "xterm", "default", True),
    (Screen(), "xterm", "community.general.diy", True),
    (Screen(), "dumb", "default", False),
    (Screen(), "", "default", False),
    (Screen(), "xterm", "awx_display", False),
    (Screen(), "xterm", "ansible.posix.json", False),
    (io.StringIO(), "xterm", "default", False),
])
def test_a_board_needs_a_terminal_that_a_person_looks_at(monkeypatch, stream, term, callback, expected):
    monkeypatch.setattr(sys, "stdout", stream)
    monkeypatch.setenv("TERM", term)
    monkeypatch.setattr(board.C, "DEFAULT_STDOUT_CALLBACK", callback)
    assert board.can_live() is expected


@pytest.mark.parametrize("callback, expected", [("ansible.posix.json", False), ("jsonl", False), ("default", True), ("awx_display", True)])
def test_output_for_programs_gets_no_lines(monkeypatch, callback, expected):
    monkeypatch.setattr(board.C, "DEFAULT_STDOUT_CALLBACK", callback)
    assert board.is_for_people() is expected

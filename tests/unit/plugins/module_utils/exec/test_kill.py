# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A command is stopped whatever the Engine reports of it at that moment."""

from __future__ import annotations

import pytest
from ansible_collections.flotilla.docker.plugins.module_utils.exec import kill

from ..in_memory.engine import Engine

NOT_BEGUN = {"Running": False, "ExitCode": None, "Pid": 0}
BEGINS = {"Running": True, "ExitCode": None, "Pid": 0}
RUNS = {"Running": True, "ExitCode": None, "Pid": 7}
ENDED = {"Running": False, "ExitCode": 0, "Pid": 7}


@pytest.mark.parametrize(
    "states, signal",
    [
        ([NOT_BEGUN, NOT_BEGUN, BEGINS, RUNS, ENDED], "SIGTERM"),
        ([RUNS, ENDED], "SIGTERM"),
        ([NOT_BEGUN, ENDED], ""),
        ([ENDED], ""),
        ([{}], ""),
    ],
)
def test_command_that_has_not_begun_yet_is_stopped_when_it_has(monkeypatch, states, signal):
    engine, left = Engine(), list(states)
    monkeypatch.setattr(kill.time, "sleep", lambda seconds: None)
    monkeypatch.setattr(kill, "_by_shell", lambda *arguments: True)
    monkeypatch.setattr(engine.execs, "find", lambda exec_id: left.pop(0) or None)
    assert kill.end(engine, "exec", "web", "marker") == signal
    assert left == []

# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every option of container_run has an effect, and the options that are not settings of a container do what they say."""

from __future__ import annotations

import ast
import pathlib
import syslog

import pytest
from ansible_collections.flotilla.docker.plugins.module_utils.container import stop, table
from ansible_collections.flotilla.docker.plugins.module_utils.errors import StepFailed

from ..in_memory.engine import Engine
from . import builders


def reads(path):
    """The keys that a file reads by .get("key") or ["key"]."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and getattr(node.func, "attr", None) == "get" and node.args:
            yield getattr(node.args[0], "value", None)
        elif isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Load):
            key = getattr(node.slice, "value", None)
            yield getattr(key, "value", key)  # Python 3.8 has the constant inside an ast.Index


def test_every_option_is_read():
    """A row reads its own option; all others are read by name somewhere."""
    package = pathlib.Path(table.__file__).parent
    named = {key for path in package.rglob("*.py") for key in reads(path) if isinstance(key, str)}
    in_loops = {"env_file", "label_file"}
    assert set(table.argument_spec()) - {row.name for row in table.OPTIONS} - in_loops <= named


def test_a_job_writes_its_log_to_the_system_log(monkeypatch):
    written = []
    monkeypatch.setattr(syslog, "syslog", lambda level, line: written.append(line))
    engine = Engine()
    engine.containers.logs = lambda key, tail=None: b"one\ntwo\n"
    engine.containers.start = engine.containers.stop
    builders.run(engine, detach=False)
    assert written == []
    builders.run(engine, detach=False, output_logs=True)
    assert written == ["one", "two"]


def test_failure_says_that_the_container_ignored_the_signal(monkeypatch):
    monkeypatch.setattr(stop, "_PAUSE", 0)
    engine = Engine()
    builders.run(engine)
    engine.containers.kill = lambda key, signal=None: None
    with pytest.raises(StepFailed, match="Container web is still running 0 s after signal SIGHUP"):
        builders.run(engine, image=None, state="stopped", force_kill=True, kill_signal="SIGHUP", stop_timeout=0)
    assert engine.containers.find("web")["State"]["Running"]


def test_force_kill_sends_the_signal():
    engine = Engine()
    builders.run(engine)
    builders.run(engine, image=None, state="stopped", force_kill=True)
    assert "kill" in engine.calls
    assert not engine.containers.find("web")["State"]["Running"]

# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes the results of asserts and failed tasks, one JSON object per line, for peer_suite/play.py."""

from __future__ import annotations

import json
import os
import time

from ansible.plugins.callback import CallbackBase

DOCUMENTATION = """
name: counted
type: notification
short_description: Count asserts
description: Writes the outcome of asserts and of failed tasks to the file that PEER_SUITE_EVENTS names.
"""


class CallbackModule(CallbackBase):
    """See the module's docstring."""

    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "notification"
    CALLBACK_NAME = "counted"
    CALLBACK_NEEDS_ENABLED = True

    def __init__(self):
        super().__init__()
        self._began = time.monotonic()

    def v2_runner_on_ok(self, result):
        said = result.result.get("asserts")
        if said:
            self._write("asserts", result, **said)

    def v2_runner_on_failed(self, result, ignore_errors=False):
        # The play ignores all errors; errors that the task itself expects are not failures.
        if not (result.task.get_ds() or {}).get("ignore_errors"):
            self._write("task", result, name=result.task.get_name(), msg=str(result.result.get("msg"))[:1000])

    def v2_playbook_on_stats(self, stats):
        self._write("end", None, seconds=time.monotonic() - self._began)

    def _write(self, kind, result, **facts):
        line = int(result.task.get_path().rpartition(":")[2]) if result else 0
        with open(os.environ["PEER_SUITE_EVENTS"], "a", encoding="utf-8") as events:
            events.write(json.dumps(dict(facts, kind=kind, line=line)) + "\n")

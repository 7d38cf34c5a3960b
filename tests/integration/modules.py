# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs a module in a process of its own, forked from this one: what it must import is there already, so a run costs milliseconds."""

from __future__ import annotations

import importlib
import json
import os
import signal
import tempfile

from ansible.module_utils import basic

COLLECTION = "ansible_collections.flotilla.docker.plugins.modules"


class Run:
    """A module that runs."""

    def __init__(self, name, options, check=False):
        self.module = importlib.import_module(f"{COLLECTION}.{name}")
        arguments = dict(options, _ansible_check_mode=check, _ansible_diff=True, _ansible_syslog_facility="LOG_USER")
        self.output = tempfile.TemporaryFile("w+", encoding="utf-8")
        self.pid = os.fork()
        if self.pid == 0:
            self._become({"ANSIBLE_MODULE_ARGS": arguments})

    def _become(self, arguments):
        """In the child: what AnsiballZ does on a host."""
        status = 70
        try:
            os.dup2(self.output.fileno(), 1)
            os.dup2(self.output.fileno(), 2)
            import sys

            sys.stdout = open(1, "w", encoding="utf-8", closefd=False)
            basic._ANSIBLE_ARGS = json.dumps(arguments).encode()
            basic._ANSIBLE_PROFILE = "legacy"
            self.module.main()
        except SystemExit as end:
            status = int(end.code or 0)
        finally:
            sys.stdout.flush()
            os._exit(status)

    def signal(self, number=signal.SIGTERM):
        """Send a signal."""
        os.kill(self.pid, number)

    def result(self):
        """What it printed, decoded, with "rc"; None if it was killed."""
        _pid, status = os.waitpid(self.pid, 0)
        self.output.seek(0)
        text = self.output.read()
        self.output.close()
        if os.WIFSIGNALED(status):
            return None
        start = text.find("\n{")
        assert start >= 0, f"the module printed no result: {text}"
        return dict(json.loads(text[start:]), rc=os.waitstatus_to_exitcode(status))

# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs a module in a forked process, in which its imports are already loaded, so that a run takes milliseconds."""

from __future__ import annotations

import functools
import importlib
import json
import os
import signal
import tempfile
from pathlib import Path

import ran_lines
import return_docs
from ansible.module_utils import basic
from ansible.module_utils.common.json import Direction, get_module_decoder, get_module_encoder

MODULES = "ansible_collections.flotilla.docker.plugins.modules"
UTILS = "ansible_collections.flotilla.docker.plugins.module_utils"
# A module would import these first of all, in every fork, and Ansible then reads the metadata of ansible.builtin, which takes longer than most modules run.
get_module_decoder("legacy", Direction.CONTROLLER_TO_MODULE)
get_module_encoder("legacy", Direction.MODULE_TO_CONTROLLER)


@functools.lru_cache(maxsize=None)
def load_everything():
    """Import all of module_utils, because Ansible compiles a file again in each process that imports it."""
    folder = Path(__file__).resolve().parents[2] / "plugins" / "module_utils"
    for path in folder.rglob("*.py"):
        importlib.import_module(".".join([UTILS, *path.relative_to(folder).with_suffix("").parts]))


class Run:
    """A running module."""

    def __init__(self, name, options, check=False):
        load_everything()
        self.module = importlib.import_module(f"{MODULES}.{name}")
        arguments = dict(options, _ansible_check_mode=check, _ansible_diff=True, _ansible_syslog_facility="LOG_USER")
        self.output = tempfile.TemporaryFile("w+", encoding="utf-8")
        self.pid = os.fork()
        if self.pid == 0:
            self._become({"ANSIBLE_MODULE_ARGS": arguments})

    def _become(self, arguments):
        """In the child process: do what AnsiballZ does on a host."""
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
            ran_lines.save()
            os._exit(status)

    def signal(self, number=signal.SIGTERM):
        """Send a signal."""
        os.kill(self.pid, number)

    def result(self):
        """The decoded output; "rc" is the exit status of the module and "returned_rc" the return value of that name. None if it was killed."""
        _pid, status = os.waitpid(self.pid, 0)
        self.output.seek(0)
        text = self.output.read()
        self.output.close()
        if os.WIFSIGNALED(status):
            return None
        start = text.find("\n{")
        assert start >= 0, f"the module printed no result: {text}"
        result = json.loads(text[start:])
        if not result.get("failed"):
            wrong = return_docs.compare(self.module.__name__.rpartition(".")[2], result)
            assert not wrong, wrong
        return dict(result, rc=os.waitstatus_to_exitcode(status), returned_rc=result.get("rc"))

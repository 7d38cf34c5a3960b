# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs a module in a fresh Python, as AnsiballZ does, where some packages are not installed."""

from __future__ import annotations

import atexit
import builtins
import importlib
import json
import os
import subprocess
import sys


def run(module, arguments, check=False):
    """The module's result without docker-py and requests. "asked_for" lists all imports, including failed ones."""
    task = {"arguments": arguments, "check": check}
    done = subprocess.run(
        [sys.executable, __file__, module], input=json.dumps(task), capture_output=True, text=True, check=False
    )
    lines = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    assert len(lines) == 2, done.stderr
    return dict(lines[0], **lines[1])


def _main(module, task):
    from ansible.module_utils import basic

    for package in ("docker", "requests", "urllib3"):
        sys.modules[package] = None  # the import system treats it as not installed
    asked_for = set()
    import_name = builtins.__import__

    def recording(name, *args, **more):
        asked_for.add(name.split(".")[0])
        return import_name(name, *args, **more)

    builtins.__import__ = recording
    atexit.register(
        lambda: print(
            json.dumps({"asked_for": sorted(asked_for.union(name for name, module in sys.modules.items() if module))})
        )
    )
    arguments = dict(task["arguments"], _ansible_check_mode=task["check"], _ansible_syslog_facility="LOG_USER")
    basic._ANSIBLE_ARGS = json.dumps({"ANSIBLE_MODULE_ARGS": arguments}).encode()
    basic._ANSIBLE_PROFILE = "legacy"
    importlib.import_module(f"ansible_collections.flotilla.docker.plugins.modules.{module}").main()


if __name__ == "__main__":
    sys.path[:0] = os.environ["ANSIBLE_COLLECTIONS_PATH"].split(os.pathsep)
    _main(sys.argv[1], json.load(sys.stdin))

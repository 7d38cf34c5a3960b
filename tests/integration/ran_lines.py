# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Records which lines of module_utils run, in pytest and in the modules that it forks.

`coverage run` would start anew in every fork, which costs several times as much as most runs of a module.
"""

from __future__ import annotations

import json
import os
import sys

# The file for the lines, one JSON object for each process: {"plugins/module_utils/disk.py": [12, 13]}. Without it, nothing is recorded.
FILE = os.environ.get("FLOTILLA_RAN_LINES")
_MEASURED = "plugins/module_utils/"
_ran = set()


def start():
    """Record from now on. Code that was imported earlier is recorded when it is called."""
    # Python 3.12 and newer have it.
    monitoring = getattr(sys, "monitoring", None)
    if not FILE or not monitoring:
        return
    # Local names, because Python clears the global ones before its last functions run.
    tool, events, measured = monitoring.COVERAGE_ID, monitoring.events, _MEASURED

    def on_start(code, _offset):
        if measured in code.co_filename:
            monitoring.set_local_events(tool, code, events.LINE)
        return monitoring.DISABLE

    def on_line(code, number):
        _ran.add((code.co_filename, number))
        return monitoring.DISABLE

    monitoring.use_tool_id(tool, __name__)
    monitoring.register_callback(tool, events.PY_START, on_start)
    monitoring.register_callback(tool, events.LINE, on_line)
    monitoring.set_events(tool, events.PY_START)
    os.register_at_fork(after_in_child=_ran.clear)


def save():
    """Append the lines of this process to the file."""
    if not _ran:
        return
    numbers = {}
    for path, number in _ran:
        numbers.setdefault(_MEASURED + path.rpartition(_MEASURED)[2], []).append(number)
    # In one write, because several processes append.
    with open(FILE, "ab", buffering=0) as file:
        file.write(json.dumps(numbers).encode() + b"\n")

# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The controller's half of image_pull: shows how far a pull has come, while the module runs as any other does."""

from __future__ import annotations

import json
import secrets
import sys
import threading
import time

from ansible.plugins.action import ActionBase
from ansible.plugins.loader import connection_loader
from ansible.utils.display import Display

display = Display()

# A pull that is over by then needs no progress, and costs nothing.
FIRST_LOOK = 2.0
ON_TERMINAL, IN_LOG = 1.0, 15.0
_UNITS = ("B", "kB", "MB", "GB")


class ActionModule(ActionBase):
    """Runs the module; a thread looks over a connection of its own at the file that the module writes."""

    TRANSFERS_FILES = False
    _supports_check_mode = True
    _supports_async = True

    def run(self, tmp=None, task_vars=None):
        result = super().run(tmp, task_vars)
        arguments = dict(self._task.args)
        watched = arguments.get("progress", "auto") != "none" and not self._task.check_mode and not self._task.async_val
        watcher = None
        if watched:
            arguments["progress_file"] = "/tmp/.flotilla-pull-%s" % secrets.token_hex(16)
            watcher = Watcher(self._second_connection, arguments["progress_file"], (task_vars or {}).get("inventory_hostname", "?"))
            watcher.start()
        try:
            result.update(self._execute_module(module_args=arguments, task_vars=task_vars, wrap_async=self._task.async_val))
        finally:
            if watcher:
                watcher.stop()
        (result.get("invocation") or {}).get("module_args", {}).pop("progress_file", None)
        return result

    def _second_connection(self):
        """Another connection like the task's, but without become: connections bear one command at a time."""
        connection = connection_loader.get(self._connection.ansible_name, self._play_context)
        connection._options = dict(self._connection._options)
        connection._load_name = self._connection._load_name
        return connection


class Watcher(threading.Thread):
    """Prints what it sees: one living line on a terminal, a plain one now and then elsewhere. Its failures are nobody's."""

    def __init__(self, connect, path, host):
        super().__init__(daemon=True)
        self._connect = connect
        self._path = path
        self._host = host
        self._ended = threading.Event()
        self._living = sys.__stdout__ is not None and sys.__stdout__.isatty()
        self._shown = False

    def run(self):
        started = time.monotonic()
        wait = FIRST_LOOK
        connection = None
        while not self._ended.wait(wait):
            try:
                connection = connection or self._connect()
                _code, output, _errors = connection.exec_command("cat %s" % self._path, in_data=None, sudoable=False)
                line = render(json.loads(output), time.monotonic() - started)
            except Exception as error:  # pylint: disable=broad-exception-caught
                display.vvv("image_pull: no progress to show: %s" % error, host=self._host)
            else:
                self._show(line)
            wait = ON_TERMINAL if self._living else IN_LOG

    def stop(self):
        """No more lines from now on."""
        self._ended.set()
        self.join(timeout=5)
        if self._shown and self._living:
            display.display("", screen_only=True)

    def _show(self, line):
        if self._ended.is_set():
            return
        self._shown = True
        if self._living:
            display.display("\r\033[K  [%s] %s" % (self._host, line), newline=False, screen_only=True)
        else:
            display.display("  [%s] %s" % (self._host, line))


def render(pulls, seconds):
    """"pulling 2 images: 5 of 12 layers, 3.1MB of 9MB, 1.2MB/s"."""
    total = {key: sum(pull[key] for pull in pulls.values()) for key in ("layers", "layers_done", "bytes", "bytes_total")}
    what = next(iter(pulls)) if len(pulls) == 1 else "%d images" % len(pulls)
    if not total["layers"]:
        return "pulling %s: waiting for the registry" % what
    size = "%s of %s" % (_size(total["bytes"]), _size(max(total["bytes_total"], total["bytes"])))
    return "pulling %s: %d of %d layers, %s, %s/s" % (what, total["layers_done"], total["layers"], size, _size(total["bytes"] / max(seconds, 0.1)))


def _size(value):
    unit = 0
    while value >= 1000 and unit < len(_UNITS) - 1:
        value, unit = value / 1000, unit + 1
    return "%.3g%s" % (value, _UNITS[unit])

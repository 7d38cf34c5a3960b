# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The controller's part of image_pull: it shows the progress of the pulls while the module runs."""

from __future__ import annotations

import contextlib
import json
import secrets
import shlex
import time
from typing import Any

from ansible import constants as C
from ansible import context
from ansible.errors import AnsibleConnectionFailure
from ansible.plugins.action import ActionBase
from ansible.plugins.connection import ConnectionBase
from ansible.plugins.loader import connection_loader
from ansible.utils.display import Display
from ansible_collections.flotilla.docker.plugins.plugin_utils import live_lines
from ansible_collections.flotilla.docker.plugins.plugin_utils.pull_line import PullLine
from ansible_collections.flotilla.docker.plugins.plugin_utils.watcher import Watcher, constant, doubling

display = Display()

# The variable that module_utils/image/progress_file.py reads.
PROGRESS_FILE = "FLOTILLA_PULL_PROGRESS_FILE"
# With live lines: seconds until the first one, and reads of progress files per second of the whole run.
FIRST_READ, READS_PER_SECOND = 2.0, 20
# With plain lines: seconds until the first one, and the longest time between two. The time doubles from line to line.
FIRST_LINE, LONGEST_SILENCE = 5.0, 60.0
CONNECTION_LOST = "The connection to the host was lost during the pull, so the pull was cancelled. Run the task again: layers that are complete are kept."


class ActionModule(ActionBase):
    """Runs the module, which writes its progress to a file. A thread reads the file over a second connection."""

    TRANSFERS_FILES = False
    _supports_check_mode = True
    _supports_async = True

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        result = super().run(tmp, task_vars)
        task_vars = task_vars or {}
        watcher = self._watcher(task_vars) if self._is_watched() else None
        try:
            with watcher.running() if watcher else contextlib.nullcontext():
                result.update(self._execute_module(task_vars=task_vars, wrap_async=self._task.async_val))
        except AnsibleConnectionFailure as error:
            if watcher and watcher.has_shown:
                raise AnsibleConnectionFailure(CONNECTION_LOST) from error
            raise
        finally:
            if watcher and watcher.has_shown and live_lines.are_shown():
                self._show("", task_vars)
        return result

    def _is_watched(self) -> bool:
        wanted = self._task.args.get("progress", "auto") != "none"
        return wanted and live_lines.output_is_text() and not self._task.check_mode and not self._task.async_val

    def _watcher(self, task_vars: dict[str, Any]) -> Watcher:
        path = self._progress_file()
        line = PullLine(time.monotonic())
        connection = self._second_connection()

        def read() -> str:
            _code, output, _errors = connection.exec_command(f"cat {shlex.quote(path)}", in_data=None, sudoable=False)
            return line.render(json.loads(output), time.monotonic())

        hosts = min(len(task_vars.get("ansible_play_batch") or [""]), context.CLIARGS.get("forks") or C.DEFAULT_FORKS)
        waits = (
            constant(max(1.0, hosts / READS_PER_SECOND), FIRST_READ)
            if live_lines.are_shown()
            else doubling(FIRST_LINE, LONGEST_SILENCE)
        )
        return Watcher(read, lambda text: self._show(text, task_vars), self._not_read, waits)

    def _progress_file(self) -> str:
        """Path of a file that root writes and the user of the connection reads. The module gets it in its environment.

        The directory is Ansible's own setting for files that other users may read; the name cannot be guessed.
        """
        directory = self.get_shell_option("system_tmpdirs", default=["/tmp"])[0]
        path = f"{directory.rstrip('/')}/ansible-pull-progress-{secrets.token_hex(16)}"
        self._task.environment = [*(self._task.environment or []), {PROGRESS_FILE: path}]
        return path

    def _show(self, text: str, task_vars: dict[str, Any]) -> None:
        host = task_vars.get("inventory_hostname", "?")
        if live_lines.are_shown():
            display.display(live_lines.HostLine(text, host), screen_only=True)
        else:
            display.display(f"pulling: [{host}] {text}")

    def _not_read(self, error: Exception) -> None:
        display.vvv(f"image_pull: cannot read the progress: {error}")

    def _second_connection(self) -> ConnectionBase:
        """A connection with the options of the task's own, but without become. A connection runs one command at a time."""
        connection = connection_loader.get(self._connection.ansible_name, self._play_context)
        for name, value in self._connection.get_options().items():
            connection.set_option(name, value)
        return connection

# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The controller's half of image_pull: shows how far a pull has come, while the module runs as any other does."""

from __future__ import annotations

import json
import secrets
import time

from ansible import constants as C
from ansible import context
from ansible.errors import AnsibleConnectionFailure
from ansible.plugins.action import ActionBase
from ansible.plugins.loader import connection_loader
from ansible.utils.display import Display
from ansible_collections.flotilla.docker.plugins.plugin_utils import board
from ansible_collections.flotilla.docker.plugins.plugin_utils.pull_line import PullLine
from ansible_collections.flotilla.docker.plugins.plugin_utils.watcher import Watcher, often, seldom

display = Display()

# On a terminal: seconds until the first line, and how many looks at hosts in a second the controller bears.
FIRST_LOOK, LOOKS_PER_SECOND = 2.0, 20
# In a log: seconds until the first line and, doubled each time, at most between two.
FIRST_LINE, LONGEST_SILENCE = 5.0, 60.0
LOST = "The connection to the host was lost during the pull, which ends there too; the next run goes on with the layers that are complete"


class ActionModule(ActionBase):
    """Runs the module; a thread looks over a connection of its own at the file that the module writes."""

    TRANSFERS_FILES = False
    _supports_check_mode = True
    _supports_async = True

    def run(self, tmp=None, task_vars=None):
        result = super().run(tmp, task_vars)
        arguments = dict(self._task.args)
        watcher = None
        if self._is_watched():
            arguments["progress_file"] = "/tmp/.flotilla-pull-%s" % secrets.token_hex(16)
            watcher = self._watcher(arguments["progress_file"], task_vars or {})
            watcher.start()
        try:
            result.update(self._execute_module(module_args=arguments, task_vars=task_vars, wrap_async=self._task.async_val))
        except AnsibleConnectionFailure as error:
            if watcher and watcher.shown:
                raise AnsibleConnectionFailure(LOST) from error
            raise
        finally:
            if watcher:
                watcher.stop()
                if watcher.shown and board.LIVING:
                    self._show("", task_vars)
        (result.get("invocation") or {}).get("module_args", {}).pop("progress_file", None)
        return result

    def _is_watched(self):
        wanted = self._task.args.get("progress", "auto") != "none"
        return wanted and board.is_for_people() and not self._task.check_mode and not self._task.async_val

    def _watcher(self, path, task_vars):
        line = PullLine(time.monotonic())
        connection = self._second_connection()

        def look():
            _code, output, _errors = connection.exec_command("cat %s" % path, in_data=None, sudoable=False)
            return line.render(json.loads(output), time.monotonic())

        hosts = min(len(task_vars.get("ansible_play_batch") or [""]), context.CLIARGS.get("forks") or C.DEFAULT_FORKS)
        waits = often(max(1.0, hosts / LOOKS_PER_SECOND), FIRST_LOOK) if board.LIVING else seldom(FIRST_LINE, LONGEST_SILENCE)
        return Watcher(look, lambda text: self._show(text, task_vars), self._missed, waits)

    def _show(self, text, task_vars):
        host = (task_vars or {}).get("inventory_hostname", "?")
        if board.LIVING:
            display.display(board.HostLine(text, host), screen_only=True)
        else:
            display.display("pulling: [%s] %s" % (host, text))

    def _missed(self, error):
        display.vvv("image_pull: no progress to show: %s" % error)

    def _second_connection(self):
        """Another connection like the task's, but without become: connections bear one command at a time."""
        connection = connection_loader.get(self._connection.ansible_name, self._play_context)
        connection._options = dict(self._connection._options)
        connection._load_name = self._connection._load_name
        return connection

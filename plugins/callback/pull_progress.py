# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: pull_progress
type: notification
short_description: Show the progress of image pulls in live lines
version_added: 0.1.0
author: flotilla.docker contributors (@flotilla-docker)
description:
  - Shows one line for each host that pulls images with M(flotilla.docker.image_pull), below all other output, and updates it until the pull ends.
  - Works on a terminal only, together with any stdout callback that prints text. Without a terminal or without this callback,
    M(flotilla.docker.image_pull) prints plain lines, the first after 5 seconds, then at growing intervals up to one per minute.
  - From the start of the playbook to its end, output to the terminal passes through this callback, so that the live lines are always the last ones.
    The log file (E(ANSIBLE_LOG_PATH)) does not contain them.
requirements:
  - Enable it with C(callbacks_enabled = flotilla.docker.pull_progress) in the section C([defaults]) of C(ansible.cfg), or with
    E(ANSIBLE_CALLBACKS_ENABLED).
"""

EXAMPLES = r"""
enable: >
  ANSIBLE_CALLBACKS_ENABLED=flotilla.docker.pull_progress ansible-playbook -i hosts.yml flotilla.docker.flow
"""

import sys

from ansible.plugins.callback import CallbackBase
from ansible_collections.flotilla.docker.plugins.plugin_utils import live_lines


class CallbackModule(CallbackBase):
    """Switches live lines on and off; the action plugin of image_pull sends them."""

    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "notification"
    CALLBACK_NAME = "flotilla.docker.pull_progress"
    CALLBACK_NEEDS_ENABLED = True

    def v2_playbook_on_start(self, playbook: object) -> None:
        if live_lines.terminal_supports_them():
            live_lines.start(self._display, sys.stdout)

    def v2_playbook_on_stats(self, stats: object) -> None:
        live_lines.stop()

# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Commands in containers in memory."""

from __future__ import annotations

from typing import Any


class Execs:
    """Commands that exit at once, with ``exit_code``."""

    encrypted = False

    def __init__(self, journal: Any) -> None:
        self.exit_code = 0
        self._journal = journal

    def create(self, container: str, body: Any) -> Any:
        self._journal("create exec")
        return {"Id": "exec"}

    def start_detached(self, exec_id: str, tty: bool) -> None:
        pass

    def find(self, exec_id: str) -> Any:
        return {"Running": False, "ExitCode": self.exit_code}

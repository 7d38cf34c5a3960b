# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Programs of the managed host, run with a time limit."""

from __future__ import annotations

import os
import subprocess
from typing import Sequence

# One language and one time zone, because the output is parsed.
_ENVIRONMENT = {"LC_ALL": "C", "TZ": "UTC", "SYSTEMD_COLORS": "0", "SYSTEMD_PAGER": ""}


def words_of(process: int | None) -> list[str]:
    """The command line of a process. Empty if there is no such process."""
    try:
        with open(f"/proc/{process}/cmdline", "rb") as file:
            return file.read().decode("utf-8", "surrogateescape").split("\0")[:-1]
    except OSError:
        return []


def read_output(arguments: Sequence[str], timeout: float = 10) -> str | None:
    """The output of a program with any exit status; None if it does not exist or does not finish within ``timeout`` seconds."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("DOCKER_")}
    try:
        done = subprocess.run(  # pylint: disable=ansible-bad-function  # that has no timeout
            arguments,
            env=dict(environment, **_ENVIRONMENT),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=timeout,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.decode("utf-8", "replace")

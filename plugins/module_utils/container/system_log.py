# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The output of a job in the system log of the managed host."""

from __future__ import annotations

import syslog


def write(container: str, output: str) -> None:
    """One message for each line, under the name of the collection and the container."""
    syslog.openlog(f"flotilla.docker {container}")
    try:
        for line in output.splitlines():
            syslog.syslog(syslog.LOG_INFO, line.replace("\0", ""))
    finally:
        syslog.closelog()

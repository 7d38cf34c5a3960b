# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Notices that nobody waits for this run any more: the play was interrupted, or the connection to the host is gone."""

from __future__ import annotations

import os
import select
import signal
import threading

STDOUT = 1


def hold(descriptor: int = STDOUT, number: int = signal.SIGHUP) -> None:
    """From now on the loss of whoever reads the result is a hang-up, as it is where the connection has a terminal.

    With pipelining there is none, so no signal tells, and a run would go on for nobody.
    """
    poll = select.poll()
    # Errors and hang-ups are always told; there is nothing else to wait for. Files and /dev/null never have any.
    poll.register(descriptor, 0)
    threading.Thread(target=_wait, args=(poll, number), daemon=True).start()


def _wait(poll: select.poll, number: int) -> None:
    events = poll.poll()
    if events and events[0][1] & (select.POLLERR | select.POLLHUP):
        os.kill(os.getpid(), number)

# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Requests that are sent the whole time, as by a client that tries the next server when one does not answer."""

from __future__ import annotations

import contextlib
import http.client
import itertools
import os
import signal
import time

_TIMEOUT = 30


class Traffic:
    """What came of the requests, once they have ended."""

    def __init__(self):
        self.answered = 0
        self.failures = []


@contextlib.contextmanager
def to(servers, folder, path="/"):
    """Requests to (address, port) pairs. Runs in a process of its own, because this one forks modules and must have no threads."""
    traffic, log = Traffic(), folder / "traffic.log"
    log.write_text("", encoding="utf-8")
    pid = os.fork()
    if pid == 0:
        try:
            _send(list(servers), path, log)
        finally:
            os._exit(0)
    try:
        _wait_for(log)
        yield traffic
        _wait_for(log, log.read_text(encoding="utf-8").count("\n"))
    finally:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
    lines = log.read_text(encoding="utf-8").splitlines()
    traffic.answered = lines.count("200")
    traffic.failures = [line for line in lines if line != "200"]


def _send(servers, path, log):
    with log.open("a", encoding="utf-8", buffering=1) as lines:
        for first in itertools.cycle(range(len(servers))):
            lines.write(_ask([*servers[first:], *servers[:first]], path) + "\n")
            time.sleep(0.01)


def _ask(servers, path):
    problems = []
    for address, port in servers:
        connection = http.client.HTTPConnection(address, port, timeout=_TIMEOUT)
        try:
            connection.request("GET", path)
            status = connection.getresponse().status
            if status == 200:
                return "200"
            problems.append(str(status))
        except (OSError, http.client.HTTPException) as error:
            problems.append(repr(error))
        finally:
            connection.close()
    return f"{time.time():.3f} " + "; ".join(problems)


def _wait_for(log, more_than=0):
    deadline = time.monotonic() + 180
    while log.read_text(encoding="utf-8").count("\n") <= more_than + 3:
        assert time.monotonic() < deadline, "no request was answered"
        time.sleep(0.02)

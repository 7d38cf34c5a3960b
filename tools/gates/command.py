# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs one command of a gate, detects hangs, writes its log, and counts it as a test case."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

from gates import junit
from gates.paths import CHECKOUT


@dataclass(frozen=True)
class Command:
    name: str
    words: list[str] = field(default_factory=list)
    folder: Path = CHECKOUT
    environment: dict[str, str] = field(default_factory=dict)
    # Where the command writes JUnit files, and how many cases it must have run to succeed.
    reports: Path | None = None
    at_least: int = 1
    # Why the command cannot be run on this machine.
    skip: str = ""
    # A command that prints nothing for this many minutes hangs. Its total time is not limited, because the machine may be slow.
    silent_minutes: float = 20


@dataclass(frozen=True)
class Result:
    command: Command
    seconds: float = 0.0
    failure: str = ""
    output: str = ""


def run(gate, command, log, live):
    """The command's result; a command that fails, hangs, tests nothing or cannot be started is a failure, never an exception."""
    if command.skip:
        return Result(command)
    if command.reports:
        shutil.rmtree(command.reports, ignore_errors=True)
    log.write(f"\n$ {' '.join(command.words)}\n".encode())
    log.flush()
    begin, start = log.tell(), time.monotonic()
    failure = _execute(command, log, live)
    if command.reports:
        ran = junit.collect(gate, command)
        failure = failure or (
            "" if ran >= command.at_least else f"ran {ran} tests and should have run at least {command.at_least}"
        )
    return Result(command, time.monotonic() - start, failure, _text(log.name, begin))


def _execute(command, log, live):
    # Into a file, not a pipe: a connection that ssh keeps open would keep the pipe open for minutes.
    try:
        process = subprocess.Popen(  # pylint: disable=consider-using-with
            command.words,
            cwd=command.folder,
            env={**os.environ, "NO_COLOR": "1", **command.environment},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    except OSError as error:
        return f"could not be started: {error}"
    try:
        return _await(process, command.silent_minutes, log.name, live)
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _await(process, silent_minutes, path, live):
    """The failure of a process that writes to the log at ``path``, or None. With ``live``, the log is printed as it grows."""
    heard, size = time.monotonic(), -1
    with open(path, "rb") as following:
        following.seek(0, os.SEEK_END)
        while process.poll() is None:
            if os.path.getsize(path) != size:
                heard, size = time.monotonic(), os.path.getsize(path)
            elif time.monotonic() > heard + silent_minutes * 60:
                return f"printed nothing for {silent_minutes:g} minutes"
            time.sleep(0.1)
            if live:
                sys.stdout.write(following.read().decode(errors="replace"))
                sys.stdout.flush()
    return f"ended with {process.returncode}" if process.returncode else ""


def _text(path, begin):
    with open(path, "rb") as log:
        log.seek(begin)
        return log.read().decode(errors="replace")

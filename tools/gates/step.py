# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One command of a gate: run with a time limit, logged, and counted as a test case of its own."""

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
class Step:
    name: str
    command: list[str] = field(default_factory=list)
    folder: Path = CHECKOUT
    environment: dict[str, str] = field(default_factory=dict)
    # Where the command leaves JUnit files, and how many cases it must have run to be believed.
    reports: Path | None = None
    at_least: int = 1
    # Why the step can't be run on this machine.
    skip: str = ""
    minutes: int = 15


@dataclass(frozen=True)
class Result:
    step: Step
    seconds: float = 0.0
    failure: str = ""
    output: str = ""


def run(gate, step, log, live):
    """The step's result; a command that fails, hangs, tests nothing or cannot be started is a failure, never an exception."""
    if step.skip:
        return Result(step)
    if step.reports:
        shutil.rmtree(step.reports, ignore_errors=True)
    log.write(f"\n$ {' '.join(step.command)}\n".encode())
    log.flush()
    begin, start = log.tell(), time.monotonic()
    failure = _execute(step, log, live)
    if step.reports:
        ran = junit.collect(gate, step)
        failure = failure or ("" if ran >= step.at_least else f"ran {ran} tests and should have run at least {step.at_least}")
    return Result(step, time.monotonic() - start, failure, _text(log.name, begin))


def _execute(step, log, live):
    # Into the file, not through a pipe: a connection that ssh keeps open would hold a pipe for minutes.
    try:
        process = subprocess.Popen(  # pylint: disable=consider-using-with
            step.command,
            cwd=step.folder,
            env={**os.environ, "NO_COLOR": "1", **step.environment},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    except OSError as error:
        return f"could not be started: {error}"
    try:
        return _await(process, step.minutes, log.name if live else os.devnull)
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _await(process, minutes, shown):
    deadline = time.monotonic() + minutes * 60
    with open(shown, "rb") as following:
        following.seek(0, os.SEEK_END)
        while process.poll() is None and time.monotonic() < deadline:
            time.sleep(0.1)
            sys.stdout.write(following.read().decode(errors="replace"))
            sys.stdout.flush()
    if process.returncode is None:
        return f"did not end within {minutes} minutes"
    return f"ended with {process.returncode}" if process.returncode else ""


def _text(path, begin):
    with open(path, "rb") as log:
        log.seek(begin)
        return log.read().decode(errors="replace")

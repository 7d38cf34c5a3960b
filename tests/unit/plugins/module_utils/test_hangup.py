# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import os
import signal
import subprocess
import time

import pytest
from ansible_collections.flotilla.docker.plugins.module_utils import hangup


class Received(list):
    """The signals so far. Not an Event, whose lock the handler would wait for if the main thread has it."""

    def wait(self, seconds, number=1):
        """Whether there are so many signals within this time."""
        deadline = time.monotonic() + seconds
        while len(self) < number and time.monotonic() < deadline:
            time.sleep(0.01)
        return len(self) >= number


@pytest.fixture
def received():
    """The received SIGUSR1."""
    signals = Received()
    before = signal.signal(signal.SIGUSR1, lambda number, frame: signals.append(number))
    yield signals
    signal.signal(signal.SIGUSR1, before)


def test_lost_reader_causes_a_signal(received):
    reader, writer = os.pipe()
    with hangup.watched(writer, signal.SIGUSR1):
        assert not received.wait(0.2)
        os.close(reader)
        assert received.wait(60)
    os.close(writer)


def test_signal_is_repeated_until_the_context_ends(received, monkeypatch):
    monkeypatch.setattr(hangup, "REPEAT", 0.05)
    reader, writer = os.pipe()
    os.close(reader)
    with hangup.watched(writer, signal.SIGUSR1):
        assert received.wait(60, number=3)
    sent = len(received)
    assert not received.wait(0.2, number=sent + 1)
    os.close(writer)


def test_ssh_whose_output_is_no_longer_read_is_detected(received):
    """As ssh after its play: it waits for output, and cannot write it."""
    output, outlet = os.pipe()
    with subprocess.Popen(["cat"], stdin=subprocess.PIPE, stdout=outlet) as ssh:
        os.close(outlet)
        with hangup.watched(ssh.stdin.fileno(), signal.SIGUSR1, interval=0.1):
            assert not received.wait(0.5)
            os.close(output)
            assert received.wait(60)
        ssh.stdin.close()


def test_only_empty_lines_are_written_and_none_after_the_end():
    reader, writer = os.pipe()
    with hangup.watched(writer, signal.SIGUSR1, interval=0.05):
        written = os.read(reader, 100)
    os.write(writer, b"result")
    os.close(writer)
    with os.fdopen(reader, "rb") as rest:
        assert (written + rest.read()).strip(b"\n") == b"result"


def test_output_to_a_file_is_not_watched(received, tmp_path):
    with open(tmp_path / "result", "wb") as file:
        with hangup.watched(file.fileno(), signal.SIGUSR1, interval=0.05):
            assert not received.wait(0.3)
    assert (tmp_path / "result").read_bytes() == b""

# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import os
import signal
import threading

import pytest

from ansible_collections.flotilla.docker.plugins.module_utils import lifeline


@pytest.fixture
def told():
    """An event that is set by SIGUSR1."""
    event = threading.Event()
    before = signal.signal(signal.SIGUSR1, lambda number, frame: event.set())
    yield event
    signal.signal(signal.SIGUSR1, before)


def test_the_loss_of_the_reader_is_a_signal(told):
    reader, writer = os.pipe()
    lifeline.hold(writer, signal.SIGUSR1)
    assert not told.wait(0.2)
    os.close(reader)
    assert told.wait(10)
    os.close(writer)


def test_a_file_has_no_reader_to_lose(told, tmp_path):
    with open(tmp_path / "result", "wb") as file:
        lifeline.hold(file.fileno(), signal.SIGUSR1)
        assert not told.wait(0.2)

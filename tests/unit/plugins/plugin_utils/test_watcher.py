# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import itertools
import multiprocessing
import os
import signal
import threading
import time

from ansible_collections.flotilla.docker.plugins.plugin_utils.watcher import Watcher, constant, doubling


def watched(read, waits):
    """Texts and errors of a watcher that runs until it has no more waits."""
    shown, errors = [], []
    watcher = Watcher(read, shown.append, errors.append, waits)
    watcher.run()
    return shown, errors


def test_failed_read_is_repeated_after_the_same_wait():
    results = iter([OSError("not there yet"), OSError("not there yet"), "1 of 6 layers", "2 of 6 layers"])

    def read():
        result = next(results)
        if isinstance(result, Exception):
            raise result
        return result

    shown, errors = watched(read, iter([0, 0]))
    assert shown == ["1 of 6 layers", "2 of 6 layers"]
    assert len(errors) == 2


def test_nothing_is_shown_after_stop():
    shown, started, released = [], threading.Event(), threading.Event()

    def read():
        started.set()
        released.wait(60)
        return "late"

    watcher = Watcher(read, shown.append, shown.append, iter([0]))
    watcher.start()
    started.wait(30)
    watcher.stop()
    released.set()
    watcher.join(30)
    assert not watcher.is_alive()
    assert shown == []


def test_stop_returns_while_output_blocks():
    started, released = threading.Event(), threading.Event()

    def show(_text):
        started.set()
        released.wait(120)

    watcher = Watcher(lambda: "text", show, show, iter([0]))
    watcher.start()
    started.wait(30)
    stopping = threading.Thread(target=watcher.stop, daemon=True)
    stopping.start()
    stopping.join(60)
    assert not stopping.is_alive()
    released.set()


def test_worker_that_is_ended_completes_its_message():
    # As Ansible does it: workers share the lock of a queue, and end in their signal handler.
    processes = multiprocessing.get_context("fork")
    queue_lock, sending = processes.Lock(), processes.Event()

    def show(_text):
        with queue_lock:
            sending.set()
            time.sleep(0.5)

    def work():
        signal.signal(signal.SIGTERM, lambda number, frame: os._exit(1))
        watcher = Watcher(lambda: "text", show, show, itertools.repeat(0))
        with watcher.running():
            time.sleep(60)

    worker = processes.Process(target=work)
    worker.start()
    assert sending.wait(30)
    worker.terminate()
    worker.join(30)
    assert worker.exitcode == 1
    assert queue_lock.acquire(timeout=5)


def test_waits_of_live_and_of_plain_lines():
    assert list(itertools.islice(constant(1, first=2), 3)) == [2, 1, 1]
    assert list(itertools.islice(doubling(5, longest=15), 4)) == [5, 10, 15, 15]

# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.flotilla.docker.plugins.module_utils.daemon_status.diagnosis import Diagnosis
from ansible_collections.flotilla.docker.plugins.module_utils.daemon_status.wait import wait_until_settled


class Seen:
    def __init__(self, state, final):
        self.diagnosis = Diagnosis(state, "", "", final)


STARTING, RUNNING, FAILED = Seen("starting", False), Seen("running", True), Seen("failed", True)


class Clock:
    now = 0.0

    def sleep(self, seconds):
        self.now += seconds

    def __call__(self):
        return self.now


@pytest.mark.parametrize(
    "states, seconds, expected, number",
    [
        ([STARTING], 0, STARTING, 1),
        ([RUNNING], 60, RUNNING, 1),
        ([STARTING, STARTING, RUNNING], 60, RUNNING, 3),
        ([STARTING, FAILED, RUNNING], 60, FAILED, 2),
        ([STARTING] * 9, 2, STARTING, 5),
    ],
)
def test_waiting_ends_when_the_daemon_runs_or_cannot_run(states, seconds, expected, number):
    clock = Clock()
    left = list(states)
    assert wait_until_settled(lambda rest: left.pop(0), seconds, clock.sleep, clock) is expected
    assert len(states) - len(left) == number


def test_each_check_gets_the_remaining_time():
    clock, given = Clock(), []

    def look(rest):
        given.append(rest)
        return STARTING

    wait_until_settled(look, 2, clock.sleep, clock)
    assert given == [2, 1.5, 1, 1, 1]

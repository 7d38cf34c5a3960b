# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest

from ansible_collections.flotilla.docker.plugins.module_utils.daemon import demands
from ansible_collections.flotilla.docker.plugins.module_utils.daemon.diagnosis import Diagnosis
from ansible_collections.flotilla.docker.plugins.module_utils.errors import BadOption, NotMet

NONE = {"require": None, "min_version": None, "min_api_version": None, "wait": 0}
RUNNING = Diagnosis("running", "It answers", "")
STOPPED = Diagnosis("stopped", "It is stopped", "Start it")
STATUS = {"server": {"version": "26.1.5+dfsg1", "api_version": "1.45"}}


@pytest.mark.parametrize(
    "wanted",
    [
        {},
        {"require": "running"},
        {"min_version": "26.1"},
        {"min_version": "26.1.5"},
        {"min_version": "v20"},
        {"min_api_version": "1.45"},
        {"min_api_version": "1.9"},
    ],
)
def test_met(wanted):
    demands.enforce(dict(NONE, **wanted), RUNNING, STATUS)


@pytest.mark.parametrize(
    "wanted, message", [({"min_version": "26.1.6"}, "26.1.5+dfsg1, but min_version asks for 26.1.6"), ({"min_api_version": "1.51"}, "asks for 1.51")]
)
def test_too_old(wanted, message):
    with pytest.raises(NotMet, match="(?i)upgrade") as raised:
        demands.enforce(dict(NONE, **wanted), RUNNING, STATUS)
    assert message in str(raised.value)
    assert raised.value.facts == STATUS


@pytest.mark.parametrize("wanted", [{"require": "running"}, {"min_version": "20"}, {"min_api_version": "1.24"}])
def test_a_daemon_that_does_not_run_meets_no_demand(wanted):
    with pytest.raises(NotMet) as raised:
        demands.enforce(dict(NONE, **wanted), STOPPED, {"server": None})
    assert str(raised.value) == "The Docker daemon is not running (stopped): It is stopped. Start it."


def test_without_a_demand_a_stopped_daemon_is_a_result():
    demands.enforce(NONE, STOPPED, {"server": None})


@pytest.mark.parametrize("option, value", [("min_version", "new"), ("min_version", ""), ("min_api_version", "1.x"), ("wait", -1)])
def test_bad_options(option, value):
    with pytest.raises(BadOption, match=option):
        demands.check_options(dict(NONE, **{option: value}))

# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.flotilla.docker.plugins.module_utils.daemon_status import requirements
from ansible_collections.flotilla.docker.plugins.module_utils.daemon_status.diagnosis import Diagnosis
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
def test_requirement_that_is_met_does_not_fail(wanted):
    requirements.enforce(dict(NONE, **wanted), RUNNING, STATUS)


@pytest.mark.parametrize(
    "wanted, message",
    [
        ({"min_version": "26.1.6"}, "26.1.5+dfsg1, but min_version is 26.1.6"),
        ({"min_api_version": "1.51"}, "min_api_version is 1.51"),
    ],
)
def test_version_that_is_too_old_fails_with_the_whole_status(wanted, message):
    with pytest.raises(NotMet, match="(?i)upgrade") as raised:
        requirements.enforce(dict(NONE, **wanted), RUNNING, STATUS)
    assert message in str(raised.value)
    assert raised.value.facts == STATUS


@pytest.mark.parametrize("wanted", [{"require": "running"}, {"min_version": "20"}, {"min_api_version": "1.24"}])
def test_a_stopped_daemon_meets_no_requirement(wanted):
    with pytest.raises(NotMet) as raised:
        requirements.enforce(dict(NONE, **wanted), STOPPED, {"server": None})
    assert str(raised.value) == "The Docker daemon is not running (stopped): It is stopped. Start it."


def test_a_stopped_daemon_does_not_fail_without_a_requirement():
    requirements.enforce(NONE, STOPPED, {"server": None})


@pytest.mark.parametrize(
    "option, value", [("min_version", "new"), ("min_version", ""), ("min_api_version", "1.x"), ("wait", -1)]
)
def test_invalid_requirement_is_refused_by_name(option, value):
    with pytest.raises(BadOption, match=option):
        requirements.check_options(dict(NONE, **{option: value}))

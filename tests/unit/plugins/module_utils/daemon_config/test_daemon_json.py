# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.flotilla.docker.plugins.module_utils.daemon_config import daemon_json

MIRROR = ["https://mirror.example.org"]


@pytest.mark.parametrize(
    "observed, desired, before, expected",
    [
        ({}, {"debug": True}, {}, {"debug": True}),
        ({"debug": True}, {}, {}, {"debug": True}),
        ({"debug": True}, {"debug": False}, {}, {"debug": False}),
        (
            {"registry-mirrors": ["https://old.example.org"]},
            {"registry-mirrors": MIRROR},
            {},
            {"registry-mirrors": MIRROR},
        ),
        # Options that were removed from the task are removed from the file
        ({"debug": True, "mtu": 1400}, {}, {"debug": True}, {"mtu": 1400}),
        ({"debug": True}, {}, {"debug": True}, {}),
        # unless they were changed by other means
        ({"debug": False}, {}, {"debug": True}, {"debug": False}),
        ({}, {}, {"debug": True}, {}),
        # Dictionaries key by key
        (
            {"log-opts": {"tag": "x"}},
            {"log-opts": {"max-size": "1m"}},
            {},
            {"log-opts": {"tag": "x", "max-size": "1m"}},
        ),
        (
            {"log-opts": {"tag": "x", "max-size": "1m"}},
            {},
            {"log-opts": {"max-size": "1m"}},
            {"log-opts": {"tag": "x"}},
        ),
        ({"log-opts": {"max-size": "1m"}}, {}, {"log-opts": {"max-size": "1m"}}, {}),
        (
            {"log-opts": {"max-size": "1m", "tag": "x"}},
            {"log-opts": {"max-size": "1m"}},
            {"log-opts": {"max-size": "1m", "tag": "x"}},
            {"log-opts": {"max-size": "1m"}},
        ),
        ({"log-opts": "nonsense"}, {"log-opts": {"max-size": "1m"}}, {}, {"log-opts": {"max-size": "1m"}}),
    ],
)
def test_options_are_merged_into_daemon_json(observed, desired, before, expected):
    assert daemon_json.merge(observed, desired, before, {}) == expected


@pytest.mark.parametrize(
    "observed, desired, before, others, expected",
    [
        ({"debug": True}, {}, {"debug": True}, {"debug": True}, {"debug": True}),
        ({"log-opts": {"a": 1, "b": 2}}, {}, {"log-opts": {"a": 1}}, {"log-opts": {"b": 2}}, {"log-opts": {"b": 2}}),
        (
            {"log-opts": {"a": 1, "b": 2}},
            {},
            {"log-opts": {"a": 1}},
            {"log-opts": {"a": 1}},
            {"log-opts": {"a": 1, "b": 2}},
        ),
        # A task does not write options of another section that are missing in the file.
        ({}, {"mtu": 1}, {}, {"debug": True}, {"mtu": 1}),
    ],
)
def test_merge_keeps_options_of_other_sections(observed, desired, before, others, expected):
    assert daemon_json.merge(observed, desired, before, others) == expected


def test_merge_removes_options_that_are_null():
    observed = {"debug": True, "log-opts": {"tag": "x", "max-size": "1m"}}
    assert daemon_json.merge(observed, {"debug": None, "log-opts": {"tag": None}}, {}, {}) == {
        "log-opts": {"max-size": "1m"}
    }


def test_merge_changes_nothing_in_a_second_run():
    asked = {"log-opts": {"max-size": "1m"}, "debug": True}
    once = daemon_json.merge({"mtu": 1400}, asked, {"live-restore": True}, {})
    assert daemon_json.merge(once, asked, asked, {}) == once


def test_changed_keys_distinguish_null_from_absent():
    assert daemon_json.changed_keys({"bip": None, "mtu": 1}, {"mtu": 1}) == ["bip"]


def test_only_options_that_cannot_be_reloaded_need_a_restart():
    asked = {"debug": True, "registry-mirrors": ["http://mirror"], "log-opts": {"tag": "x"}, "features": {"a": True}}
    assert daemon_json.restart_keys({}, asked) == ["features", "log-opts"]
    assert daemon_json.reload_keys({}, asked) == ["debug", "registry-mirrors"]


VALUES = {
    "authorization-plugins": ["gate"],
    "debug": True,
    "default-runtime": "other",
    "insecure-registries": ["registry:5000"],
    "labels": ["a=b"],
    "live-restore": True,
    "max-concurrent-downloads": 7,
    "max-concurrent-uploads": 7,
    "max-download-attempts": 7,
    "registry-mirrors": ["http://mirror"],
    "runtimes": {"other": {"path": "/usr/bin/other"}},
    "shutdown-timeout": 30,
}
RESET = ["authorization-plugins", "max-concurrent-downloads", "max-concurrent-uploads", "max-download-attempts"]


@pytest.mark.parametrize("key", sorted(daemon_json.RELOADABLE))
def test_removing_an_option_that_a_reload_does_not_reset_asks_for_a_restart(key):
    before = {key: VALUES[key]}
    assert (key in daemon_json.reload_keys(before, {})) is (key in RESET)
    assert (key in daemon_json.restart_keys(before, {})) is (key not in RESET)
    assert (key in daemon_json.restart_keys(before, {key: None})) is (key not in RESET)


@pytest.mark.parametrize("key", sorted(daemon_json.DEFAULTS))
def test_removing_an_option_with_its_default_needs_no_restart(key):
    assert daemon_json.restart_keys({key: daemon_json.DEFAULTS[key]}, {}) == []
    assert daemon_json.restart_keys({key: VALUES[key]}, {key: daemon_json.DEFAULTS[key]}) == []

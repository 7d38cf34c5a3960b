# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest

from ansible_collections.flotilla.docker.plugins.module_utils.daemon_config import document

MIRROR = ["https://mirror.example.org"]


@pytest.mark.parametrize(
    "present, asked, remembered, expected",
    [
        ({}, {"debug": True}, {}, {"debug": True}),
        ({"debug": True}, {}, {}, {"debug": True}),
        ({"debug": True}, {"debug": False}, {}, {"debug": False}),
        ({"registry-mirrors": ["https://old.example.org"]}, {"registry-mirrors": MIRROR}, {}, {"registry-mirrors": MIRROR}),
        # What left the variables leaves the file
        ({"debug": True, "mtu": 1400}, {}, {"debug": True}, {"mtu": 1400}),
        ({"debug": True}, {}, {"debug": True}, {}),
        # unless somebody has changed it since
        ({"debug": False}, {}, {"debug": True}, {"debug": False}),
        ({}, {}, {"debug": True}, {}),
        # Dictionaries key by key
        ({"log-opts": {"tag": "x"}}, {"log-opts": {"max-size": "1m"}}, {}, {"log-opts": {"tag": "x", "max-size": "1m"}}),
        ({"log-opts": {"tag": "x", "max-size": "1m"}}, {}, {"log-opts": {"max-size": "1m"}}, {"log-opts": {"tag": "x"}}),
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
def test_merge(present, asked, remembered, expected):
    assert document.merge(present, asked, remembered) == expected


def test_merge_is_settled_after_one_run():
    asked = {"log-opts": {"max-size": "1m"}, "debug": True}
    once = document.merge({"mtu": 1400}, asked, {"live-restore": True})
    assert document.merge(once, asked, asked) == once


def test_changed_keys_tell_null_from_absent():
    assert document.changed_keys({"bip": None, "mtu": 1}, {"mtu": 1}) == ["bip"]


def test_only_what_the_daemon_cannot_reload_asks_for_a_restart():
    assert document.restart_keys(["debug", "registry-mirrors", "log-opts", "features"]) == ["log-opts", "features"]

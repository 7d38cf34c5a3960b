# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.flotilla.docker.plugins.module_utils.daemon_config import record, sections
from ansible_collections.flotilla.docker.plugins.module_utils.daemon_config.sections import Section

A = Section(options={"mtu": 1400}, environment={"A": "1"}, flags=("--label", "x", "--debug"), registry_cas=("/ca",))


def test_section_without_options_is_removed():
    assert sections.settle({"a": A}, "a", Section()).sections == {}


def test_section_loses_options_that_another_one_sets():
    settled = sections.settle({"a": A}, "b", Section(options={"mtu": 1500}, flags=("--debug=false",)))
    assert settled.sections["a"] == A._replace(options={}, flags=("--label", "x"))


def test_the_same_value_in_two_sections_is_no_conflict():
    assert sections.settle({"a": A}, "b", Section(options={"mtu": 1400})).conflicts == []


@pytest.mark.parametrize(
    "flags, expected",
    [
        ((), ("--label", "x", "--debug")),
        (("--debug=false",), ("--label", "x", "--debug=false")),
        # A flag that can be given more than once
        (("--label", "y"), ("--label", "x", "--debug", "--label", "y")),
        (("--label", "x"), ("--label", "x", "--debug")),
    ],
)
def test_flags_of_tasks_without_a_section_add_up(flags, expected):
    assert sections.settle({"": A}, "", Section(flags=flags)).together.flags == expected


def test_dictionaries_belong_key_by_key():
    found = {"a": Section(options={"log-opts": {"max-size": "1m", "tag": "x"}})}
    settled = sections.settle(found, "b", Section(options={"log-opts": {"max-size": "2m"}}))
    assert settled.sections["a"].options == {"log-opts": {"tag": "x"}}
    assert len(settled.conflicts) == 1


def test_a_record_reads_back_as_it_was_written():
    kept = record.HostRecord({"a": A}, ["mtu"], "1 now", True, "/srv/new", Section(options={"debug": True}))
    assert record.parse(kept.text()) == kept


@pytest.mark.parametrize(
    "text", [None, "", "garbage", "[]", '{"sections": [1]}', '{"sections": {"a": {"unknown": 1}}}']
)
def test_a_record_that_cannot_be_read_is_empty(text):
    assert record.parse(text) == record.HostRecord()


def test_an_empty_record_is_no_file():
    assert record.HostRecord().text() is None

# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From entries to members: names, dealt ports, defaults and dependencies."""

from __future__ import annotations

import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible_collections.flotilla.docker.plugins.module_utils.container_set import depends_on, members, spec
from ansible_collections.flotilla.docker.plugins.module_utils.errors import BadOption


def read(*entries, **options):
    """The members of a set with these entries."""
    given = dict({"name": "shop", "containers": list(entries)}, **options)
    result = ArgumentSpecValidator(spec.argument_spec()).validate(given)
    assert not result.error_messages, result.error_messages
    return members.read(result.validated_parameters)


def names(*entries):
    return [member.name for member in read(*entries)]


@pytest.mark.parametrize(
    "entry, expected",
    [
        ({"name": "web"}, ["web"]),
        ({"name": "web", "count": 1}, ["web-1"]),
        ({"name": "web", "count": 3}, ["web-1", "web-2", "web-3"]),
        ({"name": "web", "count": 0}, []),
        ({"name": "web", "count": 2, "name_template": "w%02d"}, ["w01", "w02"]),
        ({"name": "web", "name_template": "w%02d"}, ["w01"]),
    ],
)
def test_count_names_the_members(entry, expected):
    assert names(entry) == expected


@pytest.mark.parametrize(
    "ports, expected",
    [
        (["8080-8082:80"], [["8080:80"], ["8081:80"], ["8082:80"]]),
        (
            ["127.0.0.1:8080-8085:80/udp"],
            [["127.0.0.1:8080:80/udp"], ["127.0.0.1:8081:80/udp"], ["127.0.0.1:8082:80/udp"]],
        ),
        (["[::1]:8080-8082:80"], [["[::1]:8080:80"], ["[::1]:8081:80"], ["[::1]:8082:80"]]),
        (["9000-9005:80-81"], [["9000-9001:80-81"], ["9002-9003:80-81"], ["9004-9005:80-81"]]),
        (["80", "127.0.0.1::81"], [["80", "127.0.0.1::81"]] * 3),
    ],
)
def test_host_ports_are_dealt_out_in_order(ports, expected):
    found = read({"name": "web", "count": 3, "published_ports": ports})
    assert [member.params["published_ports"] for member in found] == expected


def test_range_without_count_is_left_to_the_engine():
    assert read({"name": "web", "published_ports": ["8080-8085:80"]})[0].params["published_ports"] == ["8080-8085:80"]


def test_option_of_an_entry_replaces_the_default():
    found = read(
        {"name": "web", "env": {"A": "1"}},
        {"name": "db", "image": "postgres"},
        defaults={"image": "nginx", "env": {"B": "2"}, "state": "stopped", "ports": ["80"]},
    )
    values = [(member.params["image"], member.params["env"], member.params["state"]) for member in found]
    assert values == [("nginx", {"A": "1"}, "stopped"), ("postgres", {"B": "2"}, "stopped")]
    assert found[0].params["published_ports"] == ["80"]
    assert found[0].params["pull"] == "missing"


def test_membership_is_a_label():
    assert read({"name": "web", "labels": {"a": "b"}})[0].params["labels"] == {"a": "b", "flotilla.docker.set": "shop"}


def test_levels_follow_depends_on():
    found = read(
        {"name": "app", "depends_on": {"db": "healthy", "seed": {"condition": "service_completed_successfully"}}},
        {"name": "db", "count": 2},
        {"name": "seed", "depends_on": ["db"]},
        {"name": "none", "count": 0},
        {"name": "late", "depends_on": "none,app"},
    )
    assert [[member.name for member in level] for level in depends_on.levels(found)] == [
        ["db-1", "db-2"],
        ["seed"],
        ["app"],
        ["late"],
    ]
    assert found[0].depends_on == {"db": "healthy", "seed": "completed"}


def test_member_that_uses_the_network_of_another_comes_after_it():
    found = read({"name": "app", "network_mode": "container:vpn"}, {"name": "vpn"})
    assert [[member.name for member in level] for level in depends_on.levels(found)] == [["vpn"], ["app"]]


REFUSED = {
    "single port": ([{"name": "web", "count": 2, "published_ports": ["8080:80"]}], "published_ports: ['8080-8081:80']"),
    "short range": (
        [{"name": "web", "count": 3, "published_ports": ["8080-8081:80"]}],
        "published_ports: ['8080-8082:80']",
    ),
    "address": ([{"name": "web", "count": 2, "networks": [{"name": "n", "ipv4_address": "10.0.0.9"}]}], "count: 2"),
    "mac": ([{"name": "web", "count": 2, "mac_address": "02:00:00:00:00:01"}], "count: 2"),
    "negative": ([{"name": "web", "count": -1}], "count of web must be 0 or more"),
    "too many": ([{"name": "web", "count": 100000}], "1000 or less"),
    "template": ([{"name": "web", "count": 2, "name_template": "web"}], "one number"),
    "broken template": ([{"name": "web", "count": 2, "name_template": "%s%s"}], "one number"),
    "same name": ([{"name": "web"}, {"name": "web"}], "unique"),
    "same member": ([{"name": "web-1"}, {"name": "web", "count": 1}], "unique"),
    "bad name": ([{"name": "w eb"}], "letters"),
    "suffix": ([{"name": "web.flotilla-new"}], "suffix"),
    "unknown dependency": ([{"name": "web", "depends_on": ["db"]}], "must name entries of containers: web (got 'db')"),
    "condition": ([{"name": "web", "depends_on": {"web": "big"}}], "started, healthy or completed"),
    "key of a condition": (
        [{"name": "web", "depends_on": {"db": {"conditon": "service_healthy"}}}, {"name": "db"}],
        "only the key condition",
    ),
    "option of compose": (
        [{"name": "web", "depends_on": {"db": {"condition": "service_healthy", "restart": True}}}, {"name": "db"}],
        "only the key condition",
    ),
    "dependency": ([{"name": "web", "depends_on": 5}], "list of names"),
    "self": ([{"name": "web", "depends_on": ["web"]}], "web -> web"),
    "cycle": (
        [{"name": name, "depends_on": [other]} for name, other in (("app", "db"), ("db", "log"), ("log", "app"))],
        "cycle: app -> db -> log -> app",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_entries_that_cannot_work_are_refused_with_the_fix(case):
    entries, words = REFUSED[case]
    with pytest.raises(BadOption) as caught:
        read(*entries)
    assert words in str(caught.value)


@pytest.mark.parametrize("defaults", [{"name": "x"}, {"imagee": "nginx"}, {"count": "x"}, {"ready": {"http": {}}}])
def test_defaults_that_cannot_work_are_refused(defaults):
    with pytest.raises(BadOption) as caught:
        read({"name": "web"}, defaults=defaults)
    assert caught.value.option == "defaults"

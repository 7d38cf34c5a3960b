# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Values that people write: what they mean, and what is refused by name before anything is changed."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from ansible_collections.flotilla.docker.plugins.module_utils.container import convert, plan, table
from ansible_collections.flotilla.docker.plugins.module_utils.errors import BadOption, FlotillaError

from . import builders


@pytest.mark.parametrize(
    "text, expected",
    [
        ("0", 0),
        ("1024", 1024),
        ("1b", 1),
        ("1k", 1024),
        ("1KB", 1024),
        ("1KiB", 1024),
        ("2 m", 2 * 1024**2),
        ("1.5g", 1536 * 1024**2),
        ("1T", 1024**4),
        (512, 512),
    ],
)
def test_size(text, expected):
    assert convert.size("memory", text) == expected


@pytest.mark.parametrize(
    "text, expected",
    [
        ("30s", 30 * 10**9),
        ("1m30s", 90 * 10**9),
        ("1h 1m", 3660 * 10**9),
        ("1.5s", 15 * 10**8),
        ("200ms", 2 * 10**8),
        ("0s", 0),
        ("5us", 5000),
        ("5ns", 5),
    ],
)
def test_duration(text, expected):
    assert convert.duration("healthcheck.interval", text) == expected


@pytest.mark.parametrize("left, right", [("SIGTERM", "15"), ("term", "SIGTERM"), ("9", "kill"), ("RTMIN+3", "SIGRTMIN+3")])
def test_signals_have_several_spellings(left, right):
    assert convert.signal(left) == convert.signal(right)


BAD = [
    ({"name": "-web"}, "name"),
    ({"name": "w"}, "name"),
    ({"image": "Nginx"}, "image"),
    ({"image": "https://nginx"}, "image"),
    ({"memory": "lots"}, "memory"),
    ({"memory": "-5m"}, "memory"),
    ({"memory_swap": "-2"}, "memory_swap"),
    ({"shm_size": ""}, "shm_size"),
    ({"cpus": -1}, "cpus"),
    ({"cpus": float("nan")}, "cpus"),
    ({"cpus": float("inf")}, "cpus"),
    ({"cpus": 1, "cpu_quota": 1000}, "cpus"),
    ({"pids_limit": -2}, "pids_limit"),
    ({"oom_score_adj": 1001}, "oom_score_adj"),
    ({"memory_swappiness": 101}, "memory_swappiness"),
    ({"grace": -1}, "grace"),
    ({"published_ports": ["http:80"]}, "published_ports"),
    ({"published_ports": ["0:80"]}, "published_ports"),
    ({"published_ports": ["65536:80"]}, "published_ports"),
    ({"published_ports": ["80:80/icmp"]}, "published_ports"),
    ({"published_ports": ["80-81:80-82"]}, "published_ports"),
    ({"published_ports": ["81-80:80"]}, "published_ports"),
    ({"published_ports": ["localhost:80:80"]}, "published_ports"),
    ({"published_ports": ["256.0.0.1:80:80"]}, "published_ports"),
    ({"published_ports": ["1:2:3:4"]}, "published_ports"),
    ({"published_ports": ["[::1:80:80"]}, "published_ports"),
    ({"published_ports": ["[:::::]:80:80"]}, "published_ports"),
    ({"published_ports": ["²:80"]}, "published_ports"),
    ({"published_ports": ["all"]}, "published_ports"),
    ({"published_ports": [""]}, "published_ports"),
    ({"exposed_ports": ["eighty"]}, "exposed_ports"),
    ({"default_host_ip": "localhost", "published_ports": ["80"]}, "default_host_ip"),
    ({"volumes": ["a:b:c:d"]}, "volumes"),
    ({"volumes": ["web:srv"]}, "volumes"),
    ({"volumes": ["web:/srv", "db:/srv/"]}, "volumes"),
    ({"volumes": ["web:/srv:rx"]}, "volumes"),
    ({"volumes": ["web:/srv"], "mounts": [{"target": "/srv"}]}, "volumes"),
    ({"mounts": [{"target": "srv"}]}, "mounts[].target"),
    ({"mounts": [{"target": "/srv", "type": "bind"}]}, "mounts[].source"),
    ({"mounts": [{"target": "/srv", "type": "tmpfs", "source": "web"}]}, "mounts[].source"),
    ({"mounts": [{"target": "/srv", "tmpfs_size": "1m"}]}, "mounts[].tmpfs_size"),
    ({"mounts": [{"target": "/srv", "type": "tmpfs", "tmpfs_mode": "9"}]}, "mounts[].tmpfs_mode"),
    ({"tmpfs": ["run"]}, "tmpfs"),
    ({"ulimits": ["nofile"]}, "ulimits"),
    ({"ulimits": ["nofile:2:1"]}, "ulimits"),
    ({"devices": ["fuse"]}, "devices"),
    ({"devices": ["/dev/a:/dev/b:rwx"]}, "devices"),
    ({"capabilities": ["NET ADMIN"]}, "capabilities"),
    ({"cap_drop": [""]}, "cap_drop"),
    ({"hostname": "web_1!"}, "hostname"),
    ({"mac_address": "02:42"}, "mac_address"),
    ({"dns_servers": ["dns.example.org"]}, "dns_servers"),
    ({"networks": [{"name": "front"}, {"name": "front"}]}, "networks"),
    ({"networks": [{"name": "front", "ipv4_address": "10.0.0"}]}, "networks[].ipv4_address"),
    ({"networks": [{"name": "front", "mac_address": "x"}]}, "networks[].mac_address"),
    ({"etc_hosts": {"db": 5}}, "etc_hosts.db"),
    ({"env": {"A": 1}}, "env.A"),
    ({"env": {"A": True}}, "env.A"),
    ({"labels": {"a": None}}, "labels.a"),
    ({"env_file": "/nonesuch"}, "env_file"),
    ({"sysctls": {"a": ["b"]}}, "sysctls.a"),
    ({"command": {"a": 1}}, "command"),
    ({"command": "sh -c 'open"}, "command"),
    ({"command": ["echo", True]}, "command"),
    ({"working_dir": "srv"}, "working_dir"),
    ({"stop_signal": "TERM; rm"}, "stop_signal"),
    ({"healthcheck": {"interval": "30s"}}, "healthcheck.test"),
    ({"healthcheck": {"test": []}}, "healthcheck.test"),
    ({"healthcheck": {"test": ["curl"]}}, "healthcheck.test"),
    ({"healthcheck": {"test": "true", "interval": "30"}}, "healthcheck.interval"),
    ({"restart_policy": "always", "restart_retries": 3}, "restart_retries"),
    ({"restart_policy": "always", "auto_remove": True}, "auto_remove"),
    ({"links": [":db"]}, "links"),
]


@pytest.mark.parametrize("task, option", BAD, ids=lambda value: str(value)[:60])
def test_bad_values_are_refused_by_name_before_anything_is_changed(task, option):
    engine = builders.Engine()
    with pytest.raises(BadOption) as error:
        builders.run(engine, **task)
    assert error.value.option == option
    assert engine.calls == []
    assert "Write it like this" in str(error.value)


# What a person may put anywhere: right values, nearly right ones, and anything else that YAML can hold.
PIECES = [
    "80",
    "0",
    "65536",
    "8080:80",
    "127.0.0.1:80:80",
    "[::1]:80:80",
    "80-90",
    "80/udp",
    "/srv",
    "web:/srv:ro",
    "512m",
    "-1",
    "1m30s",
    "nofile:1:2",
    "/dev/fuse:rwm",
    "NET_ADMIN",
    "a=b",
    "sh -c 'x",
    "²",
    "",
    " ",
    ":",
    "::",
    "-",
    "container:",
    "~",
    "\x00",
]
TEXT = st.one_of(st.sampled_from(PIECES), st.lists(st.sampled_from(PIECES + [":", "/", "-", "."]), max_size=4).map("".join), st.text(max_size=12))
SCALARS = st.one_of(TEXT, st.integers(-(2**70), 2**70), st.floats(), st.booleans(), st.none())
ANYTHING = st.recursive(SCALARS, lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(TEXT, inner, max_size=3)), max_leaves=5)


def of_spec(spec):
    """Values that pass Ansible's own check of types."""
    if spec.get("choices"):
        return st.sampled_from(spec["choices"])
    if "options" in spec:
        one = st.fixed_dictionaries(
            {name: of_spec(field) for name, field in spec["options"].items() if field.get("required")},
            optional={name: of_spec(field) for name, field in spec["options"].items() if not field.get("required")},
        )
        return st.lists(one, max_size=3) if spec["type"] == "list" else one
    return {
        "str": TEXT,
        "path": TEXT,
        "int": st.integers(-(2**40), 2**40),
        "float": st.floats(),
        "bool": st.booleans(),
        "raw": ANYTHING,
        "dict": st.dictionaries(TEXT, ANYTHING, max_size=3),
        "list": st.lists(ANYTHING if spec.get("elements") == "list" else TEXT, max_size=3),
    }[spec["type"]]


SPEC = {name: spec for name, spec in table.argument_spec().items() if name not in ("name", "image", "state", "pull", "platform")}
TASKS = st.lists(st.sampled_from(sorted(SPEC)), min_size=1, max_size=4, unique=True).flatmap(
    lambda names: st.fixed_dictionaries({name: of_spec(SPEC[name]) for name in names})
)


@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(TASKS)
@example({"published_ports": ["²:80"]})
@example({"cpus": float("nan")})
@example({"healthcheck": {"test": [None]}})
@example({"env_file": "\x00"})
@example({"volumes": ["~\x00:/srv"]})
def test_no_task_ends_in_anything_but_a_result_or_an_error_of_ours(task):
    try:
        params = builders.params(**task)
    except AssertionError:
        return  # Ansible itself refuses it
    try:
        plan_of(params)
    except FlotillaError as error:
        assert str(error)


def plan_of(params):
    ledger = builders.Ledger()
    ledger.perform(plan.decide(builders.Engine(), params), builders.Engine(), True)


@settings(max_examples=100, deadline=None)
@given(ANYTHING)
@pytest.mark.parametrize("parser", [convert.size, convert.size_or_unlimited, convert.duration, convert.words, convert.text])
def test_parsers_of_one_value(parser, value):
    returns_or_refuses(parser, value)


@settings(max_examples=100, deadline=None)
@given(st.lists(TEXT, max_size=3))
@pytest.mark.parametrize(
    "parser",
    [
        convert.members,
        convert.capabilities,
        convert.ulimits,
        convert.devices,
        convert.exposed_ports,
        lambda option, value: convert.published_ports(option, value, None),
    ],
)
def test_parsers_of_lists(parser, value):
    returns_or_refuses(parser, value)


def returns_or_refuses(parser, value):
    try:
        parser("option", value)
    except BadOption as error:
        assert "option" in str(error)

# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Values that users write: their API values, and refusals that name the option before anything is changed."""

from __future__ import annotations

import ast
import pathlib

import pytest
import yaml
from ansible_collections.flotilla.docker.plugins.module_utils import yaml_types
from ansible_collections.flotilla.docker.plugins.module_utils.container import convert, normal, plan, table
from ansible_collections.flotilla.docker.plugins.module_utils.container.task import read_task
from ansible_collections.flotilla.docker.plugins.module_utils.errors import BadOption, FlotillaError
from ansible_collections.flotilla.docker.plugins.module_utils.network import endpoint
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ... import fuzz
from ..in_memory.engine import Engine
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
def test_size_is_converted_to_bytes(text, expected):
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
def test_duration_is_converted_to_nanoseconds(text, expected):
    assert convert.duration("healthcheck.interval", text) == expected


@pytest.mark.parametrize(
    "left, right", [("SIGTERM", "15"), ("term", "SIGTERM"), ("9", "kill"), ("RTMIN+3", "SIGRTMIN+3")]
)
def test_signals_have_several_spellings(left, right):
    assert normal.signal(left) == normal.signal(right)


BAD = [
    ({"name": "-web"}, "name"),
    ({"name": "w"}, "name"),
    ({"image": "Nginx"}, "image"),
    ({"image": "https://nginx"}, "image"),
    ({"memory": "lots"}, "memory"),
    ({"memory": "-5m"}, "memory"),
    ({"memory": "9" * 400 + "g"}, "memory"),
    ({"healthcheck": {"test": "true", "interval": "9" * 400 + "h"}}, "healthcheck.interval"),
    ({"memory_swap": "-2"}, "memory_swap"),
    ({"memory": "64m", "memory_swap": "32m"}, "memory_swap"),
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
    ({"published_ports": ["", "80"]}, "published_ports"),
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
    ({"cap_drop": ["", "MKNOD"]}, "cap_drop"),
    ({"hostname": "web_1!"}, "hostname"),
    ({"mac_address": "02:42"}, "mac_address"),
    ({"dns_servers": ["dns.example.org"]}, "dns_servers"),
    ({"networks": [{"name": "front"}, {"name": "front"}]}, "networks"),
    ({"networks": [{"name": "front", "ipv4_address": "10.0.0"}]}, "networks[].ipv4_address"),
    ({"networks": [{"name": "front", "ipv4_address": "2001:db8::1"}]}, "networks[].ipv4_address"),
    ({"networks": [{"name": "front", "mac_address": "x"}]}, "networks[].mac_address"),
    ({"etc_hosts": {"db": 5}}, "etc_hosts.db"),
    ({"env": {"A": 1.1}}, "env.A"),
    ({"env": {"DB_PASSWORD": True}}, "env.DB_PASSWORD"),
    ({"env": {"A": ["b"]}}, "env.A"),
    ({"env": {"A=B": "c"}}, "env"),
    ({"annotations": {"a": False}}, "annotations.a"),
    ({"published_ports": [541342]}, "published_ports"),
    ({"published_ports": [1342]}, "published_ports"),
    ({"published_ports": [True]}, "published_ports"),
    ({"published_ports": [22.5]}, "published_ports"),
    ({"published_ports": [None]}, "published_ports"),
    ({"user": 2013}, "user"),
    ({"user": True}, "user"),
    ({"mounts": [{"target": "/t", "type": "tmpfs", "tmpfs_mode": 511}]}, "mounts[].tmpfs_mode"),
    ({"mounts": [{"target": "/t", "type": "tmpfs", "tmpfs_mode": 493}]}, "mounts[].tmpfs_mode"),
    ({"mounts": [{"target": "/t", "type": "tmpfs", "tmpfs_mode": True}]}, "mounts[].tmpfs_mode"),
    ({"sysctls": {"net.ipv4.ip_forward": True}}, "sysctls.net.ipv4.ip_forward"),
    ({"mac_address": "8120652410"}, "mac_address"),
    ({"command": True}, "command"),
    ({"healthcheck": {"test": ["CMD", True]}}, "healthcheck.test"),
    ({"healthcheck": {"test": True}}, "healthcheck.test"),
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
    ({"comparisons": {"nonesuch": "strict"}}, "comparisons"),
    ({"comparisons": {"env": "strict", "*": "allow_more_present"}}, "comparisons.*"),
    ({"comparisons": {"env": "exact"}}, "comparisons.env"),
    ({"comparisons": {"memory": "allow_more_present"}}, "comparisons.memory"),
    ({"comparisons": {"ports": "strict", "published_ports": "strict"}}, "comparisons"),
    ({"hostname": "web\0"}, "hostname"),
    ({"image": None}, "image"),
    ({"label_file": "/nonesuch"}, "label_file"),
    ({"env_file": "/etc/services"}, "env_file"),
    ({"network_mode": "container:nonesuch"}, "network_mode"),
    ({"runtime": "nonesuch"}, "runtime"),
    ({"restart_policy": "on-failure", "restart_retries": -1}, "restart_retries"),
    ({"healthcheck": {"test": "true", "retries": -1}}, "healthcheck.retries"),
    ({"device_write_iops": [{"path": "/dev/sda", "rate": -1}]}, "device_write_iops.rate"),
    ({"device_read_bps": [{"path": "/dev/sda", "rate": "-1"}]}, "device_read_bps.rate"),
    ({"mounts": [{"target": "/a", "type": "tmpfs", "tmpfs_size": "big"}]}, "mounts[].tmpfs_size"),
    ({"device_requests": [{"count": 1, "device_ids": ["0"]}]}, "device_requests.count"),
    ({"device_requests": [{"capabilities": [[[], "80"]]}]}, "device_requests.capabilities"),
    ({"mounts": [{"target": "/a", "source": "w"}, {"target": "/a/", "source": "v"}]}, "mounts[].target"),
    ({"mounts": [{"target": "/a", "type": "bind", "source": "/b", "subpath": "c"}]}, "mounts[].subpath"),
    ({"mounts": [{"target": "/a", "type": "bind", "source": "/b", "labels": {"c": "d"}}]}, "mounts[].labels"),
]


def refused(task):
    """The error of a task, and the place in the code that raised it."""
    engine = Engine()
    with pytest.raises(BadOption) as error:
        builders.run(engine, **task)
    assert engine.calls == []
    place = error.traceback[-1]
    return error.value, (place.path.name, place.lineno)


@pytest.mark.parametrize("task, option", BAD, ids=lambda value: str(value)[:60])
def test_bad_values_are_refused_by_name_before_anything_is_changed(task, option):
    assert refused(task)[0].option == option


def written(example):
    """An example as a user would paste it into a task, read by Ansible's YAML parser."""
    read = yaml.safe_load(example)
    assert isinstance(read, dict), f"{example!r} is not of the form option: value"
    assert set(read) <= set(table.argument_spec()), f"{example!r} names an option that does not exist"
    return read


@pytest.mark.parametrize("task, option", BAD, ids=lambda value: str(value)[:60])
def test_the_example_is_accepted_by_its_option(task, option):
    error = refused(task)[0]
    if "NUL character" in error.message:
        assert error.example == ""  # an example would repeat the value, which may be a secret
        return
    # Errors that are raised later depend on the host.
    read_task(Engine(), builders.params(**dict({"name": "other"}, **written(error.example))))


def test_every_refusal_is_tried():
    """Each BadOption of the code is raised by a line of BAD, so its example is tried above."""
    folder = pathlib.Path(convert.__file__).parent
    tried = {refused(task)[1] for task, _option in BAD}
    known = {
        (path.name, lines)
        for path in [*folder.rglob("*.py"), folder.parent / "network" / "endpoint.py"]
        if path.name != "logs.py"  # options of container_info
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call) and "BadOption" in ast.dump(node.exc.func)
        for lines in [range(node.lineno - 1, node.end_lineno)]
    }
    untried = {(name, lines.start + 1) for name, lines in known if not any((name, line) in tried for line in lines)}
    assert untried == set()


SPEC = {
    name: spec
    for name, spec in table.argument_spec().items()
    if name not in ("name", "image", "state", "pull", "platform")
}
TASKS = fuzz.tasks(SPEC)


@settings(max_examples=200)
@given(TASKS)
@example({"published_ports": ["²:80"]})
@example({"mac_address": "²"})
@example({"cpus": float("nan")})
@example({"healthcheck": {"test": [None]}})
@example({"env_file": "\x00"})
@example({"volumes": ["~\x00:/srv"]})
def test_any_task_gives_a_result_or_an_error_of_this_collection(task):
    try:
        params = builders.params(**task)
    except AssertionError:
        return  # Ansible itself refuses it
    try:
        plan_of(params)
    except FlotillaError as error:
        assert str(error)


@pytest.mark.parametrize("value", ["²", "0-²", "0-99999999999"])
def test_numbers_that_the_engine_refuses_stay_as_they_are(value):
    assert normal.numbers(value) == normal.signal(value) == value


def plan_of(params):
    ledger = builders.Ledger()
    ledger.perform(plan.decide(Engine(), params), Engine(), True)


@settings(max_examples=100)
@given(fuzz.ANYTHING)
@pytest.mark.parametrize(
    "parser", [convert.size, convert.size_or_unlimited, convert.duration, convert.words, yaml_types.word]
)
def test_values_are_converted_to_api_values(parser, value):
    returns_or_refuses(parser, value)


@settings(max_examples=100)
@given(st.lists(fuzz.TEXT, max_size=3))
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
def test_list_of_any_values_is_converted_or_refused(parser, value):
    returns_or_refuses(parser, value)


def returns_or_refuses(parser, value):
    try:
        parser("option", value)
    except BadOption as error:
        assert "option" in str(error)


@pytest.mark.parametrize("written", ["52:54:00:12:34:56", "10:20:30:40:50:01", "99:00:00:00:00:09"])
def test_mac_address_that_yaml_read_as_a_number_is_named(written):
    number = str(yaml.safe_load(written))
    assert number.isdigit()
    with pytest.raises(BadOption) as failure:
        endpoint.mac("mac_address", number)
    assert f"YAML read {written} without quotes" in str(failure.value)
    assert f"mac_address: '{written}'" in str(failure.value)

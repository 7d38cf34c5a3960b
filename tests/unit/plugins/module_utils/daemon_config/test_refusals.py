# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What dockerd 20.10.24 and 28.5.2 print for configurations that they refuse, and the errors made of it."""

from __future__ import annotations

import pytest
import yaml
from ansible_collections.flotilla.docker.plugins.module_utils.daemon_config.refusals import (
    Configuration,
    explain,
    reason_in,
)

FILE = "unable to configure the Docker daemon with file /tmp/daemon.json: "
JSON_20, JSON_28 = FILE + "json: cannot unmarshal ", FILE + "invalid JSON: json: cannot unmarshal "
TWICE = FILE + "the following directives are specified both as a flag and in the configuration file: "
VALIDATION_20 = FILE + "configuration validation from file failed: "
VALIDATION_28 = FILE + "merged configuration validation from file and command line flags failed: "


def known_flags():
    return ["--debug", "--host", "--label", "--log-level", "--mtu", "--registry-mirror"]


CASES = [
    (
        "Status: unknown flag: --log-levl\nSee 'dockerd --help'., Code: 125",
        {},
        ("--log-levl=debug",),
        "flags must be flags that this dockerd has (see dockerd --help) (got '--log-levl=debug'). "
        'The Engine reports: unknown flag: --log-levl. Nothing was changed. Example: flags: ["--log-level=debug"]',
    ),
    (
        "Status: unknown flag: --log-levl\nSee 'dockerd --help'.\n\nUsage:\tdockerd [OPTIONS]\n\nOptions:\n  -v, --version  Print version",
        {"debug": True},
        ("--log-levl=debug",),
        "flags must be flags that this dockerd has (see dockerd --help) (got '--log-levl=debug'). "
        'The Engine reports: unknown flag: --log-levl. Nothing was changed. Example: flags: ["--log-level=debug"]',
    ),
    (
        "Status: unknown shorthand flag: 'Z' in -Z\nSee 'dockerd --help'., Code: 125",
        {},
        ("-Z",),
        "flags must be flags that this dockerd has (see dockerd --help) (got '-Z'). "
        "The Engine reports: unknown shorthand flag: 'Z' in -Z. Nothing was changed.",
    ),
    (
        'Status: invalid argument "maybe" for "-D, --debug" flag: strconv.ParseBool: parsing "maybe": invalid syntax\nSee \'dockerd --help\'.',
        {},
        ("--debug=maybe",),
        "flags must give --debug a value that dockerd accepts (got '--debug=maybe'). The Engine reports: invalid argument \"maybe\" for "
        '"-D, --debug" flag: strconv.ParseBool: parsing "maybe": invalid syntax. Nothing was changed.',
    ),
    (
        "Status: flag needs an argument: --log-level\nSee 'dockerd --help'.",
        {},
        ("--log-level",),
        "flags must give --log-level a value that dockerd accepts (got '--log-level'). "
        "The Engine reports: flag needs an argument: --log-level. Nothing was changed.",
    ),
    (
        "Status: unknown flag: --old\nSee 'dockerd --help'.",
        {},
        ("--debug",),
        "The command line of docker.service is not valid, apart from this task. The Engine reports: unknown flag: --old. Nothing was changed.",
    ),
    (
        JSON_20 + "string into Go struct field Config.debug of type bool",
        {"debug": "yes"},
        (),
        "options must have true or false as debug (got {'debug': 'yes'}). The Engine reports: json: cannot unmarshal string into Go struct "
        'field Config.debug of type bool. Nothing was changed. Example: options: {"debug": true}',
    ),
    (
        JSON_28 + "string into Go struct field Config.CommonConfig.debug of type bool",
        {"debug": "yes"},
        (),
        "options must have true or false as debug (got {'debug': 'yes'}). The Engine reports: json: cannot unmarshal string into Go struct "
        'field Config.CommonConfig.debug of type bool. Nothing was changed. Example: options: {"debug": true}',
    ),
    (
        JSON_28 + "number into Go struct field Config.CommonConfig.LogConfig.log-opts of type string",
        {"log-opts": {"max-file": 3}},
        (),
        "options must have a string as log-opts max-file (got {'log-opts': {'max-file': 3}}). The Engine reports: json: cannot unmarshal number "
        "into Go struct field Config.CommonConfig.LogConfig.log-opts of type string. Nothing was changed. Example: options: "
        '{"log-opts": {"max-file": "3"}}',
    ),
    (
        JSON_28 + "string into Go struct field Config.CommonConfig.DNSConfig.dns of type []net.IP",
        {"dns": "192.0.2.1"},
        (),
        "options must have a list of IP addresses as dns (got {'dns': '192.0.2.1'}). The Engine reports: json: cannot unmarshal string into Go "
        "struct field Config.CommonConfig.DNSConfig.dns of type []net.IP. Nothing was changed. Example: options: "
        '{"dns": ["192.0.2.1"]}',
    ),
    (
        JSON_28 + "string into Go struct field Config.mtu of type int",
        {"mtu": "1400", "debug": True},
        (),
        "options must have a number as mtu (got {'mtu': '1400'}). The Engine reports: json: cannot unmarshal string into Go struct "
        'field Config.mtu of type int. Nothing was changed. Example: options: {"mtu": 1400}',
    ),
    (
        JSON_28 + "string into Go struct field Config.registry-mirrors of type []string",
        {"registry-mirrors": "http://jo:secret@x"},
        (),
        "options must have a list of strings as registry-mirrors (got {'registry-mirrors': 'http://***@x'}). The Engine reports: json: cannot "
        "unmarshal string into Go struct field Config.registry-mirrors of type []string. Nothing was changed. Example: options: "
        '{"registry-mirrors": ["http://***@x"]}',
    ),
    (
        JSON_20 + "number into Go struct field Config.log-opts of type string",
        {"log-opts": {"max-file": 3, "max-size": "1m"}},
        (),
        "options must have a string as log-opts max-file (got {'log-opts': {'max-file': 3, 'max-size': '1m'}}). The Engine reports: json: cannot "
        "unmarshal number into Go struct field Config.log-opts of type string. Nothing was changed. Example: options: "
        '{"log-opts": {"max-file": "3", "max-size": "1m"}}',
    ),
    (
        JSON_28 + "number into Go struct field Config.log-opts.max-file of type string",
        {"log-opts": {"max-file": 3, "max-size": "1m"}},
        (),
        "options must have a string as log-opts.max-file (got {'log-opts': {'max-file': 3, 'max-size': '1m'}}). The Engine reports: json: cannot "
        "unmarshal number into Go struct field Config.log-opts.max-file of type string. Nothing was changed. Example: options: "
        '{"log-opts": {"max-file": "3", "max-size": "1m"}}',
    ),
    (
        JSON_28 + "string into Go struct field Config.features.x of type bool",
        {"features": {"x": "yes"}},
        (),
        "options must have true or false as features.x (got {'features': {'x': 'yes'}}). The Engine reports: json: cannot unmarshal string into "
        'Go struct field Config.features.x of type bool. Nothing was changed. Example: options: {"features": {"x": true}}',
    ),
    (
        JSON_20 + "array into Go struct field Config.log-opts of type map[string]string",
        {"log-opts": ["max-size=1m"]},
        (),
        "options must have a dictionary of strings as log-opts (got {'log-opts': ['max-size=1m']}). The Engine reports: json: cannot unmarshal "
        "array into Go struct field Config.log-opts of type map[string]string. Nothing was changed. Example: options: "
        '{"log-opts": {"max-size": "1m"}}',
    ),
    (
        JSON_28 + "number into Go struct field Config.default-ulimits.nofile of type units.Ulimit",
        {"default-ulimits": {"nofile": 5}},
        (),
        "options must have a value of the type units.Ulimit as default-ulimits.nofile",
    ),
    (
        TWICE + "hosts: (from flag: [fd://], from file: [unix:///x])",
        {"hosts": ["unix:///x"]},
        (),
        "options must not set hosts, because docker.service sets it on the command line; add it with flags (got {'hosts': ['unix:///x']}). "
        "The Engine reports: the following directives are specified both as a flag and in the configuration file: hosts: (from flag: [fd://], "
        'from file: [unix:///x]). Nothing was changed. Example: flags: ["--host=unix:///x"]',
    ),
    (
        TWICE + "debug: (from flag: true, from file: true)",
        {"debug": True},
        ("--debug",),
        "flags must not set debug, because daemon.json sets it too; dockerd takes it from one of them only (got ['--debug']).",
    ),
    (
        FILE + "the following directives don't match any configuration option: bogus, registry-mirror",
        {"bogus": 1, "registry-mirror": []},
        (),
        "options must only have options that this Engine supports (similar: registry-mirrors) (got 'bogus, registry-mirror').",
    ),
    (
        FILE + "the following directives don't match any configuration option: http-proxy",
        {"proxies": {"http-proxy": "http://x"}},
        (),
        "options must only have options that this Engine supports; before Docker Engine 23.0 proxies are set with environment (got 'http-proxy').",
    ),
    (
        "unable to parse logging level: loud",
        {"log-level": "loud", "mtu": 1400},
        (),
        "options must be accepted by this Engine (got {'log-level': 'loud'}). The Engine reports: unable to parse logging level: loud.",
    ),
    (
        VALIDATION_28 + "invalid logging level: loud",
        {"mtu": 1400},
        ("--log-level=loud",),
        "flags must be accepted by this Engine (got ['--log-level=loud']).",
    ),
    (
        VALIDATION_20 + "abc is not an ip address",
        {"dns": ["abc"], "debug": True},
        (),
        "options must be accepted by this Engine (got {'dns': ['abc']}).",
    ),
    (
        'Error during uid lookup for "nobodyhere": getent unable to find entry "nobodyhere" in passwd database',
        {"userns-remap": "nobodyhere"},
        (),
        "options must be accepted by this Engine (got {'userns-remap': 'nobodyhere'}).",
    ),
    (
        "",
        {"mtu": 1},
        (),
        "options must be accepted by this Engine (got {'mtu': 1}). The Engine reports: it gave no reason.",
    ),
]


@pytest.mark.parametrize("output, document, flags, expected", CASES, ids=[case[0][:90] for case in CASES])
def test_error_has_option_reason_and_example(output, document, flags, expected):
    assert str(explain(output, Configuration(document, flags, known_flags))).startswith(expected)


@pytest.mark.parametrize("output, document, flags, expected", [case for case in CASES if "Example: " in case[3]])
def test_example_is_valid_and_differs_from_the_value(output, document, flags, expected):
    example = yaml.safe_load(explain(output, Configuration(document, flags, known_flags)).example)
    assert list(example)[0] in ("flags", "options")
    assert example != {"options": document} and example != {"flags": list(flags)}


def test_progress_is_not_the_reason():
    output = 'time="2026-11-26T10:17:30Z" level=info msg="Starting up"\nfailed to do it\n\nUsage:  dockerd [OPTIONS]\n'
    assert reason_in(output) == "failed to do it"

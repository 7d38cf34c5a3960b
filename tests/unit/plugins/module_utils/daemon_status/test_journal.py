# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.flotilla.docker.plugins.module_utils.daemon_status.journal import explain

CONFLICT = (
    "unable to configure the Docker daemon with file /etc/docker/daemon.json: the following directives are specified both as a flag "
    "and in the configuration file: hosts: (from flag: [fd://], from file: [tcp://0.0.0.0:2375])"
)


@pytest.mark.parametrize(
    "line, cause, advice",
    [
        (CONFLICT, "specified both as a flag", "Remove those keys"),
        (
            "unable to configure the Docker daemon with file /etc/docker/daemon.json: the following directives don't match any configuration option: bogus",
            "bogus",
            "unknown keys",
        ),
        (
            "unable to configure the Docker daemon with file /etc/docker/daemon.json: invalid character '}' looking for",
            "invalid character",
            "Correct daemon.json",
        ),
        (
            "failed to load listeners: listen tcp 127.0.0.1:2375: bind: address already in use",
            "address already in use",
            "Stop what uses the address",
        ),
        (
            "failed to load listeners: no sockets found via socket activation: make sure the service was started by systemd",
            "no sockets found",
            "Start docker.socket",
        ),
        (
            "failed to start daemon: error while opening volume store metadata database: no space left on device",
            "no space left",
            "Free space",
        ),
        (
            "failed to start daemon: pid file found, ensure docker is not running or delete /var/run/docker.pid",
            "pid file found",
            "Stop the other dockerd",
        ),
        (
            "failed to start daemon: Error initializing network controller: iptables not found",
            "iptables",
            "Install iptables",
        ),
        (
            "[rootlesskit:parent] error: failed to setup UID/GID map: No subuid ranges found for user 1000 (ops)",
            "No subuid ranges",
            "65536 subordinate ids in /etc/subuid",
        ),
        (
            "[rootlesskit:parent] error: failed to setup network &{w:0x1f info:<nil> mu:{s:0}}: setting up tap tap0: open: Permission denied",
            "failed to setup network: setting up tap tap0: open: Permission denied",
            "let the user open /dev/net/tun",
        ),
        ("Status: unknown flag: --bogus", "--bogus", "Correct the service's command line"),
        ("unknown flag: --bogus", "--bogus", "Correct the service's command line"),
        ('time="2026-11-23T20:00:00Z" level=fatal msg="something \\"new\\" broke"', 'something "new" broke', ""),
    ],
)
def test_the_reason_of_a_failure_is_found_and_has_advice(line, cause, advice):
    found = explain(["Starting docker.service", line, "docker.service: Failed with result 'exit-code'."])
    assert cause in found.cause
    assert advice in found.advice
    assert not found.cause.startswith("failed to start daemon")


def test_the_newest_failure_counts():
    assert explain(["failed to start daemon: first", "failed to start daemon: second"]).cause == "second"


def test_messages_of_rootlesskit_about_the_exit_are_no_reason():
    lines = [
        "failed to start daemon: no space left on device",
        "[rootlesskit:child ] error: command [dockerd-rootless.sh] exited: exit status 1",
    ]
    lines += ["[rootlesskit:child ] error: parsing message from fd 3: EOF"]
    assert (
        explain([*lines, "[rootlesskit:parent] error: child exited: exit status 1"]).cause == "no space left on device"
    )


@pytest.mark.parametrize(
    "line, cause",
    [
        ("mkdir /x: permission denied", "mkdir /x: permission denied"),
        ("+ exec dockerd", ""),
        ('time="" level=info msg="x"', ""),
    ],
)
def test_the_line_before_the_exit_in_rootlesskit_is_the_reason(line, cause):
    assert (
        explain(
            [
                "+ mkdir /etc/ssl",
                line,
                "[rootlesskit:child ] error: command [dockerd-rootless.sh] exited: exit status 1",
            ]
        ).cause
        == cause
    )


def test_an_earlier_start_explains_nothing():
    earlier = ["Starting docker.service - Docker Application Container Engine...", "failed to start daemon: first"]
    assert explain(
        [
            *earlier,
            "Starting docker.service - Docker Application Container Engine...",
            "Main process exited, code=killed",
        ]
    ) == ("", "")


def test_unknown_messages_have_no_explanation():
    assert explain(["Started docker.service", 'level=info msg="API listen"']) == ("", "")
    assert explain([]) == ("", "")


def test_credentials_are_hidden():
    found = explain(["failed to start daemon: proxy http://user:secret@proxy:3128 refused"])
    assert "secret" not in found.cause and "proxy:3128" in found.cause

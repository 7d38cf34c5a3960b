# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from ansible_collections.flotilla.docker.plugins.module_utils.daemon_config import drop_ins

PACKAGED = """
[Service]
EnvironmentFile=-/etc/default/docker
Environment="A=one two" B=3
ExecStart=/usr/sbin/dockerd -H fd:// \\
    --containerd=/run/containerd/containerd.sock $DOCKER_OPTS
"""
OVERRIDE = "[Service]\nExecStart=\nExecStart=/opt/dockerd ${B}\n"


def test_the_last_command_line_counts():
    assert drop_ins.command_line([PACKAGED, OVERRIDE]) == "/opt/dockerd ${B}"


def test_variables_in_the_command_line_are_expanded():
    found = drop_ins.environment(
        [PACKAGED], {"/etc/default/docker": '# comment\nDOCKER_OPTS="--debug --mtu 1400"\n'}.get
    )
    assert found == {"A": "one two", "B": "3", "DOCKER_OPTS": "--debug --mtu 1400"}
    words = drop_ins.expand(drop_ins.command_line([PACKAGED]), found)
    assert words == [
        "/usr/sbin/dockerd",
        "-H",
        "fd://",
        "--containerd=/run/containerd/containerd.sock",
        "--debug",
        "--mtu",
        "1400",
    ]


def test_an_unset_variable_expands_to_no_word():
    assert drop_ins.expand("/usr/sbin/dockerd $DOCKER_OPTS", {}) == ["/usr/sbin/dockerd"]


def test_without_settings_there_is_no_drop_in():
    assert drop_ins.service_drop_in({}, [], {}, "/usr/sbin/dockerd") == ""
    assert drop_ins.socket_drop_in({}) == ""


def test_a_service_drop_in_replaces_the_command_and_escapes_what_systemd_would_expand():
    text = drop_ins.service_drop_in(
        {"HTTPS_PROXY": 'http://jo:a%20"b@proxy'},
        ["--debug", "--label=a b"],
        {"LimitNOFILE": "1048576"},
        "/usr/sbin/dockerd $DOCKER_OPTS",
    )
    assert text.splitlines()[1:] == [
        "[Service]",
        'Environment="HTTPS_PROXY=http://jo:a%%20\\"b@proxy"',
        "ExecStart=",
        'ExecStart=/usr/sbin/dockerd $DOCKER_OPTS --debug "--label=a b"',
        "LimitNOFILE=1048576",
    ]


def test_a_socket_drop_in_replaces_the_addresses():
    text = drop_ins.socket_drop_in({"ListenStream": ["/run/a.sock", "/run/b.sock"], "SocketGroup": "ops"})
    assert text.splitlines()[1:] == [
        "[Socket]",
        "ListenStream=",
        "ListenStream=/run/a.sock",
        "ListenStream=/run/b.sock",
        "SocketGroup=ops",
    ]

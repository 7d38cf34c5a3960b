# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Daemons that are broken on purpose: docker_daemon_status returns what docs/faults.md documents."""

from __future__ import annotations

from typing import NamedTuple

import pytest
from faults_page import SYSTEM, documented, says


class Fault(NamedTuple):
    """Its name in docs/faults.md, what breaks the host, options of the module, its user, and whether every test run includes it."""

    name: str
    script: str
    options: dict = {}
    user: str = "root"
    quick: bool = False


def daemon_json(text):
    return f"cp -np /etc/docker/daemon.json /root/daemon.json; echo '{text}' > /etc/docker/daemon.json; systemctl restart docker.service"


def drop_in(lines, then="systemctl restart docker.service"):
    folder = "/run/systemd/system/docker.service.d"
    return f"mkdir -p {folder}; printf '[Service]\\n{lines}\\n' > {folder}/test.conf; systemctl daemon-reload; {then}"


def command(line):
    return f"ExecStart=\\nExecStart={line}"


STOP = "systemctl stop docker.service docker.socket"
WAIT = {"wait": 180}
FAULTS = [
    Fault("the service and its socket are stopped", STOP),
    Fault("stopped and not enabled at boot", "systemctl disable --now docker.service docker.socket"),
    Fault("socket activation", "systemctl stop docker.service", quick=True),
    Fault(
        "masked unit",
        "systemctl stop docker.service; systemctl mask docker.service; systemctl start docker.socket",
        quick=True,
    ),
    Fault(
        "the service is starting",
        drop_in("ExecStartPre=sleep 600", "systemctl stop docker.service; systemctl start --no-block docker.service"),
    ),
    Fault("unknown key in daemon.json", daemon_json('{"bogus": 1}'), WAIT, quick=True),
    Fault("daemon.json is not valid JSON", daemon_json('{"debug": '), WAIT),
    Fault("key in daemon.json that is also a flag", daemon_json('{"hosts": ["unix:///run/docker.sock"]}'), WAIT),
    Fault("storage driver that the host does not support", daemon_json('{"storage-driver": "zfs"}'), WAIT),
    Fault("port in use", drop_in(command("/usr/sbin/dockerd -H fd:// -H tcp://127.0.0.1:22")), WAIT, quick=True),
    Fault("unknown flag", drop_in(command("/usr/sbin/dockerd --bogus")), WAIT),
    Fault("unit that systemd cannot load", drop_in("ExecStart=", STOP), WAIT),
    Fault(
        "full disk",
        STOP
        + "; mount -t tmpfs -o size=64k tmpfs /var/lib/docker; dd if=/dev/zero of=/var/lib/docker/full bs=1k; systemctl start docker.service",
        WAIT,
        quick=True,
    ),
    Fault(
        "killed",
        drop_in("Restart=no", "systemctl restart docker.service; kill -9 $(cat /run/docker.pid); sleep 1"),
        WAIT,
    ),
    Fault(
        "started too often",
        # Three starts within a minute are too many, but each may take longer than that allows.
        drop_in(
            "\\n[Unit]\\nStartLimitIntervalSec=1h", "for i in 1 2 3 4 5; do systemctl restart docker.service; done"
        ),
        WAIT,
    ),
    Fault("the daemon hangs", "kill -STOP $(cat /run/docker.pid)", {"timeout": 2}, quick=True),
    Fault("no permission", "true", user="ops", quick=True),
    Fault("API version that the daemon does not support", "true", {"api_version": "1.99"}),
    Fault("nothing listens at the address", "true", {"docker_host": "tcp://127.0.0.1:2375"}),
    Fault("no such host", "true", {"docker_host": "tcp://no-such-host.invalid:2376"}),
    Fault(
        "TLS for a daemon without TLS",
        drop_in(command("/usr/sbin/dockerd -H fd:// -H tcp://127.0.0.1:2375")),
        {"docker_host": "tcp://127.0.0.1:2375", "tls": True},
    ),
    Fault("no socket at the address", "true", {"docker_host": "unix:///run/no.sock"}),
]
# Engines differ in their messages: each fault on the oldest and the newest.
CASES = [
    pytest.param(
        engine,
        fault,
        id=f"{engine}-{fault.name}",
        marks=() if fault.quick and engine == "e20" else pytest.mark.long,
    )
    for fault in FAULTS
    for engine in ("e20", "e28")
]


@pytest.mark.parametrize("target, fault", CASES, indirect=["target"])
def test_status_of_a_broken_daemon_is_as_documented(target, fault):
    target.shell(fault.script)
    status = target.status(fault.user, **fault.options)
    returned = [status["state"], status["cause"], status["advice"]]
    assert not status.get("failed") and status["reachable"] is False
    assert [text for pattern, text in zip(documented(SYSTEM)[fault.name], returned) if not says(pattern, text)] == []


def test_every_documented_fault_is_tested():
    assert set(documented(SYSTEM)) - {"fault", "---", "Docker is not installed"} == {fault.name for fault in FAULTS}

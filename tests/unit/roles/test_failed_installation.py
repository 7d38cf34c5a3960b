# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the role docker_engine reports if packages or docker-py cannot be installed: the reason and what to do."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).resolve().parent))

from evaluated import Role, facts_of  # noqa: E402  pylint: disable=wrong-import-position

TRIXIE = 'ID=debian\nNAME="Debian GNU/Linux"\nVERSION_ID=13\nVERSION_CODENAME=trixie'


def role(*installed, **given):
    return Role(facts_of(TRIXIE, "apt", installed), **given)


@pytest.mark.parametrize(
    "lines, reason, advice",
    [
        (
            [
                "dpkg: error processing package docker-ce (--configure):",
                " installed docker-ce package post-installation script subprocess returned error exit status 1",
            ],
            "docker-ce: installed docker-ce package post-installation script subprocess returned error exit status 1. ",
            "Fix what the package reports",
        ),
        (
            ["E: You don't have enough free space in /var/cache/apt/archives/."],
            "E: You don't have enough free space in /var/cache/apt/archives/. ",
            "Free space on the host",
        ),
        (
            ["E: Failed to fetch http://mirror/x.deb  404  Not Found"],
            "E: Failed to fetch http://mirror/x.deb  404  Not Found. ",
            "Check that the host reaches",
        ),
    ],
)
def test_failed_installation_has_its_reason_and_fitting_advice(lines, reason, advice):
    failure = {"msg": "'/usr/bin/apt-get install' failed", "stdout_lines": [], "stderr_lines": lines}
    message = role(_docker_engine_failure=failure).value("_docker_engine_failure_message")
    assert reason + advice in message


def test_packages_that_could_not_be_restored_are_named_with_their_version():
    host = role(
        "docker.io 26.1.5",
        "containerd 1.7",
        docker_engine_source="docker",
        _docker_engine_facts_now={"packages": {"containerd": {"version": "1.7", "held": False}}},
        _docker_engine_packages_restored={"changed": False, "msg": "E: Unable to fetch docker.io"},
    )
    assert host.value("_docker_engine_restored") == (
        " Could not be rolled back, please check manually: docker.io=26.1.5 (E: Unable to fetch docker.io)."
    )


@pytest.mark.parametrize(
    "lines, reason",
    [
        (
            [
                "WARNING: Retrying (Retry(total=0)) after connection broken by 'NewConnectionError('<pip.HTTPConnection object at 0x7f>: "
                "Failed to establish a new connection: [Errno 111] Connection refused')': /simple/docker/",
                "ERROR: No matching distribution found for docker",
            ],
            "connection broken by 'NewConnectionError('Failed to establish a new connection: [Errno 111] Connection refused')' "
            "ERROR: No matching distribution found for docker",
        ),
        (["/srv/python: No module named pip"], "/srv/python: No module named pip"),
    ],
)
def test_failure_of_pip_has_its_reason(lines, reason):
    assert role(_docker_engine_pip={"stderr_lines": lines}).value("_docker_engine_pip_errors") == reason

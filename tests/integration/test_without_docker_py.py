# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A host with an Engine, whose Python has no docker-py."""

from __future__ import annotations

import pytest
from target import DOCKER_PY


@pytest.fixture
def without(target):
    """The host without docker-py, which is restored when the target is repaired."""
    target.shell(f"mv {DOCKER_PY} {DOCKER_PY}.away")
    return target


def test_reading_works_and_changes_fail_before_any_change(without):
    status = without.run("docker_daemon_status")
    assert (status["state"], status["client"]["docker_py"]) == ("running", None)
    assert "images" in without.run("image_list")
    assert without.run("container_info", name="web")["exists"] is False
    assert without.run("container_run", check=True, name="web", image="busybox")["changed"] is True
    failed = without.run("container_run", name="web", image="busybox")
    assert failed["msg"].startswith(
        "The Python package docker (docker-py) is missing for /usr/bin/python3: No module named"
    )
    assert failed["changed"] is False

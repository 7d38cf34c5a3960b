# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How many requests a run costs."""

from __future__ import annotations

import proxy
import pytest

WEB = {"name": "web", "image": "nginx", "published_ports": ["18081:80"], "grace": 0.2}
ENGINES = pytest.mark.parametrize("host", ["e20", "e26", "e28", "c28"], indirect=True)


@pytest.fixture
def counted(host, tmp_path):
    """Run the module, expect success, and return the recorded requests."""

    def run(check=False, **task):
        with proxy.recording(host.socket, tmp_path) as passed:
            result = host.run("container_run", check, **dict(WEB, **task), docker_host=passed.address)
            assert result["rc"] == 0, result["msg"]
            return result, passed

    return run


@ENGINES
def test_first_run_creates_and_second_run_only_reads(host, counted):
    # The image is on the host, so no requests for a pull are counted.
    assert host.run("image_pull", name="nginx")["rc"] == 0
    created, passed = counted()
    assert created["changed"]
    assert len(passed.requests) <= 7, passed.requests
    # One connection for reads and one for changes.
    assert passed.connections == 2
    again, passed = counted()
    assert not again["changed"]
    assert len(passed.requests) == 3, passed.requests
    assert passed.connections == 1
    predicted, passed = counted(check=True)
    assert not predicted["changed"]
    assert len(passed.requests) == 3, passed.requests


@ENGINES
def test_networks_need_at_most_one_more_request(host, counted):
    identity = host.api.create_network("front")["Id"]
    try:
        assert counted(networks=[{"name": "front", "aliases": ["www"]}])[0]["changed"]
        again, passed = counted(networks=[{"name": "front", "aliases": ["www"]}])
        assert not again["changed"]
        assert len(passed.requests) <= 4, passed.requests
        assert passed.connections == 1
    finally:
        host.clear()
        host.api.remove_network(identity)


def test_other_containers_need_no_requests(host, counted):
    """Containers are not listed without a filter, so answers are as short as on an empty host."""
    counted()
    for number in range(5):
        host.api.create_container("nginx", name=f"other{number}")
    _again, passed = counted()
    assert len(passed.requests) == 3
    assert all("containers/json" not in request or "filters=" in request for request in passed.requests)

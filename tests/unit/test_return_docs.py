# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from functools import lru_cache
from importlib import import_module
from pathlib import Path

import pytest
import yaml
from ansible_collections.flotilla.docker.plugins.module_utils.daemon_config import result as daemon_config_result
from ansible_collections.flotilla.docker.plugins.module_utils.daemon_config.host import DaemonHost
from ansible_collections.flotilla.docker.plugins.module_utils.daemon_status import (
    diagnosis,
    disk_usage,
    listings,
    result,
)
from ansible_collections.flotilla.docker.plugins.module_utils.daemon_status.facts import DaemonFacts
from ansible_collections.flotilla.docker.plugins.module_utils.daemon_status.observation import Observation
from ansible_collections.flotilla.docker.plugins.module_utils.daemon_status.status import describe
from ansible_collections.flotilla.docker.plugins.module_utils.engine.address import Address
from ansible_collections.flotilla.docker.plugins.module_utils.host import daemon_facts, systemd

MODULES = sorted(
    path.stem
    for path in (Path(__file__).resolve().parents[2] / "plugins" / "modules").glob("*.py")
    if path.stem != "__init__"
)
UNITS = {
    name: {key: None for key, source, parse in systemd._rows(name)} for name in ("docker.service", "docker.socket")
}


@lru_cache(maxsize=None)
def returned(module):
    return yaml.safe_load(import_module("ansible_collections.flotilla.docker.plugins.modules." + module).RETURN)


def described(values, path=""):
    """Every return value of a module and what is in it: its path and its description."""
    for name, value in values.items():
        yield path + name, value
        yield from described(value.get("contains") or {}, f"{path}{name}.")


# That modules return what they document, and nothing else, is compared in every run of the integration tests.
@pytest.mark.parametrize("module", MODULES)
def test_every_return_value_is_described(module):
    assert [
        name for name, value in described(returned(module)) if not (value.get("description") and value.get("type"))
    ] == []


@pytest.mark.parametrize("module", MODULES)
def test_every_top_level_return_value_has_returned(module):
    assert [name for name, value in returned(module).items() if not value.get("returned")] == []


@pytest.mark.parametrize("module", MODULES)
def test_no_return_value_has_a_name_that_ansible_reads_as_the_state_of_the_task(module):
    assert {"changed", "failed", "skipped", "unreachable", "exception"} & set(returned(module)) == set()


def status():
    service = dict(UNITS["docker.service"], active_state="active")
    host = DaemonFacts("unix:///var/run/docker.sock", service=service, socket=UNITS["docker.socket"])
    return describe(Address("unix:///var/run/docker.sock"), Observation(host, diagnosis.answered(host)))


def test_docker_daemon_config_returns_the_same_status(tmp_path, monkeypatch):
    monkeypatch.setattr(daemon_facts, "read", lambda url, path: {"address": url})
    address = {"docker_host": f"unix://{tmp_path}/none.sock", "timeout": 5, "api_version": "auto"}
    host = DaemonHost(dict(address, path=None), None)
    assert set(daemon_config_result.read_status(host)) == {*status(), "left_out"}


def test_docker_daemon_status_returns_what_it_documents():
    asked_for = set(listings.HEADERS) | {"disk_usage", "left_out"}
    assert set(status()) == set(returned("docker_daemon_status")) - asked_for


@pytest.mark.parametrize(
    "name, found",
    [
        ("service", UNITS["docker.service"]),
        ("socket", UNITS["docker.socket"]),
        ("client", result.client(None, None, "")),
        ("server", result.server({})),
        ("storage", result.storage({})),
        ("disk_usage", disk_usage.summary({}, verbose=False)),
    ],
)
def test_nested_values_of_docker_daemon_status_are_documented(name, found):
    assert set(found) == set(returned("docker_daemon_status")[name]["contains"])

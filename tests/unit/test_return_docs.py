# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import ast
from importlib import import_module
from pathlib import Path

import pytest
import yaml

from ansible_collections.flotilla.docker.plugins.module_utils.daemon import diagnosis, listings, result, usage
from ansible_collections.flotilla.docker.plugins.module_utils.engine.address import Address
from ansible_collections.flotilla.docker.plugins.module_utils.unit import systemd
from ansible_collections.flotilla.docker.plugins.modules import docker_daemon_status

MODULES = sorted(path.stem for path in (Path(__file__).resolve().parents[2] / "plugins" / "modules").glob("*.py") if path.stem != "__init__")
UNITS = {name: {key: None for key, source, parse in systemd._rows(name)} for name in ("docker.service", "docker.socket")}


# Ansible's own; the sanity tests refuse to have them documented.
COMMON = {"changed", "diff", "warnings"}


def returned(module):
    return yaml.safe_load(import_module("ansible_collections.flotilla.docker.plugins.modules." + module).RETURN)


def keys_of_report(module):
    """Keys of the dict that report is seen to return, or None where it is not one literal."""
    source = import_module("ansible_collections.flotilla.docker.plugins.modules." + module).__file__
    for node in ast.parse(Path(source).read_text(encoding="utf-8")).body:
        if isinstance(node, ast.FunctionDef) and node.name == "report":
            last = node.body[-1]
            if isinstance(last, ast.Return) and isinstance(last.value, ast.Dict) and all(isinstance(key, ast.Constant) for key in last.value.keys):
                return {key.value for key in last.value.keys}
    return None


@pytest.mark.parametrize("module", MODULES)
def test_every_return_value_is_described(module):
    for name, value in returned(module).items():
        assert value.get("description") and value.get("returned") and value.get("type"), name


@pytest.mark.parametrize("module", [module for module in MODULES if keys_of_report(module)])
def test_what_report_returns_is_documented(module):
    assert keys_of_report(module) - COMMON <= set(returned(module))


def status():
    service = dict(UNITS["docker.service"], active_state="active")
    host = diagnosis.Host("unix:///var/run/docker.sock", service=service, socket=UNITS["docker.socket"])
    return docker_daemon_status.describe(Address("unix:///var/run/docker.sock"), docker_daemon_status.Seen(host, diagnosis.answered(host)))


def test_docker_daemon_status_returns_what_it_documents():
    asked_for = set(listings.HEADERS) | {"disk_usage"}
    assert set(status()) == set(returned("docker_daemon_status")) - asked_for


@pytest.mark.parametrize(
    "name, found",
    [
        ("service", UNITS["docker.service"]),
        ("socket", UNITS["docker.socket"]),
        ("client", result.client(None, None, "")),
        ("server", result.server({})),
        ("storage", result.storage({})),
        ("disk_usage", usage.summary({}, verbose=False)),
    ],
)
def test_parts_of_docker_daemon_status_are_documented_too(name, found):
    assert set(found) == set(returned("docker_daemon_status")[name]["contains"])

# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an earlier task of a play may provide is a warning and a change in check mode, and an error in a run."""

from __future__ import annotations

import pytest
from ansible_collections.flotilla.docker.plugins.module_utils.container import host_checks
from ansible_collections.flotilla.docker.plugins.module_utils.errors import FlotillaError

from ..in_memory.engine import Engine
from . import builders

MISSING = {
    "network": ({"networks": [{"name": "absent"}]}, "Network absent does not exist"),
    "network mode": ({"network_mode": "absent"}, "Network absent does not exist"),
    "container": ({"network_mode": "container:vpn"}, "must name an existing container"),
    "ipc of a container": ({"ipc_mode": "container:vpn"}, "must name an existing container"),
    "image": ({"image": "absent", "pull": "never"}, "absent:latest"),
    "image by id": ({"image": "sha256:" + "ef" * 32}, "There is no image with the id"),
    "image of a predicted result": ({"image": None}, "image is required"),
    "runtime": ({"runtime": "kata"}, "must be a runtime of this Engine"),
    "env_file": ({"env_file": "/nonesuch"}, "must be a readable file"),
    "label_file": ({"label_file": "/nonesuch"}, "must be a readable file"),
    "port": ({"published_ports": ["18080:80"]}, "host port 18080 is already published by container other"),
}


@pytest.fixture
def engine(monkeypatch):
    """An Engine where container other publishes port 18080, as far as this host can see."""
    engine = Engine()
    engine.address = "unix:///var/run/docker.sock"
    monkeypatch.setattr(host_checks, "_is_taken", lambda proto, address, port: port == 18080)
    monkeypatch.setattr(host_checks.watch, "publisher", lambda engine, port, apart_from: "other")
    return engine


@pytest.mark.parametrize("case", MISSING)
def test_missing_object_is_a_warning_in_check_mode_and_an_error_in_a_run(engine, case):
    task, words = MISSING[case]
    predicted = builders.run(engine, check=True, **task)
    assert any(words in warning for warning in predicted.warnings())
    assert predicted.merged_into({})["changed"]
    assert "create container web" in predicted.actions
    with pytest.raises(FlotillaError, match=words):
        builders.run(engine, **task)
    assert engine.containers.names() == {}


@pytest.mark.parametrize("case", sorted(set(MISSING) - {"image of a predicted result"}))
def test_what_an_earlier_task_may_provide_to_an_existing_container_is_assumed_in_check_mode(engine, case):
    builders.run(engine)
    task, words = MISSING[case]
    predicted = builders.run(engine, check=True, **task)
    assert any(words in warning for warning in predicted.warnings())
    assert predicted.merged_into({})["changed"]
    with pytest.raises(FlotillaError, match=words):
        builders.run(engine, **task)
    assert engine.containers.find("web")["State"]["Running"]


@pytest.mark.parametrize("task", [{"state": "stopped"}, {"state": "absent"}])
def test_container_can_be_stopped_if_the_container_of_its_network_was_removed(task):
    engine = Engine()
    builders.run(engine, name="vpn")
    builders.run(engine, network_mode="container:vpn")
    engine.containers.remove("vpn")
    actions = builders.run(engine, network_mode="container:vpn", **task).actions
    assert actions[0] == "stop container web"


@pytest.mark.parametrize(
    "task", [{"network_mode": "host"}, {"network_mode": "none"}, {"state": "present"}, {"state": "stopped"}]
)
def test_a_port_of_another_container_does_not_matter_to_a_container_that_does_not_publish_it(engine, task):
    builders.run(engine, published_ports=["18080:80"], **task)
    assert set(engine.containers.names()) == {"web"}

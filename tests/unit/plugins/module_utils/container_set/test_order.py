# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a replaced container starts first, and the reason where it must not."""

from __future__ import annotations

import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible_collections.flotilla.docker.plugins.module_utils.container.task import read_task
from ansible_collections.flotilla.docker.plugins.module_utils.container_set import order, spec
from ansible_collections.flotilla.docker.plugins.module_utils.container_set.members import Member
from ansible_collections.flotilla.docker.plugins.module_utils.container_set.update import Update

from ..container import builders
from ..in_memory.engine import Engine


def decided(word="auto", alone=True, **given):
    params = builders.params(**given)
    return order.start_first(word, Member("web", "web", params, {}, alone), read_task(Engine(), params))


@pytest.mark.parametrize(
    "given, reason",
    [
        ({}, ""),
        ({"published_ports": ["80"]}, ""),
        ({"published_ports": ["8080-8085:80"]}, ""),
        ({"published_ports": ["8080:80", "127.0.0.1:81:81/udp"]}, "it publishes host port 81, 8080"),
        ({"network_mode": "host"}, "it uses the network of the host"),
        ({"networks": [{"name": "front", "ipv4_address": "10.0.0.9"}]}, "it has the fixed address 10.0.0.9"),
        ({"volumes": ["web:/srv"]}, "it is the only container of web and has a volume"),
        ({"volumes": ["web:/srv"], "alone": False}, ""),
        (
            {"mounts": [{"type": "volume", "source": "web", "target": "/srv"}]},
            "it is the only container of web and has a volume",
        ),
        ({"mounts": [{"type": "volume", "source": "web", "target": "/srv", "read_only": True}]}, ""),
        ({"mounts": [{"type": "tmpfs", "target": "/srv"}]}, ""),
    ],
)
def test_auto_starts_first_if_two_containers_can_run(given, reason):
    assert decided(**given) == (not reason, reason)


@pytest.mark.parametrize("word, first", [("start_first", True), ("stop_first", False)])
def test_order_of_the_task_has_no_reason(word, first):
    assert decided(word, published_ports=["80:80"]) == (first, "")


@pytest.mark.parametrize("word, stored", [("start-first", "start_first"), ("stop-first", "stop_first")])
def test_order_takes_the_words_of_compose_files(word, stored):
    given = ArgumentSpecValidator(spec.argument_spec()).validate({"name": "shop", "update": {"order": word}})
    assert Update(given.validated_parameters["update"]).order == stored

# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A host in memory with two unused objects of each kind."""

from __future__ import annotations

from typing import Any

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible_collections.flotilla.docker.plugins.module_utils.ledger import Ledger
from ansible_collections.flotilla.docker.plugins.module_utils.prune import plan
from ansible_collections.flotilla.docker.plugins.modules.system_prune import SPEC

from ..in_memory import images
from ..in_memory.engine import Engine as InMemory


def image(name: str, created: int) -> Any:
    """An image of one layer, with one name."""
    layers = {"RootFS": {"Layers": [f"sha256:layer of {name}"]}}
    return dict(images.image(f"{name}:1", f"sha256:{name}"), Created=created, Labels={}, **layers)


class Engine(InMemory):
    """An Engine with two unused objects of each kind. The containers' image is not one of them."""

    def __init__(self) -> None:
        super().__init__(images=[image("web1", 0), image("web2", 1)], networks=("net1", "net2"))
        for name in ("job1", "job2"):
            self.containers.add(name, running=False, image="sha256:used", labels={"tier": "front"})
        for name in ("vol1", "vol2"):
            self.volumes.create({"Name": name})
        self.daemon.build_cache_sizes = {"cache": 5}

    def run(self, check: bool = False, **task: Any) -> Any:
        """The result of one run."""
        validated = ArgumentSpecValidator(SPEC).validate(task)
        assert not validated.error_messages, validated.error_messages
        return Ledger().perform(plan.decide(self, validated.validated_parameters), self, check)

# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Credentials of a task, as Docker's config has them."""

from __future__ import annotations

from typing import Any, Dict, Mapping, Optional, Sequence

from ..errors import BadOption
from .reference import DOCKER_HUB, Reference

HUB_ADDRESS = "https://index.docker.io/v1/"


def of_task(params: Mapping[str, Any], registry: str) -> Optional[Dict[str, str]]:
    """The login that the task's options make for a registry, or None."""
    address = HUB_ADDRESS if registry == DOCKER_HUB else registry
    if params.get("registry_token"):
        return {"registrytoken": params["registry_token"], "serveraddress": address}
    if params.get("registry_username"):
        return {"username": params["registry_username"], "password": params["registry_password"], "serveraddress": address}
    return None


def require_one_registry(references: Sequence[Reference], params: Mapping[str, Any]) -> None:
    """A password must not reach a registry that it is not for."""
    registries = sorted({reference.registry for reference in references if reference.registry})
    if len(registries) > 1 and of_task(params, registries[0]):
        option = "registry_token" if params.get("registry_token") else "registry_username"
        raise BadOption(
            option,
            "used here",
            "the task names images of several registries (%s), and each would see these credentials" % ", ".join(registries),
            "one task for each registry",
        )

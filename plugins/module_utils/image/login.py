# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Finds credentials for registries, with the keys of Docker's config.json: those of the task, else the stored ones."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Callable, Dict, Mapping, Sequence

from ..errors import BadOption
from ..shapes import DOCKER_HUB, DOCKER_HUB_LOGIN

if TYPE_CHECKING:
    from ..engine.credentials import StoredLogin
    from .reference import Reference

Login = Dict[str, str]


class Logins:
    """``params`` has the options of the fragment registry_login; ``stored`` reads Docker's config.json, when a request needs it."""

    def __init__(
        self, params: Mapping[str, Any] | None = None, stored: Callable[[str], StoredLogin] | None = None
    ) -> None:
        self._params = params or {}
        self._stored = stored
        self._warnings: dict[str, str] = {}

    def find(self, registry: str) -> Login | None:
        """The login for a registry, or None. Calls a credential helper if config.json names one."""
        login = of_task(self._params, registry)
        if login or self._stored is None or not registry:
            return login
        found = self._stored(registry)
        if found.warning:
            self._warnings[registry] = found.warning
        return found.login

    def warnings(self, registry: str) -> tuple[str, ...]:
        """Reasons why find() could not read a login for this registry."""
        return (self._warnings[registry],) if registry in self._warnings else ()


def of_task(params: Mapping[str, Any], registry: str) -> Login | None:
    """The login in the task's options, for a registry, or None."""
    address = DOCKER_HUB_LOGIN if registry == DOCKER_HUB else registry
    if params.get("registry_token"):
        return {"registrytoken": params["registry_token"], "serveraddress": address}
    if params.get("registry_username"):
        return {
            "username": params["registry_username"],
            "password": params["registry_password"],
            "serveraddress": address,
        }
    return None


def require_one_registry(references: Sequence[Reference], params: Mapping[str, Any]) -> None:
    """Raise BadOption if the task's credentials would be sent to several registries."""
    registries = sorted({reference.registry for reference in references if reference.registry})
    if len(registries) > 1 and of_task(params, registries[0]):
        option = "registry_token" if params.get("registry_token") else "registry_username"
        names = " and ".join(registries)
        raise BadOption(
            option,
            f"can only be used with images from one registry; this task names images from {names}. Use one task per registry",
        )

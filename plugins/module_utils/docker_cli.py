# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The docker CLI's configuration: where a user has it, and how config.json names registries and stores logins."""

from __future__ import annotations

import base64
import os
from typing import Any, Mapping, NamedTuple

from .shapes import DOCKER_HUB, DOCKER_HUB_LOGIN, host_of

_HUB_HOSTS = (DOCKER_HUB, f"index.{DOCKER_HUB}", f"registry-1.{DOCKER_HUB}")


def config_folder(environ: Mapping[str, str] | None = None) -> str:
    """The folder with config.json and contexts, whether it exists or not."""
    environ = os.environ if environ is None else environ
    return environ.get("DOCKER_CONFIG") or os.path.join(environ.get("HOME") or os.path.expanduser("~"), ".docker")


def config_file(environ: Mapping[str, str] | None = None) -> str:
    """The path of config.json."""
    return os.path.join(config_folder(environ), "config.json")


class Login(NamedTuple):
    """A login for a registry: user and password, or a token that the registry issued."""

    username: str = ""
    password: str = ""
    identity_token: str = ""
    registry_token: str = ""

    def request(self, address: str) -> dict[str, str]:
        """As the Engine API expects it, for the registry at ``address``."""
        if self.identity_token:
            return {"identitytoken": self.identity_token, "serveraddress": address}
        if self.registry_token:
            return {"registrytoken": self.registry_token, "serveraddress": address}
        return {"username": self.username, "password": self.password, "serveraddress": address}

    def entry(self) -> dict[str, str]:
        """The entry of config.json, as the docker CLI writes it."""
        text = f"{self.username}:{'' if self.identity_token else self.password}"
        entry = {"auth": base64.b64encode(text.encode("utf-8")).decode("ascii")}
        return dict(entry, identitytoken=self.identity_token) if self.identity_token else entry


def registry_key(address: str) -> str:
    """The key of a registry in config.json for any spelling of its address: host and port, or Docker Hub's URL for Docker Hub."""
    host = host_of(address.strip())
    return DOCKER_HUB_LOGIN if host.lower() in _HUB_HOSTS else host


def keys_of(entries: Mapping[str, Any], registry: str) -> list[str]:
    """All keys in auths or credHelpers that are the registry with this key, in any spelling. The key itself is the first."""
    return sorted((key for key in entries if registry_key(key) == registry), key=lambda key: key != registry)


def helper_of(content: Mapping[str, Any], registry: str) -> Any:
    """The credential helper or store of the registry with this key, as in docker-credential-NAME; None if there is none."""
    helpers = content.get("credHelpers") or {}
    keys = keys_of(helpers, registry)
    return (helpers[keys[0]] if keys else content.get("credsStore")) or None


def login_of(entry: object) -> Login | None:
    """The login of an entry in auths, or None. The ValueError for an entry that cannot be decoded says what it must be."""
    if not isinstance(entry, dict):
        raise ValueError("must be a JSON object")
    name, password = _text(entry, "username"), _text(entry, "password")
    user = ""
    if entry.get("auth"):
        try:
            user, password = base64.b64decode(entry["auth"], validate=True).decode("utf-8").split(":", 1)
        except (ValueError, TypeError):
            raise ValueError("must have USER:PASSWORD in base64 as auth") from None
    token, registry_token = _text(entry, "identitytoken"), _text(entry, "registrytoken")
    login = Login(user or name, "" if token else password.strip("\0"), token, registry_token)
    return login if any(login) else None


def _text(entry: Mapping[str, Any], field: str) -> str:
    value = entry.get(field)
    return value if isinstance(value, str) else ""

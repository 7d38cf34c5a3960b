# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Logins that the user who runs the module has in Docker's config.json, read as the docker CLI reads them.

The file and its credential helpers are read here and not by docker-py, which reads them for every connection, fails for an invalid entry that is not
used, and waits forever for a helper that prompts for a password.
"""

from __future__ import annotations

import json
import threading
from typing import Any, Dict, Mapping, NamedTuple

from .. import credential_helper, docker_cli
from ..docker_cli import Login
from ..errors import Missing

# Keys: username and password, identitytoken or registrytoken; and serveraddress.
Request = Dict[str, str]


class StoredLogin(NamedTuple):
    """A login in the form of a request, or None; and a warning if it cannot be read."""

    login: Request | None = None
    warning: str = ""


class DockerConfig:
    """config.json of the user who runs the module. It is read, and its helpers are called, when a login is asked for."""

    def __init__(self, environ: Mapping[str, str] | None = None) -> None:
        self._environ = environ
        self._content: Mapping[str, Any] | None = None
        self._found: dict[str, StoredLogin] = {}
        self._lock = threading.Lock()

    @property
    def path(self) -> str:
        """The file, whether it exists or not."""
        return docker_cli.config_file(self._environ)

    def find(self, registry: str) -> StoredLogin:
        """The login for a registry such as "docker.io" or "hub:5000". As in the docker CLI, an invalid file is not an error."""
        # Parallel pulls need logins at the same time, and a helper may prompt for a password.
        with self._lock:
            if registry not in self._found:
                self._found[registry] = self._stored(registry)
            return self._found[registry]

    def _stored(self, registry: str) -> StoredLogin:
        try:
            return StoredLogin(self._login(registry))
        except Missing as error:
            warning = (
                f"Error loading credentials for {registry} from {self.path}: {error.message}. Continuing without them"
            )
            return StoredLogin(None, warning)

    def _login(self, registry: str) -> Request | None:
        content = self._read()
        address = docker_cli.registry_key(registry)
        _mapping(content, "credHelpers")
        helper = docker_cli.helper_of(content, address)
        if helper and not isinstance(helper, str):
            raise Missing("credHelpers and credsStore must name credential helpers")
        found = credential_helper.get(f"docker-credential-{helper}", address) if helper else None
        found = found or _from_file(_mapping(content, "auths"), address)
        return found.request(address) if found else None

    def _read(self) -> Mapping[str, Any]:
        if self._content is None:
            try:
                with open(self.path, encoding="utf-8") as file:
                    content = json.load(file)
            except (FileNotFoundError, NotADirectoryError):
                content = {}
            except OSError as error:
                raise Missing(f"the file cannot be read ({error.strerror})") from error
            except ValueError as error:
                raise Missing(f"the file is not valid JSON ({error})") from error
            if not isinstance(content, dict):
                raise Missing("the file is not a JSON object")
            self._content = content
        return self._content


def _mapping(content: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    value = content.get(key) or {}
    if not isinstance(value, dict):
        raise Missing(f"{key} must be a JSON object")
    return value


def _from_file(entries: Mapping[str, Any], address: str) -> Login | None:
    keys = docker_cli.keys_of(entries, address)
    try:
        return docker_cli.login_of(entries[keys[0]]) if keys else None
    except ValueError as error:
        raise Missing(f"the entry {keys[0]} {error}. Log in again with docker login {keys[0]}") from None

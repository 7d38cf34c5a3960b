# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The address of the daemon, from options, environment and contexts of the docker CLI."""

from __future__ import annotations

import hashlib
import json
import os
from typing import Any, Mapping, NamedTuple
from urllib.parse import urlsplit

from .. import docker_cli
from ..errors import BadOption, Missing

DEFAULT_HOST = "unix:///var/run/docker.sock"
_EXAMPLE = "docker_host: unix:///var/run/docker.sock"


class Address(NamedTuple):
    """A URL as in docker_host, the TLS files of a docker context, and ``origin``: the option, variable or context that the URL is from."""

    url: str
    tls_folder: str | None = None
    skip_verify: bool = False
    origin: str = "default"

    @property
    def socket_path(self) -> str | None:
        """Path of the socket, or None for an address on a network."""
        return self.url[len("unix://") :] if self.url.startswith("unix://") else None


def resolve(params: Mapping[str, Any], environ: Mapping[str, str] = os.environ) -> Address:  # pylint: disable=dangerous-default-value
    """In the order of the docker CLI: an option, DOCKER_HOST, DOCKER_CONTEXT, the current context, the default socket."""
    return _checked(_resolve(params, environ))


def _resolve(params: Mapping[str, Any], environ: Mapping[str, str]) -> Address:
    folder = docker_cli.config_folder(environ)
    if params.get("docker_host"):
        return Address(params["docker_host"], origin="docker_host")
    if params.get("docker_context"):
        return read_context(params["docker_context"], folder)
    if environ.get("DOCKER_HOST"):
        return Address(environ["DOCKER_HOST"], origin="DOCKER_HOST")
    return read_context(environ.get("DOCKER_CONTEXT") or _current_context(folder), folder)


def _current_context(folder: str) -> str:
    try:
        with open(os.path.join(folder, "config.json"), encoding="utf-8") as config:
            return json.load(config).get("currentContext") or "default"
    except (OSError, ValueError, AttributeError):
        return "default"  # with an invalid config.json, the docker CLI uses the default socket too


def read_context(name: str, folder: str) -> Address:
    """The address of a docker context. Raises Missing for an unknown context, where docker-py would use the local socket."""
    if name == "default":
        return Address(DEFAULT_HOST)
    key = hashlib.sha256(name.encode("utf-8")).hexdigest()
    try:
        with open(os.path.join(folder, "contexts", "meta", key, "meta.json"), encoding="utf-8") as meta:
            endpoint = json.load(meta)["Endpoints"]["docker"]
        url, skip_verify = endpoint["Host"], bool(endpoint.get("SkipTLSVerify"))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        raise Missing(
            f"There is no docker context {name} in {folder}",
            "Use one of the contexts that docker context ls shows to the user who runs the task, or set docker_host",
        ) from None
    tls_folder = os.path.join(folder, "contexts", "tls", key, "docker")
    return Address(url, tls_folder if os.path.isdir(tls_folder) else None, skip_verify, f"context {name}")


def _checked(address: Address) -> Address:
    """The address, if it is valid. docker-py takes some mistakes for other addresses."""
    problem = _mistake(address.url)
    if not problem:
        return address
    if address.origin != "docker_host":
        problem += f"; it comes from {address.origin}"
    raise BadOption("docker_host", problem, got=_without_password(address.url), example=_EXAMPLE)


def _mistake(url: str) -> str:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return "must have a port between 1 and 65535"
    if parts.scheme not in ("unix", "tcp", "http", "https", "ssh"):
        return "must start with unix://, tcp://, http://, https:// or ssh://"
    if parts.password:
        return "must not contain a password"
    if parts.scheme == "unix":
        return "" if parts.path.startswith("/") and not parts.netloc else "must have an absolute path after unix://"
    if not parts.hostname:
        return "must have a host name"
    if parts.scheme != "ssh" and not port:
        return "must have a port"
    return ""


def _without_password(url: str) -> str:
    head, at, tail = url.rpartition("@")
    return url if not at else "{}***@{}".format(head[: head.find("://") + 3] if "://" in head else "", tail)

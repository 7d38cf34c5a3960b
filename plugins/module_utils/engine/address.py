# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where the daemon is: options, environment, and contexts of the docker CLI."""

from __future__ import annotations

import hashlib
import json
import os
from typing import Any, Mapping, NamedTuple, Optional
from urllib.parse import urlsplit

from ..errors import BadOption, Missing

DEFAULT_HOST = "unix:///var/run/docker.sock"
_EXAMPLES = "docker_host: unix:///var/run/docker.sock, tcp://host:2376 or ssh://user@host"


class Address(NamedTuple):
    """A URL as docker_host has it, the TLS files of a docker context, and who named it."""

    url: str
    tls_folder: Optional[str] = None
    skip_verify: bool = False
    origin: str = "default"

    @property
    def socket_path(self) -> Optional[str]:
        """Path of the socket, or None for an address on a network."""
        return self.url[len("unix://"):] if self.url.startswith("unix://") else None


def resolve(params: Mapping[str, Any], environ: Mapping[str, str] = os.environ) -> Address:  # pylint: disable=dangerous-default-value
    """As the docker CLI decides: an option, DOCKER_HOST, DOCKER_CONTEXT, the current context, the default socket."""
    return _checked(_resolve(params, environ))


def _resolve(params: Mapping[str, Any], environ: Mapping[str, str]) -> Address:
    folder = environ.get("DOCKER_CONFIG") or os.path.join(environ.get("HOME") or os.path.expanduser("~"), ".docker")
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
        return "default"  # a broken config.json is no reason to keep a module from the local socket; the docker CLI goes on too


def read_context(name: str, folder: str) -> Address:
    """The address that a docker context stands for. Raises Missing for an unknown one, where docker-py would use the local socket."""
    if name == "default":
        return Address(DEFAULT_HOST)
    key = hashlib.sha256(name.encode("utf-8")).hexdigest()
    try:
        with open(os.path.join(folder, "contexts", "meta", key, "meta.json"), encoding="utf-8") as meta:
            endpoint = json.load(meta)["Endpoints"]["docker"]
        url, skip_verify = endpoint["Host"], bool(endpoint.get("SkipTLSVerify"))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        raise Missing(
            "There is no docker context %s in %s" % (name, folder),
            "Choose one of those that docker context ls shows for the user who runs the task, or set docker_host",
        ) from None
    tls_folder = os.path.join(folder, "contexts", "tls", key, "docker")
    return Address(url, tls_folder if os.path.isdir(tls_folder) else None, skip_verify, "context %s" % name)


def _checked(address: Address) -> Address:
    """The address, once it is known to be one: docker-py takes some mistakes for other addresses."""
    reason = _mistake(address.url)
    if not reason:
        return address
    if address.origin != "docker_host":
        reason += "; it comes from %s" % address.origin
    raise BadOption("docker_host", _without_password(address.url), reason, _EXAMPLES)


def _mistake(url: str) -> str:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return "its port is not a number from 1 to 65535"
    if parts.scheme not in ("unix", "tcp", "http", "https", "ssh"):
        return "it does not begin with unix://, tcp://, http://, https:// or ssh://"
    if parts.password:
        return "a password has no place in an address"
    if parts.scheme == "unix":
        return "" if parts.path.startswith("/") and not parts.netloc else "the path of the socket must begin with /, which makes three slashes"
    if not parts.hostname:
        return "the host name is missing"
    if parts.scheme != "ssh" and not port:
        return "the port is missing"
    return ""


def _without_password(url: str) -> str:
    head, at, tail = url.rpartition("@")
    return url if not at else "%s***@%s" % (head[: head.find("://") + 3] if "://" in head else "", tail)

# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Connects to the Engine that the connection options name."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Any, Callable, Mapping, NamedTuple

from ..errors import BadOption, Unreachable
from . import address
from .address import Address
from .api import OLDEST_API, TESTED_API, Api, older
from .engine import Engine
from .unix_socket import UnixSocket

if TYPE_CHECKING:
    from .transport import StreamTransport


class Later(NamedTuple):
    """A connection that is made when connect() is called."""

    address: Address
    connect: Callable[..., Engine]


def later(params: Mapping[str, Any]) -> Later:
    """For a module that reads the host before it uses the API. Invalid options fail here already."""
    _check(params)
    return Later(address.resolve(params), lambda **changes: connect(dict(params, **changes)))


def connect(params: Mapping[str, Any], environ: Mapping[str, str] = os.environ) -> Engine:  # pylint: disable=dangerous-default-value
    """The Engine that the options name. One request; raises Unreachable, Missing or BadOption."""
    _check(params)
    where = address.resolve(params, environ)
    api = _api(params, where)
    headers = api.ping()
    if "Api-Version" not in headers:
        raise Unreachable(f"The server at {where.url} is not a Docker daemon", "Correct docker_host", kind="address")
    version = params["api_version"]
    api.version = older(headers["Api-Version"], TESTED_API) if version == "auto" else version
    return Engine(api, headers)


def _api(params: Mapping[str, Any], where: Address) -> Api:
    """Over a local socket, the standard library reads, and docker-py is imported for the first change. Everything else uses docker-py."""

    def docker_py() -> StreamTransport:
        from .docker_py import transport  # pylint: disable=import-outside-toplevel

        return transport(params, where)

    if where.socket_path:
        return Api(where.url, params["timeout"], UnixSocket(where.socket_path), docker_py)
    everything = docker_py()
    return Api(where.url, params["timeout"], everything, lambda: everything)


def _check(params: Mapping[str, Any]) -> None:
    version = params["api_version"]
    if version != "auto" and not re.match(r"^1\.\d+$", version):
        raise BadOption(
            "api_version", "must be auto or an Engine API version", got=version, example="api_version: '1.45'"
        )
    if version != "auto" and older(version, OLDEST_API) != OLDEST_API:
        raise BadOption("api_version", f"must be {OLDEST_API} or newer", got=version, example="api_version: auto")
    if params["timeout"] < 1:
        raise BadOption("timeout", "must be 1 second or more", got=params["timeout"], example="timeout: 60")

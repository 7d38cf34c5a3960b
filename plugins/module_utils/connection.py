# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""From connection options to an Engine that answered."""

from __future__ import annotations

import os
import re
from typing import Any, Callable, Mapping, NamedTuple, Optional

from .engine import address, sdk, ssh
from .engine.address import Address
from .engine.api import Api
from .engine.engine import Engine, newest_common
from .engine.failures import reporting
from .errors import BadOption, Unreachable

# The newest API version whose requests and answers are tested; a newer server speaks it too.
TESTED_API = "1.51"
OLDEST_API = "1.24"


class Later(NamedTuple):
    """A connection that is not made yet."""

    address: Address
    connect: Callable[..., Engine]


def later(params: Mapping[str, Any]) -> Later:
    """For a module that looks at the host before it touches the API. Options that cannot work fail here already."""
    _check(params)
    return Later(address.resolve(params), lambda **changes: connect(dict(params, **changes)))


def connect(params: Mapping[str, Any], environ: Mapping[str, str] = os.environ) -> Engine:  # pylint: disable=dangerous-default-value
    """The Engine that the options name. One request; raises Unreachable, Missing or BadOption."""
    _check(params)
    sdk.require()
    where = address.resolve(params, environ)
    with reporting("connect to the Docker daemon", where.url, params["timeout"]):
        client = _client(params, where)
    api = Api(client, where.url)
    headers = api.ping()
    if "Api-Version" not in headers:
        raise Unreachable("What answers at %s is not a Docker daemon" % where.url, "Correct docker_host", kind="address")
    if params["api_version"] == "auto":
        client._version = newest_common(headers["Api-Version"], TESTED_API)
    return Engine(api, headers)


def _check(params: Mapping[str, Any]) -> None:
    version = params["api_version"]
    if version != "auto" and not re.match(r"^1\.\d+$", version):
        raise BadOption("api_version", version, "it is neither auto nor a version of the Engine API", "api_version: '1.45'")
    if version != "auto" and newest_common(version, OLDEST_API) != OLDEST_API:
        raise BadOption("api_version", version, "docker-py speaks %s and newer" % OLDEST_API, "api_version: auto")
    if params["timeout"] < 1:
        raise BadOption("timeout", params["timeout"], "it is a number of seconds above 0", "timeout: 60")


def _client(params: Mapping[str, Any], where: Address) -> Any:
    version = OLDEST_API if params["api_version"] == "auto" else params["api_version"]
    url = where.url
    tls = _tls(params, where)
    if tls and url.startswith("tcp://"):
        url = "https://" + url[len("tcp://"):]
    by_ssh = url.startswith("ssh://")
    client = sdk.docker.APIClient(base_url=ssh.BASE_URL if by_ssh else url, version=version, timeout=params["timeout"], tls=tls or False)
    if by_ssh:
        ssh.mount(client, url, params["timeout"])
    _pool_connections(client)
    if tls and params["tls_hostname"]:
        client.mount("https://", _adapter_for(params["tls_hostname"]))
    if tls and (tls.ca_cert or not tls.verify):
        # REQUESTS_CA_BUNDLE in the environment would replace ca_path, and verify where tls alone shall not; proxies of the environment stay in force.
        client.proxies.update(sdk.requests.utils.get_environ_proxies(url))
        client.trust_env = False
    return client


def _tls(params: Mapping[str, Any], where: Address) -> Any:
    """A TLSConfig, or None for a plain connection. validate_certs verifies the daemon, tls alone only encrypts."""
    if where.url.startswith(("unix://", "ssh://")):
        return None
    if not (params["tls"] or params["validate_certs"] or where.tls_folder):
        return None
    certificate, key, authority = _from_context(where.tls_folder) if where.tls_folder else _from_options(params)
    verify = not where.skip_verify if where.tls_folder else params["validate_certs"]
    return sdk.docker.tls.TLSConfig(client_cert=(certificate, key) if certificate and key else None, ca_cert=authority if verify else None, verify=verify)


def _from_options(params: Mapping[str, Any]) -> Any:
    options = ("client_cert", "client_key", "ca_path")
    for option in options:
        if params[option] and not os.path.isfile(params[option]):
            raise BadOption(option, params[option], "there is no such file on the managed host", "%s: /etc/docker/tls/cert.pem" % option)
    return [params[option] for option in options]


def _from_context(folder: str) -> Any:
    return [_existing(folder, name) for name in ("cert.pem", "key.pem", "ca.pem")]


def _existing(folder: str, name: str) -> Optional[str]:
    path = os.path.join(folder, name)
    return path if os.path.isfile(path) else None


def _pool_connections(client: Any) -> None:
    """One pool of kept-alive connections: docker-py's socket adapters pool by URL, so that each new path would open a connection."""
    adapter = getattr(client, "_custom_adapter", None)
    if hasattr(adapter, "pools"):
        get_connection = adapter.get_connection
        adapter.get_connection = lambda url, proxies=None: get_connection(client.base_url, proxies)


def _adapter_for(hostname: str) -> Any:
    class NamedHost(sdk.requests.adapters.HTTPAdapter):
        """Expects the certificate of another name than the address has (docker-py 7 dropped its own way of saying so)."""

        def init_poolmanager(self, *args: Any, **kwargs: Any) -> Any:
            return super().init_poolmanager(*args, assert_hostname=hostname, server_hostname=hostname, **kwargs)

    return NamedHost()

# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""docker-py as the transport for changes, streams, and addresses that are not a local socket."""

from __future__ import annotations

import contextlib
import os
import threading
from typing import TYPE_CHECKING, Any, Callable, Iterator, Mapping, TypeVar

from ..errors import BadOption
from . import sdk, ssh
from .address import Address
from .failures import reporting
from .hijack import take_over
from .message import Answer, Budget, Request
from .transport import Hijacked, Stream

if TYPE_CHECKING:
    from docker import APIClient


# The constructor of docker-py requires a version; our paths contain their own.
_ANY_VERSION = "1.24"
_CHUNK_SIZE = 65536
_Result = TypeVar("_Result")


class DockerPy:
    """Requests through the session of a docker-py ``client``, which handles sockets, TLS, SSH and proxies."""

    def __init__(self, client: APIClient) -> None:
        self.client = client

    def send(self, request: Request, timeout: float) -> Answer:
        """Raises DockerException, requests' exceptions, OSError or ValueError."""
        budget = Budget(timeout)
        return _within(budget, lambda: self._answer(request, timeout, budget))

    def _answer(self, request: Request, timeout: float, budget: Budget) -> Answer:
        response = self._request(request, timeout)
        try:
            return Answer(
                response.status_code, dict(response.headers), budget.joined(response.iter_content(_CHUNK_SIZE))
            )
        finally:
            response.close()

    @contextlib.contextmanager
    def stream(self, request: Request, timeout: float) -> Iterator[Stream]:
        """Raises the same as send(), also while chunks are read."""
        with self._opened(request, timeout) as (response, head):
            yield Stream(head, iter(()) if head.status >= 300 else response.iter_content(_CHUNK_SIZE))

    @contextlib.contextmanager
    def hijack(self, request: Request, timeout: float) -> Iterator[Hijacked]:
        """Raises the same as send()."""
        with self._opened(request, timeout) as (response, head):
            yield Hijacked(head, None if head.status >= 300 else take_over(response))

    @contextlib.contextmanager
    def _opened(self, request: Request, timeout: float) -> Iterator[tuple[Any, Answer]]:
        """An open response, and its head, which has the body only if the request failed."""
        budget = Budget(timeout)
        response = _within(budget, lambda: self._request(request, timeout))
        try:
            failed = response.status_code >= 300
            body = budget.joined(response.iter_content(_CHUNK_SIZE)) if failed else b""
            yield response, Answer(response.status_code, dict(response.headers), body)
        finally:
            response.close()

    @property
    def encrypted(self) -> bool:
        """Whether the connection to the daemon uses TLS."""
        return self.client.base_url.startswith("https://")

    def _request(self, request: Request, timeout: float) -> Any:
        return self.client.request(
            request.method,
            self.client.base_url + request.target,
            data=request.body,
            headers=dict(request.headers),
            timeout=timeout,
            stream=True,
        )


def _within(budget: Budget, work: Callable[[], _Result]) -> _Result:
    """The result of ``work``, while ``budget`` lasts: requests waits for each part of a response, however many there are."""
    results: list[_Result] = []
    errors: list[BaseException] = []

    def run() -> None:
        try:
            results.append(work())
        except BaseException as error:  # pylint: disable=broad-exception-caught  # raised again below
            errors.append(error)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    thread.join(budget.remaining())
    if results:
        return results[0]
    raise errors[0] if errors else budget.too_slow()


def transport(params: Mapping[str, Any], where: Address) -> DockerPy:
    """A DockerPy for a module's connection options. Nothing is sent yet; raises SdkMissing or BadOption."""
    sdk.require()
    with reporting("connect to the Docker daemon", where.url, params["timeout"]), _tolerant_of_config_json():
        return DockerPy(_client(params, where))


@contextlib.contextmanager
def _tolerant_of_config_json() -> Iterator[None]:
    """When a client is created, docker-py decodes the user's config.json and fails for an invalid entry, used or not: logins, proxies.

    credentials.py reads the logins that are used, and no request uses the rest.
    """
    auth, config = sdk.docker.auth, sdk.docker.utils.config
    load_logins, load_settings = auth.load_config, config.load_general_config
    auth.load_config = lambda *args, **kwargs: auth.AuthConfig({})
    config.load_general_config = lambda *args, **kwargs: {}
    try:
        yield
    finally:
        auth.load_config, config.load_general_config = load_logins, load_settings


def _client(params: Mapping[str, Any], where: Address) -> Any:
    url = where.url
    tls = _tls(params, where)
    if tls and url.startswith("tcp://"):
        url = "https://" + url[len("tcp://") :]
    by_ssh = url.startswith("ssh://")
    client = sdk.docker.APIClient(
        base_url=ssh.BASE_URL if by_ssh else url, version=_ANY_VERSION, timeout=params["timeout"], tls=tls or False
    )
    if by_ssh:
        ssh.mount(client, url, params["timeout"])
    _pool_connections(client)
    if tls and params["tls_hostname"]:
        client.mount("https://", _adapter_for(params["tls_hostname"]))
    if tls and (tls.ca_cert or not tls.verify):
        # REQUESTS_CA_BUNDLE in the environment would replace ca_path, and verify even with tls alone. Proxies from the environment still apply.
        client.proxies.update(sdk.requests.utils.get_environ_proxies(url))
        client.trust_env = False
    return client


def _tls(params: Mapping[str, Any], where: Address) -> Any:
    """A TLSConfig, or None for a plain connection. validate_certs verifies the daemon, tls alone only encrypts."""
    if where.url.startswith(("unix://", "ssh://")):
        return None
    if not (params["tls"] or params["validate_certs"] or where.tls_folder):
        return None
    certificate, key, ca = _from_context(where.tls_folder) if where.tls_folder else _from_options(params)
    verify = not where.skip_verify if where.tls_folder else params["validate_certs"]
    return sdk.docker.tls.TLSConfig(
        client_cert=(certificate, key) if certificate and key else None,
        ca_cert=ca if verify else None,
        verify=verify,
    )


def _from_options(params: Mapping[str, Any]) -> Any:
    options = ("client_cert", "client_key", "ca_path")
    for option in options:
        if params[option] and not os.path.isfile(params[option]):
            raise BadOption(
                option,
                "must be an existing file on the managed host",
                got=params[option],
                example=f"{option}: /etc/docker/tls/cert.pem",
            )
    return [params[option] for option in options]


def _from_context(folder: str) -> Any:
    return [_existing(folder, name) for name in ("cert.pem", "key.pem", "ca.pem")]


def _existing(folder: str, name: str) -> str | None:
    path = os.path.join(folder, name)
    return path if os.path.isfile(path) else None


def _pool_connections(client: APIClient) -> None:
    """Use one connection pool. The socket adapters of docker-py have a pool per URL, so each new path would open a connection."""
    adapter: Any = getattr(client, "_custom_adapter", None)
    if hasattr(adapter, "pools"):
        get_connection = adapter.get_connection
        adapter.get_connection = lambda url, proxies=None: get_connection(client.base_url, proxies)


def _adapter_for(hostname: str) -> Any:
    class NamedHost(sdk.requests.adapters.HTTPAdapter):
        """Expects a certificate for ``hostname`` instead of the address (docker-py 7 removed its option for this)."""

        def init_poolmanager(self, *args: Any, **kwargs: Any) -> Any:
            return super().init_poolmanager(*args, assert_hostname=hostname, server_hostname=hostname, **kwargs)

    return NamedHost()

# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Turns what docker-py, requests and the operating system raise into our own errors."""

from __future__ import annotations

import contextlib
import re
from typing import Any, Iterator, Optional

from ..errors import ApiError, BadOption, Conflict, FlotillaError, NotFound, Unreachable
from .sdk import SDK_ERRORS, APIError, TLSParameterError

_BY_STATUS = {404: NotFound, 409: Conflict}


@contextlib.contextmanager
def reporting(action: str, address: str = "", timeout: Optional[float] = None) -> Iterator[None]:
    """Name the ``action`` ("inspect container web") in whatever goes wrong inside."""
    try:
        yield
    except FlotillaError:
        raise
    except APIError as error:
        raise _from_answer(action, error) from error
    except SDK_ERRORS as error:
        raise unreachable(action, error, address, timeout) from error


def _from_answer(action: str, error: Any) -> FlotillaError:
    explanation = str(error.explanation or error)
    status = error.status_code or 0
    version = re.search(r"client version [\d.]+ is too (new|old)\. (Maximum|Minimum) supported API version is ([\d.]+)", explanation)
    if version:
        return Unreachable("The Docker Engine refused the API version: %s" % explanation, "Set api_version to auto or to %s" % version.group(3), kind="version")
    return _BY_STATUS.get(status, ApiError)(action, status, explanation)


def unreachable(action: str, error: BaseException, address: str, timeout: Optional[float]) -> FlotillaError:
    """Why no answer came, read along the chain of causes: the SDK wraps the same cause in a different class each time."""
    if isinstance(error, TLSParameterError):
        return BadOption("ca_path, client_cert or client_key", "what was given", str(error), "ca_path: /etc/docker/tls/ca.pem")
    where = address or "the Docker daemon"
    chain = list(_causes(error))
    text = " ".join(str(cause) for cause in chain)
    for matches, kind, what, advice in _CAUSES:
        if matches(chain, text):
            return Unreachable("Cannot %s: %s" % (action, what.format(where=where, timeout=timeout or "the allowed")), advice, kind=kind)
    return Unreachable("Cannot %s: no usable answer from %s: %s" % (action, where, chain[-1]), "Check docker_host, and the daemon with: systemctl status docker", kind="unknown")


def _causes(error: Optional[BaseException]) -> Iterator[BaseException]:
    seen = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        inner = [argument for argument in getattr(error, "args", ()) if isinstance(argument, BaseException)]
        inner += [reason for reason in (getattr(error, "reason", None),) if isinstance(reason, BaseException)]
        error = error.__cause__ or (inner[0] if inner else None) or error.__context__


def _raised(kind: type) -> Any:
    return lambda chain, text: any(isinstance(cause, kind) for cause in chain)


def _says(pattern: str) -> Any:
    return lambda chain, text: re.search(pattern, text) is not None


# First match wins. "Connection aborted" carries the operating system's error only as text in some releases, hence the words.
_CAUSES = (
    (_says(r"paramiko|ssh_exception"), "ssh", "no SSH connection to {where}", "Install paramiko beside docker-py, or check the SSH address, key and known_hosts"),
    (
        _says(r"FileNotFoundError|No such file or directory"),
        "no_socket",
        "there is no socket at {where}",
        "Start the daemon (systemctl start docker), or point docker_host at its socket",
    ),
    (
        _says(r"PermissionError|Permission denied"),
        "permission",
        "this user may not use {where}",
        "Use become: true, or add the user to the group docker and open a new session",
    ),
    (_says(r"Read timed out|ReadTimeout|timed out"), "hung", "{where} gave no answer within {timeout} s", "The daemon is starting or hangs: look at journalctl -u docker, or raise timeout"),
    (_says(r"SSLError|SSL:|HTTP request to an HTTPS server|certificate"), "tls", "no TLS connection to {where}: {where} and tls, ca_path, client_cert do not fit", "Check tls, validate_certs, ca_path, client_cert and client_key against the daemon's certificates"),
    (_says(r"ProxyError"), "proxy", "the HTTP proxy of the environment does not lead to {where}", "Add the host to NO_PROXY"),
    (_says(r"NameResolutionError|Name or service not known|Temporary failure in name resolution"), "name", "the host name of {where} cannot be resolved", "Correct the host in docker_host"),
    (
        _says(r"ConnectionRefusedError|Connection refused"),
        "refused",
        "nothing listens at {where}",
        "Start the daemon: systemctl start docker",
    ),
    (_says(r"RemoteDisconnected|Connection reset|BrokenPipe|IncompleteRead|Connection aborted|ProtocolError"), "cut", "{where} closed the connection", "The daemon went away in the middle: look at journalctl -u docker, then run the task again"),
    (_says(r"Invalid bind address|fd protocol|port is required|Invalid URL|invalid host|Failed to parse"), "address", "{where} is not an address of a daemon", "Write docker_host like unix:///var/run/docker.sock, tcp://host:2376 or ssh://user@host"),
)

# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Turns what docker-py, requests and the operating system raise into our own errors."""

from __future__ import annotations

import contextlib
import re
from typing import Any, Iterator, List, Optional

from ..errors import ApiError, BadOption, Conflict, FlotillaError, Missing, NotFound, Unreachable
from .causes import CAUSES
from .sdk import SDK_ERRORS, APIError, TLSParameterError, requests, version

# Words of the Engine, and what to do about them where it does not say so itself.
_ADVICE = (
    (
        r"cannot expose privileged port",
        "Publish a port from 1024 on, or let users have lower ones on that host: sysctl net.ipv4.ip_unprivileged_port_start=80, for instance",
    ),
    (
        r"NanoCPUs can not be set",
        "Leave cpus out. On a rootless Engine, it takes control groups v2 and Delegate=cpu cpuset io memory pids in a drop-in of user@.service",
    ),
)
_BY_STATUS = {404: NotFound, 409: Conflict}


@contextlib.contextmanager
def reporting(action: str, address: str = "", timeout: Optional[float] = None) -> Iterator[None]:
    """Name the ``action`` ("inspect container web") in whatever goes wrong inside."""
    try:
        yield
    except FlotillaError:
        raise
    except APIError as error:
        raise _from_answer(action, error, address) from error
    except SDK_ERRORS as error:
        raise unreachable(action, error, address, timeout) from error
    except TypeError as error:
        # docker-py up to 6.0 hands urllib3 2 an argument that it no longer has; any other TypeError is a defect of ours.
        if "chunked" not in str(error):
            raise
        raise _old_sdk(action, error) from error


def _from_answer(action: str, error: Any, address: str) -> FlotillaError:
    explanation = str(error.explanation or error)
    status = error.status_code or 0
    refused = re.search(r"client version [\d.]+ is too (new|old)\. (Maximum|Minimum) supported API version is ([\d.]+)", explanation)
    if refused:
        return Unreachable(
            "The Docker Engine refused the API version: %s" % explanation, "Set api_version to auto or to %s" % refused.group(3).rstrip("."), kind="version"
        )
    if "HTTP request to an HTTPS server" in explanation:
        return unreachable(action, error, address, None)
    advice = next((advice for pattern, advice in _ADVICE if re.search(pattern, explanation)), "")
    server = getattr(getattr(error, "response", None), "headers", None) or {}
    who = "Podman" if str(server.get("Server")).startswith("Libpod") else "the Docker Engine"
    return _BY_STATUS.get(status, ApiError)(action, status, explanation, advice, who)


def unreachable(action: str, error: BaseException, address: str, timeout: Optional[float]) -> FlotillaError:
    """Why no answer came, read along the chain of causes: the SDK wraps the same cause in a different class each time."""
    if isinstance(error, TLSParameterError):
        return BadOption("client_cert", "what was given", str(error), "client_cert: /etc/docker/tls/cert.pem, with client_key and ca_path beside it")
    where = address or "the Docker daemon"
    chain = list(_causes(error))
    text = " ".join(str(cause) for cause in chain) + " " + " ".join(type(cause).__name__ for cause in chain)
    if "Not supported URL scheme" in text:
        return _old_sdk(action, chain[-1])
    for cause in CAUSES:
        if where.startswith(cause.schemes) and re.search(cause.pattern, text):
            what = cause.what.format(where=where, timeout="%g s" % timeout if timeout else "the allowed time", error=_short(chain))
            return Unreachable("Cannot %s: %s" % (action, what), cause.advice, kind=cause.kind)
    what = "no usable answer from %s: %s" % (where, _short(chain))
    return Unreachable("Cannot %s: %s" % (action, what), "Check docker_host, and the daemon with: systemctl status docker", kind="unknown")


def _old_sdk(action: str, error: BaseException) -> FlotillaError:
    found = "docker-py %s does not work with requests %s" % (version(), requests.__version__)
    return Missing(
        "Cannot %s: %s beside it: %s" % (action, found, error),
        "Upgrade the Python package docker to 7.1.0 or newer, or take the distribution's packages python3-docker and python3-requests together",
    )


def _short(chain: List[BaseException]) -> str:
    """The root cause in its own words, without addresses of objects in memory."""
    root = chain[-1]
    return re.sub(r"<[\w.]+ object at 0x[0-9a-f]+>:? ?", "", str(root) or type(root).__name__)[:300]


def _causes(error: Optional[BaseException]) -> Iterator[BaseException]:
    seen = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        inner = [argument for argument in getattr(error, "args", ()) if isinstance(argument, BaseException)]
        inner += [reason for reason in (getattr(error, "reason", None),) if isinstance(reason, BaseException)]
        error = error.__cause__ or (inner[0] if inner else None) or error.__context__

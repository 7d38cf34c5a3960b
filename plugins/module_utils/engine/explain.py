# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Why a request failed and what to do about it: from an error response, or from the chain of exceptions."""

from __future__ import annotations

import re
import sys
from typing import Iterator

from ..errors import ApiError, BadOption, Conflict, FlotillaError, Missing, Unreachable
from ..explanations import Rule, explain, first
from .causes import CAUSES
from .failures import product
from .message import Answer

# Messages of the Engine that do not say what to do, with advice.
_ADVICE = (
    Rule(
        "port",
        r"cannot expose privileged port",
        advice="Publish port 1024 or higher, or allow lower ports for users of that host: sysctl net.ipv4.ip_unprivileged_port_start=80",
    ),
    Rule(
        "filter",
        r"(?i)invalid filter|unknown container state",
        advice="Use only filters and values that --filter of docker ps, docker images, docker network ls or docker volume ls accepts",
    ),
    Rule(
        "network",
        r"network \S+ is ambiguous",
        advice="Several networks have this name: remove all but one with docker network rm ID",
    ),
    Rule(
        "user",
        r"unable to find (?:user|group) \S+: no matching entries",
        advice="The image has no such user or group: correct user, or use numeric ids",
    ),
    Rule(
        "working_dir",
        r"Cannot mkdir: \S+ is not a directory|workdir \S+ exists on container|chdir to cwd .*not a directory",
        advice="working_dir must be a directory in the image, or not exist there: correct it",
    ),
    Rule(
        "cpus",
        r"NanoCPUs can not be set",
        advice="Remove cpus from the task. On a rootless Engine it needs cgroup v2, and Delegate=cpu cpuset io memory pids in a drop-in of user@.service",
    ),
)


def answer(action: str, answered: Answer, explanation: str, address: str) -> FlotillaError:
    """The error for a response with an error status; ``explanation`` is the Engine's message."""
    refused = re.search(
        r"client version [\d.]+ is too (new|old)\. (Maximum|Minimum) supported API version is ([\d.]+)", explanation
    )
    if refused:
        return Unreachable(
            f"The Docker Engine refused the API version: {explanation}",
            "Set api_version to auto or to {}".format(refused.group(3).rstrip(".")),
            kind="version",
        )
    if "HTTP request to an HTTPS server" in explanation:
        return _unreachable(action, explanation, explanation, address, None)
    rule = first(_ADVICE, explanation)
    kind = Conflict if answered.status == 409 else ApiError
    return kind(action, answered.status, explanation, rule.advice if rule else "", product(answered))


def exception(action: str, error: BaseException, address: str, timeout: float | None) -> FlotillaError | None:
    """The error for an exception of a transport, from its chain of causes; None for an internal error.

    docker-py and requests wrap the same cause in a different class each time.
    """
    if isinstance(error, TypeError):
        # docker-py up to 6.0 passes an argument that urllib3 2 no longer has.
        return _old_sdk(action, error) if "chunked" in str(error) else None
    if type(error).__name__ == "TLSParameterError":
        return BadOption(
            "client_cert",
            f"must be a certificate that can be loaded: {error}",
            example="client_cert: /etc/docker/tls/cert.pem",
        )
    chain = list(_causes(error))
    text = " ".join(str(cause) for cause in chain) + " " + " ".join(type(cause).__name__ for cause in chain)
    if "Not supported URL scheme" in text:
        return _old_sdk(action, chain[-1])
    return _unreachable(action, text, _short(chain), address, timeout)


def _unreachable(action: str, text: str, short: str, address: str, timeout: float | None) -> Unreachable:
    """The error for the first of CAUSES that matches ``text``; ``short`` is the part of it to quote."""
    where = address or "the Docker daemon"
    allowed = f"{timeout:g} s" if timeout else "the allowed time"
    rule = explain(CAUSES, text, where, timeout=allowed, error=short) or Rule(
        "unknown",
        "",
        f"no valid response from {where}: {short}",
        "Check docker_host, and the daemon with: systemctl status docker",
    )
    return Unreachable(f"Cannot {action}: {rule.cause}", rule.advice, kind=rule.kind)


def _old_sdk(action: str, error: BaseException) -> FlotillaError:
    found = "docker-py {} does not work with requests {}".format(
        *(getattr(sys.modules.get(name), "__version__", "?") for name in ("docker", "requests"))
    )
    return Missing(
        f"Cannot {action}: {found}: {error}",
        "Upgrade the Python package docker to 7.1.0 or newer, or install the distribution's packages python3-docker and python3-requests",
    )


def _short(chain: list[BaseException]) -> str:
    """The message of the root cause, without addresses of objects in memory."""
    root = chain[-1]
    return re.sub(r"<[\w.]+ object at 0x[0-9a-f]+>:? ?", "", str(root) or type(root).__name__)[:300]


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    seen = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        inner = [argument for argument in getattr(error, "args", ()) if isinstance(argument, BaseException)]
        inner += [reason for reason in (getattr(error, "reason", None),) if isinstance(reason, BaseException)]
        error = error.__cause__ or (inner[0] if inner else None) or error.__context__

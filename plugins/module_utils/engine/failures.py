# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Turns error answers and exceptions of transports into errors of this collection. The explanations are imported only when there is an error."""

from __future__ import annotations

import contextlib
import json
import sys
from http.client import HTTPException
from typing import Iterator

from ..errors import FlotillaError, NotFound
from .message import Answer


@contextlib.contextmanager
def reporting(action: str, address: str = "", timeout: float | None = None) -> Iterator[None]:
    """Name the ``action`` ("inspect container web") in whatever goes wrong inside."""
    try:
        yield
    except FlotillaError:
        raise
    except _raised_by_transports() as error:
        from . import explain  # pylint: disable=import-outside-toplevel

        explained = explain.exception(action, error, address, timeout)
        if explained is None:
            raise
        raise explained from error


def raise_for_status(action: str, answer: Answer, address: str) -> None:
    """Raise NotFound, Conflict, ApiError or Unreachable for an answer with an error status."""
    # 304: the container is started or stopped already, for example because it exited by itself before the request.
    if answer.status < 300 or answer.status == 304:
        return
    explanation = _explanation(answer)
    # The Engine redirects paths that are not clean (a//b, ..), and nothing has such a name.
    if answer.status in (301, 404):
        raise NotFound(action, 404, explanation, who=product(answer))
    from . import explain  # pylint: disable=import-outside-toplevel

    raise explain.answer(action, answer, explanation, address)


def product(answer: Answer) -> str:
    """Who gave an answer."""
    return "Podman" if answer.headers.get("Server", "").startswith("Libpod") else "the Docker Engine"


def _raised_by_transports() -> tuple[type[BaseException], ...]:
    """ValueError: answers and credentials are decoded with json and binascii, which raise children of it. TypeError: see explain.py."""
    docker = sys.modules.get("docker.errors")
    return (OSError, HTTPException, ValueError, TypeError) + ((docker.DockerException,) if docker else ())


def _explanation(answer: Answer) -> str:
    """The message of an error answer, or the whole answer if it is not the Engine's JSON."""
    try:
        return str(json.loads(answer.content)["message"])
    except (ValueError, KeyError, TypeError):
        return answer.content.decode("utf-8", "replace").strip()

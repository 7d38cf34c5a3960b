# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Commands that run in containers of the Engine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ContextManager

from ..errors import NotFound
from . import streams
from .api import Api

if TYPE_CHECKING:
    from .hijack import Connection


class Execs:
    """One method per API call; None for "not found"."""

    def __init__(self, api: Api) -> None:
        self._api = api

    @property
    def encrypted(self) -> bool:
        """Whether the connection to the daemon uses TLS, over which the end of the input cannot be sent."""
        return self._api.encrypted

    def create(self, container: str, body: dict[str, Any]) -> dict[str, str]:
        """Id of a command that is not started yet."""
        return self._api.post(
            f"create a command in container {container}", "/containers/{0}/exec", container, body=body
        )

    def find(self, exec_id: str) -> dict[str, Any] | None:
        """Running, ExitCode (None while it runs), Pid on the Engine's host, ContainerID. The Engine deletes it some minutes after the exit."""
        try:
            return self._api.get("inspect a command", "/exec/{0}/json", exec_id)
        except NotFound:
            return None

    def start_detached(self, exec_id: str, tty: bool) -> None:
        """Start it and return at once."""
        self._api.post("start a command", "/exec/{0}/start", exec_id, body={"Detach": True, "Tty": tty})

    def start(self, exec_id: str, tty: bool) -> ContextManager[Connection]:
        """Start it; the connection carries its input and output."""
        return streams.hijacked(
            self._api, "start a command", "/exec/{0}/start", exec_id, body={"Detach": False, "Tty": tty}
        )

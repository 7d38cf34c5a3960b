# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Containers of the Engine."""

from __future__ import annotations

from typing import Any, Mapping, Optional

from ..errors import Conflict, NotFound
from .api import Api


class Containers:
    """One method per API call; None for "not found"."""

    def __init__(self, api: Api) -> None:
        self._api = api

    def find(self, name: str, size: Optional[bool] = None) -> Optional[dict[str, Any]]:
        """The inspected container by name or id, or None. ``size`` walks its files to add SizeRw and SizeRootFs."""
        try:
            return self._api.get("inspect container %s" % name, "/containers/{0}/json", name, size=size)
        except NotFound:
            return None

    def list(self, running_only: bool = False, **filters: Any) -> list[dict[str, Any]]:
        """Containers that match Engine API filters such as publish=["80"]."""
        return self._api.get("list containers", "/containers/json", all=not running_only, filters=filters or None)

    def create(self, name: str, body: dict[str, Any], platform: Optional[str] = None) -> dict[str, Any]:
        """Id and Warnings of the new container."""
        return self._api.post("create container %s" % name, "/containers/create", body=body, name=name, platform=platform)

    @property
    def can_update(self) -> bool:
        """Whether limits can be changed in place."""
        return True

    def ignored(self, body: Mapping[str, Any]) -> dict[str, Any]:
        """Options of container_run in a create body that would be taken and left out without a word, with their values."""
        return {}

    def start(self, name: str) -> None:
        """Start; a container that runs already stays as it is."""
        self._api.post("start container %s" % name, "/containers/{0}/start", name)

    def stop(self, name: str, timeout: Optional[int] = None, longest: int = 10) -> None:
        """Stop with its own signal, and with SIGKILL after ``timeout`` seconds (None: the container's own, which is ``longest``)."""
        self._api.post("stop container %s" % name, "/containers/{0}/stop", name, t=timeout, timeout=longest + 30)

    def restart(self, name: str, timeout: Optional[int] = None, longest: int = 10) -> None:
        """Stop as stop does, and start."""
        self._api.post("restart container %s" % name, "/containers/{0}/restart", name, t=timeout, timeout=longest + 30)

    def kill(self, name: str, signal: Optional[str] = None) -> None:
        """Send a signal (None: SIGKILL)."""
        self._api.post("kill container %s" % name, "/containers/{0}/kill", name, signal=signal)

    def pause(self, name: str) -> None:
        """Freeze all processes."""
        self._api.post("pause container %s" % name, "/containers/{0}/pause", name)

    def unpause(self, name: str) -> None:
        """Thaw all processes."""
        self._api.post("unpause container %s" % name, "/containers/{0}/unpause", name)

    def rename(self, name: str, new_name: str) -> None:
        """Give a container another name."""
        self._api.post("rename container %s to %s" % (name, new_name), "/containers/{0}/rename", name, name=new_name)

    def update(self, name: str, body: dict[str, Any]) -> dict[str, Any]:
        """Change limits in place; the answer has Warnings."""
        return self._api.post("update container %s" % name, "/containers/{0}/update", name, body=body) or {}

    def remove(self, name: str, volumes: bool = False, force: bool = False, link: Optional[bool] = None) -> None:
        """Remove; ``volumes`` takes its anonymous volumes too. One that is gone, or is going, already is no error."""
        try:
            self._api.delete("remove container %s" % name, "/containers/{0}", name, v=volumes, force=force, link=link)
        except NotFound:
            pass
        except Conflict as error:
            if "already in progress" not in error.explanation:
                raise

    def logs(self, name: str, tail: Any = "all", stdout: bool = True, stderr: bool = True) -> bytes:
        """Undecoded log: multiplexed frames unless the container has a TTY."""
        return self._api.raw("read the log of container %s" % name, "/containers/{0}/logs", name, stdout=stdout, stderr=stderr, tail=tail)

    def wait(self, name: str, timeout: Optional[float] = None) -> int:
        """The exit code, once the container has ended."""
        return self._api.post("wait for container %s" % name, "/containers/{0}/wait", name, timeout=timeout)["StatusCode"]

    def stats(self, name: str) -> dict[str, Any]:
        """One reading of what a running container uses. Takes a second without one-shot, where the API has it (1.41)."""
        return self._api.get("read the use of container %s" % name, "/containers/{0}/stats", name, stream=False, **{"one-shot": True})

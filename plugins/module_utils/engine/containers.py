# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Containers of the Engine."""

from __future__ import annotations

import time
from typing import Any, Mapping

from ..errors import Conflict, NotFound
from ..shapes import is_called
from .api import Api, Objects

# Seconds between two looks at a container that is being removed.
_PAUSE = 0.2


class Containers:
    """One method per API call; None for "not found"."""

    def __init__(self, api: Api) -> None:
        self._api = api

    def find(self, name: str, size: bool | None = None) -> dict[str, Any] | None:
        """The inspected container by name or id, or None. ``size`` walks its files to add SizeRw and SizeRootFs."""
        try:
            found = self._api.get(f"inspect container {name}", "/containers/{0}/json", name, size=size)
        except NotFound:
            return None
        return found if is_called(found, name) else None

    # Names of filters come from tasks, and "self" may be one.
    def list(self, /, **filters: object) -> Objects:
        """Containers that match Engine API filters such as publish=["80"]."""
        return self._api.get("list containers", "/containers/json", all=True, filters=filters or None)

    def list_running(self, /, **filters: object) -> Objects:
        """The same of those that run."""
        return self._api.get("list containers", "/containers/json", all=False, filters=filters or None)

    def list_with_sizes(self) -> Objects:
        """All containers with SizeRw, for which the Engine walks their files."""
        return self._api.get("list containers with their sizes", "/containers/json", all=True, size=True)

    def create(self, name: str, body: dict[str, Any], platform: str | None = None) -> dict[str, Any]:
        """Id and Warnings of the new container."""
        return self._api.post(f"create container {name}", "/containers/create", body=body, name=name, platform=platform)

    @property
    def can_update(self) -> bool:
        """Whether limits can be changed in place."""
        return True

    def ignored(self, body: Mapping[str, Any]) -> dict[str, Any]:
        """Options of container_run in a create body that the API would accept and ignore, with their values."""
        return {}

    def start(self, name: str) -> None:
        """Start; no error if the container is already running."""
        self._api.post(f"start container {name}", "/containers/{0}/start", name)

    def stop(self, name: str, timeout: int | None = None, longest: int = 10) -> None:
        """Stop with the container's stop signal, then SIGKILL after ``timeout`` seconds (None: its own stop timeout, which is ``longest``)."""
        self._api.post(f"stop container {name}", "/containers/{0}/stop", name, t=timeout, timeout=longest + 30)

    def restart(self, name: str, timeout: int | None = None, longest: int = 10) -> None:
        """Stop like stop(), then start."""
        self._api.post(f"restart container {name}", "/containers/{0}/restart", name, t=timeout, timeout=longest + 30)

    def kill(self, name: str, signal: str | None = None) -> None:
        """Send a signal (None: SIGKILL)."""
        self._api.post(f"kill container {name}", "/containers/{0}/kill", name, signal=signal)

    def pause(self, name: str) -> None:
        """Freeze all processes."""
        self._api.post(f"pause container {name}", "/containers/{0}/pause", name)

    def unpause(self, name: str) -> None:
        """Thaw all processes."""
        self._api.post(f"unpause container {name}", "/containers/{0}/unpause", name)

    def rename(self, name: str, new_name: str) -> None:
        """Give a container another name."""
        self._api.post(f"rename container {name} to {new_name}", "/containers/{0}/rename", name, name=new_name)

    def update(self, name: str, body: dict[str, Any]) -> dict[str, Any]:
        """Change limits in place; the response has Warnings."""
        return self._api.post(f"update container {name}", "/containers/{0}/update", name, body=body) or {}

    def remove(self, name: str, volumes: bool = False, force: bool = False) -> bool:
        """Remove, with its anonymous volumes if ``volumes``. False if it does not exist, or another client removes it, whose removal is waited for."""
        try:
            self._api.delete(f"remove container {name}", "/containers/{0}", name, v=volumes, force=force)
        except NotFound:
            return False
        except Conflict as error:
            if "already in progress" not in error.explanation:
                raise
            self._await_removal(name)
            return False
        return True

    def _await_removal(self, name: str) -> None:
        """Until its end, the container keeps its name and its volumes."""
        deadline = time.monotonic() + self._api.timeout
        while time.monotonic() < deadline:
            found = self.find(name)
            if found is None or found["State"]["Status"] != "removing":
                return
            time.sleep(_PAUSE)

    def logs(self, name: str, tail: int | str = "all", **params: object) -> bytes:
        """Undecoded log of both outputs: multiplexed frames unless the container has a TTY. ``params``: since, until, timestamps."""
        action = f"read the log of container {name}"
        return self._api.raw(action, "/containers/{0}/logs", name, stdout=True, stderr=True, tail=tail, **params)

    def path_exists(self, name: str, path: str) -> bool:
        """Whether a path exists in a container, which may be stopped."""
        return self._api.exists(f"look for {path} in container {name}", "/containers/{0}/archive", name, path=path)

    def top(self, name: str) -> dict[str, Any]:
        """Titles and Processes of a running container."""
        return self._api.get(f"list the processes of container {name}", "/containers/{0}/top", name)

    def changes(self, name: str) -> Objects | None:
        """Files that differ from the image: Path, and Kind 0 (modified), 1 (added) or 2 (deleted)."""
        return self._api.get(f"list the changed files of container {name}", "/containers/{0}/changes", name)

    def wait(self, name: str, timeout: float | None = None) -> int:
        """The exit code, after the container has exited."""
        return self._api.post(f"wait for container {name}", "/containers/{0}/wait", name, timeout=timeout)["StatusCode"]

    def stats(self, name: str) -> dict[str, Any]:
        """One sample of the resource usage of a running container. one-shot (API 1.41) avoids a wait of one second."""
        params: dict[str, Any] = {"stream": False, "one-shot": True}
        return self._api.get(f"read the resource usage of container {name}", "/containers/{0}/stats", name, **params)

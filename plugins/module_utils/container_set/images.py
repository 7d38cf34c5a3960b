# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The images of a set: each is pulled once, before any container changes."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any, Iterable, Mapping

from ..container.lookup import Found
from ..container.task import Task, pulled
from ..errors import FlotillaError
from ..image.reference import parse_known, parse_reference
from .run import Run, Stage
from .shared_engine import SharedEngine

if TYPE_CHECKING:
    from ..engine.engine import Engine
    from ..ledger import Steps


_OPTIONS = ("image", "pull", "platform", "pull_check_mode_behavior")


class Images:
    """Inspected images by the options that choose them."""

    def __init__(self, shared: SharedEngine) -> None:
        self._shared = shared
        self._runs: dict[tuple[Any, ...], Run] = {}
        self._lock = threading.Lock()

    def pull(self, wanted: Iterable[tuple[Task, Found]]) -> Steps:
        """Pull, in parallel, the images of the containers that may need one. A failure is stored for those containers."""
        for task, found in wanted:
            if _may_need(task, found):
                self._runs.setdefault(_key(task.params), _run(task.params))
        if self._runs:
            yield Stage(self._shared, list(self._runs.values()))

    @property
    def errors(self) -> list[FlotillaError]:
        """Pulls that failed."""
        return [run.error for run in self._runs.values() if run.error is not None]

    def of(self, engine: Engine, params: Mapping[str, Any]) -> Steps:
        """The image of a container, for its Hooks. None in check mode if a pull would change it."""
        key = _key(params)
        with self._lock:
            run = self._runs.get(key)
            if run is None:
                # It exists, because the container was created from it.
                run = self._runs[key] = _run(params)
                run.go(self._shared, check=True)
        if run.error is not None:
            raise run.error
        return run.decided
        yield  # pylint: disable=unreachable


def _key(params: Mapping[str, Any]) -> tuple[Any, ...]:
    return tuple(str(params[option]) for option in _OPTIONS)


def _run(params: Mapping[str, Any]) -> Run:
    return Run(params["image"], "pull", lambda engine, check: pulled(engine, params))


def _may_need(task: Task, found: Found) -> bool:
    params, container = task.params, found.container
    if task.state == "absent" or not params.get("image"):
        return False
    if container is None or not found.image_unmoved or params["recreate"] or params.get("platform"):
        return True
    return params["pull"] in ("always", True, "True") or parse_reference(params["image"]) != parse_known(
        container["Config"]["Image"]
    )

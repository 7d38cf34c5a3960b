# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An Engine that threads share: a limited number of requests at the same time, and a thread can be interrupted before each."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any, Callable, Iterable

from .. import signals
from ..shapes import container_name

if TYPE_CHECKING:
    from ..engine.containers import Containers
    from ..engine.engine import Engine
else:
    Engine = object


class SharedEngine(Engine):
    """An Engine for many threads. Networks and the Engine's settings are requested only once.

    It can be used in place of an Engine: attributes that it does not have are those of the Engine.
    """

    containers: Any
    daemon: Any
    execs: Any
    images: Any
    networks: Any

    # pylint: disable-next=super-init-not-called  # the Engine that it has was initialized
    def __init__(self, engine: Engine, parallel: int) -> None:
        self._engine = engine
        self.parallel = parallel
        slots = threading.BoundedSemaphore(parallel)
        self.containers = _Containers(engine.containers, slots)
        self.images = _Bounded(engine.images, slots)
        self.networks = _Networks(engine.networks, slots, once=("find",))
        self.daemon = _Bounded(engine.daemon, slots, once=("info",))
        self.execs = _Bounded(engine.execs, slots)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._engine, name)


class _Bounded:
    """Requests for one kind of object. Waits between requests do not occupy a slot, so they do not delay other members."""

    def __init__(self, requests: object, slots: threading.BoundedSemaphore, once: tuple[str, ...] = ()) -> None:
        self._requests = requests
        self._slots = slots
        self._once = once
        self._known: dict[Any, Any] = {}
        self._lock = threading.RLock()

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._requests, name)
        if not callable(found):
            return found
        return self._remembered(name, found) if name in self._once else self._bounded(found)

    def _bounded(self, request: Callable[..., Any]) -> Callable[..., Any]:
        def send(*arguments: object, **options: object) -> Any:
            signals.check()
            with self._slots:
                return request(*arguments, **options)

        return send

    def _remembered(self, name: str, request: Callable[..., Any]) -> Callable[..., Any]:
        def send(*arguments: object) -> Any:
            key = (name, *arguments)
            with self._lock:
                if key not in self._known:
                    self._known[key] = self._bounded(request)(*arguments)
                return self._known[key]

        return send


class _Containers(_Bounded):
    """Containers, without those that will be removed before others are created."""

    def __init__(self, requests: Containers, slots: threading.BoundedSemaphore) -> None:
        super().__init__(requests, slots)
        self._engine_containers = requests
        self._hidden: set[str] = set()

    def hide(self, names: Iterable[str]) -> None:
        """Leave these out of lists from now on."""
        self._hidden.update(names)

    def list(self, /, **filters: object) -> Any:
        """The containers that match."""
        return self._visible(self._bounded(self._engine_containers.list)(**filters))

    def list_running(self, /, **filters: object) -> Any:
        """The same of those that run."""
        return self._visible(self._bounded(self._engine_containers.list_running)(**filters))

    def _visible(self, listed: Any) -> Any:
        return [entry for entry in listed if container_name(entry) not in self._hidden]


class _Networks(_Bounded):
    """Networks, including those that the run creates, or in check mode would create."""

    def promise(self, names: Iterable[str]) -> None:
        """Treat these as existing."""
        self._known.update({("find", name): {"Name": name} for name in names})

# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Steps that create, rename, change in place and remove containers."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, Callable, Iterable, Mapping

from ..errors import ApiError, Conflict, FlotillaError, Interrupted, StepFailed, Unreachable
from ..network.endpoint import asked, undo_connection
from ..step import Check, Outcome
from . import kernel, watch
from .handle import ContainerStep, Handle
from .stop import StopRule, stop_or_kill

if TYPE_CHECKING:
    from ..engine.engine import Engine

# Seconds to wait for a daemon that stopped during a request; systemd starts it again within a few seconds.
ANSWER_PATIENCE = 30.0


class Require(Check):
    """A check for objects that an earlier task of the play may provide. ``problems(engine)`` are errors, the most important first.

    In check mode they are warnings: the run may find what is missing.
    """

    def __init__(self, summary: str, problems: Callable[[Engine], Iterable[FlotillaError]]) -> None:
        super().__init__(summary, self._raise_first)
        self.problems = problems

    def _raise_first(self, engine: Engine) -> None:
        for problem in self.problems(engine):
            raise problem

    def predict(self, engine: Engine) -> Outcome:
        found = tuple(self.problems(engine))
        return Outcome(
            bool(found), warnings=tuple(f"{problem} Without check mode this is an error." for problem in found)
        )

    def actions(self, outcome: Outcome) -> list[str]:
        return []


class Create(ContainerStep):
    """Create from a body. Undone by removing it, with the anonymous volumes that came with it."""

    def __init__(
        self,
        container: Handle,
        body: dict[str, Any],
        platform: str | None = None,
        before: dict[str, Any] | None = None,
        after: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(container, f"create container {container.name}", before, after)
        self.body = body
        self.platform = platform
        self.answer_lost = False

    def _do(self, engine: Engine) -> Outcome:
        try:
            created = self._create(engine)
            self.container.id = created["Id"]
        except (Unreachable, Interrupted):
            self.answer_lost = True
            raise
        outcome = self._outcome(created["Id"], created.get("Warnings"))
        return outcome._replace(warnings=(*outcome.warnings, *kernel.unenforced(engine, self.body)))

    def _create(self, engine: Engine) -> dict[str, Any]:
        name = self.container.current_name

        def create() -> dict[str, Any]:
            return engine.containers.create(name, self.body, self.platform)

        return _with_name(engine, name, create) if name != self.container.name else create()

    def undo(self, engine: Engine) -> bool:
        if self.container.id is None and self.answer_lost:
            found = engine.containers.find(self.container.current_name)
            self.container.id = found["Id"] if found and found["State"]["Status"] == "created" else None
        if self.container.id is None:
            return False
        engine.containers.remove(self.container.id, volumes=True, force=True)
        return True


def _rename(engine: Engine, key: str, name: str) -> None:
    """Rename a container. The Engine may still have carried out the same request of a run that was killed, and refuses it the second time."""
    try:
        engine.containers.rename(key, name)
    except ApiError:
        found = engine.containers.find(key)
        if found is None or found["Name"].lstrip("/") != name:
            raise


def _with_name(engine: Engine, name: str, do: Callable[[], Any]) -> Any:
    """Do what needs the name. The Engine may still be creating a container of this name for a run that was killed: it reserves the name first."""
    deadline = time.monotonic() + ANSWER_PATIENCE
    while True:
        try:
            return do()
        except Conflict:
            found = engine.containers.find(name)
            if found and found["State"]["Status"] == "created":
                engine.containers.remove(found["Id"], volumes=True, force=True)
            elif found or time.monotonic() > deadline:
                raise
            else:
                time.sleep(0.2)


class RenameToBackup(ContainerStep):
    """Give the old container another name, so that the new one can have its name. It keeps running.

    Undone by restoring the name, and by starting the container if it ran: a restart of the daemon may have stopped it.
    """

    def __init__(self, old: Handle, backup: str, ran: bool) -> None:
        super().__init__(old, f"rename container {old.name} to a backup name")
        self.backup = backup
        self.ran = ran

    def _do(self, engine: Engine) -> Outcome:
        _rename(engine, self.container.key, self.backup)
        self.container.current_name = self.backup
        return self._outcome()

    def undo(self, engine: Engine) -> None:
        found = engine.containers.find(self.container.key)
        if found and found["Name"].lstrip("/") != self.container.name:
            engine.containers.rename(self.container.key, self.container.name)
        if found and self.ran and not found["State"]["Running"]:
            engine.containers.start(self.container.key)


class RestoreName(ContainerStep):
    """Restore the name of a container to which an interrupted run gave a backup name. Start it if that run has stopped it.

    The outcome's value is the inspected container.
    """

    undoable = False

    def __init__(self, backup: Handle, name: str, starts: bool = False) -> None:
        also = f" and start {name}" if starts else ""
        super().__init__(backup, f"restore the name of container {name} after an interrupted run{also}")
        self.name = name
        self.starts = starts

    def predict(self, engine: Engine) -> Outcome:
        found = engine.containers.find(self.container.key)
        if found and self.starts:
            found["State"] = dict(found["State"], Running=True, Status="running")
        return self._outcome(found)

    def _do(self, engine: Engine) -> Outcome:
        _with_name(engine, self.name, lambda: _rename(engine, self.container.key, self.name))
        problems = []
        if self.starts:
            try:
                engine.containers.start(self.container.key)
            except ApiError as error:
                problems.append(f"{error} The task continues, because it may replace the container.")
        return self._outcome(engine.containers.find(self.container.key))._replace(warnings=tuple(problems))


class TakeName(ContainerStep):
    """Give a new container, which was started under another name, the name of the one that it replaces."""

    def __init__(self, new: Handle) -> None:
        super().__init__(new, f"rename the new container to {new.name}")
        self.former = new.current_name

    def _do(self, engine: Engine) -> Outcome:
        _rename(engine, self.container.key, self.container.name)
        self.container.current_name = self.container.name
        return self._outcome()

    def undo(self, engine: Engine) -> None:
        found = engine.containers.find(self.container.key)
        if found and found["Name"].lstrip("/") == self.container.name:
            engine.containers.rename(self.container.key, self.former)
            self.container.current_name = self.former


class _OnNetwork(ContainerStep):
    """A step on the endpoint of a container. ``summary_format`` names the container and the network."""

    summary_format = ""

    def __init__(
        self,
        container: Handle,
        network: str,
        endpoint: dict[str, Any],
        before: dict[str, Any] | None = None,
        after: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(container, self.summary_format.format(container.name, network), before, after)
        self.network = network
        self.endpoint = endpoint


class Connect(_OnNetwork):
    """Connect to a network."""

    summary_format = "connect container {} to network {}"

    def _do(self, engine: Engine) -> Outcome:
        engine.networks.connect(self.network, self.container.key, self.endpoint)
        return self._outcome()

    def undo(self, engine: Engine) -> None:
        undo_connection(engine, self.network, self.container.key)


class Disconnect(_OnNetwork):
    """Disconnect from a network. Undone by connecting with the former endpoint settings."""

    summary_format = "disconnect container {} from network {}"

    def _do(self, engine: Engine) -> Outcome:
        engine.networks.disconnect(self.network, self.container.key)
        return self._outcome()

    def undo(self, engine: Engine) -> None:
        found = engine.containers.find(self.container.key)
        if found and self.network not in found["NetworkSettings"]["Networks"]:
            engine.networks.connect(self.network, self.container.key, asked(self.endpoint, self.container.key))


class RemoveContainer(ContainerStep):
    """Remove a container, with ``stop`` after it was stopped. This cannot be undone, so it comes last."""

    undoable = False
    final = True

    def __init__(
        self,
        container: Handle,
        volumes: bool,
        force: bool = False,
        summary: str | None = None,
        before: dict[str, Any] | None = None,
        after: dict[str, Any] | None = None,
        stop: StopRule | None = None,
    ) -> None:
        super().__init__(container, summary or f"remove container {container.name}", before, after)
        self.volumes = volumes
        self.force = force
        self.stop = stop

    def _do(self, engine: Engine) -> Outcome:
        if self.stop is not None:
            stop_or_kill(engine, self.container.key, self.container.name, self.stop)
        try:
            engine.containers.remove(self.container.key, volumes=self.volumes, force=self.force)
        except Unreachable:
            # If the answer was lost, the container may be removed; then the new one must not be rolled back.
            if not watch.found_gone(engine, self.container.key, ANSWER_PATIENCE):
                raise
        return self._outcome()


class Update(ContainerStep):
    """Change limits in place: the container keeps its id and keeps running.

    Undone by the update ``former``; the options ``lasting``, by field, had no value and cannot be cleared in place.
    """

    def __init__(
        self,
        container: Handle,
        body: dict[str, Any],
        former: dict[str, Any],
        names: list[str],
        before: dict[str, Any] | None = None,
        after: dict[str, Any] | None = None,
        lasting: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(
            container, "update container {}: {}".format(container.name, ", ".join(sorted(names))), before, after
        )
        self.body = body
        self.former = former
        self.lasting = lasting or {}

    def _do(self, engine: Engine) -> Outcome:
        answer = engine.containers.update(self.container.key, self.body)
        return self._outcome(None, answer.get("Warnings"))

    def undo(self, engine: Engine) -> None:
        if self.former:
            engine.containers.update(self.container.key, self.former)
        # The Engine has stored nothing of what the kernel does not support.
        host = (engine.containers.find(self.container.key) or {}).get("HostConfig") or {} if self.lasting else {}
        left = sorted(name for field, name in self.lasting.items() if host.get(field))
        if left:
            raise StepFailed(
                f"the new values of {', '.join(left)} stay, because the Engine cannot clear them in place",
                "Run the task again, or recreate the container",
            )

# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Steps that change containers. ``Handle`` is how steps of one plan share what only the doing reveals: the new container's id."""

from __future__ import annotations

from typing import Any, Optional

from ..errors import ApiError, FlotillaError, Interrupted, Unreachable
from ..step import Outcome, Step
from . import kernel, watch
from .stop import StopRule, halt, longest_stop

# Seconds to wait for a daemon that went away in the middle of a request; systemd starts it again within a few.
ANSWER_PATIENCE = 30.0


class Handle:
    """A container by its name until its id is known. Ids survive a rename, so steps that undo go by id.

    ``goes_by`` is its name while it is set aside.
    """

    def __init__(self, name: str, identity: Optional[str] = None) -> None:
        self.name = name
        self.goes_by = name
        self.id = identity

    @property
    def key(self) -> str:
        """What to call it in a request."""
        return self.id or self.name


class ContainerStep(Step):
    """A step on one container."""

    def __init__(self, container: Handle, summary: str, before: Any = None, after: Any = None) -> None:
        self.container = container
        self.summary = summary
        self.before = before or {}
        self.after = after or {}

    def predict(self, engine: Any) -> Outcome:
        return self._outcome()

    def apply(self, engine: Any) -> Outcome:
        try:
            return self._do(engine)
        except FlotillaError as error:
            # Requests go by id, which tells a person nothing.
            error.message = error.message.replace(self.container.key, self.container.name, 1)
            raise

    def _do(self, engine: Any) -> Outcome:
        raise NotImplementedError(self.summary)

    def _outcome(self, value: Any = None, warnings: Any = ()) -> Outcome:
        return Outcome(True, value, self.before, self.after, tuple("Docker warning: %s" % warning for warning in warnings or ()))


class Create(ContainerStep):
    """Create from a body. Undone by removing it, with the anonymous volumes that came with it."""

    def __init__(self, container: Handle, body: dict[str, Any], platform: Optional[str] = None, before: Any = None, after: Any = None) -> None:
        super().__init__(container, "create container %s" % container.name, before, after)
        self.body = body
        self.platform = platform
        self.answer_lost = False

    def _do(self, engine: Any) -> Outcome:
        try:
            created = engine.containers.create(self.container.name, self.body, self.platform)
            self.container.id = created["Id"]
        except (Unreachable, Interrupted):
            self.answer_lost = True
            raise
        outcome = self._outcome(created["Id"], created.get("Warnings"))
        return outcome._replace(warnings=(*outcome.warnings, *kernel.unheld(engine, self.body)))

    def undo(self, engine: Any) -> None:
        if self.container.id is None and self.answer_lost:
            found = engine.containers.find(self.container.name)
            self.container.id = found["Id"] if found and found["State"]["Status"] == "created" else None
        if self.container.id:
            engine.containers.remove(self.container.id, volumes=True, force=True)


class SetAside(ContainerStep):
    """Give the old container another name, so that the new one can have its name. It goes on running.

    Undone by its name, and by starting it if it ran: a daemon that went away meanwhile may have ended it.
    """

    def __init__(self, old: Handle, aside: str, ran: bool) -> None:
        super().__init__(old, "set aside container %s" % old.name)
        self.aside = aside
        self.ran = ran

    def _do(self, engine: Any) -> Outcome:
        engine.containers.rename(self.container.key, self.aside)
        self.container.goes_by = self.aside
        return self._outcome()

    def undo(self, engine: Any) -> None:
        found = engine.containers.find(self.container.key)
        if found and found["Name"].lstrip("/") != self.container.name:
            engine.containers.rename(self.container.key, self.container.name)
        if found and self.ran and not found["State"]["Running"]:
            engine.containers.start(self.container.key)


class Reinstate(ContainerStep):
    """Give a container that an earlier, broken run had set aside its name back."""

    def __init__(self, aside: Handle, name: str) -> None:
        super().__init__(aside, "give container %s its name back after a run that was broken off" % name)
        self.name = name

    def _do(self, engine: Any) -> Outcome:
        engine.containers.rename(self.container.key, self.name)
        return self._outcome()


class Connect(ContainerStep):
    """Attach to a network."""

    def __init__(self, container: Handle, network: str, endpoint: dict[str, Any], before: Any = None, after: Any = None) -> None:
        super().__init__(container, "connect container %s to network %s" % (container.name, network), before, after)
        self.network = network
        self.endpoint = endpoint

    def _do(self, engine: Any) -> Outcome:
        engine.networks.connect(self.network, self.container.key, self.endpoint)
        return self._outcome()

    def undo(self, engine: Any) -> None:
        found = engine.containers.find(self.container.key)
        if found and self.network in found["NetworkSettings"]["Networks"]:
            engine.networks.disconnect(self.network, self.container.key)


class Disconnect(ContainerStep):
    """Detach from a network. Undone by attaching with the endpoint as it was."""

    def __init__(self, container: Handle, network: str, endpoint: dict[str, Any], before: Any = None, after: Any = None) -> None:
        super().__init__(container, "disconnect container %s from network %s" % (container.name, network), before, after)
        self.network = network
        self.endpoint = endpoint

    def _do(self, engine: Any) -> Outcome:
        engine.networks.disconnect(self.network, self.container.key)
        return self._outcome()

    def undo(self, engine: Any) -> None:
        found = engine.containers.find(self.container.key)
        if found and self.network not in found["NetworkSettings"]["Networks"]:
            engine.networks.connect(self.network, self.container.key, _asked(self.endpoint))


class Stop(ContainerStep):
    """Stop a container that runs. Undone by starting it, or making it again if the Engine removed it at its end (auto_remove)."""

    def __init__(self, container: Handle, rule: StopRule, inspected: dict[str, Any], before: Any = None, after: Any = None) -> None:
        super().__init__(container, "stop container %s" % container.name, before, after)
        self.rule = rule
        self.inspected = inspected

    def _do(self, engine: Any) -> Outcome:
        halt(engine, self.container.key, self.rule, self.inspected["Config"].get("StopTimeout"))
        return self._outcome()

    def undo(self, engine: Any) -> None:
        found = engine.containers.find(self.container.key)
        if found is None:
            self._make_again(engine)
        if found is None or not found["State"]["Running"]:
            engine.containers.start(self.container.key)

    def _make_again(self, engine: Any) -> None:
        networks = (self.inspected.get("NetworkSettings") or {}).get("Networks") or {}
        mode = self.inspected["HostConfig"]["NetworkMode"]
        body = dict(self.inspected["Config"], HostConfig=self.inspected["HostConfig"])
        if mode in networks:
            body["NetworkingConfig"] = {"EndpointsConfig": {mode: _asked(networks[mode])}}
        self.container.id = engine.containers.create(self.container.goes_by, body)["Id"]
        for name in set(networks) - {mode, "bridge", "host", "none"}:
            engine.networks.connect(name, self.container.id, _asked(networks[name]))


def _asked(endpoint: dict[str, Any]) -> dict[str, Any]:
    """What can be asked for of an endpoint; the rest is what the Engine made of it."""
    return {key: endpoint[key] for key in ("IPAMConfig", "Links", "Aliases", "DriverOpts", "GwPriority") if endpoint.get(key)}


class Start(ContainerStep):
    """Start a container, and watch that it goes on running for ``grace`` seconds. Undone by stopping it."""

    def __init__(self, container: Handle, rule: StopRule, grace: float = 0.0, restarts: int = 0, before: Any = None, after: Any = None) -> None:
        super().__init__(container, "start container %s" % container.name, before, after)
        self.rule = rule
        self.grace = grace
        self.restarts = restarts

    def _do(self, engine: Any) -> Outcome:
        try:
            engine.containers.start(self.container.key)
        except ApiError as error:
            raise watch.not_started(engine, self.container.name, error) from error
        inspected = watch.for_grace(engine, self.container.key, self.container.name, self.grace, self.restarts)
        return self._outcome(inspected)

    def undo(self, engine: Any) -> None:
        found = engine.containers.find(self.container.key)
        if found and found["State"]["Running"]:
            halt(engine, self.container.key, self.rule)


class AwaitHealthy(ContainerStep):
    """Wait until the health check succeeds. Changes nothing itself."""

    def __init__(self, container: Handle, timeout: float) -> None:
        super().__init__(container, "wait until container %s is healthy" % container.name)
        self.timeout = timeout

    def predict(self, engine: Any) -> Outcome:
        return Outcome(changed=False)

    def _do(self, engine: Any) -> Outcome:
        return Outcome(False, watch.until_healthy(engine, self.container.key, self.container.name, self.timeout))


class Remove(ContainerStep):
    """Remove a container for good. Nothing undoes it, so it comes last."""

    final = True

    def __init__(self, container: Handle, volumes: bool, force: bool = False, summary: Optional[str] = None, before: Any = None, after: Any = None) -> None:
        super().__init__(container, summary or "remove container %s" % container.name, before, after)
        self.volumes = volumes
        self.force = force

    def _do(self, engine: Any) -> Outcome:
        try:
            engine.containers.remove(self.container.key, volumes=self.volumes, force=self.force)
        except Unreachable:
            # Without its answer nobody knows, and what replaced this one must not be taken back where it is gone.
            if not watch.found_gone(engine, self.container.key, ANSWER_PATIENCE):
                raise
        return self._outcome()


class AwaitRemoval(ContainerStep):
    """Wait for a container that the Engine is removing already."""

    def __init__(self, container: Handle, timeout: float) -> None:
        super().__init__(container, "wait until container %s is removed" % container.name)
        self.timeout = timeout

    def _do(self, engine: Any) -> Outcome:
        watch.until_gone(engine, self.container.key, self.container.name, self.timeout)
        return self._outcome()


class Update(ContainerStep):
    """Change limits in place: the container keeps its id and goes on running. Undone by the values it had."""

    def __init__(self, container: Handle, body: dict[str, Any], former: dict[str, Any], names: list[str], before: Any = None, after: Any = None) -> None:
        super().__init__(container, "update container %s: %s" % (container.name, ", ".join(sorted(names))), before, after)
        self.body = body
        self.former = former

    def _do(self, engine: Any) -> Outcome:
        answer = engine.containers.update(self.container.key, self.body)
        return self._outcome(None, answer.get("Warnings"))

    def undo(self, engine: Any) -> None:
        engine.containers.update(self.container.key, self.former)


class Restart(ContainerStep):
    """Stop and start in one."""

    def __init__(self, container: Handle, rule: StopRule, grace: float, inspected: dict[str, Any]) -> None:
        super().__init__(container, "restart container %s" % container.name)
        self.rule = rule
        self.grace = grace
        self.inspected = inspected

    def _do(self, engine: Any) -> Outcome:
        engine.containers.restart(self.container.key, self.rule.timeout, longest_stop(self.rule, self.inspected["Config"].get("StopTimeout")))
        restarts = self.inspected.get("RestartCount") or 0
        return self._outcome(watch.for_grace(engine, self.container.key, self.container.name, self.grace, restarts))


class Pause(ContainerStep):
    """Freeze the processes, or let them go on."""

    def __init__(self, container: Handle, paused: bool, before: Any = None, after: Any = None) -> None:
        super().__init__(container, "%s container %s" % ("pause" if paused else "unpause", container.name), before, after)
        self.paused = paused

    def _do(self, engine: Any) -> Outcome:
        (engine.containers.pause if self.paused else engine.containers.unpause)(self.container.key)
        return self._outcome()

    def undo(self, engine: Any) -> None:
        (engine.containers.unpause if self.paused else engine.containers.pause)(self.container.key)


class AwaitEnd(ContainerStep):
    """Wait for the end of a job (detach=false). The value is its exit code and log."""

    def __init__(self, container: Handle, tty: bool) -> None:
        super().__init__(container, "wait for container %s to end" % container.name)
        self.tty = tty

    def predict(self, engine: Any) -> Outcome:
        return Outcome(changed=False)

    def _do(self, engine: Any) -> Outcome:
        return Outcome(False, watch.until_end(engine, self.container.key, self.container.name))

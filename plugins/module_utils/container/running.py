# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Steps that start, stop, restart and pause containers, and wait for them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..errors import ApiError
from ..network.endpoint import asked
from ..step import Outcome
from . import system_log, watch
from .handle import ContainerStep, Handle
from .stop import StopRule, longest_stop, stop_or_kill

if TYPE_CHECKING:
    from ..engine.engine import Engine


# Seconds for the Engine to remove a container with auto_remove after its exit.
_REMOVED_WITHIN = 60.0


class Start(ContainerStep):
    """Start a container, and check that it keeps running for ``grace`` seconds. Undone by stopping it."""

    def __init__(
        self,
        container: Handle,
        rule: StopRule,
        grace: float = 0.0,
        restarts: int = 0,
        before: dict[str, Any] | None = None,
        after: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(container, f"start container {container.name}", before, after)
        self.rule = rule
        self.grace = grace
        self.restarts = restarts

    def _do(self, engine: Engine) -> Outcome:
        try:
            engine.containers.start(self.container.key)
        except ApiError as error:
            raise watch.not_started(engine, self.container.name, error) from error
        inspected = watch.for_grace(engine, self.container.key, self.container.name, self.grace, self.restarts)
        return self._outcome(inspected)

    def undo(self, engine: Engine) -> None:
        found = engine.containers.find(self.container.key)
        if found and found["State"]["Running"]:
            stop_or_kill(engine, self.container.key, self.container.name, self.rule)


class Stop(ContainerStep):
    """Stop a running container. Undone by starting it, or by creating it again if the Engine removed it after its exit (auto_remove)."""

    def __init__(
        self,
        container: Handle,
        rule: StopRule,
        inspected: dict[str, Any],
        before: dict[str, Any] | None = None,
        after: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(container, f"stop container {container.name}", before, after)
        self.rule = rule
        self.inspected = inspected

    def _do(self, engine: Engine) -> Outcome:
        stop_or_kill(
            engine, self.container.key, self.container.name, self.rule, self.inspected["Config"].get("StopTimeout")
        )
        return self._outcome()

    def undo(self, engine: Engine) -> None:
        found = engine.containers.find(self.container.key)
        if found and not found["State"]["Running"] and self.inspected["HostConfig"].get("AutoRemove"):
            # The Engine removes it a moment after its exit, even if it were started again before that.
            watch.until_gone(engine, self.container.key, self.container.name, _REMOVED_WITHIN)
            found = None
        if found is None:
            self._make_again(engine)
        if found is None or not found["State"]["Running"]:
            engine.containers.start(self.container.key)

    def _make_again(self, engine: Engine) -> None:
        networks = (self.inspected.get("NetworkSettings") or {}).get("Networks") or {}
        mode = self.inspected["HostConfig"]["NetworkMode"]
        body = dict(self.inspected["Config"], HostConfig=self.inspected["HostConfig"])
        if mode in networks:
            body["NetworkingConfig"] = {"EndpointsConfig": {mode: self._asked(networks[mode])}}
        self.container.id = engine.containers.create(self.container.current_name, body)["Id"]
        for name in set(networks) - {mode, "bridge", "host", "none"}:
            engine.networks.connect(name, self.container.id, self._asked(networks[name]))

    def _asked(self, endpoint: dict[str, Any]) -> dict[str, Any]:
        return asked(endpoint, self.inspected["Id"])


class Restart(ContainerStep):
    """Stop and start in one request."""

    undoable = False

    def __init__(self, container: Handle, rule: StopRule, grace: float, inspected: dict[str, Any]) -> None:
        super().__init__(container, f"restart container {container.name}")
        self.rule = rule
        self.grace = grace
        self.inspected = inspected

    def _do(self, engine: Engine) -> Outcome:
        engine.containers.restart(
            self.container.key, self.rule.timeout, longest_stop(self.rule, self.inspected["Config"].get("StopTimeout"))
        )
        restarts = self.inspected.get("RestartCount") or 0
        return self._outcome(watch.for_grace(engine, self.container.key, self.container.name, self.grace, restarts))


class Pause(ContainerStep):
    """Pause or unpause the processes."""

    def __init__(
        self, container: Handle, paused: bool, before: dict[str, Any] | None = None, after: dict[str, Any] | None = None
    ) -> None:
        super().__init__(
            container, "{} container {}".format("pause" if paused else "unpause", container.name), before, after
        )
        self.paused = paused

    def _do(self, engine: Engine) -> Outcome:
        (engine.containers.pause if self.paused else engine.containers.unpause)(self.container.key)
        return self._outcome()

    def undo(self, engine: Engine) -> None:
        (engine.containers.unpause if self.paused else engine.containers.pause)(self.container.key)


class AwaitHealthy(ContainerStep):
    """Wait until the health check succeeds. Changes nothing itself."""

    undoable = False

    def __init__(self, container: Handle, timeout: float) -> None:
        super().__init__(container, f"wait until container {container.name} is healthy")
        self.timeout = timeout

    def predict(self, engine: Engine) -> Outcome:
        return Outcome(changed=False)

    def _do(self, engine: Engine) -> Outcome:
        return Outcome(False, watch.until_healthy(engine, self.container.key, self.container.name, self.timeout))


class AwaitRemoval(ContainerStep):
    """Wait for a container that the Engine is removing already."""

    undoable = False

    def __init__(self, container: Handle, timeout: float) -> None:
        super().__init__(container, f"wait until container {container.name} is removed")
        self.timeout = timeout

    def _do(self, engine: Engine) -> Outcome:
        watch.until_gone(engine, self.container.key, self.container.name, self.timeout)
        return self._outcome()


class AwaitEnd(ContainerStep):
    """Wait until a job (detach=false) exits. The value is its exit code and log."""

    undoable = False

    def __init__(self, container: Handle, output_logs: bool) -> None:
        super().__init__(container, f"wait for container {container.name} to exit")
        self.output_logs = output_logs

    def predict(self, engine: Engine) -> Outcome:
        return Outcome(changed=False)

    def _do(self, engine: Engine) -> Outcome:
        ended = watch.until_end(engine, self.container.key, self.container.name)
        if self.output_logs:
            system_log.write(self.container.name, ended.output)
        return Outcome(False, ended)

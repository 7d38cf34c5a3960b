# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The options ready and drain: checks after a container was started, and what is done before it is stopped."""

from __future__ import annotations

import http.client
import re
import socket
import time
from typing import TYPE_CHECKING, Any, Callable, Iterator, Mapping

from .. import signals
from ..container import watch
from ..container.handle import ContainerStep, Handle
from ..errors import BadOption, FlotillaError, StepFailed
from ..shapes import host_of
from ..step import Outcome
from .members import seconds

if TYPE_CHECKING:
    from ..engine.engine import Engine

# Seconds for one attempt to connect, and for one command that drains.
_ATTEMPT, _COMMAND = 5.0, 60.0
# Seconds within which the Engine's proxy on the host, even a busy one, closes a connection to a port that no process in the container listens on.
_CLOSED_WITHIN = 1.0
_ANY_ADDRESS = ("", "0.0.0.0", "::")


def check(gate: Mapping[str, Any] | None, drain: Mapping[str, Any] | None) -> None:
    """Raise BadOption for invalid values of ready and drain."""
    if gate is not None:
        seconds("ready.timeout", gate["timeout"])
        if seconds("ready.interval", gate["interval"]) <= 0:
            raise BadOption("ready.interval", "must be more than 0", got=gate["interval"], example="interval: 500ms")
        if not any(gate[kind] for kind in ("http", "tcp", "command")):
            raise BadOption("ready", "must have http, tcp or command", example="ready: {http: {port: 80}}")
    if drain is not None:
        seconds("drain.wait", drain["wait"])
    for option, asked in (("ready", gate), ("drain", drain)):
        for kind in ("http", "tcp"):
            _check_target(option, kind, (asked or {}).get(kind) or {})


def _check_target(option: str, kind: str, target: Mapping[str, Any]) -> None:
    port, path = target.get("port"), target.get("path")
    if port is not None and not 1 <= port <= 65535:
        example = f"{option}: {{{kind}: {{port: 80}}}}"
        raise BadOption(f"{option}.{kind}.port", "must be between 1 and 65535", got=port, example=example)
    if path is not None and not re.match(r"^/[!-~]*\Z", path):
        problem = "must start with / and have only ASCII characters and no spaces"
        raise BadOption(f"{option}.{kind}.path", problem, got=path, example="path: /health")
    for field, example in (("host", "shop.example"), ("method", "POST")):
        text = target.get(field)
        if text is not None and not re.match(r"^[!-~]+\Z", text):
            problem = "must have only ASCII characters and no spaces"
            raise BadOption(f"{option}.{kind}.{field}", problem, got=text, example=f"{field}: {example}")
    status = target.get("status")
    if status is not None and not (status and all(100 <= number <= 599 for number in status)):
        problem = "must be status codes from 100 to 599"
        raise BadOption(f"{option}.{kind}.status", problem, got=status, example="status: [200, 204]")


class AwaitReady(ContainerStep):
    """Repeat the checks of ready until all succeed."""

    undoable = False

    def __init__(self, container: Handle, gate: Mapping[str, Any]) -> None:
        super().__init__(container, f"wait until container {container.name} is ready")
        self.gate = gate

    def predict(self, engine: Engine) -> Outcome:
        return Outcome(changed=False)

    def _do(self, engine: Engine) -> Outcome:
        timeout = seconds("ready.timeout", self.gate["timeout"])
        interval = seconds("ready.interval", self.gate["interval"])
        deadline = time.monotonic() + timeout
        while True:
            inspected = engine.containers.find(self.container.key)
            if inspected is None:
                raise StepFailed(f"Container {self.container.name} was removed before it was ready")
            if not inspected["State"]["Running"] or inspected["State"].get("Restarting"):
                raise watch.crashed(engine, self.container.key, self.container.name, inspected, "before it was ready")
            missing = _missing(engine, inspected, self.container.key, self.gate)
            if not missing:
                return Outcome(False, inspected)
            if time.monotonic() > deadline:
                log = watch.log_tail(engine, self.container.key)
                raise StepFailed(
                    f"Container {self.container.name} was not ready after {timeout:g} s: {missing}.{watch.shown(log)}",
                    "Check the log and the ready option, or raise ready.timeout",
                    log=log,
                )
            _wait(min(interval, max(0.0, deadline - time.monotonic())))


class IsReady(AwaitReady):
    """Whether the checks of ready succeed now. Check mode runs no command in a container, so it assumes that they do."""

    def predict(self, engine: Engine) -> Outcome:
        return Outcome(False, True)

    def _do(self, engine: Engine) -> Outcome:
        inspected = engine.containers.find(self.container.key)
        return Outcome(False, bool(inspected) and not _missing(engine, inspected or {}, self.container.key, self.gate))


def _missing(engine: Engine, inspected: Mapping[str, Any], key: str, gate: Mapping[str, Any]) -> str:
    """The checks that fail; empty if all succeed."""
    if gate["http"]:
        missing = _first_success(
            engine, inspected, gate["http"]["port"], lambda address, _published: _http(address, gate["http"])
        )
        if missing:
            return missing
    if gate["tcp"]:
        missing = _first_success(engine, inspected, gate["tcp"]["port"], _tcp)
        if missing:
            return missing
    return _command(engine, key, gate["command"], _ATTEMPT) if gate["command"] else ""


class Drain(ContainerStep):
    """Run the command or request of drain, and wait. A failure is a warning, because the container is stopped in any case."""

    undoable = False

    def __init__(self, container: Handle, drain: Mapping[str, Any]) -> None:
        super().__init__(container, f"drain container {container.name}")
        self.drain = drain

    def predict(self, engine: Engine) -> Outcome:
        return Outcome(changed=False)

    def actions(self, outcome: Outcome) -> list[str]:
        return [self.summary]

    def _do(self, engine: Engine) -> Outcome:
        failures = []
        if self.drain["command"]:
            failures.append(_command(engine, self.container.key, self.drain["command"], _COMMAND))
        if self.drain["http"]:
            asked = dict(self.drain["http"], status=range(200, 400))
            inspected = engine.containers.find(self.container.key) or {}
            failures.append(
                _first_success(engine, inspected, asked["port"], lambda address, _published: _http(address, asked))
            )
        _wait(seconds("drain.wait", self.drain["wait"]))
        warnings = [f"Cannot drain container {self.container.name}: {failure}" for failure in failures if failure]
        return Outcome(False, None, warnings=tuple(warnings))


def _wait(patience: float) -> None:
    end = time.monotonic() + patience
    while time.monotonic() < end:
        signals.check()
        time.sleep(min(0.5, max(0.0, end - time.monotonic())))


def _first_success(
    engine: Engine, inspected: Mapping[str, Any], port: int, ask: Callable[[tuple[str, int], bool], str]
) -> str:
    """Empty if the check succeeds at one of the container's addresses, else the failure at the last one."""
    problem = f"the container has no address for port {port}; publish the port, or use ready.command"
    for address, published in _addresses(engine, inspected, port):
        problem = ask(address, published)
        if not problem:
            return ""
    return problem


def _addresses(engine: Engine, inspected: Mapping[str, Any], port: int) -> Iterator[tuple[tuple[str, int], bool]]:
    """Where the managed host may reach a port of the container, and whether it is published there: the container itself, then published ports."""
    settings = inspected.get("NetworkSettings") or {}
    mode = (inspected.get("HostConfig") or {}).get("NetworkMode") or ""
    if mode.startswith("container:"):
        owner = engine.containers.find(mode[len("container:") :]) or {}
        # One step only, so that a cycle has an end.
        if not str((owner.get("HostConfig") or {}).get("NetworkMode")).startswith("container:"):
            yield from _addresses(engine, owner, port)
        return
    host = "127.0.0.1" if engine.is_local else host_of(engine.address)
    if mode == "host":
        yield (host, port), False
    if engine.is_local and "/run/user/" not in engine.address:
        for endpoint in (settings.get("Networks") or {}).values():
            if endpoint.get("IPAddress"):
                yield (endpoint["IPAddress"], port), False
    for binding in (settings.get("Ports") or {}).get(f"{port}/tcp") or []:
        own = binding.get("HostIp") or ""
        yield ((host if own in _ANY_ADDRESS else own), int(binding["HostPort"])), True


def _http(address: tuple[str, int], asked: Mapping[str, Any]) -> str:
    connection = http.client.HTTPConnection(*address, timeout=_ATTEMPT)
    where = "http://{}:{}{}".format(*address, asked["path"])
    try:
        connection.request(
            asked.get("method") or "GET", asked["path"], headers={"Host": asked["host"]} if asked["host"] else {}
        )
        status = connection.getresponse().status
    except (OSError, ValueError, http.client.HTTPException) as error:
        return f"{where} does not answer ({error or type(error).__name__})"
    finally:
        connection.close()
    return "" if status in asked["status"] else f"{where} answers with status {status}"


def _tcp(address: tuple[str, int], published: bool) -> str:
    try:
        with socket.create_connection(address, timeout=_ATTEMPT) as connection:
            if not published:
                return ""
            connection.settimeout(_CLOSED_WITHIN)
            try:
                if connection.recv(1) == b"":
                    return "{}:{} closes the connection".format(*address)
            except socket.timeout:
                pass  # it listens, and waits for the client to send first
    except OSError as error:
        return "{}:{} does not accept a connection ({})".format(*address, error)
    return ""


def _command(engine: Engine, key: str, command: list[str], patience: float) -> str:
    """Run a command in the container. Empty if its exit code is 0."""
    deadline = time.monotonic() + patience
    try:
        created = engine.execs.create(key, {"Cmd": list(command)})["Id"]
        engine.execs.start_detached(created, False)
        while time.monotonic() < deadline:
            found = engine.execs.find(created) or {}
            if not found.get("Running") and found.get("ExitCode") is not None:
                return "" if found["ExitCode"] == 0 else "{} exited with code {}".format(command[0], found["ExitCode"])
            time.sleep(0.1)
    except FlotillaError as error:
        return str(error).rstrip(".")
    return f"{command[0]} did not finish within {patience:g} s"

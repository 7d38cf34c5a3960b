# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Waits for a state of a container: running, healthy, exited, removed. Failures have the reason, the exit code and the log."""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING, Any, NamedTuple

from ..errors import ApiError, FlotillaError, StepFailed
from ..explanations import Rule, explain
from ..shapes import container_name

if TYPE_CHECKING:
    from ..engine.engine import Engine

LOG_LINES = 20
# Seconds between two checks of a container that must exit.
_PAUSE = 0.2
# Seconds between two looks at a container that has to run on.
_LOOK = 1.0


class Ended(NamedTuple):
    """How a job exited: exit code and output."""

    status: int
    output: str


def for_grace(engine: Engine, key: str, name: str, grace: float, restarts: int = 0) -> dict[str, Any] | None:
    """The inspected container if it was still running after ``grace`` seconds; None if ``grace`` is 0.

    ``restarts`` is how often the Engine had restarted it before.
    """
    inspected, end = None, time.monotonic() + grace
    while True:
        left = end - time.monotonic()
        # A host that is busy may let all of grace pass before the first look.
        if left <= 0 and (inspected or not grace):
            return inspected
        time.sleep(max(0.0, min(left, _LOOK)))
        inspected = engine.containers.find(key)
        if inspected is None:
            raise StepFailed(
                f"Container {name} exited and was removed within {grace:g} s of starting",
                "It has auto_remove. To see its log use detach: false; for a container that is meant to exit set grace: 0",
            )
        state = inspected["State"]
        if not state["Running"] or state.get("Restarting") or (inspected.get("RestartCount") or 0) > restarts:
            raise crashed(engine, key, name, inspected, f"within {grace:g} s of starting")


def crashed(engine: Engine, key: str, name: str, inspected: dict[str, Any], when: str) -> StepFailed:
    """Why a container does not run, with its exit code and the end of its log."""
    state = inspected["State"]
    restarts = inspected.get("RestartCount") or 0
    looping = state.get("Restarting") or restarts
    reason = f"is in a restart loop ({restarts} restarts {when})" if looping else f"exited {when}"
    # One that the Engine has restarted already has no exit code.
    exited = not state["Running"] or state.get("Restarting")
    facts = [f"exit code {state.get('ExitCode')}"] if exited else []
    if state.get("OOMKilled"):
        facts.append("killed because it ran out of memory")
    if state.get("Error"):
        facts.append(state["Error"])
    log = log_tail(engine, key)
    advice = (
        "For a job that exits by itself use detach: false, or grace: 0"
        if exited and state.get("ExitCode") == 0
        else _advice(inspected)
    )
    return StepFailed(
        "The container {} {}{}{}.{}".format(name, reason, ": " if facts else "", ", ".join(facts), shown(log)),
        advice,
        exit_code=state.get("ExitCode"),
        oom_killed=bool(state.get("OOMKilled")),
        log=log,
        health=_health_log(inspected),
    )


def _advice(inspected: dict[str, Any]) -> str:
    state = inspected["State"]
    if state.get("OOMKilled"):
        return "Give it more memory"
    # The Engine receives the exit and the out-of-memory event in any order, and sometimes misses the second.
    if state.get("ExitCode") == 137 and (inspected.get("HostConfig") or {}).get("Memory"):
        return "It was killed, most likely by the kernel because it ran out of memory. Give it more memory"
    if state.get("ExitCode") in (126, 127):
        return "Its command is not in the image or cannot be executed: check command and entrypoint"
    return "Read the log, then correct the image, command or env"


def shown(log: list[str]) -> str:
    """The last lines of a log as a sentence."""
    return f" End of its log: {' | '.join(log[-5:])}" if log else " Its log is empty"


def log_tail(engine: Engine, key: str) -> list[str]:
    """The last lines of a container's log."""
    try:
        return text_of_log(engine.containers.logs(key, tail=LOG_LINES)).splitlines()[-LOG_LINES:]
    except FlotillaError:
        return []  # some logging drivers cannot be read, and the reason for the failure matters more


def _health_log(inspected: dict[str, Any]) -> list[dict[str, Any]]:
    entries = ((inspected["State"].get("Health") or {}).get("Log") or [])[-3:]
    return [
        {"exit_code": entry.get("ExitCode"), "output": (entry.get("Output") or "").strip()[-500:]} for entry in entries
    ]


def not_started(engine: Engine, name: str, error: ApiError) -> FlotillaError:
    """The error for a container that the Engine could not start, with advice."""
    rule = explain(_START_FAILURES, error.explanation)
    return StepFailed(str(error), rule.advice + _port_owner(engine, error.explanation, name)) if rule else error


_START_FAILURES = (
    Rule(
        "cgroups",
        r"controller `?\w+`? is not available|crun: open `(?:memory|cpu|cpuset|io|pids)\.",
        advice="The host's kernel has no cgroup controller for this limit: remove the limit, or boot the host with cgroup v2",
    ),
    Rule(
        "port",
        r"port is already allocated|address already in use",
        advice="Free the port on the host, or publish another one",
    ),
    Rule("network", r"network (\S+) not found", advice="Create network {0}, or use one that docker network ls lists"),
    Rule(
        "program",
        r"executable file (?:`[^`]*` )?not found|no such file or directory: unknown"
        r"|exec: \\?\"[^\"]+\": (?:stat [^:]+: )?no such file",
        advice="The program is not in the image: check command and entrypoint",
    ),
    Rule(
        "permission",
        r"permission denied: unknown|exec: \\?\"[^\"]+\": (?:permission denied|is a directory)"
        r"|crun: open executable: |crun: the path `[^`]+` (?:is not a regular file|exists but)",
        advice="This user cannot execute the program in the image: check command, entrypoint and user",
    ),
    Rule(
        "mount",
        r"invalid mount config|bind source path does not exist",
        advice="Create the directory on the host first, or use volumes, which creates it",
    ),
    Rule(
        "runtime",
        r"unknown or invalid runtime name|runtime not found",
        advice="Use one of the runtimes that docker info lists",
    ),
    Rule(
        "memory",
        r"OOM-killed|memory limit too low|cannot start a (?:stopped process|container that has stopped)"
        r"|unable to set memory limit|failed to write \d+ to (?:\S*/)?memory\.|read (?:init-p|parent): connection reset",
        advice="The memory limit is most likely too low to start the container's first process. Give it more memory",
    ),
    Rule("address", r"Address already in use", advice="Another container has this IP address: use a free one"),
)


def _port_owner(engine: Engine, explanation: str, name: str) -> str:
    port = re.search(r"Bind for \S*?:(\d+) failed|0\.0\.0\.0:(\d+)|:(\d+): bind", explanation)
    number = next((group for group in port.groups() if group), None) if port else None
    owner = publisher(engine, int(number), name) if number else None
    return f". Host port {number} is already published by container {owner}" if owner else ""


def publisher(engine: Engine, port: int, apart_from: str = "") -> str | None:
    """The running container that publishes a port of the host."""
    for container in engine.containers.list_running():
        name = container_name(container)
        if name != apart_from and any(entry.get("PublicPort") == port for entry in container.get("Ports") or []):
            return name or container["Id"][:12]
    return None


def until_healthy(engine: Engine, key: str, name: str, timeout: float) -> dict[str, Any]:
    """The inspected container once it is healthy. Fails at once if it exits, has no health check or is unhealthy."""
    deadline = time.monotonic() + timeout if timeout > 0 else None
    pause = 0.2
    while True:
        inspected = engine.containers.find(key)
        if inspected is None:
            raise StepFailed(
                f"Container {name} was removed while it was starting",
                "It has auto_remove, or another program removed it",
            )
        health = inspected["State"].get("Health")
        if not inspected["State"]["Running"] or inspected["State"].get("Restarting"):
            raise crashed(engine, key, name, inspected, "before it was healthy")
        if not health or health.get("Status") == "none":
            raise StepFailed(
                f"Container {name} is running but has no health check, so it cannot become healthy",
                "Set healthcheck, or use state: started",
            )
        if health["Status"] == "healthy":
            return inspected
        if health["Status"] == "unhealthy":
            raise _unhealthy(
                engine, key, name, inspected, f"is unhealthy after {health.get('FailingStreak')} failed checks"
            )
        if deadline and time.monotonic() > deadline:
            raise _unhealthy(engine, key, name, inspected, f"was not healthy after {timeout:g} s")
        time.sleep(pause)
        pause = min(pause * 1.3, 2.0)


def _unhealthy(engine: Engine, key: str, name: str, inspected: dict[str, Any], what: str) -> StepFailed:
    health, log = _health_log(inspected), log_tail(engine, key)
    last = ""
    if health:
        output = health[-1]["output"] or f"nothing, with exit code {health[-1]['exit_code']}"
        last = f" The last check returned: {output}."
    return StepFailed(
        f"Container {name} {what}.{last}",
        "Check the test (docker inspect) and the container's log, or raise healthy_wait_timeout and start_period",
        health=health,
        log=log,
    )


def until_end(engine: Engine, key: str, name: str) -> Ended:
    """Exit code and output of a started container, once it has exited. There is no timeout: a job may run for hours."""
    while True:
        inspected = engine.containers.find(key)
        if inspected is None:
            raise StepFailed(
                f"Container {name} exited and was removed before its log could be read",
                "Remove auto_remove from the task; cleanup: true removes the container after its log was read",
            )
        if not inspected["State"]["Running"]:
            return Ended(inspected["State"]["ExitCode"], _output(engine, key, inspected))
        time.sleep(_PAUSE)


def _output(engine: Engine, key: str, inspected: dict[str, Any]) -> str:
    driver = (inspected["HostConfig"].get("LogConfig") or {}).get("Type")
    try:
        return text_of_log(engine.containers.logs(key))
    except FlotillaError:
        return f"Result logged using `{driver}` driver"


def until_gone(engine: Engine, key: str, name: str, timeout: float) -> None:
    """Wait until it does not exist any more."""
    deadline = time.monotonic() + timeout
    while engine.containers.find(key) is not None:
        if time.monotonic() > deadline:
            raise StepFailed(
                f"Container {name} is still being removed after {timeout:g} s",
                f"Check journalctl -u docker; docker rm -f {name} may help",
            )
        time.sleep(0.2)


def found_gone(engine: Engine, key: str, patience: float) -> bool:
    """Whether a container was removed or is being removed. False if the daemon does not answer within ``patience`` seconds."""
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        try:
            found = engine.containers.find(key)
        except FlotillaError:
            time.sleep(0.5)
            continue
        return found is None or found["State"]["Status"] in ("removing", "dead")
    return False


def text_of_log(raw: bytes) -> str:
    """The text of a log. Without a TTY it comes in frames of eight bytes of header (stream, length) and a payload (Engine API)."""
    text, rest = [], raw
    while len(rest) >= 8 and rest[0] in (0, 1, 2) and rest[1:4] == b"\0\0\0":
        length = int.from_bytes(rest[4:8], "big")
        text.append(rest[8 : 8 + length])
        rest = rest[8 + length :]
    text.append(rest)
    return b"".join(text).decode("utf-8", "replace")

# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Watches a container: is it up, well, ended, gone? Failures say why, with exit code and log."""

from __future__ import annotations

import re
import time
from typing import Any, NamedTuple, Optional

from ..errors import ApiError, FlotillaError, NotFound, StepFailed

LOG_LINES = 20
# The longest that one request waits for an end; the next one follows, so that a daemon that hangs is noticed.
_HEARTBEAT = 1.0


class Ended(NamedTuple):
    """How a job ended: exit code, and what it wrote."""

    status: int
    output: str


def for_grace(engine: Any, key: str, name: str, grace: float, restarts: int = 0) -> Optional[dict[str, Any]]:
    """The inspected container after ``grace`` seconds in which it went on running; None if there was no watch.

    ``restarts`` is how often the Engine had restarted it before.
    """
    if grace <= 0:
        return None
    time.sleep(grace)
    inspected = engine.containers.find(key)
    if inspected is None:
        raise StepFailed(
            "The container %s ended and was removed within %g s of its start" % (name, grace),
            "It has auto_remove; look at its log with detach: false, or set grace: 0 if it is meant to end",
        )
    state = inspected["State"]
    if state["Running"] and not state.get("Restarting") and (inspected.get("RestartCount") or 0) <= restarts:
        return inspected
    raise _crashed(engine, key, name, inspected, "within %g s of its start" % grace)


def _crashed(engine: Any, key: str, name: str, inspected: dict[str, Any], when: str) -> StepFailed:
    state = inspected["State"]
    looping = state.get("Restarting") or inspected.get("RestartCount")
    reason = "restarts again and again (%s times)" % inspected.get("RestartCount", 0) if looping else "ended"
    facts = ["exit code %s" % state.get("ExitCode")]
    if state.get("OOMKilled"):
        facts.append("killed because its memory ran out")
    if state.get("Error"):
        facts.append(state["Error"])
    log = _log_tail(engine, key)
    advice = "For a job that ends by itself use detach: false, or grace: 0" if state.get("ExitCode") == 0 else _advice(inspected)
    return StepFailed(
        "The container %s %s %s: %s.%s" % (name, reason, when, ", ".join(facts), _shown(log)),
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
    # The Engine hears of the end and of the lack of memory in any order, and now and then loses the second.
    if state.get("ExitCode") == 137 and (inspected.get("HostConfig") or {}).get("Memory"):
        return "Something killed it, most likely the kernel for want of memory. Give it more memory"
    if state.get("ExitCode") in (126, 127):
        return "Its command cannot be run or is not in the image: check command and entrypoint"
    return "Look at the log, then correct the image, its command or its env"


def _shown(log: list[str]) -> str:
    return " The end of its log: %s" % " | ".join(log[-5:]) if log else " It wrote nothing to its log"


def _log_tail(engine: Any, key: str) -> list[str]:
    try:
        return text_of_log(engine.containers.logs(key, tail=LOG_LINES)).splitlines()[-LOG_LINES:]
    except FlotillaError:
        return []  # some logging drivers cannot be read, and the reason for the failure matters more


def _health_log(inspected: dict[str, Any]) -> list[dict[str, Any]]:
    entries = ((inspected["State"].get("Health") or {}).get("Log") or [])[-3:]
    return [{"exit_code": entry.get("ExitCode"), "output": (entry.get("Output") or "").strip()[-500:]} for entry in entries]


def not_started(engine: Any, name: str, error: ApiError) -> FlotillaError:
    """Why the Engine could not start it, and what to do."""
    for pattern, advice in _START_FAILURES:
        match = re.search(pattern, error.explanation)
        if match:
            return StepFailed(str(error), advice.format(*match.groups()) + _holder(engine, error.explanation, name))
    return error


_START_FAILURES = (
    (
        r"controller `?\w+`? is not available|crun: open `(?:memory|cpu|cpuset|io|pids)\.",
        "The kernel of the host has no control group for this limit: leave the limit out, or give the host control groups v2 with all controllers",
    ),
    (r"(?:port is already allocated|address already in use)", "Free the port on the host, or publish another one"),
    (r"network (\S+) not found", "Create the network {0}, or name one that docker network ls shows"),
    (r"executable file not found|no such file or directory: unknown", "The program is not in the image: check command and entrypoint"),
    (r"permission denied: unknown", "The program in the image is not executable by this user: check command, entrypoint and user"),
    (r"invalid mount config|bind source path does not exist", "Create the folder on the host first, or use volumes, which creates it"),
    (r"(?:unknown or invalid runtime name|runtime not found): ?(\S*)", "Choose one of the runtimes that docker info shows"),
    (r"Address already in use|address already in use", "Another container has the address: choose a free one"),
)


def _holder(engine: Any, explanation: str, name: str) -> str:
    port = re.search(r"Bind for \S*?:(\d+) failed|0\.0\.0\.0:(\d+)|:(\d+): bind", explanation)
    number = next((group for group in port.groups() if group), None) if port else None
    owner = publisher(engine, int(number), name) if number else None
    return ". The container %s has port %s" % (owner, number) if owner else ""


def publisher(engine: Any, port: int, apart_from: str = "") -> Optional[str]:
    """The running container that publishes a port of the host."""
    for container in engine.containers.list(running_only=True):
        names = [name.lstrip("/") for name in container.get("Names") or []]
        if apart_from not in names and any(entry.get("PublicPort") == port for entry in container.get("Ports") or []):
            return names[0] if names else container["Id"][:12]
    return None


def until_healthy(engine: Any, key: str, name: str, timeout: float) -> dict[str, Any]:
    """The inspected container once it is healthy. Fails at once when it ends, has no health check or is unhealthy."""
    deadline = time.monotonic() + timeout if timeout > 0 else None
    pause = 0.2
    while True:
        inspected = engine.containers.find(key)
        if inspected is None:
            raise StepFailed("The container %s is gone" % name, "It ended with auto_remove, or something else removed it")
        health = inspected["State"].get("Health")
        if not inspected["State"]["Running"] or inspected["State"].get("Restarting"):
            raise _crashed(engine, key, name, inspected, "before it was healthy")
        if not health or health.get("Status") == "none":
            raise StepFailed("The container %s runs, but has no health check, so it cannot become healthy" % name, "Set healthcheck, or use state: started")
        if health["Status"] == "healthy":
            return inspected
        if health["Status"] == "unhealthy":
            raise _unhealthy(engine, key, name, inspected, "is unhealthy after %s failed checks" % health.get("FailingStreak"))
        if deadline and time.monotonic() > deadline:
            raise _unhealthy(engine, key, name, inspected, "was not healthy after %g s" % timeout)
        time.sleep(pause)
        pause = min(pause * 1.3, 2.0)


def _unhealthy(engine: Any, key: str, name: str, inspected: dict[str, Any], what: str) -> StepFailed:
    health, log = _health_log(inspected), _log_tail(engine, key)
    last = " The last check said: %s." % (health[-1]["output"] or "nothing, with exit code %s" % health[-1]["exit_code"]) if health else ""
    return StepFailed(
        "The container %s %s.%s" % (name, what, last),
        "Look at what the check does (docker inspect) and at the container's log, or raise healthy_wait_timeout and start_period",
        health=health,
        log=log,
    )


def until_end(engine: Any, key: str, name: str) -> Ended:
    """Exit code and output of a container that was started, once it has ended. A job may take as long as it likes."""
    while True:
        inspected = engine.containers.find(key)
        if inspected is None:
            raise StepFailed(
                "The container %s ended and was removed before its log could be read" % name, "Leave auto_remove out: cleanup: true removes it after reading"
            )
        if not inspected["State"]["Running"]:
            return Ended(inspected["State"]["ExitCode"], _output(engine, key, inspected))
        time.sleep(min(_HEARTBEAT, 0.2))


def _output(engine: Any, key: str, inspected: dict[str, Any]) -> str:
    driver = (inspected["HostConfig"].get("LogConfig") or {}).get("Type")
    try:
        return text_of_log(engine.containers.logs(key))
    except FlotillaError:
        return "Result logged using `%s` driver" % driver


def until_gone(engine: Any, key: str, name: str, timeout: float) -> None:
    """Wait until nobody finds it any more."""
    deadline = time.monotonic() + timeout
    while engine.containers.find(key) is not None:
        if time.monotonic() > deadline:
            raise StepFailed(
                "The container %s is still being removed after %g s" % (name, timeout), "Look at journalctl -u docker; docker rm -f %s may help" % name
            )
        time.sleep(0.2)


def found_gone(engine: Any, key: str, patience: float) -> bool:
    """Whether a container is gone or going, as soon as the daemon can tell. False where it does not within ``patience`` seconds."""
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


def gone(error: Exception) -> bool:
    """Whether an error means that the container is not there any more."""
    return isinstance(error, NotFound)

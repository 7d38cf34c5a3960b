# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Why a daemon can or cannot be used, from what systemd reports and the answer of the API."""

from __future__ import annotations

from typing import Any, NamedTuple

from ..errors import FlotillaError
from . import journal, podman
from .facts import DaemonFacts

RUNNING = "running"
STARTING = "starting"
STOPPED = "stopped"
SOCKET_ONLY = "socket_only"
FAILED = "failed"
HUNG = "hung"
NO_PERMISSION = "no_permission"
NOT_INSTALLED = "not_installed"
UNREACHABLE = "unreachable"
TLS = "tls"
VERSION = "version"


class Diagnosis(NamedTuple):
    """A state, its cause and advice, in a sentence each. ``final``: waiting longer would not make it running."""

    state: str
    cause: str
    advice: str
    final: bool = True


def may_connect(host: DaemonFacts) -> bool:
    """Whether connecting does not change the daemon: a connection to docker.socket starts a stopped service, and makes the socket of a masked one fail."""
    if host.podman or not host.service or not host.socket:
        return True
    return host.service["active_state"] in ("active", "reloading") or host.socket["active_state"] != "active"


def answered(host: DaemonFacts) -> Diagnosis:
    """The diagnosis if the daemon answered."""
    cause, advice = "{} answers at {}".format("Podman" if host.podman else "The daemon", host.address), ""
    if host.service and not host.podman and host.service["active_state"] not in ("active", "reloading"):
        cause += ", although {} is {}: it was not started by systemd".format(_unit(host), host.service["active_state"])
    if host.owner and not host.lingers:
        cause += f", until {host.owner} logs out"
        advice = f"Enable lingering, so that it runs without a login and starts at boot: {_linger(host)}"
    return Diagnosis(RUNNING, cause, advice)


def not_answered(host: DaemonFacts, error: FlotillaError | None) -> Diagnosis:
    """The diagnosis if the daemon did not answer (``error``), or was not queried (None)."""
    found = _not_answered(host, error)
    if "systemctl --user" in found.advice and host.user != host.owner:
        return found._replace(advice=f"{found.advice} (as {host.owner})")
    return found


def _not_answered(host: DaemonFacts, error: FlotillaError | None) -> Diagnosis:
    kind = error.kind if error else None
    if host.podman:
        finding = podman.explain(host, kind)
        return Diagnosis(*finding) if finding else _by_error(host._replace(service=None), error)
    asleep = _of_user(host, kind) if host.owner else None
    if asleep:
        return asleep
    if (
        host.local
        and not host.service
        and host.program
        and kind in ("no_socket", "refused")
        and host.address == "unix:///var/run/docker.sock"
    ):
        return Diagnosis(
            STOPPED,
            f"dockerd is installed, but no daemon is running at {host.address}",
            "Start it with the init system of this host",
            final=False,
        )
    if host.local and not host.program and kind in (None, "no_socket", "refused") and not _installed_unit(host):
        return Diagnosis(
            NOT_INSTALLED,
            "Docker Engine is not installed on this host",
            "Install it with the role flotilla.docker.docker_engine, or with the distribution's package docker.io",
        )
    by_unit = _by_unit(host) if host.service else None
    if by_unit:
        return by_unit
    return _by_error(host, error)


def _of_user(host: DaemonFacts, kind: str | None) -> Diagnosis | None:
    """States of rootless Engines only: the user has no unit, or the user's units do not run because nobody is logged in."""
    if kind not in (None, "no_socket", "refused"):
        return None
    if host.sleeping and host.unit_file:
        why = (
            f"the systemd of user {host.owner} is not running"
            if host.lingers
            else f"{host.owner} is not logged in and lingering is disabled"
        )
        start = f"systemctl start user@$(id -u {host.owner})" if host.lingers else _linger(host)
        return Diagnosis(STOPPED, f"{_unit(host)} is not running: {why}", f"As root: {start}", final=False)
    if host.sleeping or (host.service and host.service["load_state"] == "not-found"):
        return Diagnosis(
            NOT_INSTALLED,
            f"No rootless Engine is set up for user {host.owner} (no docker.service user unit)",
            "Set one up with docker_engine_rootless_users of the role flotilla.docker.docker_engine, or with dockerd-rootless-setuptool.sh",
        )
    return None


def _installed_unit(host: DaemonFacts) -> bool:
    return bool(host.service) and host.service["load_state"] != "not-found"  # type: ignore[index]


def _by_unit(host: DaemonFacts) -> Diagnosis | None:
    """The diagnosis that follows from the units alone; None for an active service."""
    service = host.service or {}
    state = service["active_state"]
    if state == "activating" and service["sub_state"] != "auto-restart":
        return Diagnosis(
            STARTING,
            "{} is starting ({})".format(_unit(host), service["sub_state"]),
            "Wait until it has started, for example with wait: 60",
            final=False,
        )
    if state in ("failed", "activating"):
        return _failed(host, final=state == "failed")
    if state == "deactivating":
        return Diagnosis(
            STOPPED, f"{_unit(host)} is stopping", "Wait, then {}".format(_systemctl(host, "start docker")), final=False
        )
    if service["load_state"] == "masked" and state != "active":
        return Diagnosis(
            STOPPED,
            f"{_unit(host)} is masked, so it cannot be started",
            "{}, then {}".format(_systemctl(host, "unmask docker"), _systemctl(host, "start docker")),
        )
    if service["load_state"] in ("bad-setting", "error"):
        return Diagnosis(
            FAILED,
            "systemd cannot load {} ({})".format(_unit(host), service["load_state"]),
            "Correct the unit and its drop-ins: systemd-analyze %sverify docker.service"
            % ("--user " if host.owner else ""),
        )
    if state == "inactive" and service["load_state"] == "loaded":
        return _stopped(host)
    return None


def _stopped(host: DaemonFacts) -> Diagnosis:
    service, socket = host.service or {}, host.socket or {}
    if service["job"]:
        return Diagnosis(
            STARTING,
            f"{_unit(host)} is queued to start",
            "Wait until it has started, for example with wait: 60",
            final=False,
        )
    start = _systemctl(host, "start docker")
    if socket.get("active_state") == "active":
        return Diagnosis(
            SOCKET_ONLY,
            "docker.service is stopped; docker.socket listens and starts it for the first client",
            f"Start it now: {start}",
        )
    if socket.get("active_state") == "failed":
        return Diagnosis(
            FAILED,
            "docker.service is stopped and docker.socket failed ({})".format(socket.get("result")),
            "Reset and start both: {} && {}".format(
                _systemctl(host, "reset-failed docker.service docker.socket"), start
            ),
        )
    disabled = "" if service["enabled"] in ("enabled", "enabled-runtime") else " and not enabled at boot"
    enable = _systemctl(host, "enable --now docker")
    linger = host.owner and not host.lingers
    if linger:
        disabled += "; lingering is disabled"
    return Diagnosis(
        STOPPED,
        "{} stopped{}".format(f"{_unit(host)} is" if host.owner else "docker.service and docker.socket are", disabled),
        "Start it: {}{}".format(
            f"{_linger(host)} && " if linger else "", enable if "not enabled" in disabled else start
        ),
    )


def _failed(host: DaemonFacts, final: bool) -> Diagnosis:
    service = host.service or {}
    how = last_exit(service)
    # A daemon that was killed or stopped logged no reason: errors in its journal did not stop it.
    found = journal.explain(host.journal if how.startswith("exit") else [])
    cause = "{} failed{}".format(_unit(host), f" ({how})" if how else "")
    if service["result"] == "start-limit-hit":
        often = f"{_unit(host)} was started too often in too short a time, so systemd refuses to start it"
        cause = cause + " so often that systemd no longer starts it" if how else often
    if (host.containerd or {}).get("active_state") == "failed":
        cause += "; containerd.service failed too"
    if not final:
        cause += "; systemd is retrying"
    units = "docker.service" if host.owner else "docker.service docker.socket"
    again = "{} && {}".format(_systemctl(host, f"reset-failed {units}"), _systemctl(host, "start docker"))
    look = f"Look at {_journalctl(host)}"
    if how == "signal 9":
        look += ", and at journalctl -k for processes that the kernel killed for lack of memory"
    return Diagnosis(
        FAILED,
        cause + (": " + found.cause if found.cause else ""),
        f"{found.advice or look}, then {again}",
        final,
    )


def last_exit(service: dict[str, Any]) -> str:
    """ "exit status 1", "signal 9", or empty after a successful exit."""
    status = service.get("exit_status")
    if not status:
        return ""
    return "{} {}".format("exit status" if service.get("exit_code") == "exited" else "signal", status)


def _by_error(host: DaemonFacts, error: FlotillaError | None) -> Diagnosis:
    kind = error.kind if error else None
    message = str(error.message) if error else "The daemon was not queried"
    advice = str(error.advice) if error else ""
    if kind == "permission" and host.local:
        owned = (
            f" ({host.socket_file})"
            if host.socket_file
            else f", which belongs to user {host.owner}"
            if host.owner
            else ""
        )
        advice = f"Run the task as {host.owner}, or as root (become: true)" if host.owner else advice
        return Diagnosis(NO_PERMISSION, f"User {host.user} has no permission to use {host.address}{owned}", advice)
    if kind == "hung":
        return _hung(host, message, advice)
    if kind == "permission":
        return Diagnosis(NO_PERMISSION, message, advice)
    if kind in (TLS, VERSION, NOT_INSTALLED):
        return Diagnosis(kind, message, advice)
    if kind in ("refused", "no_socket") and host.service and host.service["active_state"] == "active":
        return Diagnosis(
            UNREACHABLE,
            f"{_unit(host)} is active, but nothing listens at {host.address}",
            "Compare docker_host with hosts in %s and -H in the service's command line"
            % (f"~{host.owner}/.config/docker/daemon.json" if host.owner else "/etc/docker/daemon.json"),
        )
    # Only these change while a host boots. Names, addresses, SSH keys and missing packages do not.
    return Diagnosis(UNREACHABLE, message, advice, final=kind not in ("refused", "no_socket", "cut", "unknown"))


def _hung(host: DaemonFacts, message: str, advice: str) -> Diagnosis:
    if not host.service:
        return Diagnosis(HUNG, message, advice, final=False)
    restart = _systemctl(host, "restart docker")
    return Diagnosis(
        HUNG,
        f"{_unit(host)} is active, but its API does not answer: {message}",
        f"Look at {_journalctl(host)}, then {restart} (containers stop unless live-restore is on)",
        final=False,
    )


def _unit(host: DaemonFacts) -> str:
    return "docker.service" + (f" for user {host.owner}" if host.owner else "")


def _systemctl(host: DaemonFacts, words: str) -> str:
    return "systemctl {}{}".format("--user " if host.owner else "", words)


def _journalctl(host: DaemonFacts) -> str:
    return "journalctl {} docker".format("--user -u" if host.owner else "-u")


def _linger(host: DaemonFacts) -> str:
    return f"loginctl enable-linger {host.owner}"

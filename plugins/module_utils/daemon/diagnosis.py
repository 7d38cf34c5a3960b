# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Why a daemon can or cannot be used, from what systemd says and what came of asking the API."""

from __future__ import annotations

from typing import Any, Dict, List, NamedTuple, Optional

from ..errors import FlotillaError
from . import journal, podman

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


class Host(NamedTuple):
    """What the managed host says about its daemon before anyone asks the API. Facts of units are None where systemd has no say.

    ``owner`` is the user whose Engine it is, None for the system's own; ``lingers``: the owner's units run without a login; ``sleeping``: they
    do not run now; ``podman``: the socket is Podman's, and so are the units; ``unit_file``: there is one for docker.service among them.
    """

    address: str
    service: Optional[Dict[str, Any]] = None
    socket: Optional[Dict[str, Any]] = None
    containerd: Optional[Dict[str, Any]] = None
    local: bool = True
    program: Optional[str] = None
    socket_file: Optional[str] = None
    user: str = "root"
    owner: Optional[str] = None
    lingers: bool = True
    sleeping: bool = False
    unit_file: bool = False
    journal: List[str] = []
    no_unit_facts: Optional[str] = None
    configuration: Optional[Dict[str, Any]] = None
    podman: bool = False


class Diagnosis(NamedTuple):
    """A state, its cause and what to do, in a sentence each. ``final``: to wait longer would not make it running."""

    state: str
    cause: str
    advice: str
    final: bool = True


def may_ask(host: Host) -> bool:
    """Whether a connection leaves the daemon as it is: one to a listening docker.socket starts a stopped service, or wrecks a masked one's socket."""
    if host.podman or not host.service or not host.socket:
        return True
    return host.service["active_state"] in ("active", "reloading") or host.socket["active_state"] != "active"


def answered(host: Host) -> Diagnosis:
    """The daemon answered."""
    cause, advice = "%s answers at %s" % ("Podman" if host.podman else "The daemon", host.address), ""
    if host.service and not host.podman and host.service["active_state"] not in ("active", "reloading"):
        cause += ", although %s is %s: something else started it" % (_unit(host), host.service["active_state"])
    if host.owner and not host.lingers:
        cause += ", until %s logs out" % host.owner
        advice = "Let it go on without a login, and start at boot: %s" % _linger(host)
    return Diagnosis(RUNNING, cause, advice)


def not_answered(host: Host, error: Optional[FlotillaError]) -> Diagnosis:
    """The daemon did not answer (``error``), or was not asked (None)."""
    found = _not_answered(host, error)
    if "systemctl --user" in found.advice and host.user != host.owner:
        return found._replace(advice="%s (as %s)" % (found.advice, host.owner))
    return found


def _not_answered(host: Host, error: Optional[FlotillaError]) -> Diagnosis:
    kind = getattr(error, "kind", None)
    if host.podman:
        told = podman.explain(host, kind)
        return Diagnosis(*told) if told else _by_error(host._replace(service=None), error)
    asleep = _of_user(host, kind) if host.owner else None
    if asleep:
        return asleep
    if host.local and not host.service and host.program and kind in ("no_socket", "refused") and host.address == "unix:///var/run/docker.sock":
        return Diagnosis(STOPPED, "dockerd is installed, but none runs at %s" % host.address, "Start it as this host starts its services", final=False)
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


def _of_user(host: Host, kind: Optional[str]) -> Optional[Diagnosis]:
    """What only the Engine of a user knows: no unit of its own, or units that do not run because nobody is logged in."""
    if kind not in (None, "no_socket", "refused"):
        return None
    if host.sleeping and host.unit_file:
        why = "%s's systemd is not started" % host.owner if host.lingers else "%s is not logged in and does not linger" % host.owner
        mend = "systemctl start user@$(id -u %s)" % host.owner if host.lingers else _linger(host)
        return Diagnosis(STOPPED, "%s does not run, because %s" % (_unit(host), why), "As root: %s" % mend, final=False)
    if host.sleeping or (host.service and host.service["load_state"] == "not-found"):
        return Diagnosis(
            NOT_INSTALLED,
            "The user %s has no Engine: there is no docker.service among the units of %s" % (host.owner, host.owner),
            "Bring one with docker_engine_rootless_users of the role flotilla.docker.docker_engine, or with dockerd-rootless-setuptool.sh",
        )
    return None


def _installed_unit(host: Host) -> bool:
    return bool(host.service) and host.service["load_state"] != "not-found"  # type: ignore[index]


def _by_unit(host: Host) -> Optional[Diagnosis]:
    """What the units alone explain; None for an active service."""
    service = host.service or {}
    state = service["active_state"]
    if state == "activating" and service["sub_state"] != "auto-restart":
        return Diagnosis(STARTING, "%s is starting (%s)" % (_unit(host), service["sub_state"]), "Wait for it, with wait: 60 for instance", final=False)
    if state in ("failed", "activating"):
        return _failed(host, final=state == "failed")
    if state == "deactivating":
        return Diagnosis(STOPPED, "%s is stopping" % _unit(host), "Wait, then %s" % _systemctl(host, "start docker"), final=False)
    if service["load_state"] == "masked" and state != "active":
        return Diagnosis(
            STOPPED,
            "%s is masked, so that nothing can start it" % _unit(host),
            "%s, then %s" % (_systemctl(host, "unmask docker"), _systemctl(host, "start docker")),
        )
    if service["load_state"] in ("bad-setting", "error"):
        return Diagnosis(
            FAILED,
            "systemd cannot load %s (%s)" % (_unit(host), service["load_state"]),
            "Correct the unit and its drop-ins: systemd-analyze %sverify docker.service" % ("--user " if host.owner else ""),
        )
    if state == "inactive" and service["load_state"] == "loaded":
        return _stopped(host)
    return None


def _stopped(host: Host) -> Diagnosis:
    service, socket = host.service or {}, host.socket or {}
    if service["job"]:
        return Diagnosis(STARTING, "%s is queued to start" % _unit(host), "Wait for it, with wait: 60 for instance", final=False)
    start = _systemctl(host, "start docker")
    if socket.get("active_state") == "active":
        return Diagnosis(SOCKET_ONLY, "docker.service is stopped; docker.socket listens and starts it for the first client", "Start it now: %s" % start)
    if socket.get("active_state") == "failed":
        return Diagnosis(
            FAILED,
            "docker.service is stopped and docker.socket failed (%s)" % socket.get("result"),
            "Reset and start both: %s && %s" % (_systemctl(host, "reset-failed docker.service docker.socket"), start),
        )
    disabled = "" if service["enabled"] in ("enabled", "enabled-runtime") else ", and not enabled to start with the host"
    enable = _systemctl(host, "enable --now docker")
    linger = host.owner and not host.lingers
    if linger:
        disabled += ", and %s does not linger" % host.owner
    return Diagnosis(
        STOPPED,
        "%s stopped%s" % ("%s is" % _unit(host) if host.owner else "docker.service and docker.socket are", disabled),
        "Start it: %s%s" % ("%s && " % _linger(host) if linger else "", enable if "enabled" in disabled else start),
    )


def _failed(host: Host, final: bool) -> Diagnosis:
    service = host.service or {}
    how = last_exit(service)
    # A daemon that was killed, or ended as it should, has left no last words: what its journal has are errors that it got over.
    found = journal.explain(host.journal if how.startswith("exit") else [])
    cause = "%s failed%s" % (_unit(host), " (%s)" % how if how else "")
    if service["result"] == "start-limit-hit":
        often = "%s was started too often in too short a time, so systemd refuses to start it" % _unit(host)
        cause = cause + " so often that systemd no longer starts it" if how else often
    if (host.containerd or {}).get("active_state") == "failed":
        cause += "; containerd.service failed too"
    if not final:
        cause += "; systemd tries again"
    units = "docker.service" if host.owner else "docker.service docker.socket"
    again = "%s && %s" % (_systemctl(host, "reset-failed %s" % units), _systemctl(host, "start docker"))
    look = "Look at %s" % _journalctl(host)
    if how == "signal 9":
        look += ", and at journalctl -k, for the kernel kills what takes too much memory"
    return Diagnosis(FAILED, cause + (": " + found.cause if found.cause else ""), "%s, then %s" % (found.advice or look, again), final)


def last_exit(service: Dict[str, Any]) -> str:
    """ "exit status 1", "signal 9", or empty after a clean end."""
    status = service.get("exit_status")
    if not status:
        return ""
    return "%s %s" % ("exit status" if service.get("exit_code") == "exited" else "signal", status)


def _by_error(host: Host, error: Optional[FlotillaError]) -> Diagnosis:
    kind = getattr(error, "kind", None)
    message = str(error.message) if error else "The daemon was not asked"
    advice = str(error.advice) if error else ""
    if kind == "permission" and host.local:
        owned = " (%s)" % host.socket_file if host.socket_file else ", which is %s's" % host.owner if host.owner else ""
        advice = "Run the task as %s, or as root (become: true)" % host.owner if host.owner else advice
        return Diagnosis(NO_PERMISSION, "The user %s may not use %s%s" % (host.user, host.address, owned), advice)
    if kind == "hung":
        return _hung(host, message, advice)
    if kind == "permission":
        return Diagnosis(NO_PERMISSION, message, advice)
    if kind in ("tls", "version", "not_installed"):
        return Diagnosis(kind, message, advice)
    if kind in ("refused", "no_socket") and host.service and host.service["active_state"] == "active":
        return Diagnosis(
            UNREACHABLE,
            "%s is active, but nothing listens at %s" % (_unit(host), host.address),
            "Compare docker_host with hosts in %s and -H in the service's command line"
            % ("~%s/.config/docker/daemon.json" % host.owner if host.owner else "/etc/docker/daemon.json"),
        )
    # Only these come and go while a host boots; names, addresses, SSH keys and missing packages stay as they are.
    return Diagnosis(UNREACHABLE, message, advice, final=kind not in ("refused", "no_socket", "cut", "unknown"))


def _hung(host: Host, message: str, advice: str) -> Diagnosis:
    if not host.service:
        return Diagnosis(HUNG, message, advice, final=False)
    restart = _systemctl(host, "restart docker")
    return Diagnosis(
        HUNG,
        "%s is active, but its API does not answer: %s" % (_unit(host), message),
        "Look at %s, then %s (containers stop unless live-restore is on)" % (_journalctl(host), restart),
        final=False,
    )


def _unit(host: Host) -> str:
    return "docker.service%s" % (" of %s" % host.owner if host.owner else "")


def _systemctl(host: Host, words: str) -> str:
    return "systemctl %s%s" % ("--user " if host.owner else "", words)


def _journalctl(host: Host) -> str:
    return "journalctl %s docker" % ("--user -u" if host.owner else "-u")


def _linger(host: Host) -> str:
    return "loginctl enable-linger %s" % host.owner

# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Why Podman's API does not answer, from its units. There is no daemon: podman.socket listens, and starts podman.service for each client."""

from __future__ import annotations

from typing import Any, NamedTuple

from .facts import DaemonFacts


class Finding(NamedTuple):
    """A state, its cause and what to do, as a Diagnosis has them."""

    state: str
    cause: str
    advice: str


def explain(host: DaemonFacts, kind: str | None) -> Finding | None:
    """The finding from program and units; None if the error itself explains more. ``kind`` is the kind of the error."""
    if not host.local or kind not in (None, "no_socket", "refused", "cut", "unknown"):
        return None
    if not host.program:
        return Finding(
            "not_installed", "Podman is not installed on this host", "Install the distribution's package podman"
        )
    if host.sleeping:
        return _asleep(host)
    return _by_units(host, host.service, host.socket) if host.service and host.socket else None


def _asleep(host: DaemonFacts) -> Finding:
    if host.lingers:
        cause = f"{_unit(host)} is not listening: the systemd of user {host.owner} is not running"
        return Finding("stopped", cause, f"As root: systemctl start user@$(id -u {host.owner})")
    cause = f"{_unit(host)} is not listening: {host.owner} is not logged in and lingering is disabled"
    return Finding(
        "stopped",
        cause,
        "As root: loginctl enable-linger {}. Then: {}".format(
            host.owner, _systemctl(host, "enable --now podman.socket")
        ),
    )


def _by_units(host: DaemonFacts, service: dict[str, Any], socket: dict[str, Any]) -> Finding | None:
    if socket["load_state"] == "masked":
        unmask = "{}, then {}".format(
            _systemctl(host, "unmask podman.socket"),
            _systemctl(host, "enable --now podman.socket"),
        )
        return Finding("stopped", f"{_unit(host)} is masked, so it cannot be started", unmask)
    if "failed" in (service["active_state"], socket["active_state"]):
        which = "podman.service" if service["active_state"] == "failed" else "podman.socket"
        last = f": {host.journal[-1]}" if host.journal else ""
        again = "{} && {}".format(
            _systemctl(host, "reset-failed podman.service podman.socket"),
            _systemctl(host, "start podman.socket"),
        )
        return Finding(
            "failed",
            f"{which} failed{last}",
            "Look at journalctl {} podman, then {}".format("--user -u" if host.owner else "-u", again),
        )
    if socket["active_state"] == "inactive" and socket["load_state"] == "loaded":
        disabled = socket["enabled"] not in ("enabled", "enabled-runtime")
        cause = "{} is stopped{}".format(_unit(host), " and not enabled at boot" if disabled else "")
        return Finding(
            "stopped",
            cause,
            "Start it: {}".format(
                _systemctl(host, "enable --now podman.socket" if disabled else "start podman.socket")
            ),
        )
    return None


def _unit(host: DaemonFacts) -> str:
    return "podman.socket" + (f" for user {host.owner}" if host.owner else "")


def _systemctl(host: DaemonFacts, words: str) -> str:
    return "systemctl {}{}".format("--user " if host.owner else "", words)

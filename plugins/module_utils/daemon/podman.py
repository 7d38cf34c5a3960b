# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Why Podman's API does not answer, from its units. There is no daemon: podman.socket has to listen, and starts podman.service for each client."""

from __future__ import annotations

from typing import Any, NamedTuple, Optional


class Finding(NamedTuple):
    """A state, its cause and what to do, as a Diagnosis has them."""

    state: str
    cause: str
    advice: str


def explain(host: Any, kind: Optional[str]) -> Optional[Finding]:
    """What program and units tell; None where the error itself tells more. ``kind`` is that of the error."""
    if not host.local or kind not in (None, "no_socket", "refused", "cut", "unknown"):
        return None
    if not host.program:
        return Finding("not_installed", "Podman is not installed on this host", "Install the distribution's package podman")
    if host.sleeping:
        return _asleep(host)
    return _by_units(host) if host.service and host.socket else None


def _asleep(host: Any) -> Finding:
    if host.lingers:
        cause = "%s does not listen, because %s's systemd is not started" % (_unit(host), host.owner)
        return Finding("stopped", cause, "As root: systemctl start user@$(id -u %s)" % host.owner)
    cause = "%s does not listen, because %s is not logged in and does not linger" % (_unit(host), host.owner)
    return Finding("stopped", cause, "As root: loginctl enable-linger %s. Then: %s" % (host.owner, _systemctl(host, "enable --now podman.socket")))


def _by_units(host: Any) -> Optional[Finding]:
    service, socket = host.service, host.socket
    if socket["load_state"] == "masked":
        mend = "%s, then %s" % (_systemctl(host, "unmask podman.socket"), _systemctl(host, "enable --now podman.socket"))
        return Finding("stopped", "%s is masked, so that nothing can start it" % _unit(host), mend)
    if "failed" in (service["active_state"], socket["active_state"]):
        which = "podman.service" if service["active_state"] == "failed" else "podman.socket"
        last = ": %s" % host.journal[-1] if host.journal else ""
        again = "%s && %s" % (_systemctl(host, "reset-failed podman.service podman.socket"), _systemctl(host, "start podman.socket"))
        return Finding("failed", "%s failed%s" % (which, last), "Look at journalctl %s podman, then %s" % ("--user -u" if host.owner else "-u", again))
    if socket["active_state"] == "inactive" and socket["load_state"] == "loaded":
        disabled = socket["enabled"] not in ("enabled", "enabled-runtime")
        cause = "%s is stopped%s" % (_unit(host), ", and not enabled to start with the host" if disabled else "")
        return Finding("stopped", cause, "Start it: %s" % _systemctl(host, "enable --now podman.socket" if disabled else "start podman.socket"))
    return None


def _unit(host: Any) -> str:
    return "podman.socket%s" % (" of %s" % host.owner if host.owner else "")


def _systemctl(host: Any, words: str) -> str:
    return "systemctl %s%s" % ("--user " if host.owner else "", words)

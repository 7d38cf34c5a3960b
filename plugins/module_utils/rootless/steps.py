# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Steps for a rootless Engine besides its configuration: programs, lingering, enabling the unit."""

from __future__ import annotations

import contextlib
import os
from typing import TYPE_CHECKING

from ..daemon_config.host import SERVICE, DaemonHost
from ..errors import Missing, StepFailed
from ..host import dockerd, files, systemctl
from ..host.users import words_as
from ..step import Outcome, Record, Step

if TYPE_CHECKING:
    from .host import UserHost

# One program of each row is enough.
_PROGRAMS = (("rootlesskit", "docker-rootlesskit"), ("newuidmap",), ("newgidmap",), ("slirp4netns", "pasta", "vpnkit"))


def require_programs(host: UserHost) -> None:
    """Raise Missing unless the programs of a rootless Engine are installed."""
    lacking = [names[0] for names in _PROGRAMS if not any(map(dockerd.find_program, names))]
    lacking += [] if host.program else ["dockerd"]
    lacking += [] if host.launcher else ["dockerd-rootless.sh"]
    if lacking:
        raise Missing(
            "Programs that a rootless Engine needs are not installed: {}".format(", ".join(lacking)),
            "Install Docker Engine with uidmap, slirp4netns and rootlesskit, or docker-ce-rootless-extras; the role docker_engine does",
        )


def stop_failed_start(host: UserHost) -> bool:
    """Stop the unit after a failed first start: systemd would otherwise retry to start a unit whose file was removed."""
    if host.units()[SERVICE]["active_state"] == "inactive":
        return False
    for verb in ("stop", "reset-failed"):
        with contextlib.suppress(StepFailed):  # systemd may have unloaded the unit
            host.systemctl([verb, SERVICE])
    return True


class Linger(Step["UserHost"]):
    """Enable or disable lingering: whether the user's units run without a login, from boot on."""

    def __init__(self, name: str, on: bool = True) -> None:
        self.on = on
        self._did = False
        self.summary = " ".join(_words(name, on))

    def predict(self, engine: UserHost) -> Outcome:
        state = {"linger": engine.account.lingers}
        return Outcome(engine.account.lingers != self.on, None, state, {"linger": self.on})

    def apply(self, engine: UserHost) -> Outcome:
        outcome = self.predict(engine)
        if outcome.changed:
            self._did = True
            _set_linger(engine, self.on)
        if self.on:
            # The user's systemd may be stopped even if lingering is enabled.
            systemctl.systemctl(["start", "user@%d.service" % engine.account.uid], engine.wait)
        return outcome

    def undo(self, engine: UserHost) -> None:
        if self._did:
            _set_linger(engine, not self.on)


def _set_linger(engine: UserHost, on: bool) -> None:
    words = _words(engine.account.name, on)
    systemctl.run(words, engine.wait, " ".join(words))


def _words(name: str, on: bool) -> list[str]:
    return ["loginctl", "%s-linger" % ("enable" if on else "disable"), name]


class Enable(Step["UserHost"]):
    """Enable the Engine, so that it starts with the user's units."""

    summary = f"enable {SERVICE}"

    def __init__(self) -> None:
        self._did = False

    def predict(self, engine: UserHost) -> Outcome:
        return Outcome(engine.units()[SERVICE]["enabled"] != "enabled")

    def apply(self, engine: UserHost) -> Outcome:
        outcome = self.predict(engine)
        if outcome.changed:
            self._did = True
            engine.systemctl(["enable", SERVICE], 60)
        return outcome

    def undo(self, engine: UserHost) -> None:
        if self._did:
            engine.systemctl(["disable", SERVICE], 60)


class StopForGood(Step["UserHost"]):
    """Stop the Engine with its containers, and disable it at boot."""

    undoable = False
    summary = f"stop and disable {SERVICE}"

    def predict(self, engine: UserHost) -> Outcome:
        unit = engine.units()[SERVICE]
        return Outcome(
            unit["load_state"] != "not-found" and (unit["active_state"] != "inactive" or unit["enabled"] == "enabled")
        )

    def apply(self, engine: UserHost) -> Outcome:
        outcome = self.predict(engine)
        if outcome.changed:
            engine.systemctl(["disable", "--now", SERVICE])
        return outcome


class RemoveData(Step["UserHost"]):
    """Remove images, containers and volumes. Their files belong to the user's subordinate ids, so they are removed as root of a user namespace."""

    undoable = False
    final = True

    def __init__(self, folder: str) -> None:
        self.folder = folder
        self.summary = f"remove the data in {folder}"

    def predict(self, engine: UserHost) -> Outcome:
        return Outcome(os.path.isdir(self.folder))

    def apply(self, engine: UserHost) -> Outcome:
        outcome = self.predict(engine)
        if outcome.changed:
            program = dockerd.find_program("rootlesskit") or dockerd.find_program("docker-rootlesskit")
            if not program:
                raise Missing(
                    "rootlesskit is not installed; it is needed to remove the data of a rootless Engine",
                    f"Install it, or remove {self.folder} by hand",
                )
            systemctl.run(words_as(engine.account, [program, "rm", "-rf", "--", self.folder]), 600, self.summary)
        return outcome


class RemoveRecord(Record[DaemonHost]):
    """Remove the record of the rootless Engine. It comes last."""

    undoable = False
    summary = "remove the record of the rootless Engine"

    def __init__(self, path: str) -> None:
        self.path = path

    def write(self, engine: DaemonHost) -> None:
        files.write_text(self.path, None, 0o600)

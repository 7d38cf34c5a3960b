# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the rootless Engine of a user takes beside its configuration: programs, units that run without a login, a unit that is enabled."""

from __future__ import annotations

import contextlib
import os
from typing import List

from ..errors import Missing, StepFailed
from ..step import Outcome, Step
from ..unit import control, docker
from ..unit.account import words_as
from . import files
from .host import SERVICE
from .user_host import UserHost

# Any of the programs in a row will do.
_PROGRAMS = (("rootlesskit", "docker-rootlesskit"), ("newuidmap",), ("newgidmap",), ("slirp4netns", "pasta", "vpnkit"))


class FindPrograms(Step):
    """A check foresees that packages bring them."""

    summary = "find the programs of a rootless Engine"

    def predict(self, engine: UserHost) -> Outcome:
        return Outcome(changed=False)

    def apply(self, engine: UserHost) -> Outcome:
        lacking = [names[0] for names in _PROGRAMS if not any(map(docker.find_program, names))]
        lacking += [] if engine.program else ["dockerd"]
        lacking += [] if engine.launcher else ["dockerd-rootless.sh"]
        if lacking:
            raise Missing(
                "A rootless Engine needs programs that this host has not: %s" % ", ".join(lacking),
                "Install the Engine's packages with uidmap, slirp4netns and rootlesskit, or docker-ce-rootless-extras; the role docker_engine does",
            )
        return Outcome(changed=False)


class Linger(Step):
    """Let the user's units run without a login, from boot on, or no longer."""

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
            # Also where the user lingers and somebody has stopped it.
            control.systemctl(["start", "user@%d.service" % engine.account.uid], engine.params["wait"])
        return outcome

    def undo(self, engine: UserHost) -> None:
        if self._did:
            _set_linger(engine, not self.on)


def _set_linger(engine: UserHost, on: bool) -> None:
    words = _words(engine.account.name, on)
    control.run(words, engine.params["wait"], " ".join(words))


def _words(name: str, on: bool) -> List[str]:
    return ["loginctl", "%s-linger" % ("enable" if on else "disable"), name]


class Enable(Step):
    """Start the Engine with the user's units."""

    summary = "enable %s" % SERVICE

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


class StopForGood(Step):
    """Stop the Engine, with its containers, and start it no more."""

    summary = "stop and disable %s" % SERVICE

    def predict(self, engine: UserHost) -> Outcome:
        unit = engine.units()[SERVICE]
        return Outcome(unit["load_state"] != "not-found" and (unit["active_state"] != "inactive" or unit["enabled"] == "enabled"))

    def apply(self, engine: UserHost) -> Outcome:
        outcome = self.predict(engine)
        if outcome.changed:
            engine.systemctl(["disable", "--now", SERVICE], engine.params["wait"])
        return outcome


class StopFirstStart(Step):
    """Undone after a first start that failed: systemd would else try for ever to start a unit whose file is gone."""

    summary = "note whether the Engine was there"

    def predict(self, engine: UserHost) -> Outcome:
        return Outcome(changed=False)

    def apply(self, engine: UserHost) -> Outcome:
        self._was_active = engine.active()
        return Outcome(changed=False)

    def undo(self, engine: UserHost) -> None:
        if engine.disturbed and not self._was_active:
            for verb in ("stop", "reset-failed"):
                with contextlib.suppress(StepFailed):  # systemd may have forgotten it already
                    engine.systemctl([verb, SERVICE], engine.params["wait"])


class RemoveData(Step):
    """Images, containers and volumes. Their files belong to the user's subordinate ids, so the user removes them as root of a namespace."""

    final = True

    def __init__(self, folder: str) -> None:
        self.folder = folder
        self.summary = "remove the data in %s" % folder

    def predict(self, engine: UserHost) -> Outcome:
        return Outcome(os.path.isdir(self.folder))

    def apply(self, engine: UserHost) -> Outcome:
        outcome = self.predict(engine)
        if outcome.changed:
            program = docker.find_program("rootlesskit") or docker.find_program("docker-rootlesskit")
            if not program:
                raise Missing("rootlesskit, which removes data of a rootless Engine, is not installed", "Install it, or remove %s by hand" % self.folder)
            control.run(words_as(engine.account, [program, "rm", "-rf", "--", self.folder]), 600, self.summary)
        return outcome


class Forget(Step):
    """The host remembers no more that the user had an Engine."""

    summary = "forget what was asked"

    def __init__(self, path: str) -> None:
        self.path = path

    def predict(self, engine: UserHost) -> Outcome:
        return Outcome(changed=False)

    def apply(self, engine: UserHost) -> Outcome:
        files.write_text(self.path, None, 0o600)
        return Outcome(changed=False)

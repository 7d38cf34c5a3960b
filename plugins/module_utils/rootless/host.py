# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The managed host, for docker_daemon_config with the rootless Engine of one user."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, Callable, ContextManager, Generator, Mapping

from ..daemon_config import drop_ins
from ..daemon_config.host import SERVICE, DaemonHost
from ..daemon_config.sections import Section
from ..host import dockerd, systemd, users
from ..step import Check, OnRollback, Outcome, Step
from . import steps

if TYPE_CHECKING:
    from ..engine.engine import Engine

RECORD_FOLDER = "/var/lib/flotilla/rootless"
_LAUNCHER = "dockerd-rootless.sh"
# Where Debian and Ubuntu install it.
_CONTRIB = "/usr/share/docker.io/contrib"
_NOT_LOADED: dict[str, Any] = {
    "load_state": "not-found",
    "active_state": "inactive",
    "unit_file": None,
    "drop_ins": [],
    "main_pid": 0,
    "started_at": None,
    "enabled": None,
}


class UserHost(DaemonHost):
    """Files are in the user's home folder and are accessed with the user's rights; the record is in a file that only root can change."""

    unit_names = [SERVICE]
    socket_drop_in = ""

    def __init__(
        self, params: Mapping[str, Any], connect: Callable[[Mapping[str, Any]], Engine], user: users.Account
    ) -> None:
        self.account: users.Account = user
        self.unit_path = user.in_home(".config/systemd/user", SERVICE)
        self.service_drop_in = self.unit_path + ".d/flotilla.conf"
        self.path = user.in_home(".config/docker/daemon.json")
        self.certificates_folder = user.in_home(".config/docker/certs.d")
        self.record_path = record_path(user.name)
        self.data_root = user.in_home(".local/share/docker")
        self.docker_host = f"unix://{user.runtime}/docker.sock"
        self.launcher = dockerd.find_program(_LAUNCHER) or _in_contrib()
        super().__init__(dict(params, docker_host=self.docker_host, docker_context=None), connect)

    def acting(self) -> ContextManager[None]:
        return users.acting_as(self.account)

    def units(self) -> dict[str, dict[str, Any]]:
        return systemd.read_units(self.unit_names, self.account) or {SERVICE: _NOT_LOADED}

    def installed(self) -> bool:
        """Whether the programs are installed; this module writes the unit."""
        return bool(self.program and self.launcher)

    def command(self, flags: tuple[str, ...]) -> list[str]:
        words = super().command(()) or [_LAUNCHER]
        return ["dockerd", "--rootless", *words[1:], *flags]

    def packaged_command(self) -> str:
        return super().packaged_command() or self.launcher or _LAUNCHER

    def unit_files(self, asked: Section) -> dict[str, str]:
        command = self.packaged_command() if asked.flags else ""
        texts = {
            self.service_drop_in: drop_ins.service_drop_in(
                asked.environment, asked.flags, asked.service_settings, command
            )
        }
        if self.owns_unit():
            texts[self.unit_path] = drop_ins.user_service(self.account.name, self.launcher or _LAUNCHER)
        return texts

    def owns_unit(self) -> bool:
        """Whether this module writes the unit: there is none, or it wrote it. One from dockerd-rootless-setuptool.sh or a package is kept."""
        found = self.account.find_unit(SERVICE)
        return found is None or found == self.unit_path and self.wrote(found)

    def wrote(self, path: str) -> bool:
        """Whether a unit file was written by this module."""
        return (self.read_text(path) or "").startswith(drop_ins.HEAD)

    def prepare_service(self) -> Generator[Step[Any], Outcome, bool]:
        """Enable lingering, because a user's units run only during a login or with lingering."""
        yield Check("find the programs of a rootless Engine", steps.require_programs)
        outcome = yield steps.Linger(self.account.name)
        if not self.active():
            yield OnRollback(f"stop {SERVICE}", steps.stop_failed_start)
        return outcome.changed or self.record.lingered

    def enable_service(self) -> Generator[Step[Any], Outcome, None]:
        yield steps.Enable()


def record_path(name: str) -> str:
    """Where the record of a user's rootless Engine is kept."""
    return os.path.join(RECORD_FOLDER, name + ".json")


def _in_contrib() -> str | None:
    path = os.path.join(_CONTRIB, _LAUNCHER)
    return path if os.path.exists(path) else None

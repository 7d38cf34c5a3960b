# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The managed host as docker_daemon_config sees it for the rootless Engine of one user."""

from __future__ import annotations

import os
from typing import Any, Callable, ContextManager, Dict, List, Mapping

from ..unit import account, docker, systemd
from . import files, unit_text
from .host import SERVICE, Host

MEMORY_FOLDER = "/var/lib/flotilla/rootless"
_LAUNCHER = "dockerd-rootless.sh"
# Where Debian and Ubuntu put it.
_CONTRIB = "/usr/share/docker.io/contrib"
_NOT_LOADED = {"load_state": "not-found", "active_state": "inactive", "unit_file": None, "drop_ins": [], "main_pid": 0, "started_at": None, "enabled": None}


class UserHost(Host):
    """Files lie in the user's home and are touched with the user's rights; what was asked is remembered where the user cannot change it."""

    unit_names = [SERVICE]

    def __init__(self, params: Mapping[str, Any], connect: Callable[[Mapping[str, Any]], Any], user: account.Account) -> None:
        self.account: account.Account = user
        self.unit_path = user.in_home(".config/systemd/user", SERVICE)
        self.service_drop_in = self.unit_path + ".d/flotilla.conf"
        self.path = user.in_home(".config/docker/daemon.json")
        self.certificates_folder = user.in_home(".config/docker/certs.d")
        self.memory_path = memory_path(user.name)
        self.data_root = user.in_home(".local/share/docker")
        self.docker_host = "unix://%s/docker.sock" % user.runtime
        self.launcher = docker.find_program(_LAUNCHER) or _in_contrib()
        super().__init__(dict(params, docker_host=self.docker_host, docker_context=None), connect)

    def acting(self) -> ContextManager[None]:
        return account.acting_as(self.account)

    def units(self) -> Dict[str, Dict[str, Any]]:
        return systemd.read_units(self.unit_names, self.account) or {SERVICE: _NOT_LOADED}

    def installed(self) -> bool:
        """The programs are there; the unit is for this module to write."""
        return bool(self.program and self.launcher)

    def command(self, flags: List[str]) -> List[str]:
        words = super().command([]) or [_LAUNCHER]
        return ["dockerd", "--rootless", *words[1:], *flags]

    def packaged_command(self) -> str:
        return super().packaged_command() or self.launcher or _LAUNCHER

    def unit_files(self) -> Dict[str, str]:
        params = self.params
        command = self.packaged_command() if params["flags"] else ""
        texts = {self.service_drop_in: unit_text.service_drop_in(params["environment"], params["flags"], params["service_settings"], command)}
        return dict(texts, **{self.unit_path: unit_text.user_service(self.account.name, self.launcher or _LAUNCHER)}) if self.owns_unit() else texts

    def owns_unit(self) -> bool:
        """The unit is ours to write: there is none, or it is ours. One that dockerd-rootless-setuptool.sh or a package brought stays as it is."""
        found = self.account.find_unit(SERVICE)
        with self.acting():
            return found is None or found == self.unit_path and (files.read_text(found) or "").startswith(unit_text.HEAD)


def memory_path(name: str) -> str:
    """Where it is remembered what was asked for a user's Engine."""
    return os.path.join(MEMORY_FOLDER, name + ".json")


def _in_contrib() -> Any:
    path = os.path.join(_CONTRIB, _LAUNCHER)
    return path if os.path.exists(path) else None

# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The managed host as docker_daemon_config sees it: units, files, and the daemon where it runs."""

from __future__ import annotations

import contextlib
import os
from typing import Any, Callable, ContextManager, Dict, List, Mapping, NamedTuple, Optional

from ..errors import FlotillaError, Missing, StepFailed
from ..unit import control, docker, systemd
from ..unit.account import Account
from . import data_root, files, unit_text

SERVICE = "docker.service"
SOCKET = "docker.socket"
SERVICE_DROP_IN = "/etc/systemd/system/docker.service.d/flotilla.conf"
SOCKET_DROP_IN = "/etc/systemd/system/docker.socket.d/flotilla.conf"
MEMORY = "/var/lib/flotilla/docker_daemon_config.json"
_SWARM_TASK = "com.docker.swarm.task.id"


class Containers(NamedTuple):
    """What a restart of the daemon would take down. ``unknown`` says why nobody can tell."""

    running: List[str] = []
    live_restore: bool = False
    unknown: str = ""
    to_start: Dict[str, str] = {}  # id to name; tasks of a swarm are not ours to start
    containerd_store: bool = False


class Host:
    """Reads; the steps change. ``connect(params)`` gives the Engine. UserHost is the same for the Engine of one user."""

    account: Optional[Account] = None
    unit_names = [SERVICE, SOCKET]
    service_drop_in = SERVICE_DROP_IN
    memory_path = MEMORY
    data_root = data_root.DEFAULT
    path = "/etc/docker/daemon.json"
    certificates_folder = "/etc/docker/certs.d"

    def __init__(self, params: Mapping[str, Any], connect: Callable[[Mapping[str, Any]], Any]) -> None:
        self.params = params
        self._connect = connect
        self.disturbed = False
        self.program = docker.find_program("dockerd")
        self.path = params["path"] or self.path
        self.memory: Dict[str, Any] = files.read_json(self.memory_path) or {}

    def acting(self) -> ContextManager[None]:
        """Files of the configuration are read and written within this."""
        return contextlib.nullcontext()

    def systemctl(self, words: List[str], wait: float) -> None:
        """Change units, and wait for it."""
        control.systemctl(words, wait, self.account)

    def forget_starts(self) -> None:
        """Three starts within a minute are the limit of the packaged unit, whoever asked for them. A unit that systemd has not loaded has none."""
        with contextlib.suppress(StepFailed):
            self.systemctl(["reset-failed", *self.unit_names], 10)

    def unit_files(self) -> Dict[str, str]:
        """Texts of drop-ins and units by path, empty for what is not asked for."""
        params = self.params
        command = self.packaged_command() or "/usr/sbin/dockerd" if params["flags"] else ""
        return {
            SERVICE_DROP_IN: unit_text.service_drop_in(params["environment"], params["flags"], params["service_settings"], command),
            SOCKET_DROP_IN: unit_text.socket_drop_in(params["socket_settings"]),
        }

    def units(self) -> Dict[str, Dict[str, Any]]:
        """Facts of docker.service and docker.socket."""
        found = systemd.read_units([SERVICE, SOCKET])
        if found is None:
            raise Missing("systemd does not run this host", "Configure the daemon there by other means")
        return found

    def installed(self) -> bool:
        """The service can be started."""
        return bool(self.program) and self.units()[SERVICE]["load_state"] not in ("not-found", "error")

    def active(self) -> bool:
        """The service runs, or is on its way."""
        return self.units()[SERVICE]["active_state"] in ("active", "reloading", "activating")

    def command(self, flags: List[str]) -> List[str]:
        """The words of dockerd's command line, with ``flags`` in place of those an earlier run added."""
        texts = self.unit_texts()
        words = unit_text.expand(unit_text.command_line(texts), unit_text.environment(texts, _read_or_none))
        return words + flags

    def packaged_command(self) -> str:
        """ExecStart as the package and other people's drop-ins have it."""
        return unit_text.command_line(self.unit_texts())

    def unit_texts(self) -> List[str]:
        """The service's unit file and drop-ins but ours."""
        unit = self.units()[SERVICE]
        paths = [unit["unit_file"], *unit["drop_ins"]]
        return [text for text in (_read_or_none(path) for path in paths if path and path != self.service_drop_in) if text]

    def connect(self) -> Any:
        """The Engine, asked anew, because a restart ends every connection."""
        return self._connect(dict(self.params, timeout=min(self.params["timeout"], 20)))

    def containers(self) -> Containers:
        """What a restart would take down, asked of the running daemon."""
        try:
            engine = self.connect()
            found = engine.containers.list(running_only=True)
            info = engine.daemon.info()
        except FlotillaError as error:
            return Containers(unknown=str(error))
        ours = {row["Id"]: _name(row) for row in found if _SWARM_TASK not in (row.get("Labels") or {})}
        containerd = ["driver-type", "io.containerd.snapshotter.v1"] in (info.get("DriverStatus") or [])
        return Containers(sorted(_name(row) for row in found), bool(info.get("LiveRestoreEnabled")), "", ours, containerd)

    def known(self) -> Dict[str, str]:
        """Ids of all images and containers, and a name for each."""
        engine = self.connect()
        images = {row["Id"]: (row.get("RepoTags") or [row["Id"]])[0] for row in engine.images.list()}
        return dict(images, **{row["Id"]: _name(row) for row in engine.containers.list()})

    def journal(self, lines: int = 15) -> List[str]:
        """The service's last messages."""
        return systemd.read_journal(SERVICE, lines, self.account)


def _name(row: Mapping[str, Any]) -> str:
    return (row.get("Names") or ["/?"])[0].lstrip("/")


def _read_or_none(path: str) -> Optional[str]:
    return files.read_text(path) if os.path.isfile(path) else None

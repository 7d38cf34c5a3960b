# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The managed host, for docker_daemon_config: units, files, and the running daemon."""

from __future__ import annotations

import contextlib
import os
import time
from typing import TYPE_CHECKING, Any, Callable, ContextManager, Generator, Mapping, NamedTuple

from ..data_root import check
from ..errors import FlotillaError, Missing, StepFailed
from ..host import dockerd, files, systemctl, systemd
from ..shapes import container_name, uses_containerd
from ..step import Outcome, Step
from . import drop_ins, record, validation
from .sections import Section

if TYPE_CHECKING:
    from ..engine.engine import Engine
    from ..host.users import Account
    from .validation import Draft

SERVICE = "docker.service"
SOCKET = "docker.socket"
SERVICE_DROP_IN = "/etc/systemd/system/docker.service.d/flotilla.conf"
SOCKET_DROP_IN = "/etc/systemd/system/docker.socket.d/flotilla.conf"
RECORD = "/var/lib/flotilla/docker_daemon_config.json"
# Longest wait for an answer of the API, in seconds.
_API_TIMEOUT = 20
_SWARM_TASK = "com.docker.swarm.task.id"


class Containers(NamedTuple):
    """Containers that a restart of the daemon would stop. ``unknown`` is the reason if they are not known.

    ``to_start`` maps ids to names of containers that must run afterwards; a swarm starts its tasks by itself.
    """

    running: list[str] = []
    live_restore: bool = False
    unknown: str = ""
    to_start: dict[str, str] = {}
    containerd_store: bool = False


class DaemonHost:
    """Reads; the steps change. ``connect(params)`` gives the Engine. UserHost is the same for the rootless Engine of one user."""

    account: Account | None = None
    unit_names = [SERVICE, SOCKET]
    service_drop_in = SERVICE_DROP_IN
    socket_drop_in = SOCKET_DROP_IN
    record_path = RECORD
    data_root = check.DEFAULT
    path = "/etc/docker/daemon.json"
    certificates_folder = "/etc/docker/certs.d"
    tls_folder = "/etc/docker/tls"

    def __init__(self, params: Mapping[str, Any], connect: Callable[[Mapping[str, Any]], Engine]) -> None:
        self.params = params
        self._connect = connect
        self.program = dockerd.find_program("dockerd")
        self.path = params["path"] or self.path
        text = files.read_text(self.record_path)
        self.record = record.parse(text, self._unit_settings() if text and record.is_legacy(text) else Section())

    @property
    def wait(self) -> float:
        """Longest wait for the service, in seconds."""
        return self.params["wait"]

    # Files of the configuration, accessed with the rights of their owner.

    def acting(self) -> ContextManager[None]:
        """Files of the configuration are read and written within this."""
        return contextlib.nullcontext()

    def read_text(self, path: str) -> str | None:
        """The text of a file, or None if it does not exist."""
        with self.acting():
            return files.read_text(path)

    def write_text(self, path: str, text: str | None, mode: int) -> None:
        """Replace a file, or remove it (None)."""
        with self.acting():
            files.write_text(path, text, mode)

    def back_up(self, path: str) -> str | None:
        """Copy a file in its folder. Returns the path of the copy, or None if there is no file."""
        with self.acting():
            return files.back_up(path)

    def backups(self) -> list[str]:
        """Copies of daemon.json that this module made."""
        with self.acting():
            return files.backups_of(self.path)

    # The service.

    def prepare_service(self) -> Generator[Step[Any], Outcome, bool]:
        """Steps that come before the files are written. Returns whether this module enabled lingering."""
        yield from ()
        return False

    def enable_service(self) -> Generator[Step[Any], Outcome, None]:
        """Steps that come after the files are written and before the service is changed."""
        yield from ()

    def systemctl(self, words: list[str], wait: float | None = None) -> None:
        """Change units, and wait for it: by default as long as for the service."""
        systemctl.systemctl(words, self.wait if wait is None else wait, self.account)

    def load_units(self) -> None:
        """Reload unit files in systemd."""
        self.systemctl(["daemon-reload"], 60)

    def restart_service(self) -> None:
        """Start the service, or restart it if it runs."""
        self.forget_starts()
        self.systemctl(["restart", SERVICE])

    def reload_service(self) -> None:
        """Reload the daemon, and wait until it has applied its configuration, which systemctl does not."""
        since, end = time.time(), time.monotonic() + self.wait
        self.systemctl(["reload", SERVICE])
        while not self._has_reloaded(since):
            if time.monotonic() > end:
                raise StepFailed(f"its events report no reload within {self.wait:g} s")
            time.sleep(0.1)

    def _has_reloaded(self, since: float) -> bool:
        try:
            return self.connect().daemon.has_reloaded(since)
        except FlotillaError:
            return True  # unknown, because its API cannot be used

    def stop_service(self) -> None:
        """Stop the daemon and its socket, which would start it again for the next client."""
        self.systemctl(["stop", *reversed(self.unit_names)])

    def forget_starts(self) -> None:
        """Reset the start counter: the packaged unit allows three starts within a minute. A unit that systemd has not loaded has no counter."""
        with contextlib.suppress(StepFailed):
            self.systemctl(["reset-failed", *self.unit_names], 10)

    def units(self) -> dict[str, dict[str, Any]]:
        """Facts of docker.service and docker.socket."""
        found = systemd.read_units([SERVICE, SOCKET])
        if found is None:
            raise Missing("systemd does not run this host", "Configure the daemon there by other means")
        return found

    def installed(self) -> bool:
        """Whether the service can be started."""
        return bool(self.program) and self.units()[SERVICE]["load_state"] not in ("not-found", "error")

    def active(self) -> bool:
        """Whether the service runs or is being started."""
        return self.units()[SERVICE]["active_state"] in ("active", "reloading", "activating")

    def invocation(self) -> str:
        """The invocation id of the daemon in systemd, which differs after each restart."""
        unit = self.units()[SERVICE]
        return "{} {}".format(unit["main_pid"], unit["started_at"])

    def journal(self, lines: int = 15) -> list[str]:
        """The service's last messages."""
        return systemd.read_journal(SERVICE, lines, self.account)

    # Its unit files and command line.

    def unit_files(self, asked: Section) -> dict[str, str]:
        """Texts of drop-ins and units by path, empty for those that are not needed."""
        command = self.packaged_command() or "/usr/sbin/dockerd" if asked.flags else ""
        return {
            self.service_drop_in: drop_ins.service_drop_in(
                asked.environment, asked.flags, asked.service_settings, command
            ),
            self.socket_drop_in: drop_ins.socket_drop_in(asked.socket_settings),
        }

    def command(self, flags: tuple[str, ...]) -> list[str]:
        """The words of dockerd's command line, with ``flags`` in place of those an earlier run added."""
        texts = self.unit_texts()
        words = drop_ins.expand(drop_ins.command_line(texts), drop_ins.environment(texts, _read_or_none))
        return [*words, *flags]

    def packaged_command(self) -> str:
        """ExecStart of the package and of drop-ins that this module did not write."""
        return drop_ins.command_line(self.unit_texts())

    def unit_texts(self) -> list[str]:
        """The service's unit file and drop-ins, without the one of this module."""
        unit = self.units()[SERVICE]
        paths = [unit["unit_file"], *unit["drop_ins"]]
        return [
            text for text in (_read_or_none(path) for path in paths if path and path != self.service_drop_in) if text
        ]

    def _unit_settings(self) -> Section:
        """Settings in the drop-ins of this module, for a record that does not have them."""
        service = self.read_text(self.service_drop_in) or ""
        socket = self.read_text(self.socket_drop_in) or ""
        return Section(
            environment=drop_ins.environment([service]),
            flags=drop_ins.added_flags(service, self.packaged_command()),
            service_settings=drop_ins.other_settings(service),
            socket_settings=drop_ins.other_settings(socket),
        )

    def keep_record(self, kept: record.HostRecord) -> None:
        """Write the record for the next run to a file that only root can change."""
        text = kept.text()
        if text != files.read_text(self.record_path):
            files.write_text(self.record_path, text, 0o600)

    def require_valid(self, draft: Draft) -> None:
        """Raise BadOption, with the Engine's reason, unless the daemon would start with the draft."""
        validation.require_valid(draft)

    # The daemon.

    @property
    def connection(self) -> dict[str, Any]:
        """The options of a connection to the Engine."""
        return dict(self.params, timeout=min(self.params["timeout"], _API_TIMEOUT))

    def connect(self) -> Engine:
        """A new connection to the Engine, because a restart closes every connection."""
        return self._connect(self.connection)

    def containers(self) -> Containers:
        """The containers that a restart would stop, read from the running daemon."""
        try:
            engine = self.connect()
            found = engine.containers.list_running()
            info = engine.daemon.info()
        except FlotillaError as error:
            return Containers(unknown=str(error))
        return Containers(
            running=sorted(container_name(row) for row in found),
            live_restore=bool(info.get("LiveRestoreEnabled")),
            to_start={row["Id"]: container_name(row) for row in found if _SWARM_TASK not in (row.get("Labels") or {})},
            containerd_store=uses_containerd(info),
        )

    def known(self) -> dict[str, str]:
        """Ids of all images and containers, and a name for each."""
        engine = self.connect()
        images = {row["Id"]: (row.get("RepoTags") or [row["Id"]])[0] for row in engine.images.list()}
        return dict(images, **{row["Id"]: container_name(row) for row in engine.containers.list()})


def _read_or_none(path: str) -> str | None:
    return files.read_text(path) if os.path.isfile(path) else None

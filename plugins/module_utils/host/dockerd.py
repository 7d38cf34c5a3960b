# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Docker's files on the managed host: programs, sockets, daemon.json. Nothing here connects to a daemon."""

from __future__ import annotations

import grp
import json
import os
import pwd
import re
import shutil
import stat
from typing import Any, Callable, Sequence

from .programs import read_output
from .users import Account

_FOLDERS = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/snap/bin"


def find_program(name: str) -> str | None:
    """Path of a program, also where the user's PATH leaves out the folders of the administrator."""
    return shutil.which(name) or shutil.which(name, path=_FOLDERS)


def read_cli_client() -> dict[str, Any] | None:
    """The output of docker version about the docker CLI itself, or None if there is no CLI.

    It is given no daemon: connecting would start a stopped daemon through its socket.
    """
    program = find_program("docker")
    output = program and read_output([program, "--host", "unix:///dev/null", "version", "--format", "{{json .Client}}"])
    try:
        client = json.loads(output or "")
    except ValueError:
        return None
    return client if isinstance(client, dict) and client.get("Version") else None


def describe_socket(path: str) -> str | None:
    """ "owned by root:docker, mode 0660", or None if there is no socket."""
    try:
        found = os.stat(path)
    except OSError:
        return None
    return f"owned by {_name(pwd.getpwuid, found.st_uid)}:{_name(grp.getgrgid, found.st_gid)}, mode {stat.S_IMODE(found.st_mode):04o}"


def current_user() -> str:
    """Name of the user who runs the module."""
    return _name(pwd.getpwuid, os.geteuid())


def _name(look_up: Callable[[int], Sequence[Any]], number: int) -> str:
    try:
        return look_up(number)[0]
    except KeyError:
        return str(number)


def read_configuration(path: str) -> dict[str, Any]:
    """daemon.json: path, exists, modified (seconds since 1970), keys, and error if it cannot be read as a JSON object."""
    found: dict[str, Any] = {"path": path, "exists": os.path.exists(path), "modified": None, "keys": {}, "error": None}
    if not found["exists"]:
        return found
    try:
        found["modified"] = int(os.path.getmtime(path))
        with open(path, encoding="utf-8") as file:
            text = file.read()
        keys = json.loads(text) if text.strip() else {}
    except (OSError, ValueError) as error:
        return dict(found, error=str(error))
    if not isinstance(keys, dict):
        return dict(found, error="it is not a JSON object")
    return dict(found, keys=keys)


def configuration_path(command: str, owner: Account | None = None) -> str:
    """The file that dockerd reads, from the service's command line. ``owner``: the user whose rootless Engine it is."""
    match = re.search(r"--config-file[= ](\S+)", command)
    if match:
        return match.group(1)
    return owner.in_home(".config/docker/daemon.json") if owner else "/etc/docker/daemon.json"

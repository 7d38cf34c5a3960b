# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The command of a task: arguments, environment and standard input, checked before the first request."""

from __future__ import annotations

import shlex
import uuid
from typing import Any, Mapping, NamedTuple

from ..container.env_file import environment
from ..errors import BadOption

# A variable with a unique value, by which a shell in the container finds the processes of one run.
MARKER = "FLOTILLA_EXEC_ID"


class Command(NamedTuple):
    """A command. ``stdin`` is None if it has no standard input. ``marker`` is set if its processes may have to be found later."""

    argv: list[str]
    env: dict[str, str]
    stdin: bytes | None
    user: str = ""
    chdir: str = ""
    tty: bool = False
    privileged: bool = False
    marker: str = ""

    @property
    def text(self) -> str:
        """The command as text, quoted for a shell."""
        return " ".join(shlex.quote(word) for word in self.argv)

    def body(self, detach: bool) -> dict[str, Any]:
        """The body of POST /containers/{id}/exec."""
        env = dict(self.env, **({MARKER: self.marker} if self.marker else {}))
        return {
            "AttachStdin": self.stdin is not None,
            "AttachStdout": not detach,
            "AttachStderr": not detach and not self.tty,
            "Cmd": self.argv,
            "Env": [f"{name}={value}" for name, value in env.items()],
            "Privileged": self.privileged,
            "Tty": self.tty,
            "User": self.user,
            "WorkingDir": self.chdir,
        }


def read_command(params: Mapping[str, Any], marked: bool) -> Command:
    """The command of a task. Raises BadOption."""
    env = environment(params)
    if params["detach"] and params["stdin"] is not None:
        raise BadOption(
            "stdin",
            "and detach are mutually exclusive: the task does not wait to send the input",
            example="detach: false",
        )
    if params["detach"] and params["exec_timeout"]:
        raise BadOption(
            "exec_timeout", "and detach are mutually exclusive: the task does not wait for a detached command"
        )
    if params["exec_timeout"] is not None and params["exec_timeout"] <= 0:
        raise BadOption("exec_timeout", "must be above 0", got=params["exec_timeout"], example="exec_timeout: 30")
    if params["chdir"] and not params["chdir"].startswith("/"):
        raise BadOption(
            "chdir", "must be an absolute path in the container", got=params["chdir"], example="chdir: /srv"
        )
    return Command(
        _argv(params),
        env,
        _stdin(params),
        params["user"] or "",
        params["chdir"] or "",
        params["tty"],
        params["privileged"],
        uuid.uuid4().hex if marked else "",
    )


def _argv(params: Mapping[str, Any]) -> list[str]:
    if params["argv"] is not None:
        argv = params["argv"]
        if not argv or not argv[0]:
            raise BadOption("argv", "must start with a program", got=argv, example="argv: [cat, /etc/hostname]")
        return argv
    try:
        argv = shlex.split(params["command"])
    except ValueError as error:
        raise BadOption(
            "command", f"must have matching quotes ({error})", got=params["command"], example="argv: [echo, it's]"
        ) from error
    if not argv:
        raise BadOption("command", "must not be empty", got=params["command"], example="command: cat /etc/hostname")
    return argv


def _stdin(params: Mapping[str, Any]) -> bytes | None:
    if params["stdin"] is None:
        return None
    return (params["stdin"] + ("\n" if params["stdin_add_newline"] else "")).encode("utf-8")

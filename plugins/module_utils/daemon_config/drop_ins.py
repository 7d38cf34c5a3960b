# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reads the daemon's command line from systemd units, and writes drop-ins."""

from __future__ import annotations

import re
import shlex
from typing import Any, Callable, Mapping, Sequence

HEAD = "# Written by flotilla.docker.docker_daemon_config; changes by hand are overwritten.\n"


def command_line(texts: Sequence[str]) -> str:
    """ExecStart of a unit and its drop-ins, in the order in which systemd reads them. An empty value resets the earlier ones."""
    found = ""
    for text in texts:
        for value in _values(text, "ExecStart"):
            found = value
    return found


def expand(command: str, environment: Mapping[str, str]) -> list[str]:
    """The words of a command line as systemd would pass them on: a word $NAME becomes as many words as its value has."""
    words: list[str] = []
    for word in shlex.split(command):
        name = re.match(r"^\$(\w+)$", word)
        if name:
            words += shlex.split(environment.get(name.group(1), ""))
        else:
            words.append(re.sub(r"\$\{(\w+)\}", lambda match: environment.get(match.group(1), ""), word))
    return words


def environment(texts: Sequence[str], read_file: Callable[[str], str | None] = lambda path: None) -> dict[str, str]:
    """Variables that Environment= and EnvironmentFile= of a unit set. ``read_file(path)`` returns a file's text or None."""
    found: dict[str, str] = {}
    for text in texts:
        for value in _values(text, "Environment"):
            found.update(word.replace("%%", "%").partition("=")[::2] for word in shlex.split(value))
        for path in _values(text, "EnvironmentFile"):
            found.update(_assignments(read_file(path.lstrip("-")) or ""))
    return found


def added_flags(text: str, packaged: str) -> tuple[str, ...]:
    """Flags that a drop-in of this module adds to the packaged command line."""
    words = [word.replace("%%", "%").replace("$$", "$") for word in shlex.split(command_line([text]))]
    return tuple(words[len(shlex.split(packaged)) :])


def other_settings(text: str) -> dict[str, Any]:
    """Settings of a drop-in of this module, without environment and command line. One that occurs more than once is a list."""
    found: dict[str, list[str]] = {}
    for line in text.splitlines():
        name, separator, value = line.partition("=")
        if separator and not line.startswith("#") and name not in ("Environment", "ExecStart"):
            found.setdefault(name, []).extend([value] if value else [])
    return {name: values[0] if len(values) == 1 else values for name, values in found.items()}


def _assignments(text: str) -> dict[str, str]:
    rows = (
        line.strip().partition("=")
        for line in text.splitlines()
        if line.strip() and not line.strip().startswith(("#", ";"))
    )
    return {name: " ".join(shlex.split(value)) for name, separator, value in rows if separator}


def _values(text: str, key: str) -> list[str]:
    joined = re.sub(r"\\\n", " ", text)
    return [line.partition("=")[2].strip() for line in joined.splitlines() if line.partition("=")[0].strip() == key]


def service_drop_in(
    variables: Mapping[str, Any], flags: Sequence[str], settings: Mapping[str, Any], command: str
) -> str:
    """A drop-in for docker.service, or an empty text where it would have no setting. ``command`` is the unit's own command line."""
    lines = [f'Environment="{name}={_quoted(value)}"' for name, value in sorted(variables.items())]
    if flags:
        lines += ["ExecStart=", "ExecStart={} {}".format(command, " ".join(_flag(flag) for flag in flags))]
    return _section("Service", lines + _settings(settings))


def user_service(name: str, launcher: str) -> str:
    """docker.service of a user's rootless Engine, which ``launcher`` (dockerd-rootless.sh) starts. No package contains this unit."""
    folder = launcher.rpartition("/")[0]
    path = ":".join(
        dict.fromkeys(
            filter(None, (folder, "/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"))
        )
    )
    unit = (f"Description=Docker Engine of {name}", "StartLimitBurst=3", "StartLimitIntervalSec=60")
    service = (
        "Type=notify",
        "NotifyAccess=all",
        f"Environment=PATH={path}",
        f"ExecStart={launcher}",
        "ExecReload=/bin/kill -s HUP $MAINPID",
        # Signals go to rootlesskit, which ends the daemon; the rest of the group is killed after it.
        "KillMode=mixed",
        "Delegate=yes",
        "TasksMax=infinity",
        "Restart=on-failure",
        "RestartSec=2",
    )
    return (
        HEAD
        + "\n\n".join("[{}]\n{}".format(title, "\n".join(lines)) for title, lines in _sections(unit, service))
        + "\n"
    )


def _sections(unit: Sequence[str], service: Sequence[str]) -> Sequence[tuple[str, Sequence[str]]]:
    return (("Unit", unit), ("Service", service), ("Install", ("WantedBy=default.target",)))


def socket_drop_in(settings: Mapping[str, Any]) -> str:
    """A drop-in for docker.socket, or an empty text. A list in it, such as ListenStream, replaces the packaged one."""
    return _section("Socket", _settings(settings, replaced=("ListenStream",)))


def _settings(settings: Mapping[str, Any], replaced: Sequence[str] = ()) -> list[str]:
    lines: list[str] = []
    for name, value in sorted(settings.items()):
        values = value if isinstance(value, list) else [value]
        lines += [f"{name}="] if name in replaced else []
        lines += [f"{name}={item}" for item in values]
    return lines


def _section(name: str, lines: Sequence[str]) -> str:
    return HEAD + f"[{name}]\n" + "\n".join(lines) + "\n" if lines else ""


def _quoted(value: object) -> str:
    return str(value).replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%")


def _flag(flag: str) -> str:
    return '"{}"'.format(_quoted(flag).replace("$", "$$")) if re.search(r"[\s\"'\\$%;]", flag) else flag

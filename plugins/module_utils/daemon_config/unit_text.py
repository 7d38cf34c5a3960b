# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Texts of systemd units: the daemon's command line read out of them, and drop-ins written."""

from __future__ import annotations

import re
import shlex
from typing import Dict, List, Mapping, Sequence, Tuple

HEAD = "# Written by flotilla.docker.docker_daemon_config; changes by hand are overwritten.\n"


def command_line(texts: Sequence[str]) -> str:
    """ExecStart of a unit and its drop-ins, in the order systemd reads them. An empty one forgets those before it."""
    found = ""
    for text in texts:
        for value in _values(text, "ExecStart"):
            found = value
    return found


def expand(command: str, environment: Mapping[str, str]) -> List[str]:
    """The words of a command line as systemd would pass them on: a word $NAME becomes as many words as its value has."""
    words: List[str] = []
    for word in shlex.split(command):
        name = re.match(r"^\$(\w+)$", word)
        if name:
            words += shlex.split(environment.get(name.group(1), ""))
        else:
            words.append(re.sub(r"\$\{(\w+)\}", lambda match: environment.get(match.group(1), ""), word))
    return words


def environment(texts: Sequence[str], read_file: object = None) -> Dict[str, str]:
    """What Environment= and EnvironmentFile= of a unit set. ``read_file(path)`` gives a file's text or None."""
    found: Dict[str, str] = {}
    for text in texts:
        for value in _values(text, "Environment"):
            found.update(word.partition("=")[::2] for word in shlex.split(value))
        for path in _values(text, "EnvironmentFile"):
            content = read_file(path.lstrip("-")) if callable(read_file) else None
            found.update(_assignments(content or ""))
    return found


def _assignments(text: str) -> Dict[str, str]:
    rows = (line.strip().partition("=") for line in text.splitlines() if line.strip() and not line.strip().startswith(("#", ";")))
    return {name: " ".join(shlex.split(value)) for name, separator, value in rows if separator}


def _values(text: str, key: str) -> List[str]:
    joined = re.sub(r"\\\n", " ", text)
    return [line.partition("=")[2].strip() for line in joined.splitlines() if line.partition("=")[0].strip() == key]


def service_drop_in(environment_asked: Mapping[str, str], flags: Sequence[str], settings: Mapping[str, str], command: str) -> str:
    """A drop-in for docker.service, or an empty text where nothing is asked. ``command`` is the unit's own command line."""
    lines = ['Environment="%s=%s"' % (name, _quoted(value)) for name, value in sorted(environment_asked.items())]
    if flags:
        lines += ["ExecStart=", "ExecStart=%s %s" % (command, " ".join(_flag(flag) for flag in flags))]
    return _section("Service", lines + _settings(settings))


def user_service(name: str, launcher: str) -> str:
    """docker.service of a user's rootless Engine, which ``launcher`` (dockerd-rootless.sh) starts: what a package brings for the system's own."""
    folder = launcher.rpartition("/")[0]
    path = ":".join(dict.fromkeys(filter(None, (folder, "/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"))))
    unit = ("Description=Docker Engine of %s" % name, "StartLimitBurst=3", "StartLimitIntervalSec=60")
    service = (
        "Type=notify",
        "NotifyAccess=all",
        "Environment=PATH=%s" % path,
        "ExecStart=%s" % launcher,
        "ExecReload=/bin/kill -s HUP $MAINPID",
        # Signals go to rootlesskit, which ends the daemon; the rest of the group is killed after it.
        "KillMode=mixed",
        "Delegate=yes",
        "TasksMax=infinity",
        "Restart=on-failure",
        "RestartSec=2",
    )
    return HEAD + "\n\n".join("[%s]\n%s" % (title, "\n".join(lines)) for title, lines in _sections(unit, service)) + "\n"


def _sections(unit: Sequence[str], service: Sequence[str]) -> Sequence[Tuple[str, Sequence[str]]]:
    return (("Unit", unit), ("Service", service), ("Install", ("WantedBy=default.target",)))


def socket_drop_in(settings: Mapping[str, str]) -> str:
    """A drop-in for docker.socket, or an empty text. A list in it, such as ListenStream, replaces the packaged one."""
    return _section("Socket", _settings(settings, replaced=("ListenStream",)))


def _settings(settings: Mapping[str, str], replaced: Sequence[str] = ()) -> List[str]:
    lines: List[str] = []
    for name, value in sorted(settings.items()):
        values = value if isinstance(value, list) else [value]
        lines += ["%s=" % name] if name in replaced else []
        lines += ["%s=%s" % (name, item) for item in values]
    return lines


def _section(name: str, lines: Sequence[str]) -> str:
    return HEAD + "[%s]\n" % name + "\n".join(lines) + "\n" if lines else ""


def _quoted(value: str) -> str:
    return str(value).replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%")


def _flag(flag: str) -> str:
    return '"%s"' % _quoted(flag).replace("$", "$$") if re.search(r"[\s\"'\\$%;]", flag) else flag

# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Options of the process in the container: command, user, environment."""

from __future__ import annotations

import re
from typing import Any, Iterable, Mapping

from ... import yaml_types
from ...errors import BadOption
from ...option import MapOption, Option, pairs
from .. import convert, normal, secrets
from ..env_file import environment, read_lines


class Command(Option):
    """A command line. With command_handling=compatibility a list is joined and split again, as old tasks expect."""

    def desired(self, params: dict[str, Any]) -> Any:
        value = params.get(self.name)
        if value is None:
            return None
        if params.get("command_handling") != "compatibility":
            return convert.words(self.name, value)
        line = (
            " ".join(yaml_types.word(self.name, word) for word in value)
            if isinstance(value, list)
            else yaml_types.word(self.name, value)
        )
        return convert.words(self.name, line) or None


class Environment(MapOption):
    """env takes precedence over env_file, and env_file over the image."""

    def desired(self, params: dict[str, Any]) -> Any:
        if params.get("env") is None and params.get("env_file") is None:
            return None
        return environment(params)

    def shown(self, value: Mapping[str, Any] | None, params: Mapping[str, Any]) -> dict[str, Any]:
        return {self.name: value and secrets.mask_env(value, params.get("secret_env") or ())}


class Labels(MapOption):
    """labels takes precedence over label_file, and label_file over the image."""

    def desired(self, params: dict[str, Any]) -> Any:
        if params.get("labels") is None and params.get("label_file") is None:
            return None
        entries = read_lines(self.name, "label_file", params.get("label_file"))
        entries.update(pairs("labels", params.get("labels") or {}))
        return entries

    def shown(self, value: Mapping[str, Any] | None, params: Mapping[str, Any]) -> dict[str, Any]:
        return {self.name: value and secrets.mask_labels(value)}


def _variables(value: Iterable[str] | None) -> dict[str, str]:
    return dict(entry.split("=", 1) for entry in value or [] if "=" in entry)


def _domain(option: str, value: str) -> str:
    if not re.match(r"^[A-Za-z0-9]([A-Za-z0-9_.-]*[A-Za-z0-9])?$", value) or len(value) > 253:
        raise BadOption(
            option, "must be letters, digits, hyphens and dots", got=value, example=f"{option}: web.example.org"
        )
    return value


def _absolute(option: str, value: str) -> str:
    if not value.startswith("/"):
        raise BadOption(option, "must be an absolute path in the container", got=value, example=f"{option}: /srv")
    return value


ROWS = (
    Command(
        "command",
        spec={"type": "raw"},
        path="Config.Cmd",
        flag="COMMAND",
        from_image="Cmd",
        empty_is_image=True,
        help=(
            "Command to run instead of the image's, as a list of words or as a string that is split like a shell would.",
            "An empty list means the image's own command.",
        ),
    ),
    Command(
        "entrypoint",
        spec={"type": "list", "elements": "str"},
        path="Config.Entrypoint",
        flag="--entrypoint",
        normal=lambda value: [] if value == [""] else value,
        from_image="Entrypoint",
        help=(
            "Program that O(command) is passed to, instead of the image's. With it the image's command is not used.",
            "An empty list clears the image's entry point.",
        ),
    ),
    Environment(
        "env",
        spec={"type": "dict"},
        path="Config.Env",
        flag="--env",
        read=_variables,
        emit=lambda entries: ["{}={}".format(*entry) for entry in sorted(entries.items())],
        from_image="Env",
        partners={
            "env_file": (
                {"type": "path"},
                ("File on the managed host with lines KEY=VALUE. O(env) takes precedence.",),
                "--env-file",
            )
        },
        help=(
            "Environment variables. Put words such as yes, and numbers with a point, into quotes: YAML changes them.",
            "Values of variables whose names look secret, and of those in O(secret_env), are masked in all output, and so are user and password in"
            " addresses, such as those of proxies.",
        ),
    ),
    MapOption(
        "annotations",
        spec={"type": "dict"},
        path="HostConfig.Annotations",
        flag="--annotation",
        parse=pairs,
        since="1.43",
        help=("Annotations for the OCI runtime.",),
    ),
    Labels(
        "labels",
        spec={"type": "dict"},
        path="Config.Labels",
        flag="--label",
        from_image="Labels",
        partners={
            "label_file": (
                {"type": "path"},
                ("File on the managed host with lines KEY=VALUE. O(labels) takes precedence.",),
                "--label-file",
            )
        },
        help=("Labels of the container, as strings.",),
    ),
    Option(
        "user",
        spec={"type": "raw"},
        path="Config.User",
        parse=yaml_types.user,
        flag="--user",
        from_image="User",
        help=("User, and group after a colon, by name or number, that the process runs as.",),
    ),
    MapOption(
        "groups",
        spec={"type": "list", "elements": "str"},
        path="HostConfig.GroupAdd",
        flag="--group-add",
        parse=convert.members,
        read=lambda value: dict.fromkeys(value or [], True),
        emit=list,
        help=("Additional groups of the process, by name or number.",),
    ),
    Option(
        "working_dir",
        spec={"type": "str"},
        path="Config.WorkingDir",
        flag="--workdir",
        parse=_absolute,
        normal=lambda value: normal.path(value) or "/",
        from_image="WorkingDir",
        help=("Working directory of the process in the container.",),
    ),
    Option(
        "hostname",
        spec={"type": "str"},
        path="Config.Hostname",
        flag="--hostname",
        parse=_domain,
        help=("Host name inside the container.",),
    ),
    Option(
        "domainname",
        spec={"type": "str"},
        path="Config.Domainname",
        flag="--domainname",
        parse=_domain,
        help=("NIS domain name inside the container.",),
    ),
    Option(
        "interactive",
        spec={"type": "bool"},
        path="Config.OpenStdin",
        flag="--interactive",
        help=("Keep standard input open even if nothing is attached.",),
    ),
    Option("tty", spec={"type": "bool"}, path="Config.Tty", flag="--tty", help=("Allocate a pseudo-terminal.",)),
    Option(
        "init",
        spec={"type": "bool"},
        path="HostConfig.Init",
        flag="--init",
        help=("Run an init process in the container that forwards signals and reaps processes.",),
    ),
    Option(
        "runtime",
        spec={"type": "str"},
        info="DefaultRuntime",
        path="HostConfig.Runtime",
        flag="--runtime",
        help=("OCI runtime of the Engine, such as V(runc).",),
    ),
)

# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Options about the process in the container: what runs, as whom, with which environment."""

from __future__ import annotations

import re
from typing import Any

from ...errors import BadOption
from .. import convert, rules, secrets
from ..option import MapOption, Option


class Command(Option):
    """A command line. With command_handling=compatibility a list is joined and split again, as old tasks expect."""

    def desired(self, params: dict[str, Any]) -> Any:
        value = params.get(self.name)
        if value is None:
            return None
        if params.get("command_handling") != "compatibility":
            return convert.words(self.name, value)
        line = " ".join(convert.text(self.name, word) for word in value) if isinstance(value, list) else convert.text(self.name, value)
        return convert.words(self.name, line) or None


class Environment(MapOption):
    """env over env_file over what the image brings."""

    def desired(self, params: dict[str, Any]) -> Any:
        if params.get("env") is None and params.get("env_file") is None:
            return None
        env = params.get("env") or {}
        for name, value in env.items():
            if not isinstance(value, str) and secrets.is_secret(str(name), params.get("secret_env") or ()):
                raise BadOption(
                    "env.%s" % name, secrets.MASK, "it is not a string; YAML may have changed what you wrote, so put it in quotes", "env: {%s: '…'}" % name
                )
        entries = read_lines(self.name, "env_file", params.get("env_file"))
        entries.update(convert.pairs("env", env))
        return entries


class Labels(MapOption):
    """labels over label_file over what the image brings."""

    def desired(self, params: dict[str, Any]) -> Any:
        if params.get("labels") is None and params.get("label_file") is None:
            return None
        entries = read_lines(self.name, "label_file", params.get("label_file"))
        entries.update(convert.pairs("labels", params.get("labels") or {}))
        return entries


def read_lines(option: str, file_option: str, path: Any) -> dict[str, str]:
    """KEY=VALUE lines of a file on the host; blank lines and those that begin with # are passed over, as docker run does."""
    if path is None:
        return {}
    try:
        with open(path, encoding="utf-8") as lines:
            entries = [line.strip("\r\n") for line in lines]
    except (OSError, UnicodeDecodeError) as error:
        raise BadOption(
            file_option, path, "it cannot be read on the host that runs the module (%s)" % error, "%s: /etc/web/%s" % (file_option, option)
        ) from None
    result = {}
    for entry in entries:
        if entry.strip() and not entry.lstrip().startswith("#"):
            key, sign, value = entry.lstrip().partition("=")
            if not key.strip() or not sign or re.search(r"\s", key):
                raise BadOption(file_option, path, "a line is not KEY=VALUE: %s" % key[:40], "MODE=production")
            result[key] = value
    return result


class Healthcheck(Option):
    """The test and its times. Fields that the task leaves out are the image's, so only those that it sets are compared."""

    def desired(self, params: dict[str, Any]) -> Any:
        check = params.get(self.name)
        if check is None:
            return None
        test = check.get("test")
        if test is None and not check.get("test_cli_compatible"):
            raise BadOption(
                "healthcheck.test",
                None,
                "without a test there is nothing to check; to change only the times of the image's check, say so",
                "healthcheck: {test_cli_compatible: true, interval: 30s}",
            )
        wanted: dict[str, Any] = {} if test is None else {"Test": _test(test)}
        for field, key in (("interval", "Interval"), ("timeout", "Timeout"), ("start_period", "StartPeriod"), ("start_interval", "StartInterval")):
            if check.get(field) is not None:
                wanted[key] = convert.duration("healthcheck.%s" % field, check[field])
        if check.get("retries") is not None:
            wanted["Retries"] = check["retries"]
        return {"Test": ["NONE"]} if wanted.get("Test") == ["NONE"] else wanted

    def requires(self, desired: Any) -> Any:
        return "1.44" if desired and "StartInterval" in desired else None


def _test(test: Any) -> list[str]:
    if isinstance(test, str):
        return ["NONE"] if test.upper() == "NONE" else ["CMD-SHELL", test]
    if not isinstance(test, list) or not test:
        raise BadOption(
            "healthcheck.test",
            test,
            "it is neither a command line nor a list that begins with CMD, CMD-SHELL or NONE",
            "healthcheck: {test: [CMD, curl, -f, 'http://localhost/']}",
        )
    if str(test[0]) not in ("CMD", "CMD-SHELL", "NONE"):
        raise BadOption("healthcheck.test", test, "a list begins with CMD, CMD-SHELL or NONE", "healthcheck: {test: [CMD, curl, -f, 'http://localhost/']}")
    return ["NONE"] if test[0] == "NONE" else [convert.text("healthcheck.test", word) for word in test]


class RestartPolicy(Option):
    """The policy and how often it tries."""

    def desired(self, params: dict[str, Any]) -> Any:
        name = params.get("restart_policy")
        if name is None:
            return None
        wanted = {"Name": name}
        retries = params.get("restart_retries")
        if retries is not None:
            if name != "on-failure" and retries:
                raise BadOption("restart_retries", retries, "only the policy on-failure counts retries", "restart_policy: on-failure")
            wanted["MaximumRetryCount"] = retries
        return wanted


def _variables(value: Any) -> dict[str, str]:
    return dict(entry.split("=", 1) for entry in value or [] if "=" in entry)


def _signal_of_words(option: str, value: str) -> str:
    if not re.match(r"^(SIG)?[A-Z0-9+-]+$", value.upper()):
        raise BadOption(option, value, "it is not the name or number of a signal", "%s: SIGTERM" % option)
    return value


def _domain(option: str, value: str) -> str:
    if not re.match(r"^[A-Za-z0-9]([A-Za-z0-9_.-]*[A-Za-z0-9])?$", value) or len(value) > 253:
        raise BadOption(option, value, "a name has letters, digits, - and dots", "%s: web.example.org" % option)
    return value


def _absolute(option: str, value: str) -> str:
    if not value.startswith("/"):
        raise BadOption(option, value, "it is a path in the container and begins with /", "%s: /srv" % option)
    return value


def _without_slash(value: Any) -> Any:
    return (value.rstrip("/") or "/") if value else value


def _log_options(option: str, value: Any) -> dict[str, str]:
    return convert.loose_pairs(option, value)


_HEALTHCHECK_SPEC = {
    "type": "dict",
    "options": {
        "test": {
            "help": (
                "Command that succeeds while the container is well: a string for the container's shell, or a list that begins with V(CMD), V(CMD-SHELL) or"
                " V(NONE). V(NONE) switches the image's check off."
            ),
            "type": "raw",
        },
        "test_cli_compatible": {
            "help": "V(true) takes the image's test where O(healthcheck.test) is not set, so that only its times are changed.",
            "type": "bool",
            "default": False,
        },
        "interval": {"help": "Time between two checks, such as V(30s) or V(1m30s).", "type": "str"},
        "timeout": {"help": "Longest time of one check.", "type": "str"},
        "start_period": {"help": "Time after the start in which failures do not count.", "type": "str"},
        "start_interval": {"help": "Time between two checks during O(healthcheck.start_period) (API 1.44).", "type": "str"},
        "retries": {"help": "Failures in a row that make the container unhealthy.", "type": "int"},
    },
}

ROWS = (
    Command(
        "command",
        spec={"type": "raw"},
        path="Config.Cmd",
        flag="COMMAND",
        from_image="Cmd",
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
        from_image="Entrypoint",
        help=(
            "Program that O(command) is handed to, instead of the image's. With it the image's command no longer counts.",
            "An empty list clears the image's entry point.",
        ),
    ),
    Environment(
        "env",
        spec={"type": "dict"},
        path="Config.Env",
        flag="--env",
        read=_variables,
        emit=lambda entries: ["%s=%s" % entry for entry in sorted(entries.items())],
        from_image="Env",
        partners={"env_file": ({"type": "path"}, ("File on the host with lines KEY=VALUE; what O(env) says wins.",), "--env-file")},
        help=(
            "Environment variables. All values must be strings, so put numbers and words such as yes into quotes.",
            "Values whose names look secret, and those that O(secret_env) names, are masked in what the module returns.",
        ),
    ),
    MapOption(
        "annotations",
        spec={"type": "dict"},
        path="HostConfig.Annotations",
        flag="--annotation",
        parse=convert.pairs,
        since="1.43",
        help=("Annotations for the OCI runtime.",),
    ),
    Labels(
        "labels",
        spec={"type": "dict"},
        path="Config.Labels",
        flag="--label",
        from_image="Labels",
        partners={"label_file": ({"type": "path"}, ("File on the host with lines KEY=VALUE; what O(labels) says wins.",), "--label-file")},
        help=("Labels of the container, as strings.",),
    ),
    Option(
        "user",
        spec={"type": "str"},
        path="Config.User",
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
        read=lambda value: {entry: True for entry in value or []},
        emit=list,
        help=("More groups of the process, by name or number.",),
    ),
    Option(
        "working_dir",
        spec={"type": "str"},
        path="Config.WorkingDir",
        flag="--workdir",
        parse=_absolute,
        normal=_without_slash,
        from_image="WorkingDir",
        help=("Folder in the container that the process starts in.",),
    ),
    Option("hostname", spec={"type": "str"}, path="Config.Hostname", flag="--hostname", parse=_domain, help=("Host name inside the container.",)),
    Option("domainname", spec={"type": "str"}, path="Config.Domainname", flag="--domainname", parse=_domain, help=("NIS domain name inside the container.",)),
    Option("interactive", spec={"type": "bool"}, path="Config.OpenStdin", flag="--interactive", help=("Keep standard input open though nothing is attached.",)),
    Option("tty", spec={"type": "bool"}, path="Config.Tty", flag="--tty", help=("Give the process a pseudo-terminal.",)),
    Option(
        "init",
        spec={"type": "bool"},
        path="HostConfig.Init",
        flag="--init",
        help=("Run a small init as process 1, which passes signals on and reaps children.",),
    ),
    Option(
        "auto_remove",
        spec={"type": "bool"},
        path="HostConfig.AutoRemove",
        flag="--rm",
        help=("Let the Engine remove the container when its process ends. Such a container cannot have a restart policy.",),
    ),
    Option(
        "stop_signal",
        spec={"type": "str"},
        path="Config.StopSignal",
        flag="--stop-signal",
        parse=_signal_of_words,
        normal=convert.signal,
        from_image="StopSignal",
        help=("Signal that asks the process to end, such as V(SIGQUIT).",),
    ),
    Option(
        "stop_timeout",
        spec={"type": "int"},
        path="Config.StopTimeout",
        flag="--stop-timeout",
        mode="ignore",
        help=(
            "Seconds between O(stop_signal) and SIGKILL when the container is stopped, by this module too.",
            "A difference alone does not replace the container unless O(comparisons) asks for it.",
        ),
    ),
    RestartPolicy(
        "restart_policy",
        spec={"type": "str", "choices": ["no", "on-failure", "always", "unless-stopped"]},
        path="HostConfig.RestartPolicy",
        flag="--restart",
        matches=rules.restart_policy_equal,
        live="RestartPolicy",
        reset={"Name": "no"},
        partners={"restart_retries": ({"type": "int"}, ("How often O(restart_policy=on-failure) tries.",), "--restart")},
        help=("What the Engine does when the process ends. Put V(no) into quotes, or YAML reads it as false.",),
    ),
    Option("runtime", spec={"type": "str"}, path="HostConfig.Runtime", flag="--runtime", help=("OCI runtime that the daemon knows, such as V(runc).",)),
    Healthcheck(
        "healthcheck",
        spec=_HEALTHCHECK_SPEC,
        path="Config.Healthcheck",
        flag="--health-cmd",
        matches=rules.contains,
        from_image="Healthcheck",
        help=("How the Engine finds out whether the container is well.",),
    ),
    Option(
        "log_driver",
        spec={"type": "str"},
        path="HostConfig.LogConfig.Type",
        flag="--log-driver",
        help=("Logging driver, such as V(json-file), V(local), V(journald) or V(none).",),
    ),
    MapOption(
        "log_options",
        spec={"type": "dict"},
        path="HostConfig.LogConfig.Config",
        flag="--log-opt",
        aliases=("log_opt",),
        parse=_log_options,
        help=("Options of the O(log_driver), such as C(max-size).",),
    ),
)

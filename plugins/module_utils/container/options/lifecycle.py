# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Options for running containers: stop, restart, health check, log."""

from __future__ import annotations

import re
from typing import Any, Mapping

from ... import yaml_types
from ...errors import BadOption
from ...option import MapOption, Option, loose_pairs
from .. import convert, normal, rules, show


class Healthcheck(Option):
    """The test and its times. Fields that the task does not set come from the image, so only those that it sets are compared."""

    def desired(self, params: dict[str, Any]) -> Any:
        check = params.get(self.name)
        if check is None:
            return None
        test = check.get("test")
        if test is None and not check.get("test_cli_compatible"):
            raise BadOption(
                "healthcheck.test",
                "is required; to change only the intervals of the image's health check, set test_cli_compatible",
                example="healthcheck: {test_cli_compatible: true, interval: 30s}",
            )
        wanted: dict[str, Any] = {} if test is None else {"Test": _test(test)}
        for field, key in (
            ("interval", "Interval"),
            ("timeout", "Timeout"),
            ("start_period", "StartPeriod"),
            ("start_interval", "StartInterval"),
        ):
            if check.get(field) is not None:
                wanted[key] = convert.duration(f"healthcheck.{field}", check[field])
        if check.get("retries") is not None:
            if check["retries"] < 0:
                raise BadOption(
                    "healthcheck.retries",
                    "must be 0 or more",
                    got=check["retries"],
                    example="healthcheck: {test: 'true', retries: 3}",
                )
            wanted["Retries"] = check["retries"]
        # 0 means the image's value, or the Engine's default.
        wanted = {key: entry for key, entry in wanted.items() if entry}
        return {"Test": ["NONE"]} if wanted.get("Test") == ["NONE"] else wanted

    def merged(self, observed: Mapping[str, Any] | None, desired: Mapping[str, Any]) -> Any:
        return desired if desired == {"Test": ["NONE"]} else dict(observed or {}, **desired)

    def same(self, desired: Mapping[str, Any] | None, observed: Mapping[str, Any] | None) -> bool:
        """Only fields that the task sets are compared: the others come from the image."""
        found = normal.healthcheck(observed)
        if not desired or desired.get("Test") == ["NONE"]:
            return found == {"Test": ["NONE"]}
        return all(found.get(key) == entry for key, entry in desired.items())

    def requires(self, desired: Mapping[str, Any] | None) -> Any:
        return "1.44" if desired and "StartInterval" in desired else None


def _test(test: object) -> list[str]:
    if isinstance(test, str):
        return ["NONE"] if test.upper() == "NONE" else ["CMD-SHELL", test]
    if not isinstance(test, list) or not test:
        raise BadOption(
            "healthcheck.test",
            "must be a command line, or a list that starts with CMD, CMD-SHELL or NONE",
            got=test,
            example="healthcheck: {test: [CMD, curl, -f, 'http://localhost/']}",
        )
    if str(test[0]) not in ("CMD", "CMD-SHELL", "NONE"):
        raise BadOption(
            "healthcheck.test",
            "must start with CMD, CMD-SHELL or NONE when it is a list",
            got=test,
            example="healthcheck: {test: [CMD, curl, -f, 'http://localhost/']}",
        )
    return (
        ["NONE"]
        if test[0] == "NONE"
        else [
            yaml_types.text("healthcheck.test", word, lambda likely: f"healthcheck: {{test: [CMD, '{likely}']}}")
            for word in test
        ]
    )


class RestartPolicy(Option):
    """The policy and its number of retries."""

    def desired(self, params: dict[str, Any]) -> Any:
        name = params.get("restart_policy")
        if name is None:
            return None
        wanted = {"Name": name}
        retries = params.get("restart_retries")
        if retries is not None:
            if name != "on-failure" and retries:
                raise BadOption(
                    "restart_retries",
                    "can only be used with restart_policy: on-failure",
                    got=retries,
                    example="restart_policy: on-failure",
                )
            if not 0 <= retries <= 2**31:
                raise BadOption("restart_retries", "must be 0 or more", got=retries, example="restart_retries: 3")
            wanted["MaximumRetryCount"] = retries
        return wanted

    def shown(self, value: Mapping[str, Any] | None, params: Mapping[str, Any]) -> dict[str, Any]:
        if not value:
            return {self.name: value}
        words = {self.name: value.get("Name") or "no"}
        return dict(words, restart_retries=value["MaximumRetryCount"]) if "MaximumRetryCount" in value else words


def _signal_of_words(option: str, value: str) -> str:
    if not re.match(r"^(SIG)?[A-Z0-9+-]+$", value.upper()):
        raise BadOption(option, "must be the name or number of a signal", got=value, example=f"{option}: SIGTERM")
    return value


def _log_options(option: str, value: Mapping[Any, Any]) -> dict[str, str]:
    return loose_pairs(option, value)


def _log_config(host: Mapping[str, Any], driver: str) -> dict[str, Any]:
    """The options of one logging driver are not valid for another."""
    config = host.get("LogConfig") or {}
    return {} if config.get("Type") == driver else {"LogConfig": {"Type": driver, "Config": {}}}


_HEALTHCHECK_SPEC = {
    "type": "dict",
    "options": {
        "test": {
            "help": (
                "Command that succeeds while the container is healthy: a string for the container's shell, or a list that starts with V(CMD), V(CMD-SHELL) or"
                " V(NONE). V(NONE) disables the image's check."
            ),
            "type": "raw",
        },
        "test_cli_compatible": {
            "help": "V(true) uses the image's test if O(healthcheck.test) is not set, to change only its times.",
            "type": "bool",
            "default": False,
        },
        "interval": {"help": "Time between two checks, such as V(30s) or V(1m30s).", "type": "str"},
        "timeout": {"help": "Maximum duration of one check.", "type": "str"},
        "start_period": {"help": "Time after the start during which failures do not count.", "type": "str"},
        "start_interval": {
            "help": "Time between two checks during O(healthcheck.start_period) (API 1.44).",
            "type": "str",
        },
        "retries": {"help": "Failures in a row that make the container unhealthy.", "type": "int"},
    },
}


ROWS = (
    Option(
        "auto_remove",
        spec={"type": "bool"},
        path="HostConfig.AutoRemove",
        flag="--rm",
        help=("Let the Engine remove the container when it exits. Such a container cannot have a restart policy.",),
    ),
    Option(
        "stop_signal",
        spec={"type": "str"},
        path="Config.StopSignal",
        flag="--stop-signal",
        parse=_signal_of_words,
        normal=normal.signal,
        from_image="StopSignal",
        help=("Signal that stops the container, such as V(SIGQUIT).",),
    ),
    Option(
        "stop_timeout",
        spec={"type": "int"},
        path="Config.StopTimeout",
        flag="--stop-timeout",
        mode="ignore",
        help=(
            "Seconds between O(stop_signal) and SIGKILL when the container is stopped, by this module too.",
            "The container is not replaced because of this option alone, unless O(comparisons) requires it.",
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
        default={"Name": "no"},
        partners={
            "restart_retries": (
                {"type": "int"},
                ("Maximum number of restarts with O(restart_policy=on-failure).",),
                "--restart",
            )
        },
        help=("What the Engine does when the container exits.",),
    ),
    Healthcheck(
        "healthcheck",
        spec=_HEALTHCHECK_SPEC,
        path="Config.Healthcheck",
        flag="--health-cmd",
        from_image="Healthcheck",
        show=show.healthcheck,
        help=("How the Engine checks that the container is healthy.",),
    ),
    Option(
        "log_driver",
        spec={"type": "str"},
        info="LoggingDriver",
        path="HostConfig.LogConfig.Type",
        flag="--log-driver",
        along=_log_config,
        help=("Logging driver, such as V(json-file), V(local), V(journald) or V(none).",),
    ),
    MapOption(
        "log_options",
        spec={"type": "dict"},
        path="HostConfig.LogConfig.Config",
        flag="--log-opt",
        aliases=("log_opt",),
        parse=_log_options,
        normal=normal.driver_option,
        help=("Options of the O(log_driver), such as C(max-size).",),
    ),
)

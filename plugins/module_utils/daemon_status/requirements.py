# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The options with which a task requires something of a daemon."""

from __future__ import annotations

import re
from typing import Any, Mapping

from ..errors import BadOption, NotMet
from .diagnosis import RUNNING, Diagnosis


def check_options(params: Mapping[str, Any]) -> None:
    """Raise BadOption for an invalid version or time."""
    for option, example in (("min_version", "26.1"), ("min_api_version", "1.44")):
        value = params[option]
        if value is not None and not re.match(r"^v?\d+(\.\d+)*$", value):
            raise BadOption(option, "must be a version number", got=value, example=f"{option}: '{example}'")
    if params["wait"] < 0:
        raise BadOption("wait", "must be a number of seconds, 0 or more", got=params["wait"], example="wait: 60")


def enforce(params: Mapping[str, Any], diagnosis: Diagnosis, status: dict[str, Any]) -> None:
    """Raise NotMet for the first requirement that the daemon does not meet. Versions need a daemon that answers."""
    wanted = params["require"] == RUNNING or params["min_version"] or params["min_api_version"]
    if wanted and diagnosis.state != RUNNING:
        raise _not_met(
            f"The Docker daemon is not running ({diagnosis.state}): {diagnosis.cause}", diagnosis.advice, status
        )
    for option, key, what in (
        ("min_version", "version", "Docker Engine"),
        ("min_api_version", "api_version", "The Engine API"),
    ):
        least = params[option]
        if least and number(status["server"][key]) < number(least):
            found = "{} is {}, but {} is {}".format(what, status["server"][key], option, least)
            raise _not_met(
                found,
                f"Upgrade the Engine, for example with the role flotilla.docker.docker_engine, or lower {option}",
                status,
            )


def _not_met(message: str, advice: str, status: dict[str, Any]) -> NotMet:
    error = NotMet(message, advice)
    error.facts = status
    return error


def number(version: str | None) -> tuple[int, ...]:
    """ "20.10.24+dfsg1" as (20, 10, 24), and "26.1.0" as (26, 1), so that it is not newer than "26.1"."""
    match = re.match(r"v?(\d+(?:\.\d+)*)", version or "")
    parts = [int(part) for part in match.group(1).split(".")] if match else []
    while parts and parts[-1] == 0:
        parts.pop()
    return tuple(parts)

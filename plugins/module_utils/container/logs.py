# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Logs of containers, as text and as the lines that a task asks for."""

from __future__ import annotations

import datetime
import re
from typing import TYPE_CHECKING, Any, Mapping

from ..errors import ApiError, BadOption
from . import convert
from .watch import text_of_log

if TYPE_CHECKING:
    from ..engine.engine import Engine


class Selection:
    """Which lines of a log a task asks for. Raises BadOption."""

    def __init__(self, option: str, asked: Mapping[str, Any]) -> None:
        self._option = option
        if asked["tail"] is not None and asked["tail"] < 0:
            raise BadOption(
                f"{option}.tail", "must be 0 or more", got=asked["tail"], example=f"{option}: {{tail: 100}}"
            )
        try:
            self._pattern = re.compile(asked["grep"]) if asked["grep"] else None
        except re.error as error:
            raise BadOption(
                f"{option}.grep",
                f"must be a regular expression ({error})",
                got=asked["grep"],
                example=f"{option}: {{grep: 'error|fatal'}}",
            ) from error
        self._tail = asked["tail"]
        self._timestamps = asked["timestamps"]
        self._since = self._moment("since", asked["since"])
        self._until = self._moment("until", asked["until"])

    def read(self, engine: Engine, name: str) -> list[str]:
        """The lines, oldest first."""
        # With a pattern, "tail" counts lines that match.
        wanted = "all" if self._tail is None or self._pattern else self._tail
        try:
            raw = engine.containers.logs(
                name, tail=wanted, since=self._since, until=self._until, timestamps=self._timestamps or None
            )
        except ApiError as error:
            if "does not support reading" not in error.explanation:
                raise
            raise BadOption(
                self._option,
                f"cannot be used with container {name}, because its logging driver keeps no log that the Engine can read",
            ) from error
        lines = text_of_log(raw).splitlines()
        if self._pattern:
            lines = [line for line in lines if self._pattern.search(line)]
        return lines if self._tail is None else lines[max(0, len(lines) - self._tail) :]

    def _moment(self, key: str, text: str | None) -> str | None:
        """Unix seconds of a time, or of a duration before now; docker logs accepts both."""
        if text is None:
            return None
        now = datetime.datetime.now(datetime.timezone.utc).timestamp()
        if re.fullmatch(r"\d+(\.\d+)?", text):
            return text
        if re.fullmatch(r"(\d+(\.\d+)?(h|m|s|ms|us))+", text):
            return f"{now - convert.duration(f'{self._option}.{key}', text) / 10**9:.9f}"
        try:
            moment = datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))
        except ValueError as error:
            raise BadOption(
                f"{self._option}.{key}",
                "must be a time such as 2026-11-01T10:00:00Z, a duration before now such as 10m, or Unix seconds",
                got=text,
                example=f"{self._option}: {{{key}: 10m}}",
            ) from error
        return f"{moment.timestamp():.9f}"

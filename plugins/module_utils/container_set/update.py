# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The options of update, and the steps between batches."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, Mapping

from ..errors import BadOption
from ..step import Outcome, Step
from .members import seconds

if TYPE_CHECKING:
    from ..engine.engine import Engine


class Update:
    """The options of update, checked."""

    def __init__(self, given: Mapping[str, Any]) -> None:
        self.parallelism: int = given["parallelism"]
        self.order: str = given["order"].replace("-", "_")
        self.delay = seconds("update.delay", given["delay"])
        self.monitor = seconds("update.monitor", given["monitor"])
        self.ratio: float = given["max_failure_ratio"]
        self.failure_action: str = given["failure_action"]
        if self.parallelism < 0:
            raise BadOption(
                "update.parallelism", "must be 0 (all at once) or more", got=self.parallelism, example="parallelism: 1"
            )
        if not 0 <= self.ratio <= 1:
            raise BadOption(
                "update.max_failure_ratio", "must be between 0 and 1", got=self.ratio, example="max_failure_ratio: 0.1"
            )

    @property
    def goes_on(self) -> bool:
        """Whether the remaining members are changed if too many have failed."""
        return self.failure_action == "continue"


class Note(Step[Any]):
    """An entry of actions that gives the reason for the next step."""

    undoable = False

    def __init__(self, summary: str) -> None:
        self.summary = summary

    def predict(self, engine: Engine) -> Outcome:
        return Outcome(changed=False)

    def apply(self, engine: Engine) -> Outcome:
        return Outcome(changed=False)

    def actions(self, outcome: Outcome) -> list[str]:
        return [self.summary]


class Delay(Note):
    """Wait between two batches."""

    def __init__(self, pause: float) -> None:
        super().__init__(f"wait {pause:g} s before the next batch")
        self.pause = pause

    def apply(self, engine: Engine) -> Outcome:
        time.sleep(self.pause)
        return Outcome(changed=False)

    def actions(self, outcome: Outcome) -> list[str]:
        return []

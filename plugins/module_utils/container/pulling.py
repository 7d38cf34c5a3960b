# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The image of a container, pulled as the task says."""

from __future__ import annotations

from typing import Any, Generator, Mapping

from ..image import plan
from ..image.reference import parse_reference
from ..image.steps import Pulled
from ..step import Outcome, Step


def pull_steps(engine: Any, params: Mapping[str, Any]) -> Generator[Any, Any, Any]:
    """The inspected image. In check mode None if a pull would bring another one."""
    policy = {True: "always", False: "missing", "True": "always", "False": "missing"}.get(params["pull"], params["pull"])
    steps = plan.ensure(engine, parse_reference(params["image"], "image"), policy, params.get("platform"))
    outcome = None
    try:
        while True:
            pull = steps.send(outcome)
            outcome = yield pull if params["pull_check_mode_behavior"] == "registry" else Assumed(pull, params["pull_check_mode_behavior"])
    except StopIteration as end:
        return end.value


class Assumed(Step):
    """A pull whose prediction asks nobody: community.docker's ways to answer in check mode."""

    def __init__(self, pull: Any, behavior: str) -> None:
        self.pull = pull
        self.behavior = behavior
        self.summary = pull.summary

    def predict(self, engine: Any) -> Outcome:
        return Outcome(self.behavior == "always" or self.pull.present is None, Pulled(self.pull.present))

    def apply(self, engine: Any) -> Outcome:
        return self.pull.apply(engine)

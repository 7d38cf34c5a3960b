# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The step that creates a network."""

from __future__ import annotations

import random
import time
from typing import TYPE_CHECKING, Any, Mapping

from ..errors import ApiError, Conflict, Interrupted, StepFailed, Unreachable
from ..object_options import differences, sentences
from ..option import Option
from ..step import Outcome, Step
from .failures import explained
from .options import ROWS
from .steps import allocated, of_swarm, remove

if TYPE_CHECKING:
    from ..engine.engine import Engine

_ATTEMPTS = 5


def default_network(name: str) -> Create:
    """The step that creates a network with the Engine's defaults."""
    return Create({"Name": name}, desired={})


class Create(Step["Engine"]):
    """Create a network. Undone by removing it.

    ``desired`` is compared with a network that another client creates at the same time. None: such a network is a failure.
    """

    def __init__(
        self,
        body: Mapping[str, Any],
        before: dict[str, Any] | None = None,
        after: dict[str, Any] | None = None,
        desired: Mapping[Option, Any] | None = None,
    ) -> None:
        self.body = dict(body)
        self.desired = desired
        self.name = self.body["Name"]
        self.summary = f"create network {self.name}"
        self.before = before or {}
        self.after = after or {}
        self.id: str | None = None
        self.answer_lost = False

    def predict(self, engine: Engine) -> Outcome:
        return self._outcome()

    def apply(self, engine: Engine) -> Outcome:
        for _attempt in range(_ATTEMPTS):
            try:
                answer = engine.networks.create(self.body)
            except (Unreachable, Interrupted):
                self.answer_lost = True
                raise
            except ApiError as error:
                known = self._named(engine) if isinstance(error, Conflict) else []
                if not known:
                    raise explained(error) from error
                return self._kept(allocated(engine, known[0]) or {})
            self.id = answer["Id"]
            if not engine.flavour.keeps_network_options:
                self._require_options(engine)
            if engine.speaks("1.44") or len(self._named(engine)) < 2:
                if of_swarm(self.body):
                    allocated(engine, engine.networks.find(answer["Id"]))
                return self._outcome(answer.get("Warning"))
            # Older Engines create two networks of one name for requests at the same time. Each client that sees another network removes its own.
            remove(engine, {"Id": self.id, "Name": self.name})
            self.id = None
            time.sleep(random.uniform(0.1, 1.0))
            known = self._named(engine)
            if known:
                return self._kept(allocated(engine, known[0]) or {})
        raise StepFailed(f"Other clients create network {self.name} again and again", "Run the task again")

    def _require_options(self, engine: Engine) -> None:
        """Podman ignores many options without an error."""
        ignored = differences(ROWS, self.desired or {}, engine.networks.find(self.name) or {}, track=False)
        if ignored:
            raise StepFailed(
                f"{engine.flavour.name} created network {self.name} and ignored options of the task: {'; '.join(sentences(ignored))}",
                f"Remove these options for hosts with {engine.flavour.name}",
                differences=sentences(ignored),
            )

    def _named(self, engine: Engine) -> list[dict[str, Any]]:
        return [network for network in engine.networks.list(name=[self.name]) if network["Name"] == self.name]

    def _kept(self, network: Mapping[str, Any]) -> Outcome:
        """The network of another client is kept if it is as the task describes it."""
        unlike = None if self.desired is None else sentences(differences(ROWS, self.desired, network, track=False))
        if unlike or unlike is None:
            raise StepFailed(
                f"Network {self.name} was created by another client at the same time"
                + (f", with other options: {'; '.join(unlike)}" if unlike else ""),
                "Run the task again",
            )
        return Outcome(False)

    def _outcome(self, warning: str | None = None) -> Outcome:
        return Outcome(True, None, self.before, self.after, (f"Docker warning: {warning}",) if warning else ())

    def undo(self, engine: Engine) -> bool | None:
        if self.id is None and self.answer_lost:
            found = self._named(engine)
            self.id = found[0]["Id"] if found else None
        if self.id is None:
            return False
        remove(engine, {"Id": self.id, "Name": self.name})
        return None

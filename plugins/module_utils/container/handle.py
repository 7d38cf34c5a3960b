# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The base of steps on one container. With a ``Handle``, steps share the id of a container that an earlier step creates."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Iterable

from ..errors import FlotillaError
from ..step import Outcome, Step

if TYPE_CHECKING:
    from ..engine.engine import Engine


class Handle:
    """A container by its name until its id is known. Ids survive a rename, so steps that undo go by id.

    ``current_name`` is its name while it has a backup name, or until it gets its final name.
    """

    def __init__(self, name: str, identity: str | None = None, current_name: str | None = None) -> None:
        self.name = name
        self.current_name = current_name or name
        self.id = identity

    @property
    def key(self) -> str:
        """Its id or name for a request."""
        return self.id or self.current_name


class ContainerStep(Step):
    """A step on one container."""

    def __init__(
        self, container: Handle, summary: str, before: dict[str, Any] | None = None, after: dict[str, Any] | None = None
    ) -> None:
        self.container = container
        self.summary = summary
        self.before = before or {}
        self.after = after or {}

    def predict(self, engine: Engine) -> Outcome:
        return self._outcome()

    def apply(self, engine: Engine) -> Outcome:
        try:
            return self._do(engine)
        except FlotillaError as error:
            # Requests use the id, which says nothing to a user.
            error.message = error.message.replace(self.container.key, self.container.name, 1)
            raise

    def _do(self, engine: Engine) -> Outcome:
        raise NotImplementedError(self.summary)

    def _outcome(self, value: object = None, warnings: Iterable[str] | None = ()) -> Outcome:
        return Outcome(
            True, value, self.before, self.after, tuple(f"Docker warning: {warning}" for warning in warnings or ())
        )

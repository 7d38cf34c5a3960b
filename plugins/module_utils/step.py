# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A step: one change, with what it would do, how it is done and how it is taken back."""

from __future__ import annotations

from typing import Any, Dict, NamedTuple, Tuple


class Outcome(NamedTuple):
    """What came, or would come, of a step.

    ``before`` and ``after`` are parts of Ansible's diff: option names to values.
    """

    changed: bool
    value: Any = None
    before: Dict[str, Any] = {}
    after: Dict[str, Any] = {}
    warnings: Tuple[str, ...] = ()


class Step:
    """Base of all steps. ``engine`` is whatever the module connected to."""

    summary = ""

    def predict(self, engine: Any) -> Outcome:
        """The outcome that apply would have. Reads, never changes."""
        return Outcome(changed=True)

    def apply(self, engine: Any) -> Outcome:
        """Do it."""
        raise NotImplementedError(self.summary)

    def undo(self, engine: Any) -> None:
        """Put back what apply did. Called for a step that failed half way too, so it must bear to find nothing to undo."""

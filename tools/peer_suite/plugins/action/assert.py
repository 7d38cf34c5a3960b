# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Evaluates every condition of an assert, counts, and never fails: a task with ten conditions may fail in two of them."""

from __future__ import annotations

from ansible.plugins.action import ActionBase


class ActionModule(ActionBase):
    """Stands in for ansible.builtin.assert in the runs of the peer's suite."""

    _requires_connection = False

    @classmethod
    def finalize_task_arg(cls, name, value, templar, context):
        """Conditions stay text: each is evaluated by itself."""
        return value if name == "that" else super().finalize_task_arg(name, value, templar, context)

    def run(self, tmp=None, task_vars=None):
        conditions = self._task.args["that"]
        conditions = conditions if isinstance(conditions, list) else [conditions]
        failed = [{"condition": str(condition).strip(), "why": why} for condition in conditions for why in [self._failure(condition)] if why]
        return {"changed": False, "asserts": {"passed": len(conditions) - len(failed), "failed": failed}}

    def _failure(self, condition):
        try:
            return "" if self._templar.evaluate_conditional(conditional=condition) else "is false"
        except Exception as error:  # whatever keeps a condition from being evaluated is a failed condition
            return str(error)[:300]

# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Replaces assert: evaluates and counts every condition, and never fails, because two of ten conditions may fail."""

from __future__ import annotations

from ansible.plugins.action import ActionBase


class ActionModule(ActionBase):
    """Replaces ansible.builtin.assert in runs of the peer's suite."""

    _requires_connection = False

    @classmethod
    def finalize_task_arg(cls, name, value, templar, context):
        """Keep the conditions as text, because each is evaluated separately."""
        return value if name == "that" else super().finalize_task_arg(name, value, templar, context)

    def run(self, tmp=None, task_vars=None):
        conditions = self._task.args["that"]
        conditions = conditions if isinstance(conditions, list) else [conditions]
        failed = [
            {"condition": str(condition).strip(), "why": why}
            for condition in conditions
            for why in [self._failure(condition)]
            if why
        ]
        return {"changed": False, "asserts": {"passed": len(conditions) - len(failed), "failed": failed}}

    def _failure(self, condition):
        try:
            return "" if self._templar.evaluate_conditional(conditional=condition) else "is false"
        except Exception as error:  # an error in the evaluation of a condition is a failed condition
            return str(error)[:300]

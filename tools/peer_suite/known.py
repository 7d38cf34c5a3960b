# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What fails on purpose: the reason, the file and how the conditions begin. docs/differences.md tells users."""

from __future__ import annotations

WORDS = "other words in a failure or warning"
ACTIONS = "actions are sentences"
DIFF = "the diff has the words of a task"
KNOWN = {
    ("healthy", "healthy_2.msg"): WORDS,
    ("healthy", "healthy_2.container.State.Health"): "a start that fails is taken back",
    ("mounts-volumes", "'The mount point "): WORDS,
    ("mounts-volumes", "volumes_1.container.Config.Volumes['/anon:rw']"): "a mode is no part of a path",
    ("options", "'Cannot retrieve result as auto_remove is enabled'"): "a job that removes itself keeps its output",
    ("options", "('Non-string value found for env option.')"): WORDS,
    ("options", "'Non-string value found for log_options option"): WORDS,
    ("options", "capabilities_3 is not changed"): "a container that cannot start is taken back",
    ("options", "image_label_mismatch_9.msg"): WORDS,
    ("options", "pull_1.msg"): WORDS,
    ("options", "pulled_image_action"): ACTIONS,
    ("ports", "published_ports_1.msg"): WORDS,
    ("ports", "published_ports_2.msg"): WORDS,
    ("ports", "published_ports_3.msg"): WORDS,
    ("start-stop", "recreate_4 is changed"): "a container that runs goes on running through a replacement",
    **{
        ("update", begin.format(run, side)): DIFF
        for begin in ("{}.diff.{}.memory", "({}.diff.{}.memory_swap")
        for run in ("update", "update2", "recreate")
        for side in ("before", "after")
    },
}


def reason(name, condition):
    """Why a condition of a file fails on purpose; empty if it should not."""
    return next((why for (file, begin), why in KNOWN.items() if file == name and condition.startswith(begin)), "")

# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Assertions that fail on purpose: the reason, the file and how they begin. docs/differences.md describes them for users."""

from __future__ import annotations

import re

WORDS = "other words in a failure or warning"
ACTIONS = "actions are sentences"
DIFF = "the diff has the words of a task"
LIST = "diff.differences repeats the names that are in diff.before and diff.after"
OWN_KEYS = "the result has keys of its own"
ALWAYS = "all keys of the result are always there"
KNOWN = {
    ("docker_container_exec", "'Could not find container' in"): WORDS,
    ("docker_container_exec", "'exec_id' not in result"): ALWAYS,
    ("docker_container_exec", "'stdout' not in result"): ALWAYS,
    ("docker_container_exec", "'stderr' not in result"): ALWAYS,
    ("docker_container_exec", "'rc' not in result"): ALWAYS,
    ("docker_host_info", "output.can_talk_to_docker is false"): OWN_KEYS,
    ("docker_image_info", "docker_test_image"): OWN_KEYS,
    ("docker_image_pull.basic", "'Cannot pull an image by ID'"): "the id of an image on the host is accepted",
    ("docker_image_pull.basic", "'\"foo/bar\" is not a valid docker tag!'"): WORDS,
    ("docker_network.ipam", "network.diff.differences"): LIST,
    ("docker_network.ipam", '"ipam_config[0].'): LIST,
    ("docker_network.ipam", "network.msg =="): WORDS,
    ("docker_prune", "volume.volume.Name in result.volumes"): "volumes with names are kept with every Engine",
    ("docker_prune", "result.images == []"): "images has the names and ids that were removed, by kind",
    ("docker_volume.basic", "driver_labels_invalid.msg"): WORDS,
    ("docker_volume.basic", "driver_labels_6 is changed"): "labels that differ never delete data",
    ("healthy", "healthy_2.msg"): WORDS,
    ("healthy", "healthy_2.container.State.Health"): "a failed start is rolled back",
    ("mounts-volumes", "'The mount point "): WORDS,
    ("mounts-volumes", "volumes_1.container.Config.Volumes['/anon:rw']"): "a mode is not part of a path",
    ("options", "'Cannot retrieve result as auto_remove is enabled'"): "a job that removes itself keeps its output",
    ("options", "('Non-string value found for env option.')"): WORDS,
    ("options", "'Non-string value found for log_options option"): WORDS,
    ("options", "capabilities_3 is not changed"): "a container that cannot start is removed",
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

BY_NAME = "the diff has each image by its name"
# The same where many conditions are alike: patterns of how they begin.
ALIKE = {
    ("docker_image_pull.basic", r"present_\d(_check)?\.diff\."): BY_NAME,
    ("docker_image_pull.basic", r"present_\d(_check)?\.actions"): ACTIONS,
    ("docker_image_pull.image-ids", r"present_\d(_check)?\.diff\."): BY_NAME,
    ("docker_image_pull.image-ids", r"present_\d(_check)?\.actions"): ACTIONS,
    ("docker_image_pull.registry", r"pull_\d(_check)?\.diff\."): BY_NAME,
}
# Tasks that fail on purpose: the file and how the task's name begins.
TASKS = {
    ("docker_network.basic", "Cleanup"): "a network with containers is removed with force only",
    ("docker_volume.basic", "Create a volume with options (changed)"): "other options are a failure",
}


def reason(name, condition):
    """Why a condition of a file fails on purpose; empty if it should not."""
    return next(
        (why for (file, begin), why in KNOWN.items() if file == name and condition.startswith(begin)),
        next((why for (file, pattern), why in ALIKE.items() if file == name and re.match(pattern, condition)), ""),
    )


def reason_of_task(name, task):
    """Why a task of a file fails on purpose; empty if it should not."""
    return next((why for (file, begin), why in TASKS.items() if file == name and task.startswith(begin)), "")

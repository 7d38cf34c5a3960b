# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Options that say what to do with the container, not what it is like."""

from __future__ import annotations

from typing import Any, NamedTuple, Optional


class Control(NamedTuple):
    """A row of its own kind: an option with no counterpart in the container."""

    name: str
    spec: dict[str, Any]
    help: tuple[str, ...]
    aliases: tuple[str, ...] = ()
    flag: Optional[str] = None


ROWS = (
    Control("name", {"type": "str", "required": True}, ("Name of the container.",), flag="--name"),
    Control(
        "state",
        {"type": "str", "choices": ["absent", "present", "healthy", "stopped", "started"], "default": "started"},
        (
            "V(started): it exists as described and runs. A short watch (O(grace)) sees whether it goes on running.",
            "V(healthy): as V(started), and its health check succeeds within O(healthy_wait_timeout).",
            "V(present): it exists as described. One that runs goes on running, also through a replacement.",
            "V(stopped): it exists as described and does not run.",
            "V(absent): it is stopped and removed.",
        ),
    ),
    Control("image", {"type": "str"}, ("Image to run, by name, tag, digest or id. Needed where the container has to be created or replaced.",), flag="IMAGE"),
    Control(
        "pull",
        {"type": "raw", "choices": ["never", "missing", "always", True, False], "default": "missing"},
        (
            "Whether to pull the image: V(missing) if the host does not have it, V(always) to see whether the tag has moved, V(never).",
            "V(true) means V(always), V(false) means V(missing).",
        ),
        flag="--pull",
    ),
    Control(
        "pull_check_mode_behavior",
        {"type": "str", "choices": ["registry", "image_not_present", "always"], "default": "registry"},
        (
            "What check mode says of O(pull=always). V(registry) asks the registry for the digest, so the answer is the one that the run will give.",
            "V(image_not_present) foresees a change only if the image is not there. V(always) always foresees one.",
        ),
    ),
    Control("platform", {"type": "str"}, ("Platform of the image, as V(os/architecture/variant).",), flag="--platform"),
    Control(
        "comparisons",
        {"type": "dict"},
        (
            "How to compare single options with the container: V(strict), V(ignore) or V(allow_more_present), by the option's name or alias.",
            (
                "V(strict) allows nothing more than the task and the image say. V(allow_more_present) is for sets and dictionaries. The key V(*) is for all"
                " options and takes V(strict) or V(ignore)."
            ),
        ),
    ),
    Control(
        "track_declared",
        {"type": "bool", "default": True},
        (
            "Keep the names of the options that the task declares in a label of the container, so that what has left the task leaves the container.",
            "V(false) writes no label and lets everything stay that the task does not mention, as community.docker.docker_container does.",
        ),
    ),
    Control(
        "image_comparison",
        {"type": "str", "choices": ["desired-image", "current-image"], "default": "desired-image"},
        ("Which image's own settings count for O(comparisons): that of O(image), or the one that the container was made from.",),
    ),
    Control(
        "image_label_mismatch",
        {"type": "str", "choices": ["ignore", "fail"], "default": "ignore"},
        ("With strict comparison of O(labels): V(fail) if the image brings labels that O(labels) does not set, because they cannot be removed.",),
    ),
    Control(
        "image_name_mismatch",
        {"type": "str", "choices": ["recreate", "ignore"], "default": "recreate"},
        ("Whether a container that was made under another tag of the same image is replaced.",),
    ),
    Control("recreate", {"type": "bool", "default": False}, ("Replace the container even if nothing differs.",)),
    Control("restart", {"type": "bool", "default": False}, ("Restart the container if it runs and is not replaced or started anyway.",)),
    Control("paused", {"type": "bool"}, ("Whether the processes of the container are frozen.",)),
    Control(
        "grace",
        {"type": "float", "default": 1.0},
        (
            "Seconds to watch a container that was just started: one that ends or restarts meanwhile is a failure, with its exit code and the end of its log.",
            "V(0) switches the watch off. It costs nothing when nothing was started.",
        ),
    ),
    Control(
        "healthy_wait_timeout",
        {"type": "float", "default": 300.0},
        ("Longest wait for O(state=healthy), in seconds. V(0) or less waits as long as the health check itself allows.",),
    ),
    Control(
        "detach",
        {"type": "bool"},
        ("V(false) waits for the container to end, returns its log in C(container.Output) and fails if its exit code is not 0.",),
        flag="--detach",
    ),
    Control("output_logs", {"type": "bool", "default": False}, ("With O(detach=false), also write the log to the host's system log. Mind what it contains.",)),
    Control("cleanup", {"type": "bool", "default": False}, ("With O(detach=false), remove the container after it has ended.",)),
    Control("force_kill", {"type": "bool", "default": False}, ("Kill the container instead of stopping it.",), aliases=("forcekill",)),
    Control("kill_signal", {"type": "str"}, ("Signal for O(force_kill=true) instead of SIGKILL.",)),
    Control("keep_volumes", {"type": "bool", "default": True}, ("V(false) removes the anonymous volumes of a container together with it.",)),
    Control(
        "removal_wait_timeout",
        {"type": "float"},
        ("Longest wait for a container that the Engine is removing already, in seconds. If it is not set, O(timeout) counts.",),
    ),
    Control(
        "container_default_behavior",
        {"type": "str", "choices": ["compatibility", "no_defaults"], "default": "no_defaults"},
        (
            (
                "V(compatibility) gives O(auto_remove), O(init), O(interactive), O(memory), O(paused), O(privileged), O(read_only) and O(tty) the value false"
                " or 0 where the task does not set them."
            ),
        ),
    ),
    Control(
        "command_handling",
        {"type": "str", "choices": ["compatibility", "correct"], "default": "correct"},
        ("V(compatibility) joins lists in O(command) and O(entrypoint) and splits them again, as old versions of other modules did.",),
    ),
    Control(
        "secret_env",
        {"type": "list", "elements": "str", "no_log": False},
        (
            (
                "Names of variables in O(env) whose values to mask in all that the module returns, beside those whose names look secret (PASSWORD, TOKEN,"
                " SECRET, KEY and the like)."
            ),
        ),
    ),
)

COMPATIBLE_DEFAULTS = {
    "auto_remove": False,
    "detach": True,
    "init": False,
    "interactive": False,
    "memory": "0",
    "paused": False,
    "privileged": False,
    "read_only": False,
    "tty": False,
}

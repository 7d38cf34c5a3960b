# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Options for the module itself. They are not settings of the container."""

from __future__ import annotations

from ...option_table import Control

ROWS = (
    Control("name", {"type": "str", "required": True}, ("Name of the container.",), flag="--name"),
    Control(
        "state",
        {"type": "str", "choices": ["absent", "present", "healthy", "stopped", "started"], "default": "started"},
        (
            "V(started): the container exists as described and is running. The module checks after O(grace) seconds that it still runs.",
            "V(healthy): as V(started), and its health check succeeds within O(healthy_wait_timeout).",
            "V(present): the container exists as described. If it was running, it also runs after a replacement.",
            "V(stopped): the container exists and is not running. Options that the task does not set are kept.",
            "V(absent): the container is stopped and removed.",
        ),
    ),
    Control(
        "image",
        {"type": "str"},
        (
            "Image to run, by name, tag, digest or id. Required if the container does not exist.",
            (
                "A task with an image describes the whole container: options that an earlier task declared and that are missing here are removed from it (see"
                " O(track_declared))."
            ),
            (
                "A task without an image, and one with O(state=stopped), O(restart) or O(paused), changes only what it names. "
                "If that takes a new container, it is created with everything that the old one has, its anonymous volumes included."
            ),
        ),
        flag="IMAGE",
    ),
    Control(
        "pull",
        {"type": "raw", "choices": ["never", "missing", "always", True, False], "default": "missing"},
        (
            "Whether to pull the image: V(missing) pulls it if the host does not have it, V(always) checks the registry each time, V(never) does not pull.",
            "V(true) means V(always), V(false) means V(missing).",
        ),
        flag="--pull",
    ),
    Control(
        "pull_check_mode_behavior",
        {"type": "str", "choices": ["registry", "image_not_present", "always"], "default": "registry"},
        (
            "What check mode predicts for O(pull=always). V(registry) asks the registry for the digest, so the prediction is exact.",
            "V(image_not_present) predicts a change only if the host does not have the image. V(always) always predicts one.",
        ),
    ),
    Control("platform", {"type": "str"}, ("Platform of the image, as V(os/architecture/variant).",), flag="--platform"),
    Control(
        "comparisons",
        {"type": "dict"},
        (
            "How to compare options with the container: V(strict), V(ignore) or V(allow_more_present), by the option's name or alias.",
            (
                "V(strict) allows only values of the task and the image. V(allow_more_present) is for sets and dictionaries. The key V(*) is for all"
                " options and takes V(strict) or V(ignore)."
            ),
        ),
    ),
    Control(
        "track_declared",
        {"type": "bool", "default": True},
        (
            "Keep the names of the options that the task declares in a label, so that options removed from the task are also removed from the container.",
            "V(false) writes no label and keeps everything that the task does not mention, as community.docker.docker_container does.",
        ),
    ),
    Control(
        "image_comparison",
        {"type": "str", "choices": ["desired-image", "current-image"], "default": "desired-image"},
        (
            "Image whose defaults O(comparisons) uses, either O(image) or the image that the container was created from.",
        ),
    ),
    Control(
        "image_label_mismatch",
        {"type": "str", "choices": ["ignore", "fail"], "default": "ignore"},
        (
            "With strict comparison of O(labels): V(fail) if the image has labels that O(labels) does not set, because they cannot be removed.",
        ),
    ),
    Control(
        "image_name_mismatch",
        {"type": "str", "choices": ["recreate", "ignore"], "default": "recreate"},
        ("Whether to replace a container that was created from another tag of the same image.",),
    ),
    Control(
        "recreate",
        {"type": "bool", "default": False},
        (
            "Replace the container even if nothing differs. Without O(image), the new container gets all settings of the old one.",
        ),
    ),
    Control(
        "restart",
        {"type": "bool", "default": False},
        ("Restart the container if it is running and is not replaced or started by this task.",),
    ),
    Control("paused", {"type": "bool"}, ("Whether the processes of the container are paused.",)),
    Control(
        "grace",
        {"type": "float", "default": 1.0},
        (
            (
                "Seconds after which a container that was just started must still be running. "
                "If it exited or restarted, the task fails with its exit code and the end of its log."
            ),
            "V(0) disables the check. A container that was not started is not checked.",
        ),
        range=(0, 3600),
    ),
    Control(
        "healthy_wait_timeout",
        {"type": "float", "default": 300.0},
        (
            "Maximum time to wait for O(state=healthy), in seconds. With V(0) or less, as long as the health check allows.",
        ),
    ),
    Control(
        "detach",
        {"type": "bool"},
        (
            "V(false) waits for the container to exit, returns its log in C(container.Output) and fails if its exit code is not 0.",
            "By default, the task does not wait.",
        ),
        flag="--detach",
    ),
    Control(
        "output_logs",
        {"type": "bool", "default": False},
        ("With O(detach=false), also write the log to the system log of the managed host. It may contain secrets.",),
    ),
    Control(
        "cleanup",
        {"type": "bool", "default": False},
        ("With O(detach=false), remove the container after it has exited.",),
    ),
    Control(
        "force_kill",
        {"type": "bool", "default": False},
        ("Kill the container with O(kill_signal) instead of stopping it. It must exit within O(stop_timeout).",),
        aliases=("forcekill",),
    ),
    Control("kill_signal", {"type": "str"}, ("Signal for O(force_kill=true). The default is SIGKILL.",)),
    Control(
        "keep_volumes",
        {"type": "bool", "default": True},
        ("V(false) removes the anonymous volumes of a container together with it.",),
    ),
    Control(
        "removal_wait_timeout",
        {"type": "float"},
        (
            "Maximum time to wait for a container that the Engine is already removing, in seconds. The default is O(timeout).",
        ),
    ),
    Control(
        "create_networks",
        {"type": "bool", "default": False},
        (
            "Create the networks of O(networks) and O(network_mode) that do not exist, with the Engine's defaults. They are removed again if the task fails.",
            "Use M(flotilla.docker.network_create) for networks with settings.",
        ),
    ),
    Control(
        "create_volumes",
        {"type": "bool", "default": False},
        (
            "Create the named volumes of O(volumes) and O(mounts) that do not exist, with the Engine's defaults. They are removed again if the task fails.",
            "The Engine creates these volumes in any case, together with the container. With V(true), check mode and the result list them.",
        ),
    ),
    Control(
        "container_default_behavior",
        {"type": "str", "choices": ["compatibility", "no_defaults"], "default": "no_defaults"},
        (
            (
                "V(compatibility) gives O(auto_remove), O(init), O(interactive), O(memory), O(paused), O(privileged), O(read_only) and O(tty) the value false"
                " or 0 if the task does not set them."
            ),
        ),
    ),
    Control(
        "command_handling",
        {"type": "str", "choices": ["compatibility", "correct"], "default": "correct"},
        (
            "V(compatibility) joins lists in O(command) and O(entrypoint) and splits them again, as old versions of M(community.docker.docker_container) did.",
        ),
    ),
    Control(
        "secret_env",
        {"type": "list", "elements": "str", "no_log": False},
        (
            (
                "Names of variables in O(env) whose values are masked in all output, in addition to those whose names look secret (PASSWORD, TOKEN,"
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

# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the warnings of docker info mean for containers, and what to do about them."""

from __future__ import annotations

import re
from typing import Any, Dict, List, NamedTuple, Sequence


class Rule(NamedTuple):
    """Warnings that ``pattern`` finds have one meaning."""

    pattern: str
    means: str
    advice: str


# The words are those of GET /info of Engine 20.10 to 29, where cgroup v1 and v2 have different ones for the same lack.
RULES = (
    Rule(
        r"No swap limit support",
        "memory_swap of containers is not enforced: one that is at its memory limit goes on in the host's swap.",
        "Without swap on the host it does not matter. On cgroup v1, boot the kernel with swapaccount=1.",
    ),
    Rule(
        r"No memory (limit|reservation) support",
        "Limits of containers' memory are not enforced: one container can take all of the host's.",
        "On cgroup v1, boot the kernel with cgroup_enable=memory. On cgroup v2, find out who keeps memory out of /sys/fs/cgroup/cgroup.controllers.",
    ),
    Rule(
        r"No kernel memory|No oom kill disable",
        "The options kernel_memory and oom_killer have no effect.",
        "Leave them out of tasks: newer kernels have neither.",
    ),
    Rule(
        r"No cpu|No pids",
        "Limits of containers' processors or processes are not enforced, and the Engine refuses some, such as cpus.",
        "The kernel must have cpu, cpuset and pids: see /sys/fs/cgroup/cgroup.controllers, or /proc/cgroups on cgroup v1.",
    ),
    Rule(
        r"No (blkio|io\.)",
        "Weights and limits of containers' disk input and output are not enforced.",
        "It matters only to tasks with blkio_weight, device_read_bps and the like, and needs the kernel's io controller.",
    ),
    Rule(
        r"cgroup v1 is deprecated",
        "A coming Engine will not run on this host's control groups.",
        "Before that upgrade, boot the host with cgroup v2 (systemd.unified_cgroup_hierarchy=1), or move to a release that has it.",
    ),
    Rule(
        r"[Rr]ootless.*without cgroup",
        "No limit of a container is enforced.",
        "Boot the host with cgroup v2, and let systemd delegate its controllers to the user (Delegate=yes in a drop-in of user@.service).",
    ),
    Rule(
        r"IPv4 forwarding is disabled",
        "Containers reach nothing beyond the host, and nobody reaches their published ports.",
        "Set net.ipv4.ip_forward to 1 with sysctl, and find out what sets it to 0.",
    ),
    Rule(
        r"bridge-nf-call-ip6?tables is disabled",
        "The host's firewall does not see what containers of one network send each other.",
        "It matters only where rules are meant to hold there, such as with icc: false. Load br_netfilter, and set net.bridge.bridge-nf-call-iptables to 1.",
    ),
    Rule(
        r"accessible on .* without encryption",
        "Whoever reaches that address is root on this host.",
        "Use docker_engine_tls_address, or take the address out of hosts in daemon.json and of -H.",
    ),
    Rule(r"without d_type", "Layers may come out broken on this filesystem.", "Move data-root to a filesystem with d_type: ext4, or xfs made with ftype=1."),
    Rule(
        r"storage.?driver is deprecated|loopback device",
        "A coming Engine will not have this storage driver.",
        "Save what must be kept (docker save, docker commit), then set storage-driver to overlay2: the new driver begins with an empty store.",
    ),
)


def explain(warnings: Sequence[str]) -> List[Dict[str, Any]]:
    """What is known of these warnings, those of one meaning together, in the order of RULES. What is not known is left out."""
    found = [(rule, [warning for warning in warnings if re.search(rule.pattern, warning)]) for rule in RULES]
    return [{"warnings": matching, "means": rule.means, "advice": rule.advice} for rule, matching in found if matching]

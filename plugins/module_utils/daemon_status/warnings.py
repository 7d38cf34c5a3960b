# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Explains what the warnings of docker info mean for containers, with advice."""

from __future__ import annotations

from typing import Any, Sequence

from .. import explanations
from ..explanations import Rule

# The patterns match GET /info of Engine 20.10 to 29, where cgroup v1 and v2 have different messages for the same problem.
RULES = (
    Rule(
        "swap_limit",
        r"No swap limit support",
        "memory_swap of containers is not enforced: a container at its memory limit continues in the host's swap.",
        "Only hosts with swap are affected. On cgroup v1, boot the kernel with swapaccount=1.",
    ),
    Rule(
        "memory_limit",
        r"No memory (limit|reservation) support",
        "Memory limits of containers are not enforced: one container can use all memory of the host.",
        "On cgroup v1, boot the kernel with cgroup_enable=memory. On cgroup v2, find out why memory is missing in /sys/fs/cgroup/cgroup.controllers.",
    ),
    Rule(
        "kernel_memory",
        r"No kernel memory|No oom kill disable",
        "The options kernel_memory and oom_killer have no effect.",
        "Remove them from tasks: newer kernels have neither.",
    ),
    Rule(
        "cpu_limit",
        r"No cpu|No pids",
        "CPU or process limits of containers are not enforced, and the Engine refuses some, such as cpus.",
        "Enable the controllers cpu, cpuset and pids: see /sys/fs/cgroup/cgroup.controllers, or /proc/cgroups on cgroup v1.",
    ),
    Rule(
        "io_limit",
        r"No (blkio|io\.)",
        "Weights and limits of containers' disk I/O are not enforced.",
        "Only tasks with blkio_weight, device_read_bps and similar options are affected. They need the kernel's io controller.",
    ),
    Rule(
        "cgroup_v1",
        r"cgroup v1 is deprecated",
        "A future Engine will not run on this host, which uses cgroup v1.",
        "Before that upgrade, boot the host with cgroup v2 (systemd.unified_cgroup_hierarchy=1), or upgrade its distribution.",
    ),
    Rule(
        "rootless_limits",
        r"[Rr]ootless.*without cgroup",
        "No resource limit of a container is enforced.",
        "Boot the host with cgroup v2, and let systemd delegate its controllers to the user (Delegate=yes in a drop-in of user@.service).",
    ),
    Rule(
        "ip_forwarding",
        r"IPv4 forwarding is disabled",
        "Containers cannot reach other hosts, and their published ports cannot be reached.",
        "Set net.ipv4.ip_forward to 1 with sysctl, and find out what sets it to 0.",
    ),
    Rule(
        "bridge_firewall",
        r"bridge-nf-call-ip6?tables is disabled",
        "The host's firewall does not filter traffic between containers of one network.",
        "Only hosts with rules for that traffic are affected, such as with icc: false. Load br_netfilter, and set net.bridge.bridge-nf-call-iptables to 1.",
    ),
    Rule(
        "open_tcp",
        r"accessible on .* without encryption",
        "Anyone who can connect to that address is root on this host.",
        "Use docker_engine_tls_address, or remove the address from hosts in daemon.json and from -H.",
    ),
    Rule(
        "d_type",
        r"without d_type",
        "Layers may be stored incorrectly on this filesystem.",
        "Move data-root to a filesystem with d_type: ext4, or xfs made with ftype=1.",
    ),
    Rule(
        "storage_driver",
        r"storage.?driver is deprecated|loopback device",
        "A future Engine will not have this storage driver.",
        "Save images and containers that you need (docker save, docker commit), then set storage-driver to overlay2, which starts with an empty store.",
    ),
)


def explain(warnings: Sequence[str]) -> list[dict[str, Any]]:
    """Explanations of these warnings, grouped by cause, in the order of RULES. Unknown warnings are omitted."""
    return [
        {"warnings": matching, "cause": rule.cause, "advice": rule.advice}
        for rule, matching in explanations.grouped(RULES, warnings)
    ]

# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Why docker.service failed, from its last messages."""

from __future__ import annotations

import re
from typing import NamedTuple, Sequence

from .. import explanations
from ..explanations import Rule
from ..masking import mask_credentials


class Explanation(NamedTuple):
    """A reason and advice, both empty if no message is known."""

    cause: str = ""
    advice: str = ""


RULES = (
    Rule(
        "subordinate_ids",
        r"(?i)newuidmap|newgidmap|sub[ug]id",
        advice="Install uidmap, and give the user 65536 subordinate ids in /etc/subuid and /etc/subgid (usermod --add-subuids, --add-subgids)",
    ),
    Rule(
        "tun",
        r"(?i)/dev/net/tun|setting up tap|slirp4netns",
        advice="Install slirp4netns, and let the user open /dev/net/tun: chmod 666 /dev/net/tun",
    ),
    Rule(
        "user_namespaces",
        r"(?i)unshare|userns|user namespace|fork/exec /proc/self/exe",
        advice="Allow user namespaces: sysctl user.max_user_namespaces=28633 kernel.unprivileged_userns_clone=1 "
        "kernel.apparmor_restrict_unprivileged_userns=0",
    ),
    Rule(
        "flag_and_key",
        r"(?i)directives? (?:are|is) specified both as a flag and in the configuration file",
        advice="Remove those keys from daemon.json, or the flags from the service's command line",
    ),
    Rule(
        "unknown_key",
        r"(?i)directives don't match any configuration option",
        advice="Remove the unknown keys from daemon.json",
    ),
    Rule(
        "wrong_type",
        r"(?i)cannot unmarshal \S+ into Go struct field Config\.([\w.-]+) of type (\S+)",
        advice="Give {0} in daemon.json a value of the type {1}",
    ),
    Rule("daemon_json", r"(?i)unable to configure the Docker daemon with file", advice="Correct daemon.json"),
    Rule(
        "command_line",
        r'(?i)unknown (?:shorthand )?flag|invalid argument "|flag needs an argument',
        advice="Correct the service's command line (systemctl cat docker)",
    ),
    Rule("disk_full", r"(?i)no space left on device", advice="Free space on the filesystem of the data root (df -h)"),
    Rule(
        "address_in_use",
        r"(?i)address already in use|port is already allocated",
        advice="Stop what uses the address, or remove it from hosts in daemon.json and from -H",
    ),
    Rule(
        "other_daemon",
        r"(?i)pid file found|process with PID \d+ is still running",
        advice="Stop the other dockerd that is still running",
    ),
    Rule(
        "socket_activation",
        r"(?i)no sockets found via socket activation",
        advice="Start docker.socket first: the service gets its socket from it",
    ),
    Rule(
        "firewall",
        r"(?i)iptables|nftables|network controller",
        advice="Install iptables, or let the daemon load the kernel's netfilter modules",
    ),
    Rule("storage_option", r"(?i)unknown option \S+", advice="Correct storage-opts in daemon.json"),
    Rule(
        "several_drivers",
        r"(?i)contains several valid graphdrivers",
        advice="Set storage-driver in daemon.json to the one whose images and containers are needed",
    ),
    Rule(
        "backing_filesystem",
        r"(?i)d_type|ftype=|backing file ?system",
        advice="Move data-root to a filesystem that the storage driver supports, such as ext4, or xfs made with ftype=1",
    ),
    Rule(
        "storage_driver",
        r"(?i)driver not supported|graphdriver|snapshotter|error initializing.*driver",
        advice="Set storage-driver in daemon.json to one that this host supports, such as overlay2",
    ),
    Rule("containerd", r"(?i)containerd", advice="Check containerd too: systemctl status containerd"),
    Rule(
        "permission",
        r"(?i)permission denied|operation not permitted",
        advice="Give the daemon's user the rights that the message names",
    ),
    Rule("tls", r"(?i)certificate|tls:|key file", advice="Correct tlscacert, tlscert and tlskey in daemon.json"),
)
# The last message of dockerd or rootlesskit; the other messages are from systemd or about progress.
_REASON = re.compile(
    r"(?:failed to start daemon|failed to load listeners|unable to configure the Docker daemon|level=fatal|^Error|"
    r"^\[rootlesskit:\w+ *\] error: (?!.*(?:exited|EOF))|"
    r'^(?:Status: )?(?:unknown (?:shorthand )?flag|invalid argument "|flag needs an argument))',
    re.IGNORECASE,
)
# The daemon in rootlesskit exited: the reason is the line before, unless that is a trace of its script or a message.
_CHILD_ENDED = re.compile(r"^\[rootlesskit:child *\] error: command .* exited")
_TRACE = re.compile(r"^(?:\+ |time=|$)")
# systemd logs this before each start: lines above it belong to an earlier failure.
_START = re.compile(r"Starting (?:docker\.service|Docker Application)")
_MESSAGE = re.compile(r'\bmsg="((?:[^"\\]|\\.)*)"')
_LEVEL = re.compile(r"\blevel=(fatal|error)\b")


def explain(lines: Sequence[str]) -> Explanation:
    """The last message of the last start that contains a reason, shortened, and advice for it."""
    for before, line in zip(reversed(["", *lines[:-1]]), reversed(lines)):
        if _START.match(line):
            break
        ended = _CHILD_ENDED.search(line) and not _TRACE.match(before)
        if ended or _REASON.search(line) or _LEVEL.search(line):
            text = _shorten(before if ended else line)
            return Explanation(text, _advice(text))
    return Explanation()


def _advice(text: str) -> str:
    rule = explanations.explain(RULES, text)
    return rule.advice if rule else ""


def _shorten(line: str) -> str:
    message = _MESSAGE.search(line)
    text = message.group(1).replace('\\"', '"') if message else line
    # rootlesskit prints whole structures, braces and all.
    text = re.sub(r" &\{.*\}(?=:)", "", re.sub(r"^\[rootlesskit:\w+ *\] error: ", "", text.strip()))
    text = re.sub(r"^(failed to start daemon|Status): ", "", text)
    return mask_credentials(text[:400].rstrip(". "))

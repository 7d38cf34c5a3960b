# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the last messages of docker.service say about why it failed."""

from __future__ import annotations

import re
from typing import NamedTuple, Sequence

from .secrets import mask_credentials


class Explanation(NamedTuple):
    """Both empty where no message is known."""

    cause: str = ""
    advice: str = ""


# The first pattern that any message matches wins: the particular before the general.
_KNOWN = (
    (
        r"newuidmap|newgidmap|sub[ug]id",
        "Install uidmap, and give the user 65536 subordinate ids in /etc/subuid and /etc/subgid (usermod --add-subuids, --add-subgids)",
    ),
    (r"/dev/net/tun|setting up tap|slirp4netns", "Install slirp4netns, and let the user open /dev/net/tun: chmod 666 /dev/net/tun"),
    (
        r"unshare|userns|user namespace|fork/exec /proc/self/exe",
        "Allow user namespaces: sysctl user.max_user_namespaces=28633 kernel.unprivileged_userns_clone=1 kernel.apparmor_restrict_unprivileged_userns=0",
    ),
    (
        r"directives? (?:are|is) specified both as a flag and in the configuration file",
        "Remove those keys from daemon.json, or the flags from the service's command line",
    ),
    (r"directives don't match any configuration option", "Remove the unknown keys from daemon.json"),
    (r"unable to configure the Docker daemon with file", "Correct daemon.json"),
    (r'unknown (shorthand )?flag|invalid argument "|flag needs an argument', "Correct the service's command line (systemctl cat docker)"),
    (r"no space left on device", "Free space on the filesystem of the data root (df -h)"),
    (r"address already in use|port is already allocated", "Stop what uses the address, or take it out of hosts in daemon.json and of -H"),
    (r"pid file found|process with PID \d+ is still running", "End the other dockerd that is still running"),
    (r"no sockets found via socket activation", "Start docker.socket first: the service takes its socket from there"),
    (r"iptables|nftables|network controller", "Install iptables, or let the daemon load the kernel's netfilter modules"),
    (r"containerd", "Look at containerd too: systemctl status containerd"),
    (r"driver not supported|graphdriver|snapshotter|error initializing.*driver", "Correct storage-driver in daemon.json, or use another data-root"),
    (r"permission denied|operation not permitted", "Give the daemon's user the rights that the message names"),
    (r"certificate|tls:|key file", "Correct tlscacert, tlscert and tlskey in daemon.json"),
)
# dockerd's own last words, and those of rootlesskit about itself; the rest of the journal is systemd's and progress.
_LAST_WORDS = re.compile(
    r"(?:failed to start daemon|failed to load listeners|unable to configure the Docker daemon|level=fatal|^Error|"
    r"^\[rootlesskit:\w+ *\] error: (?!.*(?:exited|EOF))|"
    r'^(?:Status: )?(?:unknown (?:shorthand )?flag|invalid argument "|flag needs an argument))',
    re.IGNORECASE,
)
# The daemon in rootlesskit has ended: what it wrote just before, unless that is the trace of its script or a message, is why.
_CHILD_ENDED = re.compile(r"^\[rootlesskit:child *\] error: command .* exited")
_TRACE = re.compile(r"^(?:\+ |time=|$)")
# What systemd writes before each start: what stands above it explains an earlier failure.
_START = re.compile(r"Starting (?:docker\.service|Docker Application)")
_MESSAGE = re.compile(r'\bmsg="((?:[^"\\]|\\.)*)"')
_LEVEL = re.compile(r"\blevel=(fatal|error)\b")


def explain(lines: Sequence[str]) -> Explanation:
    """The last message of the last start that tells why the daemon ended, in short, and advice that fits it."""
    for before, line in zip(reversed(["", *lines[:-1]]), reversed(lines)):
        if _START.match(line):
            break
        ended = _CHILD_ENDED.search(line) and not _TRACE.match(before)
        if ended or _LAST_WORDS.search(line) or _LEVEL.search(line):
            text = _shorten(before if ended else line)
            return Explanation(text, _advice(text))
    return Explanation()


def _advice(text: str) -> str:
    return next((advice for pattern, advice in _KNOWN if re.search(pattern, text, re.IGNORECASE)), "")


def _shorten(line: str) -> str:
    message = _MESSAGE.search(line)
    text = message.group(1).replace('\\"', '"') if message else line
    # rootlesskit shows what it holds in memory, braces and all.
    text = re.sub(r" &\{.*\}(?=:)", "", re.sub(r"^\[rootlesskit:\w+ *\] error: ", "", text.strip()))
    text = re.sub(r"^(failed to start daemon|Status): ", "", text)
    return mask_credentials(text[:400].rstrip(". "))

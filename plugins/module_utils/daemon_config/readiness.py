# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a user needs for a rootless Engine and has not, each with its mend, found out before anything is changed."""

from __future__ import annotations

import glob
import os
import re
from typing import Any, Iterator, List, Mapping, Optional, Tuple

from ..errors import BadOption, Missing
from ..unit.account import Account, acting_as

# As many ids as images may use: the size of a range that adduser gives.
NEEDED_IDS = 65536
_FIRST_ID = 100000
_TUN = "/dev/net/tun"
# Network drivers of rootlesskit that open it.
_TUN_DRIVERS = ("", "slirp4netns", "pasta")
_DRIVER = "DOCKERD_ROOTLESS_ROOTLESSKIT_NET"


def require_account(name: str, found: Optional[Account]) -> Account:
    """The user, who exists and is not root. Raises Missing or BadOption; also where the task is not run as root."""
    if os.geteuid() != 0:
        raise Missing("The Engine of the user %s is set up by root, who acts as %s" % (name, name), "Run the task with become: true")
    if found is None:
        raise Missing("There is no user %s on this host" % name, "Create it, for instance with ansible.builtin.user, or correct the name")
    if found.uid == 0:
        raise BadOption("user", name, "root's Engine is the system's own, and not rootless", "user: ops")
    return found


def require_options(params: Mapping[str, Any]) -> None:
    """Raise BadOption for what only the system's Engine can do."""
    if params["socket_settings"]:
        raise BadOption("socket_settings", params["socket_settings"], "the Engine of a user has no docker.socket; leave it out")
    if params["old_data"] in ("copy", "move"):
        why = "files of a rootless Engine belong to the user's subordinate ids and are not moved by this module; leave them where they are"
        raise BadOption("old_data", params["old_data"], why, "old_data: leave")


def require_ready(account: Account, environment: Mapping[str, Any]) -> None:
    """Raise Missing that names everything the user lacks. ``environment``: that of the daemon."""
    lacks = [*_home(account), *_ids(account), *_tun(account, environment), *_namespaces()]
    if lacks:
        what, mends = ("; ".join(part) for part in zip(*lacks))
        raise Missing("The user %s cannot have a rootless Engine yet: %s. Nothing was changed" % (account.name, what), "To mend it: %s" % mends)


Lacks = Iterator[Tuple[str, str]]


def _home(account: Account) -> Lacks:
    if not os.path.isdir(account.home):
        yield "the home folder %s is not there" % account.home, "mkhomedir_helper %s" % account.name


def _ids(account: Account, folder: str = "/etc") -> Lacks:
    texts = [_read(os.path.join(folder, name)) for name in ("subuid", "subgid")]
    poor = [name for name, text in zip(("subuid", "subgid"), texts) if _count(text, account) < NEEDED_IDS]
    # They may come from elsewhere, such as a directory service.
    if not poor or re.search(r"^\s*subid:(?!\s*files\s*$)", _read(os.path.join(folder, "nsswitch.conf")), re.MULTILINE):
        return
    first = max([_FIRST_ID, *(start + count for text in texts for _name, start, count in _ranges(text))])
    options = " ".join("--add-%ss %d-%d" % (name, first, first + NEEDED_IDS - 1) for name in poor)
    yield "fewer than %d subordinate ids in %s" % (NEEDED_IDS, " and ".join("/etc/%s" % name for name in poor)), "usermod %s %s" % (options, account.name)


def _count(text: str, account: Account) -> int:
    return sum(count for name, _start, count in _ranges(text) if name in (account.name, str(account.uid)))


def _ranges(text: str) -> List[Tuple[str, int, int]]:
    found = re.findall(r"^([^:#\s]+):(\d+):(\d+)\s*$", text, re.MULTILINE)
    return [(name, int(start), int(count)) for name, start, count in found]


def _tun(account: Account, environment: Mapping[str, Any]) -> Lacks:
    if environment.get(_DRIVER, "") not in _TUN_DRIVERS:
        return
    if not os.path.exists(_TUN):
        yield "there is no %s" % _TUN, "modprobe tun"
        return
    with acting_as(account):
        allowed = os.access(_TUN, os.R_OK | os.W_OK, effective_ids=True)
    if not allowed:
        yield "%s is not open to ordinary users" % _TUN, "chmod 666 %s, and a rule of udev that keeps it so" % _TUN


def _namespaces(folder: str = "/proc/sys", profiles: str = "/etc/apparmor.d/*rootlesskit*") -> Lacks:
    for name, forbids, allows in (("user/max_user_namespaces", "0", "28633"), ("kernel/unprivileged_userns_clone", "0", "1")):
        if _read(os.path.join(folder, name)).strip() == forbids:
            key = name.replace("/", ".")
            yield "the kernel forbids user namespaces (%s is %s)" % (key, forbids), "sysctl %s=%s, and a file in /etc/sysctl.d that keeps it so" % (key, allows)
    if _read(os.path.join(folder, "kernel/apparmor_restrict_unprivileged_userns")).strip() == "1" and not glob.glob(profiles):
        yield "AppArmor keeps rootlesskit from user namespaces", "give rootlesskit a profile in /etc/apparmor.d that has the rule userns"


def _read(path: str) -> str:
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            return file.read()
    except OSError:
        return ""

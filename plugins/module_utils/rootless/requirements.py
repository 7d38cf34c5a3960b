# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Checks the requirements of a rootless Engine before anything is changed, and names a command for each that is not met."""

from __future__ import annotations

import glob
import os
import re
from typing import Any, Iterator, Mapping, Tuple

from .. import disk
from ..errors import BadOption, Missing
from ..host.users import Account, acting_as

# Images may use this many ids; adduser allocates ranges of this size.
NEEDED_IDS = 65536
_FIRST_ID = 100000
_TUN = "/dev/net/tun"
# Network drivers of rootlesskit that open it.
_TUN_DRIVERS = ("", "slirp4netns", "pasta")
_DRIVER = "DOCKERD_ROOTLESS_ROOTLESSKIT_NET"


def require_account(name: str, found: Account | None) -> Account:
    """The user, who must exist and not be root. Raises Missing or BadOption, also if the task does not run as root."""
    if os.geteuid() != 0:
        raise Missing(f"Only root can set up the rootless Engine of user {name}", "Run the task with become: true")
    if found is None:
        raise Missing(
            f"There is no user {name} on this host",
            "Create the user, for example with ansible.builtin.user, or correct the name",
        )
    if found.uid == 0:
        raise BadOption(
            "user", "must not be root; a rootless Engine belongs to another user", got=name, example="user: ops"
        )
    return found


def require_options(params: Mapping[str, Any]) -> None:
    """Raise BadOption for options of the system's Engine."""
    if params["socket_settings"]:
        raise BadOption(
            "socket_settings",
            "cannot be used with user, because a rootless Engine has no docker.socket",
            got=params["socket_settings"],
        )
    if params["old_data"] in ("copy", "move"):
        why = "must be leave with user, because files of a rootless Engine belong to subordinate ids and are not moved"
        raise BadOption("old_data", why, got=params["old_data"], example="old_data: leave")


def require_ready(account: Account, environment: Mapping[str, Any]) -> None:
    """Raise Missing with all requirements that are not met. ``environment`` is that of the daemon."""
    lacks = [*_home(account), *_ids(account), *_tun(account, environment), *_namespaces()]
    if lacks:
        what, fixes = ("; ".join(part) for part in zip(*lacks))
        raise Missing(
            f"Prerequisites of a rootless Engine are missing for user {account.name}: {what}. Nothing was changed",
            f"To fix this: {fixes}",
        )


Lacks = Iterator[Tuple[str, str]]


def _home(account: Account) -> Lacks:
    if not os.path.isdir(account.home):
        yield f"the home folder {account.home} does not exist", f"mkhomedir_helper {account.name}"


def _ids(account: Account, folder: str = "/etc") -> Lacks:
    texts = [_text_of(os.path.join(folder, name)) for name in ("subuid", "subgid")]
    poor = [name for name, text in zip(("subuid", "subgid"), texts) if _count(text, account) < NEEDED_IDS]
    # The ids may come from another source, such as a directory service.
    if not poor or re.search(
        r"^\s*subid:(?!\s*files\s*$)", _text_of(os.path.join(folder, "nsswitch.conf")), re.MULTILINE
    ):
        return
    first = max([_FIRST_ID, *(start + count for text in texts for _name, start, count in _ranges(text))])
    options = " ".join(f"--add-{name}s {first}-{first + NEEDED_IDS - 1}" for name in poor)
    yield (
        "fewer than {} subordinate ids in {}".format(NEEDED_IDS, " and ".join(f"/etc/{name}" for name in poor)),
        f"usermod {options} {account.name}",
    )


def _count(text: str, account: Account) -> int:
    return sum(count for name, _start, count in _ranges(text) if name in (account.name, str(account.uid)))


def _ranges(text: str) -> list[tuple[str, int, int]]:
    found = re.findall(r"^([^:#\s]+):(\d+):(\d+)\s*$", text, re.MULTILINE)
    return [(name, int(start), int(count)) for name, start, count in found]


def _tun(account: Account, environment: Mapping[str, Any]) -> Lacks:
    if environment.get(_DRIVER, "") not in _TUN_DRIVERS:
        return
    if not os.path.exists(_TUN):
        yield f"{_TUN} does not exist", "modprobe tun"
        return
    with acting_as(account):
        allowed = os.access(_TUN, os.R_OK | os.W_OK, effective_ids=True)
    if not allowed:
        yield f"{_TUN} is not accessible to users", f"chmod 666 {_TUN}, and a udev rule that makes it permanent"


def _namespaces(folder: str = "/proc/sys", profiles: str = "/etc/apparmor.d/*rootlesskit*") -> Lacks:
    for name, forbids, allows in (
        ("user/max_user_namespaces", "0", "28633"),
        ("kernel/unprivileged_userns_clone", "0", "1"),
    ):
        if _text_of(os.path.join(folder, name)).strip() == forbids:
            key = name.replace("/", ".")
            yield (
                f"the kernel forbids user namespaces ({key} is {forbids})",
                f"sysctl {key}={allows}, and a file in /etc/sysctl.d that makes it permanent",
            )
    if _text_of(os.path.join(folder, "kernel/apparmor_restrict_unprivileged_userns")).strip() == "1" and not glob.glob(
        profiles
    ):
        yield (
            "AppArmor does not allow rootlesskit to create user namespaces",
            "add a profile for rootlesskit with the rule userns to /etc/apparmor.d",
        )


def _text_of(path: str) -> str:
    try:
        return disk.text_of(path) or ""
    except (OSError, ValueError):
        return ""

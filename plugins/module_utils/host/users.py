# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Users of the managed host with rootless Engines, and functions to act as one of them."""

from __future__ import annotations

import contextlib
import os
import pwd
import re
from typing import Callable, Iterator, NamedTuple, Sequence

_LINGER = "/var/lib/systemd/linger"
_UNIT_FOLDERS = ("/etc/systemd/user", "/usr/local/lib/systemd/user", "/usr/lib/systemd/user", "/lib/systemd/user")


class Account(NamedTuple):
    """A user in the host's user database."""

    name: str
    uid: int
    gid: int
    home: str

    @property
    def runtime(self) -> str:
        """The folder that systemd creates while the user is logged in or lingers."""
        return "/run/user/%d" % self.uid

    @property
    def lingers(self) -> bool:
        """Whether the user's units run without a login."""
        return os.path.exists(os.path.join(_LINGER, self.name))

    def in_home(self, *parts: str) -> str:
        """A path below the home folder."""
        return os.path.join(self.home, *parts)

    def find_unit(self, name: str) -> str | None:
        """The file of a unit of this user, or None. systemd can only be queried while the user's units run."""
        paths = [os.path.join(folder, name) for folder in (self.in_home(".config/systemd/user"), *_UNIT_FOLDERS)]
        return next((path for path in paths if os.path.exists(path)), None)


def find(name: str) -> Account | None:
    """The user of this name, or None."""
    return _account(lambda: pwd.getpwnam(name))


def owner_of(socket_path: str) -> Account | None:
    """The user of the rootless Engine with this socket in the user's runtime folder. None for the system's Engine."""
    match = re.match(r"^(?:/var)?/run/user/([1-9]\d*)/", socket_path)
    return _account(lambda: pwd.getpwuid(int(match.group(1)))) if match else None


def _account(look_up: Callable[[], pwd.struct_passwd]) -> Account | None:
    try:
        found = look_up()
    except (KeyError, ValueError, OverflowError):
        return None
    return Account(found.pw_name, found.pw_uid, found.pw_gid, found.pw_dir)


def words_as(account: Account, words: Sequence[str]) -> list[str]:
    """A command that runs ``words`` as this user, with the variables by which programs find the user's systemd. For root, and for the user."""
    become = ["setpriv", "--reuid=%d" % account.uid, "--regid=%d" % account.gid, "--init-groups"]
    environment = {"HOME": account.home, "USER": account.name, "XDG_RUNTIME_DIR": account.runtime}
    return [
        *(become if os.geteuid() == 0 else []),
        "env",
        *("{}={}".format(*item) for item in environment.items()),
        f"DBUS_SESSION_BUS_ADDRESS=unix:path={account.runtime}/bus",
        *words,
    ]


@contextlib.contextmanager
def acting_as(account: Account) -> Iterator[None]:
    """Access files with the rights of this user: in a user's folders, root would follow any link that the user made."""
    if os.geteuid() != 0:
        yield
        return
    groups, group = os.getgroups(), os.getegid()
    os.setgroups(os.getgrouplist(account.name, account.gid))
    os.setegid(account.gid)
    os.seteuid(account.uid)
    try:
        yield
    finally:
        os.seteuid(0)
        os.setegid(group)
        os.setgroups(groups)

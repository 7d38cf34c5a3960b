# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Users of the managed host who may have an Engine of their own: who they are, and how root acts as one of them."""

from __future__ import annotations

import contextlib
import os
import pwd
import re
from typing import Iterator, List, NamedTuple, Optional, Sequence

_LINGER = "/var/lib/systemd/linger"
_UNIT_FOLDERS = ("/etc/systemd/user", "/usr/local/lib/systemd/user", "/usr/lib/systemd/user", "/lib/systemd/user")


class Account(NamedTuple):
    """A user, as the host's database has it."""

    name: str
    uid: int
    gid: int
    home: str

    @property
    def runtime(self) -> str:
        """The folder that systemd makes for as long as the user is logged in, or lingers."""
        return "/run/user/%d" % self.uid

    @property
    def lingers(self) -> bool:
        """Whether the user's units run without a login."""
        return os.path.exists(os.path.join(_LINGER, self.name))

    def in_home(self, *parts: str) -> str:
        """A path below the home folder."""
        return os.path.join(self.home, *parts)

    def find_unit(self, name: str) -> Optional[str]:
        """The file of a unit of this user, or None. systemd itself only tells while the user's units run."""
        paths = [os.path.join(folder, name) for folder in (self.in_home(".config/systemd/user"), *_UNIT_FOLDERS)]
        return next((path for path in paths if os.path.exists(path)), None)


def find(name: str) -> Optional[Account]:
    """The user of this name, or None."""
    return _account(lambda: pwd.getpwnam(name))


def owner_of(socket_path: str) -> Optional[Account]:
    """Whose Engine is behind a socket: that of a user lies in the user's runtime folder. None for the system's own."""
    match = re.match(r"^(?:/var)?/run/user/([1-9]\d*)/", socket_path)
    return _account(lambda: pwd.getpwuid(int(match.group(1)))) if match else None


def _account(look_up: object) -> Optional[Account]:
    try:
        found = look_up()  # type: ignore[operator]
    except (KeyError, ValueError, OverflowError):
        return None
    return Account(found.pw_name, found.pw_uid, found.pw_gid, found.pw_dir)


def words_as(account: Account, words: Sequence[str]) -> List[str]:
    """A command that runs ``words`` as this user, with what programs need to find the user's systemd. For root, and for the user itself."""
    become = ["setpriv", "--reuid=%d" % account.uid, "--regid=%d" % account.gid, "--init-groups"]
    environment = {"HOME": account.home, "USER": account.name, "XDG_RUNTIME_DIR": account.runtime}
    return [
        *(become if os.geteuid() == 0 else []),
        "env",
        *("%s=%s" % item for item in environment.items()),
        "DBUS_SESSION_BUS_ADDRESS=unix:path=%s/bus" % account.runtime,
        *words,
    ]


@contextlib.contextmanager
def acting_as(account: Account) -> Iterator[None]:
    """Touch files with the rights of this user alone: below a user's folders, root would follow any link that the user has laid."""
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

# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Files of the host: read, replaced atomically, backed up."""

from __future__ import annotations

import contextlib
import os
import re
import stat
import tempfile
import time

from ..errors import Missing

_SELINUX = "security.selinux"
_BACKUP_TIME = "%Y-%m-%dT%H:%M:%S"


def read_text(path: str) -> str | None:
    """The text of a file, or None if it does not exist."""
    try:
        with open(path, encoding="utf-8") as file:
            return file.read()
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise Missing(
            f"Cannot read {path}: {error}", "Run the task as root (become: true), and check that the file is UTF-8 text"
        ) from error


def write_text(path: str, text: str | None, mode: int) -> None:
    """Replace a file with ``text`` atomically, or remove it (None). An existing file keeps its owner, mode and SELinux label."""
    try:
        if text is None:
            with contextlib.suppress(FileNotFoundError):
                os.unlink(path)
            return
        os.makedirs(os.path.dirname(path), mode=0o755, exist_ok=True)
        _replace(path, text, mode)
    except OSError as error:
        raise Missing(
            f"Cannot write {path}: {error.strerror or error}",
            "Run the task as root (become: true), on a writable filesystem with enough space",
        ) from error


def _replace(path: str, text: str, mode: int) -> None:
    number, draft = tempfile.mkstemp(prefix=".flotilla-", dir=os.path.dirname(path))
    try:
        with os.fdopen(number, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(draft, mode)
        _take_after(path, draft, mode)
        os.replace(draft, path)
    except BaseException:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(draft)
        raise


def _take_after(path: str, draft: str, mode: int) -> None:
    try:
        found = os.stat(path)
    except FileNotFoundError:
        return
    # A user may replace a file of root in the user's own folder, but cannot give it to root.
    with contextlib.suppress(PermissionError):
        os.chown(draft, found.st_uid, found.st_gid)
    # A file with credentials must not stay readable for all because it was before.
    os.chmod(draft, stat.S_IMODE(found.st_mode) & mode | 0o600)
    with contextlib.suppress(OSError, AttributeError):
        os.setxattr(draft, _SELINUX, os.getxattr(path, _SELINUX))


def back_up(path: str) -> str | None:
    """Copy a file to a name with the time in the same folder. Returns None if there is no file."""
    text = read_text(path)
    if text is None:
        return None
    copy = f"{path}.{time.strftime(_BACKUP_TIME)}~"
    write_text(copy, text, stat.S_IMODE(os.stat(path).st_mode))
    return copy


def backups_of(path: str) -> list[str]:
    """Copies that back_up() made of a file."""
    name = re.compile(re.escape(os.path.basename(path)) + r"\.\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d~")
    folder = os.path.dirname(path)
    try:
        return sorted(os.path.join(folder, found) for found in os.listdir(folder) if name.fullmatch(found))
    except OSError:
        return []

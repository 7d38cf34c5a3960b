# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Files of the host: read, replaced in one move, and put back."""

from __future__ import annotations

import contextlib
import json
import os
import stat
import tempfile
import time
from typing import Any, Optional

from ..errors import Missing

_SELINUX = "security.selinux"


def read_text(path: str) -> Optional[str]:
    """The text of a file, or None where there is none."""
    try:
        with open(path, encoding="utf-8") as file:
            return file.read()
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise Missing("Cannot read %s: %s" % (path, error), "Run the task as root (become: true), and see that the file is text") from error


def read_json(path: str) -> Any:
    """The value in a JSON file; None where there is no file or no JSON in it."""
    try:
        return json.loads(read_text(path) or "")
    except ValueError:
        return None


def write_text(path: str, text: Optional[str], mode: int) -> None:
    """Put ``text`` in place in one move, or remove the file (None). A file that is there keeps its owner, mode and SELinux label."""
    try:
        if text is None:
            with contextlib.suppress(FileNotFoundError):
                os.unlink(path)
            return
        os.makedirs(os.path.dirname(path), mode=0o755, exist_ok=True)
        _replace(path, text, mode)
    except OSError as error:
        raise Missing(
            "Cannot write %s: %s" % (path, error.strerror or error), "Run the task as root (become: true), on a filesystem that can be written and has room"
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
    # A user may replace a file of root's in a folder of the user's own, but not give it to root.
    with contextlib.suppress(PermissionError):
        os.chown(draft, found.st_uid, found.st_gid)
    # What holds credentials must not stay readable for all because it was so before.
    os.chmod(draft, stat.S_IMODE(found.st_mode) & mode | 0o600)
    with contextlib.suppress(OSError, AttributeError):
        os.setxattr(draft, _SELINUX, os.getxattr(path, _SELINUX))


def back_up(path: str) -> Optional[str]:
    """Copy a file beside itself, named by the time; None where there is no file."""
    text = read_text(path)
    if text is None:
        return None
    copy = "%s.%s~" % (path, time.strftime("%Y-%m-%dT%H:%M:%S"))
    write_text(copy, text, stat.S_IMODE(os.stat(path).st_mode))
    return copy

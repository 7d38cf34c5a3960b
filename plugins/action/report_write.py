# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Writes a report to a file on the controller, without a module run."""

from __future__ import annotations

import contextlib
import errno
import os
import stat
import tempfile
from pathlib import Path
from typing import Any

from ansible.errors import AnsibleActionFail
from ansible.plugins.action import ActionBase

MODE = 0o644


class ActionModule(ActionBase):
    """All of report_write."""

    TRANSFERS_FILES = False
    _requires_connection = False
    _supports_check_mode = True

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        result = super().run(tmp, task_vars)
        _result, options = self.validate_argument_spec(
            argument_spec={"path": {"type": "path", "required": True}, "content": {"type": "str", "required": True}}
        )
        path, content = Path(os.path.abspath(options["path"])), str(options["content"])
        try:
            before, mode = _current(path)
            changed = (before, mode) != (content, MODE)
            if changed and not self._task.check_mode:
                _replace(path, content)
        except OSError as error:
            raise AnsibleActionFail(
                f"Cannot write the report {path} on the controller: {error.strerror}. "
                "Choose a path in a directory that exists and that the user who runs Ansible may write to."
            ) from None  # Ansible would append the error as Python prints it
        result.update(changed=changed, path=str(path))
        if self._task.diff:
            names = {"before_header": str(path), "after_header": str(path)}
            result["diff"] = {"before": before or "", "after": content, **names}
        return result


def _current(path: Path) -> tuple[str | None, int | None]:
    """Text and mode of the file; None if there is no file. Raises OSError for a device or a directory, which must not be replaced."""
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        return None, None
    if not stat.S_ISREG(mode):
        raise OSError(errno.EINVAL, "It is not a regular file")
    return path.read_bytes().decode("utf-8", "replace"), stat.S_IMODE(mode)


def _replace(path: Path, content: str) -> None:
    handle, temporary = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content.encode("utf-8", "surrogateescape"))
            os.fchmod(handle, MODE)
        os.replace(temporary, path)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(temporary)
        raise

# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reads and writes the docker CLI's config.json, without losing other content of the file."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import stat
import tempfile
from typing import Any, Callable, Iterator, Mapping

from ..docker_cli import Login, keys_of, login_of
from ..errors import Missing, StepFailed
from ..host import users


class ConfigFile:
    """A config.json. ``owner`` is the user whose file it is, or None for the user who runs the module.

    Root acts as that user, because the user's folders may have links to anywhere.
    """

    def __init__(self, path: str, owner: users.Account | None = None) -> None:
        # A symbolic link is kept, and its target is written.
        self.path = os.path.realpath(path)
        self.owner = owner

    def read(self) -> dict[str, Any]:
        """The content; empty if there is no file. Raises Missing for a file that is not a JSON object, which is then not changed."""
        with self._as_owner():
            return self._read()

    @contextlib.contextmanager
    def _as_owner(self) -> Iterator[None]:
        with users.acting_as(self.owner) if self.owner else contextlib.nullcontext():
            yield

    def _read(self) -> dict[str, Any]:
        try:
            with open(self.path, "rb") as file:
                data = file.read()
        except FileNotFoundError:
            return {}
        except OSError as error:
            raise Missing(
                f"Cannot read {self.path}: {error.strerror}", "Correct its permissions, or config_path"
            ) from error
        try:
            text = data.decode("utf-8")
            content = json.loads(text) if text.strip() else {}
        except ValueError as error:
            raise Missing(
                f"{self.path} is not valid JSON ({error}), so it was not changed",
                "Fix the file, or rename it to start with an empty one",
            ) from error
        if not _is_configuration(content):
            raise Missing(
                f"{self.path} is not a configuration of the docker CLI, so it was not changed",
                "The file, auths and credHelpers must be JSON objects, and names of helpers must be strings. "
                "Fix the file, or rename it to start with an empty one",
            )
        return content

    def update(self, change: Callable[[dict[str, Any]], None]) -> None:
        """Change the content under a lock and replace the file atomically, readable by its owner only."""
        try:
            with self._as_owner(), self._locked():
                content = self._read()
                change(content)
                self._write(content)
        except OSError as error:
            raise StepFailed(
                f"Cannot write {self.path}: {error.strerror}",
                "Check the permissions of its folder and the space on its disk, or correct config_path",
            ) from error

    @contextlib.contextmanager
    def _locked(self) -> Iterator[None]:
        folder = os.path.dirname(self.path)
        os.makedirs(folder, mode=0o700, exist_ok=True)
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)

    def _write(self, content: Mapping[str, Any]) -> None:
        descriptor, draft = tempfile.mkstemp(prefix="config.json.", dir=os.path.dirname(self.path))
        try:
            with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                json.dump(content, file, indent="\t")
                file.flush()
                os.fsync(file.fileno())
            self._keep_owner(draft)
            os.replace(draft, self.path)
        except BaseException:
            with contextlib.suppress(OSError):
                os.unlink(draft)
            raise

    def _keep_owner(self, draft: str) -> None:
        """If root writes another user's file, the file keeps belonging to that user."""
        with contextlib.suppress(OSError):
            known = os.stat(self.path)
            if stat.S_ISREG(known.st_mode) and os.geteuid() == 0:
                os.chown(draft, known.st_uid, known.st_gid)


def _is_configuration(content: Any) -> bool:
    if not isinstance(content, dict):
        return False
    helpers = content.get("credHelpers") or {}
    return (
        isinstance(content.get("auths") or {}, dict)
        and isinstance(helpers, dict)
        and all(isinstance(name, str) for name in (*helpers.values(), content.get("credsStore") or ""))
    )


def stored_in_file(content: Mapping[str, Any], registry: str) -> Login | None:
    """The login of the entry; None if there is none or if it cannot be decoded. The next login replaces an entry that cannot be decoded."""
    entries = content.get("auths") or {}
    for key in keys_of(entries, registry):
        with contextlib.suppress(ValueError):
            login = login_of(entries[key])
            if login:
                return login
    return None

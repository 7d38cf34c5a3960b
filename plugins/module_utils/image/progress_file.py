# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A file from which the controller reads the progress of pulls."""

from __future__ import annotations

import contextlib
import json
import os
import threading
import time
from typing import Iterator

from .progress import Progress
from .reference import Reference

INTERVAL = 0.5
# The action plugin sets it if the progress is shown.
PATH_VARIABLE = "FLOTILLA_PULL_PROGRESS_FILE"


class ProgressFile:
    """Writes the progress of pulls. The file must not exist yet, so that another user cannot replace it by a link."""

    def __init__(self, path: str | None = None) -> None:
        self._path = path or os.environ.get(PATH_VARIABLE)
        self._pulls: dict[str, dict[str, int]] = {}
        self._written = 0.0
        self._lock = threading.Lock()

    @contextlib.contextmanager
    def open(self) -> Iterator[ProgressFile]:
        """The file exists in this context. If it cannot be created, nothing is written, because a pull must not fail for that reason."""
        if self._path:
            try:
                os.close(os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o644))
            except OSError:
                self._path = None
        try:
            yield self
        finally:
            if self._path:
                with contextlib.suppress(OSError):
                    os.unlink(self._path)

    def __call__(self, reference: Reference, progress: Progress) -> None:
        if not self._path:
            return
        with self._lock:
            self._pulls[reference.familiar] = progress.summary()
            if time.monotonic() - self._written < INTERVAL:
                return
            self._written = time.monotonic()
            with contextlib.suppress(OSError), open(self._path, "w", encoding="utf-8") as file:
                json.dump(self._pulls, file)


def watch_nothing(reference: Reference, progress: Progress) -> None:
    """Used if there is no ProgressFile."""

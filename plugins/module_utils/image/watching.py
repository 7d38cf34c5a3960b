# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A file through which somebody on the controller can watch pulls."""

from __future__ import annotations

import contextlib
import json
import os
import threading
import time
from typing import Dict, Iterator, Optional

from .progress import Progress
from .reference import Reference

INTERVAL = 0.5


class ProgressFile:
    """Writes what pulls have come to. The file must not exist yet, so that nobody can lead us to another one."""

    def __init__(self, path: Optional[str]) -> None:
        self._path = path
        self._pulls: Dict[str, Dict[str, int]] = {}
        self._written = 0.0
        self._lock = threading.Lock()

    @contextlib.contextmanager
    def open(self) -> Iterator["ProgressFile"]:
        """The file is there as long as this lasts. A watcher is no reason to fail: without a file nothing is written."""
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

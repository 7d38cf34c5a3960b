# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Collects the output of a command: decodes frames, keeps the end of long output, and returns text or base64."""

from __future__ import annotations

import base64

STDOUT, STDERR = 1, 2
_HEADER = 8


class Output:
    """Receives the bytes of an exec stream. Keeps the last ``limit`` bytes of standard output and error; 0 keeps all."""

    def __init__(self, tty: bool, limit: int) -> None:
        self._tty = tty
        self._limit = limit
        self._pending = b""
        self._kept: dict[int, bytearray] = {STDOUT: bytearray(), STDERR: bytearray()}
        self.sizes = {STDOUT: 0, STDERR: 0}

    def take(self, data: bytes) -> None:
        """Add bytes of the stream. With a TTY they are plain; else frames of stream number, three zeros and a length (Engine API)."""
        if self._tty:
            self._keep(STDOUT, data)
            return
        self._pending += data
        while len(self._pending) >= _HEADER:
            end = _HEADER + int.from_bytes(self._pending[4:_HEADER], "big")
            if len(self._pending) < end:
                return
            self._keep(STDERR if self._pending[0] == STDERR else STDOUT, self._pending[_HEADER:end])
            self._pending = self._pending[end:]

    def _keep(self, stream: int, data: bytes) -> None:
        kept = self._kept[stream]
        self.sizes[stream] += len(data)
        kept += data
        if self._limit and len(kept) > 2 * self._limit:
            del kept[: -self._limit]

    def text(self, stream: int, strip: bool) -> tuple[str, str]:
        """The kept part of an output, and its encoding: utf-8, or base64 if it is not text."""
        kept = bytes(self._kept[stream])
        if self._limit and len(kept) > self._limit:
            kept = kept[-self._limit :]
        try:
            # The limit may cut a character.
            text = kept.decode("utf-8", "strict" if len(kept) == self.sizes[stream] else "ignore")
        except UnicodeDecodeError:
            return base64.b64encode(kept).decode("ascii"), "base64"
        if "\0" in text:
            return base64.b64encode(kept).decode("ascii"), "base64"
        return (text.rstrip("\r\n") if strip else text), "utf-8"

    def tail(self, stream: int, lines: int = 5) -> str:
        """The last lines, for a message."""
        text = bytes(self._kept[stream]).decode("utf-8", "replace")
        return " | ".join(text.splitlines()[-lines:])

    @property
    def left_out(self) -> int:
        """Bytes that were not kept."""
        if not self._limit:
            return 0
        return sum(max(0, size - self._limit) for size in self.sizes.values())

# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the messages of a pull add up to."""

from __future__ import annotations

import re
from typing import Any, Mapping, Optional

_LAYER_ID = re.compile(r"^[0-9a-f]{12}$")
_HEADER = re.compile(r"^Pulling from ")
_FINISHED = ("Pull complete", "Already exists")
_NOT_BEGUN = ("Pulling fs layer", "Waiting", "Already exists")


class Progress:
    """A pull as far as it has come. Layers go by the first 12 hex digits of their compressed digest, as the stream names them."""

    def __init__(self) -> None:
        self.statuses: dict[str, str] = {}
        self.downloaded: dict[str, int] = {}
        self.totals: dict[str, int] = {}
        self.digest: Optional[str] = None
        self.error: Optional[str] = None
        self.warnings: list[str] = []
        self.retrying: set[str] = set()

    def add(self, message: Mapping[str, Any]) -> bool:
        """Take in one message; whether it shows that something moved since the last one."""
        if "error" in message or "errorDetail" in message:
            self.error = str((message.get("errorDetail") or {}).get("message") or message.get("error"))
            return True
        status, layer = str(message.get("status") or ""), str(message.get("id") or "")
        if status.startswith("Digest: "):
            self.digest = status[len("Digest: "):]
        elif status.startswith("WARNING"):
            self.warnings.append(status)
        if _HEADER.match(status) or not _LAYER_ID.match(layer):
            return True
        return self._add_layer(layer, status, message.get("progressDetail") or {})

    def _add_layer(self, layer: str, status: str, detail: Mapping[str, Any]) -> bool:
        before = (self.statuses.get(layer), self.downloaded.get(layer))
        current = detail.get("current")
        moved = status != before[0] or bool(current)
        if status == "Downloading" and current is not None:
            moved = status != before[0] or current != before[1]
            self.downloaded[layer] = current
            self.totals[layer] = detail.get("total") or self.totals.get(layer, 0)
        elif status == "Download complete" and layer in self.totals:
            self.downloaded[layer] = self.totals[layer] or self.downloaded[layer]
        # "Retrying in 5 seconds" counts down without anything coming in.
        if status.startswith("Retrying in"):
            self.retrying.add(layer)
            return False
        self.retrying.discard(layer)
        self.statuses[layer] = status
        return moved

    def forget(self, image_id: str) -> None:
        """Podman shows an image's config among its layers; it bears the image's id."""
        for known in (self.statuses, self.downloaded, self.totals):
            known.pop(image_id.split(":", 1)[-1][:12], None)

    @property
    def existed(self) -> list[str]:
        """Layers that the host had already."""
        return [layer for layer, status in self.statuses.items() if status == "Already exists"]

    @property
    def pulled(self) -> list[str]:
        """Layers that this pull brought, or was bringing."""
        return [layer for layer, status in self.statuses.items() if status != "Already exists"]

    @property
    def stage(self) -> str:
        """Where a pull stands that moves no more: silent, waiting, retrying or moving."""
        if self.retrying:
            return "retrying"
        if not self.statuses:
            return "silent"
        return "waiting" if all(status in _NOT_BEGUN for status in self.statuses.values()) else "moving"

    @property
    def bytes(self) -> int:
        """Bytes downloaded, as far as the engine told: small layers may pass between two of its messages."""
        return sum(self.downloaded.values())

    def summary(self) -> dict[str, int]:
        """Numbers for somebody who watches."""
        return {
            "layers": len(self.statuses),
            "layers_done": sum(1 for status in self.statuses.values() if status in _FINISHED),
            "bytes": self.bytes,
            "bytes_total": sum(self.totals.values()),
        }

# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Computes the progress of a pull from the Engine's messages."""

from __future__ import annotations

import re
from typing import Any, Mapping

_LAYER_ID = re.compile(r"^[0-9a-f]{12}$")
_HEADER = re.compile(r"^Pulling from ")
_FINISHED = ("Pull complete", "Already exists")
_NOT_BEGUN = ("Pulling fs layer", "Waiting", "Already exists")


class Progress:
    """The progress of one pull. Layers are named by the first 12 hex digits of their compressed digest, as in the stream."""

    def __init__(self) -> None:
        self.statuses: dict[str, str] = {}
        self.downloaded: dict[str, int] = {}
        self.totals: dict[str, int] = {}
        self.digest: str | None = None
        self.error: str | None = None
        self.warnings: list[str] = []
        self.retrying: set[str] = set()

    def add(self, message: Mapping[str, Any]) -> bool:
        """Add one message. Returns whether it shows progress since the last one."""
        if "error" in message or "errorDetail" in message:
            self.error = str((message.get("errorDetail") or {}).get("message") or message.get("error"))
            return True
        status, layer = str(message.get("status") or ""), str(message.get("id") or "")
        if status.startswith("Digest: "):
            self.digest = status[len("Digest: ") :]
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
        # "Retrying in 5 seconds" counts down without progress.
        if status.startswith("Retrying in"):
            self.retrying.add(layer)
            return False
        self.retrying.discard(layer)
        self.statuses[layer] = status
        return moved

    def forget(self, image_id: str) -> None:
        """Remove a layer: Podman lists an image's config as a layer with the image's id."""
        for known in (self.statuses, self.downloaded, self.totals):
            known.pop(image_id.split(":", 1)[-1][:12], None)

    @property
    def existed(self) -> list[str]:
        """Layers that were already on the host."""
        return [layer for layer, status in self.statuses.items() if status == "Already exists"]

    @property
    def pulled(self) -> list[str]:
        """Layers that this pull downloaded or started to download."""
        return [layer for layer, status in self.statuses.items() if status != "Already exists"]

    @property
    def stage(self) -> str:
        """The stage at which a pull stopped making progress: silent, waiting, retrying or moving."""
        if self.retrying:
            return "retrying"
        if not self.statuses:
            return "silent"
        return "waiting" if all(status in _NOT_BEGUN for status in self.statuses.values()) else "moving"

    @property
    def bytes(self) -> int:
        """Bytes that were downloaded, as far as the Engine reports them: it may report no progress of small layers."""
        return sum(self.downloaded.values())

    def summary(self) -> dict[str, int]:
        """The numbers that are shown on the controller."""
        return {
            "layers": len(self.statuses),
            "layers_done": sum(1 for status in self.statuses.values() if status in _FINISHED),
            "bytes": self.bytes,
            "bytes_total": sum(self.totals.values()),
        }

# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The progress of pulls in one line."""

from __future__ import annotations

from collections import deque

_UNITS = ("B", "kB", "MB", "GB")


class PullLine:
    """Formats what image_pull writes to its progress file. Keeps the last few values to compute the speed."""

    def __init__(self, started: float) -> None:
        # The last few values: seconds, bytes.
        self._values: deque[tuple[float, int]] = deque([(started, 0)], maxlen=6)

    def render(self, pulls: dict[str, dict[str, int]], now: float) -> str:
        """ "nginx:latest, 2 of 6 layers, 3.1MB of 9MB, 1.2MB/s"; several images are added up."""
        total = {
            key: sum(pull[key] for pull in pulls.values()) for key in ("layers", "layers_done", "bytes", "bytes_total")
        }
        what = next(iter(pulls)) if len(pulls) == 1 else f"{len(pulls)} images"
        self._values.append((now, total["bytes"]))
        if not total["layers"]:
            return f"{what}, waiting for the registry"
        layers = f"{total['layers_done']} of {total['layers']} layers"
        size = f"{_size(total['bytes'])} of {_size(max(total['bytes_total'], total['bytes']))}"
        return f"{what}, {layers}, {size}, {self._speed(total)}"

    def _speed(self, total: dict[str, int]) -> str:
        if total["bytes"] >= total["bytes_total"] and total["layers_done"] < total["layers"]:
            return "extracting"
        (first, before), (last, after) = self._values[0], self._values[-1]
        return f"{_size(max(after - before, 0) / max(last - first, 0.1))}/s"


def _size(value: float) -> str:
    unit = 0
    while value >= 999.5 and unit < len(_UNITS) - 1:
        value, unit = value / 1000, unit + 1
    return f"{value:.3g}{_UNITS[unit]}"

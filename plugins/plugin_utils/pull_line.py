# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a pull has come to, in a line."""

from __future__ import annotations

from collections import deque

_UNITS = ("B", "kB", "MB", "GB")


class PullLine:
    """Makes lines of what image_pull writes into its progress file; knows what came before, for the speed."""

    def __init__(self, started: float) -> None:
        # The last few looks: seconds, bytes.
        self._looks: deque = deque([(started, 0)], maxlen=6)

    def render(self, pulls: dict[str, dict[str, int]], now: float) -> str:
        """"nginx:latest, 2 of 6 layers, 3.1MB of 9MB, 1.2MB/s"; several images are added up."""
        total = {key: sum(pull[key] for pull in pulls.values()) for key in ("layers", "layers_done", "bytes", "bytes_total")}
        what = next(iter(pulls)) if len(pulls) == 1 else "%d images" % len(pulls)
        self._looks.append((now, total["bytes"]))
        if not total["layers"]:
            return "%s, waiting for the registry" % what
        size = "%s of %s" % (_size(total["bytes"]), _size(max(total["bytes_total"], total["bytes"])))
        return "%s, %d of %d layers, %s, %s" % (what, total["layers_done"], total["layers"], size, self._pace(total))

    def _pace(self, total: dict[str, int]) -> str:
        if total["bytes"] >= total["bytes_total"] and total["layers_done"] < total["layers"]:
            return "extracting"
        (first, before), (last, after) = self._looks[0], self._looks[-1]
        return "%s/s" % _size(max(after - before, 0) / max(last - first, 0.1))


def _size(value: float) -> str:
    unit = 0
    while value >= 999.5 and unit < len(_UNITS) - 1:
        value, unit = value / 1000, unit + 1
    return "%.3g%s" % (value, _UNITS[unit])

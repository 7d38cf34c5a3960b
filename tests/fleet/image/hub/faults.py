# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The state of the proxy, shared by its threads: the fault of each repository, and its requests, counted."""

from __future__ import annotations

import threading
from collections import Counter, defaultdict

STATUSES = ("401", "403", "404", "429", "500", "503")
# Each fault and the number it needs.
FAULTS = {
    **dict.fromkeys(STATUSES),
    "cut": "bytes",
    "corrupt": None,
    "slow": "bytes_per_second",
    "hang": None,
    "html": None,
}
OF_BLOBS = ("cut", "corrupt", "slow")
KINDS = ("manifests", "blobs", "all")


class Faults:
    def __init__(self):
        self._lock = threading.Lock()
        self._faults = {}
        self._counts = defaultdict(Counter)

    def set(self, repository, fault):
        """Set the fault of a repository. The ValueError for an invalid one says what it must be."""
        checked = _checked(fault)
        with self._lock:
            self._faults[repository] = checked

    def clear(self, repository=None):
        with self._lock:
            if repository is None:
                self._faults.clear()
            else:
                self._faults.pop(repository, None)

    def take(self, repository, method, kind):
        """Count a request. Returns its fault, or None."""
        with self._lock:
            self._counts[repository][f"{method} {kind}"] += 1
            fault = self._faults.get(repository)
            if fault is None or fault["on"] not in (kind, "all"):
                return None
            if fault["times"] is not None:
                fault["times"] -= 1
                if fault["times"] == 0:
                    del self._faults[repository]
            return dict(fault)

    def shown(self):
        with self._lock:
            return {repository: dict(fault) for repository, fault in self._faults.items()}

    def counts(self):
        with self._lock:
            return {repository: dict(counter) for repository, counter in self._counts.items()}

    def reset_counts(self):
        with self._lock:
            self._counts.clear()


def _checked(fault):
    name = str(fault.get("fault"))
    if name not in FAULTS:
        raise ValueError(f"fault is {name}, must be one of {', '.join(FAULTS)}")
    checked = {
        "fault": name,
        "on": fault.get("on", "blobs" if name in OF_BLOBS else "manifests"),
        "times": fault.get("times"),
    }
    if checked["on"] not in KINDS:
        raise ValueError(f"on is {checked['on']}, must be one of {', '.join(KINDS)}")
    number = FAULTS[name]
    if number:
        checked[number] = fault.get(number)
    for wanted in filter(None, (number, "times" if checked["times"] is not None else None)):
        if not isinstance(checked[wanted], int) or checked[wanted] < 1:
            raise ValueError(f"fault {name} needs {wanted} as a whole number above 0")
    unknown = set(fault) - set(checked)
    if unknown:
        raise ValueError(f"fault {name} has no field {', '.join(sorted(unknown))}")
    return checked

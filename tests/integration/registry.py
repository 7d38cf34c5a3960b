# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The registry with faults on request, and the names that tests pull from it."""

from __future__ import annotations

import json
import subprocess
import urllib.request

from waiting import until

ENGINES = ["e20", "e26", "e28", "c26", "c28"]
NGINX = "hub:5001/library/nginx:latest"
BUSYBOX = "hub:5001/library/busybox:1.0"


class Registry:
    """Controls the hub: faults, counts, stop and start."""

    def __init__(self, described):
        self.control = described["control"]
        self.container = described["container"]

    def fault(self, repository, **fault):
        """Let requests for a repository fail."""
        self._send("PUT", "/faults/" + repository, fault)

    def heal(self):
        """No faults and no counts."""
        self._send("DELETE", "/faults")
        self._send("DELETE", "/counts")

    def counts(self, repository):
        """Requests since the last heal, such as {"HEAD manifests": 1}."""
        return self._send("GET", "/counts").get(repository, {})

    def kill(self):
        """Kill the registry, as a power failure does."""
        subprocess.run(["docker", "kill", self.container], check=True, capture_output=True)

    def start(self):
        """Start the registry again, at the same address and without faults."""
        subprocess.run(["docker", "start", self.container], check=True, capture_output=True)
        until(self._answers)

    def _answers(self):
        try:
            with urllib.request.urlopen(self.control.replace("/_control", "/v2/"), timeout=5):
                return True
        except OSError:
            return False

    def _send(self, method, path, body=None):
        data = json.dumps(body).encode() if body else None
        with urllib.request.urlopen(
            urllib.request.Request(self.control + path, data=data, method=method), timeout=60
        ) as answer:
            text = answer.read()
        return json.loads(text) if text.strip() else None

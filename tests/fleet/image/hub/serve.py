# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The hub: two registries over one storage, the proxy and the search index. Ends when a registry ends."""

from __future__ import annotations

import os
import subprocess
import threading
from pathlib import Path

import bcrypt
import proxy
import search

HERE = Path(__file__).parent
SECRETS = Path("/etc/hub")
LOGS = Path("/logs")


def main():
    write_htpasswd()
    for service in (proxy.serve, search.serve):
        threading.Thread(target=service, daemon=True).start()
    registries = [start_registry("registry"), start_registry("registry-auth")]
    pid, _status = os.wait()
    ended = next(registry for registry in registries if registry.pid == pid)
    raise SystemExit(f"a registry ended: {' '.join(ended.args)}")


def write_htpasswd():
    user, password = (SECRETS / "account").read_bytes().strip().split(b":", 1)
    # Cost 4: made anew at each start, for a password that lives as long as the fleet.
    (SECRETS / "htpasswd").write_bytes(user + b":" + bcrypt.hashpw(password, bcrypt.gensalt(4)) + b"\n")


def start_registry(name):
    """Its access log goes to stdout, everything else to stderr and so to the hub's own log."""
    log = (LOGS / f"{name}.log").open("ab")
    return subprocess.Popen(["docker-registry", "serve", str(HERE / f"{name}.yml")], stdout=log)


if __name__ == "__main__":
    main()

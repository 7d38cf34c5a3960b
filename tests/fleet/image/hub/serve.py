# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs the hub: two registries with the same storage, the proxy and the search index. Exits when a registry exits."""

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
    raise SystemExit(f"a registry exited: {' '.join(ended.args)}")


def write_htpasswd():
    user, password = (SECRETS / "account").read_bytes().strip().split(b":", 1)
    # A cost of 4 is enough, because the password is deleted with the fleet.
    (SECRETS / "htpasswd").write_bytes(user + b":" + bcrypt.hashpw(password, bcrypt.gensalt(4)) + b"\n")


def start_registry(name):
    """Start a registry. Its access log is a file of its own; everything else is in the log of the hub."""
    log = (LOGS / f"{name}.log").open("ab")
    return subprocess.Popen(["docker-registry", "serve", str(HERE / f"{name}.yml")], stdout=log)


if __name__ == "__main__":
    main()

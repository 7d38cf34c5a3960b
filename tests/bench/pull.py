# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Five images: in one task of image_pull, and in five tasks of community.docker.docker_image_pull, on the same host in turn.

usage: tools/run python tests/bench/pull.py FLEET HOST PEER_COLLECTIONS
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
NAMES = [f"hub:5000/library/{name}" for name in ("nginx:latest", "nginx:1.0", "busybox:1.0", "busybox:2.0", "multi:latest")]
ROUNDS = 3
CLEAR = {"ansible.builtin.shell": "docker image ls -q | xargs -r docker rmi -f"}
OURS = [{"flotilla.docker.image_pull": {"name": NAMES, "parallel": 5}}]
PEER = [{"community.docker.docker_image_pull": {"name": name}} for name in NAMES]


def seconds(fleet, host, tasks, collections):
    """How long a play of these tasks takes."""
    environment = dict(os.environ, ANSIBLE_COLLECTIONS_PATH=os.pathsep.join([collections, os.environ.get("ANSIBLE_COLLECTIONS_PATH", "")]))
    with tempfile.NamedTemporaryFile("w", suffix=".yml", encoding="utf-8") as play:
        json.dump([{"hosts": host, "gather_facts": False, "tasks": tasks}], play)
        play.flush()
        started = time.monotonic()
        subprocess.run(["ansible-playbook", "-i", fleet, play.name], check=True, stdout=subprocess.DEVNULL, env=environment)
        return time.monotonic() - started


def main():
    fleet, host, collections = sys.argv[1:4]
    inventory = str(CHECKOUT / ".cache" / "fleet" / fleet / "inventory.yml")
    print("| round | empty: one task | empty: five tasks | up to date: one task | up to date: five tasks |\n|---|---|---|---|---|")
    for number in range(1, ROUNDS + 1):
        taken = []
        for tasks in (OURS, PEER):
            seconds(inventory, host, [CLEAR], collections)
            taken.append((seconds(inventory, host, tasks, collections), seconds(inventory, host, tasks, collections)))
        print("| %d | %.1f s | %.1f s | %.1f s | %.1f s |" % (number, taken[0][0], taken[1][0], taken[0][1], taken[1][1]), flush=True)


if __name__ == "__main__":
    main()

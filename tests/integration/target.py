# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A host of the fleet, reached over SSH as a task reaches it."""

from __future__ import annotations

import json
import subprocess

DOCKER_PY = "/usr/lib/python3/dist-packages/docker"
HEAL = """
umount /var/lib/docker 2>/dev/null
[ ! -e %(python)s.away ] || mv %(python)s.away %(python)s
pkill -CONT dockerd
test -e /root/daemon.json && mv /root/daemon.json /etc/docker/daemon.json
rm -rf /run/systemd/system/docker.service.d /run/systemd/system/docker.socket.d
systemctl daemon-reload
[ "$(systemctl is-active docker.service)" != activating ] || systemctl stop docker.service
systemctl unmask docker.service docker.socket
systemctl enable docker.service docker.socket
systemctl reset-failed docker.service docker.socket
systemctl start docker.socket docker.service
""" % {"python": DOCKER_PY}


class Target:
    """A host of the fleet, reached as a task reaches it."""

    def __init__(self, fleet, name):
        self.fleet = fleet
        self.name = name
        self.container = fleet["hosts"][name]["container"]

    def shell(self, script):
        """Run a script on the host as root; what it writes."""
        return subprocess.run(["docker", "exec", self.container, "sh", "-c", script], check=False, capture_output=True, text=True).stdout.strip()

    def run(self, module, by="root", check=False, **options):
        """The result of a module on the host; "said" is what a terminal shows beside it, such as warnings."""
        command = ["ansible", self.name, "-i", self.fleet["inventory"], "-m", f"flotilla.docker.{module}", "-a", json.dumps(options) if options else ""]
        variables = ["-e", json.dumps({"ansible_user": by}), *(["--check"] if check else [])]
        done = subprocess.run([*command, *variables], check=False, capture_output=True, text=True)
        assert " => {" in done.stdout, done.stdout + done.stderr
        return dict(json.loads("{" + done.stdout.split(" => {", 1)[1]), said=done.stderr)

    def status(self, by="root", **options):
        """The result of docker_daemon_status."""
        return self.run("docker_daemon_status", by, **options)


class SystemEngine(Target):
    """A host with an engine of its own, to be broken on purpose and healed."""

    def active(self):
        """What systemctl is-active says of the service."""
        return self.shell("systemctl is-active docker.service")

    def configure(self, text):
        """Put a daemon.json in place, and keep the old one."""
        self.shell("cp -np /etc/docker/daemon.json /root/daemon.json; cat > /etc/docker/daemon.json <<'END'\n%s\nEND" % text)

    def heal(self):
        """Have a daemon that runs."""
        self.shell(HEAL)
        assert self.active() == "active"

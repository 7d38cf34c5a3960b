# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A host of the fleet, reached over SSH like in a task."""

from __future__ import annotations

import json
import subprocess

import return_docs

DOCKER_PY = "/usr/lib/python3/dist-packages/docker"
HEAL = f"""
umount /var/lib/docker 2>/dev/null
[ ! -e {DOCKER_PY}.away ] || mv {DOCKER_PY}.away {DOCKER_PY}
pkill -CONT dockerd
test -e /root/daemon.json && mv /root/daemon.json /etc/docker/daemon.json
rm -rf /run/systemd/system/docker.service.d /run/systemd/system/docker.socket.d
systemctl daemon-reload
[ "$(systemctl is-active docker.service)" != activating ] || systemctl stop docker.service
systemctl unmask docker.service docker.socket
systemctl enable docker.service docker.socket
systemctl reset-failed docker.service docker.socket
systemctl start docker.socket docker.service
"""


class Target:
    """A host of the fleet, reached like in a task."""

    def __init__(self, fleet, name):
        self.fleet = fleet
        self.name = name
        self.container = fleet["hosts"][name]["container"]

    def shell(self, script):
        """Run a script on the host as root. Returns its output."""
        return subprocess.run(
            ["docker", "exec", self.container, "sh", "-c", script], check=False, capture_output=True, text=True
        ).stdout.strip()

    def run(self, module, by="root", check=False, **options):
        """The result of a module on the host; "said" is further output of ansible-playbook, such as warnings."""
        command = [
            "ansible",
            self.name,
            "-i",
            self.fleet["inventory"],
            "-m",
            f"flotilla.docker.{module}",
            "-a",
            json.dumps(options) if options else "",
        ]
        variables = ["-e", json.dumps({"ansible_user": by}), *(["--check"] if check else [])]
        done = subprocess.run([*command, *variables], check=False, capture_output=True, text=True)
        assert " => {" in done.stdout, done.stdout + done.stderr
        result = json.loads("{" + done.stdout.split(" => {", 1)[1])
        if not result.get("failed") and "FAILED" not in done.stdout.partition("=>")[0]:
            wrong = return_docs.compare(module, result)
            assert not wrong, wrong
        return dict(result, said=done.stderr)

    def status(self, by="root", **options):
        """The result of docker_daemon_status."""
        return self.run("docker_daemon_status", by, **options)


class SystemEngine(Target):
    """A host whose Engine tests break on purpose and repair."""

    def active(self):
        """The output of systemctl is-active for the service."""
        return self.shell("systemctl is-active docker.service")

    def configure(self, text):
        """Write a daemon.json, and back up the old one."""
        self.shell(
            f"cp -np /etc/docker/daemon.json /root/daemon.json; cat > /etc/docker/daemon.json <<'END'\n{text}\nEND"
        )

    def heal(self):
        """Repair the host, so that the daemon runs."""
        self.shell(HEAL)
        assert self.active() == "active"

# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A host for tests of docker_daemon_config: real files below a folder, with scripts in place of systemctl, journalctl and dockerd."""

from __future__ import annotations

import json

from ansible_collections.flotilla.docker.plugins.module_utils.daemon_config import plan
from ansible_collections.flotilla.docker.plugins.module_utils.daemon_config.host import DaemonHost
from ansible_collections.flotilla.docker.plugins.module_utils.errors import Unreachable
from ansible_collections.flotilla.docker.plugins.module_utils.ledger import Ledger

from ..in_memory.engine import Engine

DEFAULTS = {
    "section": None,
    "options": {},
    "merge": True,
    "path": None,
    "backup": False,
    "environment": {},
    "flags": [],
    "service_settings": {},
    "socket_settings": {},
    "server_ca": None,
    "server_certificate": None,
    "server_key": None,
    "registry_certificates": {},
    "allow_plain_tcp": False,
    "old_data": "refuse",
    "restart": "always",
    "restart_reasons": [],
    "wait": 30,
    "timeout": 5,
}
# A daemon starts unless its configuration or drop-in has "breaks", and reloads unless it has "unloadable". Each start has another process id.
SYSTEMCTL = r"""#!/bin/sh
cd {folder}
case "$1" in
show)
    state=$(cat state)
    printf 'Id=docker.service\nLoadState=loaded\nActiveState=%s\nSubState=x\nMainPID=%s\nFragmentPath={folder}/docker.service\n' $state $(cat pid)
    test -e docker.service.d/flotilla.conf && printf 'DropInPaths={folder}/docker.service.d/flotilla.conf\n'
    printf '\nId=docker.socket\nLoadState=loaded\nActiveState=active\n'
    case "$*" in *containerd*) printf '\nId=containerd.service\nLoadState=not-found\nActiveState=inactive\n';; esac
    exit 0;;
start|restart)
    echo "$*" >> calls
    echo $(($(cat pid) + 1)) > pid
    if grep -rqs breaks etc docker.service.d; then
        echo failed > state
        echo "Job for docker.service failed." >&2
        exit 1
    fi
    echo active > state;;
stop)
    echo "$*" >> calls
    echo inactive > state;;
reset-failed) ;;
reload)
    echo "$*" >> calls
    if grep -rqs unloadable etc; then
        echo "Job for docker.service failed." >&2
        exit 1
    fi;;
*)
    echo "$*" >> calls;;
esac
"""
JOURNALCTL = """#!/bin/sh
echo 'failed to start daemon: the configuration breaks'
"""
# It supports only the options that the tests use.
DOCKERD = r"""#!/bin/sh
while test $# -gt 0; do
    test "$1" = --config-file && file=$2
    shift
done
if grep -q bogus "$file"; then
    echo 'unable to configure the Docker daemon with file x: the following directives don'"'"'t match any configuration option: bogus' >&2
    exit 1
fi
echo 'configuration OK'
"""


class Machine:
    """The host, whose Engine runs ``containers``. run() performs one task. Containers keep running at a restart."""

    def __init__(self, folder, monkeypatch, active=True, containers=(), live_restore=False):
        self.folder = folder
        for name, text in (("systemctl", SYSTEMCTL), ("journalctl", JOURNALCTL), ("dockerd", DOCKERD)):
            self.write("bin/" + name, text.replace("{folder}", str(folder))).chmod(0o755)
        self.write("docker.service", "[Service]\nExecStart=/usr/sbin/dockerd -H fd://\n")
        self.write("state", "active" if active else "inactive")
        self.write("pid", "100")
        self.write("calls", "")
        self.engine = Engine(info={"LiveRestoreEnabled": live_restore})
        for name in containers:
            self.engine.containers.add(name)
        monkeypatch.setenv("PATH", f"{folder}/bin:/usr/bin:/bin")
        paths = {
            "path": "etc/daemon.json",
            "service_drop_in": "docker.service.d/flotilla.conf",
            "socket_drop_in": "docker.socket.d/flotilla.conf",
            "record_path": "record.json",
            "data_root": "data",
            "certificates_folder": "etc/certs.d",
            "tls_folder": "etc/tls",
        }
        for name, path in paths.items():
            monkeypatch.setattr(DaemonHost, name, str(folder / path))

    def write(self, path, text):
        path = self.folder / path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    def host(self, **params):
        return DaemonHost(dict(DEFAULTS, **params), self._connect)

    def _connect(self, params):
        if self.state != "active":
            raise Unreachable("no daemon", kind="no_socket")
        return self.engine

    def run(self, check=False, **params):
        """Perform one task. Returns the result of decide and the ledger of the run."""
        host, self.ledger = self.host(**params), Ledger()
        return self.ledger.perform(plan.decide(host, host.params), host, check)

    def text(self, path):
        path = self.folder / path
        return path.read_text(encoding="utf-8") if path.exists() else None

    @property
    def options(self):
        return json.loads(self.text("etc/daemon.json") or "{}")

    @property
    def running(self):
        """Names of the containers that run."""
        return {entry["Names"][0][1:] for entry in self.engine.containers.list_running()}

    @property
    def state(self):
        return self.text("state").strip()

    @property
    def calls(self):
        """The calls of systemctl since the last call of this function."""
        found = self.text("calls").splitlines()
        self.calls = ""
        return found

    @calls.setter
    def calls(self, text):
        self.write("calls", text)

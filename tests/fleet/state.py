# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The folder of a fleet on this machine: keys, certificates, sockets, logs, inventory and fleet.json."""

from __future__ import annotations

import io
import os
import secrets
import shutil
import subprocess
import tarfile
from pathlib import Path

import trustme

from fleet.report import FleetError

CHECKOUT = Path(__file__).resolve().parents[2]
# The kernel's limit for the path of a socket, minus the suffix that ssh adds temporarily.
LONGEST_SOCKET = 107
SSH_SUFFIX = 17


def states_folder():
    return Path(os.environ.get("FLOTILLA_FLEET_STATE") or CHECKOUT / ".cache" / "fleet").absolute()


class State:
    def __init__(self, name):
        self.name = name
        self.path = states_folder() / name
        self.inventory = self.path / "inventory.yml"
        self.description = self.path / "fleet.json"
        self.key = self.path / "id_ed25519"
        self.host_key = self.path / "certs" / "ssh_host_ed25519_key"
        self.known_hosts = self.path / "known_hosts"
        self.ca = self.path / "certs" / "ca.crt"
        self.logs = self.path / "logs"
        self.masters = self.path / "cp"

    def socket_folder(self, host):
        return self.path / "sockets" / host

    def socket(self, host):
        return self.socket_folder(host) / "docker.sock"

    def make(self, hosts, hub_address):
        """Create the files that containers get at their start. They are removed with the fleet."""
        self._require_short_paths(hosts)
        self.path.mkdir(parents=True, mode=0o700)
        for folder in (self.logs, self.masters, self.ca.parent, *(self.socket_folder(host.name) for host in hosts)):
            folder.mkdir(parents=True)
        self._make_ssh_keys()
        self._make_certificates(hub_address)
        self.password = secrets.token_urlsafe(12)

    def remove(self):
        for master in self.masters.glob("*"):
            subprocess.run(
                ["ssh", "-O", "exit", "-o", f"ControlPath={master}", "fleet"], check=False, capture_output=True
            )
        shutil.rmtree(self.path, ignore_errors=True)
        if states_folder().is_dir() and not any(states_folder().iterdir()):
            states_folder().rmdir()

    @property
    def ssh_options(self):
        return [
            *("-o", "IdentitiesOnly=yes"),
            *("-o", f"UserKnownHostsFile={self.known_hosts}"),
            *("-o", "StrictHostKeyChecking=yes"),
            *("-o", "GSSAPIAuthentication=no"),
            *("-o", "ControlMaster=auto"),
            *("-o", "ControlPersist=120s"),
            *("-o", f"ControlPath={self.masters}/%r@%h"),
        ]

    def _require_short_paths(self, hosts):
        longest = max(
            len(str(self.masters / "root@255.255.255.255")) + SSH_SUFFIX,
            *(len(str(self.socket(host.name))) for host in hosts),
        )
        if longest > LONGEST_SOCKET:
            raise FleetError(
                f"{self.path} is {longest - LONGEST_SOCKET} characters too long for sockets in it; set FLOTILLA_FLEET_STATE to a shorter folder"
            )

    def _make_ssh_keys(self):
        """One host key for the whole fleet, so that ssh can check it without scanning each host."""
        for key in (self.key, self.host_key):
            subprocess.run(
                ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", f"fleet-{self.name}", "-f", str(key)], check=True
            )
        kind, public, _comment = self.host_key.with_suffix(".pub").read_text(encoding="utf-8").split()
        self.known_hosts.write_text(f"* {kind} {public}\n", encoding="utf-8")

    def _make_certificates(self, hub_address):
        ca = trustme.CA(organization_name="flotilla test fleet")
        certificate = ca.issue_cert("index.docker.io", "hub", "hub.test", hub_address)
        ca.cert_pem.write_to_path(str(self.ca))
        certificate.private_key_pem.write_to_path(str(self.ca.with_name("hub.key")))
        for part in certificate.cert_chain_pems:
            part.write_to_path(str(self.ca.with_name("hub.crt")), append=True)


def pack(files):
    """A tar for put_archive from {path: (content, mode, owner)}; an empty content ending in / is a folder."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for path, (content, mode, owner) in files.items():
            entry = tarfile.TarInfo(path.strip("/"))
            entry.mode, entry.uid, entry.gid, entry.size = mode, owner, owner, len(content)
            entry.type = tarfile.DIRTYPE if path.endswith("/") else tarfile.REGTYPE
            archive.addfile(entry, io.BytesIO(content))
    return buffer.getvalue()

#!/usr/bin/python
# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: docker_daemon_config
short_description: Configure the Docker daemon, and bring the running one into line
version_added: 0.1.0
author:
  - flotilla.docker contributors (@flotilla-docker)
description:
  - Writes C(daemon.json) and drop-ins for C(docker.service) and C(docker.socket), after the Engine itself has judged them valid, and then
    starts, reloads or restarts the service, once at most, and only where something needs it.
  - If the daemon does not come up with the new configuration, the old one is put back, the daemon is started with it, and the failure
    tells the daemon's last words.
  - Remembers what it wrote. An option that is no longer asked for leaves the file again; what others wrote stays.
  - The packaged units stay untouched.
  - With O(user), the same for the rootless Engine of a user, which it also brings to run and to start at boot.
  - Containers that ran before a restart run after it, those without a restart policy too. Tasks of a swarm are left to the swarm.
extends_documentation_fragment:
  - flotilla.docker.attributes
  - flotilla.docker.connection
attributes:
  check_mode:
    support: full
    details:
      - The Engine judges the new configuration in check mode too.
  diff_mode:
    support: full
    details:
      - User and password in addresses of proxies are hidden.
  idempotent:
    support: full
options:
  user:
    description:
      - The user whose own rootless Engine is meant, instead of the system's. The task runs as root, which acts as that user.
      - A user who cannot have one (without 65536 subordinate ids, for instance) is told what is missing, before anything is changed.
      - The user lingers from then on, so that the Engine starts at boot and goes on without a login. Its unit is written to
        C(~/.config/systemd/user/docker.service), unless a package or C(dockerd-rootless-setuptool.sh) has brought one, which stays as it is.
      - The packages of the Engine and of C(rootlesskit), C(slirp4netns) and C(uidmap) must be there; the role P(flotilla.docker.docker_engine#role)
        installs them.
      - O(socket_settings), the server's certificates and moving data are for the system's Engine only. O(docker_host) does not matter.
    type: str
  state:
    description:
      - V(absent) stops the Engine of O(user) for good, and removes its unit and what else this module wrote. Its data stay.
    type: str
    choices: [present, absent]
    default: present
  remove_data:
    description:
      - With O(state=absent), also remove every image, container and volume of the user's Engine.
    type: bool
    default: false
  options:
    description:
      - Options of C(daemon.json), named and written as the Engine documents them.
    type: dict
    default: {}
  merge:
    description:
      - With V(true), O(options) are merged over what C(daemon.json) has. With V(false), they are all that it has afterwards.
    type: bool
    default: true
  path:
    description:
      - The configuration file. The default is C(/etc/docker/daemon.json), and for a user C(~/.config/docker/daemon.json).
    type: path
  backup:
    description:
      - Keep a copy of the old C(daemon.json) beside it.
    type: bool
    default: true
  environment:
    description:
      - Environment variables of the daemon, such as C(HTTPS_PROXY).
    type: dict
    default: {}
  flags:
    description:
      - Flags to add to the daemon's command line, such as V(--host=tcp://127.0.0.1:2375).
      - A flag whose option is in C(daemon.json) too is refused, because the daemon would not start.
    type: list
    elements: str
    default: []
  service_settings:
    description:
      - Settings of the section C([Service]) of C(docker.service), such as C({"LimitNOFILE":"1048576"}).
    type: dict
    default: {}
  socket_settings:
    description:
      - Settings of the section C([Socket]) of C(docker.socket), such as C({"SocketGroup":"ops"}).
      - To change them takes a restart of the service.
    type: dict
    default: {}
  server_ca:
    description:
      - Certificate of the authority that signs the clients, as PEM. Written to C(/etc/docker/tls/ca.pem), for C(tlscacert).
    type: str
  server_certificate:
    description:
      - The daemon's certificate, as PEM. Written to C(/etc/docker/tls/cert.pem), for C(tlscert). Another one takes a restart.
    type: str
  server_key:
    description:
      - Its key, as PEM and without a passphrase. Written to C(/etc/docker/tls/key.pem), for C(tlskey), readable by root alone.
      - The three are judged before anything is changed, and put back if the daemon does not come up with them.
    type: str
  registry_certificates:
    description:
      - Certificates of the authorities of registries, as PEM, by C(host:port) of the registry. The daemon takes them at once.
      - Those of registries in C(registry-mirrors) are put under C(certs.d/docker.io) too, where newer Engines with the containerd image store look.
    type: dict
    default: {}
  allow_plain_tcp:
    description:
      - Allow an address C(tcp://) that is not the host's own and does not verify its clients by TLS. Whoever reaches it is root on the host.
    type: bool
    default: false
  old_data:
    description:
      - What to do when C(data-root) changes and the old one holds images, containers or volumes.
      - V(refuse) fails before anything is changed. V(leave) goes on; the data stays where it is, and the daemon does not see it.
      - V(move) stops the daemon once, copies the data with all that belongs to them, compares, starts the daemon on the copy, sees that it
        knows every image and container, starts what ran, and only then removes the old data. If anything fails before that, the old
        folder and the old configuration are in force again. V(copy) does the same and keeps the old data.
      - Needs room for both, and a new folder that is empty or not there yet. What a containerd image store holds lies under the root of
        containerd and stays there.
    type: str
    choices: [refuse, leave, copy, move]
    default: refuse
  restart:
    description:
      - Whether the daemon may be restarted when something needs it.
      - V(when_safe) restarts only if no container runs, or live-restore keeps them running.
      - A restart that is needed and not allowed is reported as pending, now and in later runs, until it has happened.
    type: str
    choices: [never, when_safe, always]
    default: always
  restart_reasons:
    description:
      - What else of this run needs a restart, such as V(packages upgraded).
    type: list
    elements: str
    default: []
  wait:
    description:
      - Longest wait for the daemon to come up, in seconds.
    type: int
    default: 90
seealso:
  - module: flotilla.docker.docker_daemon_status
"""

EXAMPLES = r"""
- name: Rotate logs and use a mirror
  flotilla.docker.docker_daemon_config:
    options:
      log-driver: json-file
      log-opts: {max-size: 10m, max-file: "3"}
      registry-mirrors: [https://mirror.example.org]

- name: Send the daemon through a proxy, and restart it only if that harms no container
  flotilla.docker.docker_daemon_config:
    environment:
      HTTPS_PROXY: http://proxy.example.org:3128
      NO_PROXY: localhost,127.0.0.1,.example.org
    restart: when_safe

- name: Give a user a rootless Engine of its own
  flotilla.docker.docker_daemon_config:
    user: ops
    options:
      registry-mirrors: [https://mirror.example.org]
  become: true
  register: engine

- name: Run a container on it
  flotilla.docker.container_run:
    docker_host: "{{ engine.docker_host }}"
    name: web
    image: nginx
    ports: ["8080:80"]
  become: true
"""

RETURN = r"""
actions:
  description: The steps that changed, or in check mode would change, something.
  returned: success
  type: list
  elements: str
  sample: [write /etc/docker/daemon.json, "reload docker.service: registry-mirrors"]
options:
  description: What C(daemon.json) has now. Credentials in addresses are hidden.
  returned: success
  type: dict
changed_keys:
  description: Options of C(daemon.json) that were changed.
  returned: success
  type: list
  elements: str
backup_file:
  description: Copy of the old C(daemon.json), if one was made.
  returned: success
  type: str
docker_host:
  description: Address of the socket of the user's Engine.
  returned: with O(user)
  type: str
  sample: unix:///run/user/1000/docker.sock
service_action:
  description: What was done to the service.
  returned: success
  type: str
  sample: reload
restart_pending:
  description: What waits for a restart that was not allowed. Empty if nothing does.
  returned: success
  type: list
  elements: str
restart_held_by:
  description: Why a pending restart was not done.
  returned: success
  type: str
"""

from ansible_collections.flotilla.docker.plugins.module_utils import connection, runner
from ansible_collections.flotilla.docker.plugins.module_utils.daemon.secrets import mask_credentials
from ansible_collections.flotilla.docker.plugins.module_utils.daemon_config import plan, readiness, removal
from ansible_collections.flotilla.docker.plugins.module_utils.daemon_config.host import Host
from ansible_collections.flotilla.docker.plugins.module_utils.daemon_config.user_host import UserHost
from ansible_collections.flotilla.docker.plugins.module_utils.unit import account

SPEC = {
    "user": {"type": "str"},
    "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
    "remove_data": {"type": "bool", "default": False},
    "options": {"type": "dict", "default": {}},
    "merge": {"type": "bool", "default": True},
    "path": {"type": "path"},
    "backup": {"type": "bool", "default": True},
    "environment": {"type": "dict", "default": {}},
    "flags": {"type": "list", "elements": "str", "default": []},
    "service_settings": {"type": "dict", "default": {}},
    "socket_settings": {"type": "dict", "default": {}},
    "server_ca": {"type": "str"},
    "server_certificate": {"type": "str"},
    "server_key": {"type": "str", "no_log": True},
    "registry_certificates": {"type": "dict", "default": {}},
    "allow_plain_tcp": {"type": "bool", "default": False},
    "old_data": {"type": "str", "choices": ["refuse", "leave", "copy", "move"], "default": "refuse"},
    "restart": {"type": "str", "choices": ["never", "when_safe", "always"], "default": "always"},
    "restart_reasons": {"type": "list", "elements": "str", "default": []},
    "wait": {"type": "int", "default": 90},
}


def host_of(params):
    """The host, and with a user the host as that user has it."""
    user = account.find(params["user"]) if params["user"] else None
    # Of a user who is gone, there is but what the host remembers.
    if params["user"] is None or (user is None and params["state"] == "absent"):
        return Host(params, connection.connect)
    return UserHost(params, connection.connect, readiness.require_account(params["user"], user))


def decide(host, params):
    if params["state"] == "absent":
        return removal.decide(host, params) if host.account else removal.forget(params["user"])
    if host.account:
        readiness.require_options(params)
        readiness.require_ready(host.account, params["environment"])
    return plan.decide(host, params)


def report(host, params, done):
    """The return values."""
    address = {"docker_host": host.docker_host} if host.account else {}
    return dict(done._asdict(), options=mask_credentials(done.options), **address)


def main():
    runner.run(
        decide,
        report,
        argument_spec=SPEC,
        connect=host_of,
        required_together=[("server_ca", "server_certificate", "server_key")],
        required_if=[("state", "absent", ["user"])],
        mutually_exclusive=[("user", "server_key")],
    )


if __name__ == "__main__":
    main()

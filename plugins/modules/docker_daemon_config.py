#!/usr/bin/python
# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: docker_daemon_config
short_description: Configure the Docker daemon and apply the changes
version_added: 0.1.0
author:
  - flotilla.docker contributors (@flotilla-docker)
description:
  - Writes C(daemon.json) and drop-ins for C(docker.service) and C(docker.socket), then starts, reloads or restarts the service, once at most,
    and only if something needs it. The Engine validates the new configuration before anything is changed.
  - If the daemon does not start with the new configuration, the old one is restored, the daemon is started with it, and the task fails with
    the daemon's error message.
  - "A task without O(section) adds and changes only what it names. A task with a O(section) owns the options that it sets: when an option is removed
    from the task, it is removed from the daemon. Options of other sections and of other origin are kept. An option belongs to the task that set it last."
  - The unit files of the packages are not changed.
  - With O(user), configures the rootless Engine of a user, starts it and enables it at boot.
  - Containers that ran before a restart of the daemon are started after it, also those without a restart policy. The tasks of a swarm are started by
    the swarm.
extends_documentation_fragment:
  - flotilla.docker.attributes
  - flotilla.docker.connection
attributes:
  check_mode:
    support: full
    details:
      - The Engine validates the new configuration in check mode too.
  diff_mode:
    support: full
    details:
      - User and password in addresses of proxies are masked, and values whose names look secret, such as C(splunk-token).
  idempotent:
    support: full
options:
  section:
    description:
      - Name of the owner of the options of this task. Give each task of a play that configures the same daemon a different name.
      - Options, environment variables, flags, settings and certificates that an earlier task with this name set, and that this task does not
        have, are removed.
      - Without it, nothing is removed except what is V(null) in the task. A flag can be removed only by its section.
      - The role P(flotilla.docker.docker_engine#role) uses V(docker_engine).
    type: str
  user:
    description:
      - Configure the rootless Engine of this user instead of the system's. The task must run as root.
      - If something that a rootless Engine needs is missing, such as 65536 subordinate ids, the task fails with the list and the commands that
        fix it, before anything is changed.
      - Enables lingering for the user, so that the Engine starts at boot and runs without a login. Its unit is written to
        C(~/.config/systemd/user/docker.service), unless a package or C(dockerd-rootless-setuptool.sh) installed one.
      - The packages of the Engine and C(rootlesskit), C(slirp4netns) and C(uidmap) must be installed; the role
        P(flotilla.docker.docker_engine#role) installs them.
      - O(socket_settings), the server's certificates and moving data are for the system's Engine only. O(docker_host) is ignored.
    type: str
  state:
    description:
      - V(absent) stops and disables the rootless Engine of O(user), and removes its unit and everything else that this module wrote. Its images,
        containers and volumes are kept.
    type: str
    choices: [present, absent]
    default: present
  remove_data:
    description:
      - With O(state=absent), also remove every image, container and volume of the rootless Engine.
    type: bool
    default: false
  options:
    description:
      - Options of C(daemon.json), named and written as in the Engine's documentation. V(null) removes an option.
    type: dict
    default: {}
  merge:
    description:
      - With V(true), O(options) are merged into C(daemon.json). With V(false), they replace all of C(daemon.json), including options of other sections.
    type: bool
    default: true
  path:
    description:
      - The configuration file. The default is C(/etc/docker/daemon.json), and for a rootless Engine C(~/.config/docker/daemon.json).
    type: path
  backup:
    description:
      - Keep a copy of the old C(daemon.json) beside it.
    type: bool
    default: true
  environment:
    description:
      - Environment variables of the daemon, such as C(HTTPS_PROXY). V(null) removes a variable.
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
      - Settings for the section C([Service]) of C(docker.service), such as C({"LimitNOFILE":"1048576"}). V(null) removes a setting.
    type: dict
    default: {}
  socket_settings:
    description:
      - Settings for the section C([Socket]) of C(docker.socket), such as C({"SocketGroup":"ops"}). V(null) removes a setting.
      - A change needs a restart of the service.
    type: dict
    default: {}
  server_ca:
    description:
      - Certificate of the CA that signs the clients' certificates, as PEM. Written to C(/etc/docker/tls/ca.pem), for C(tlscacert).
    type: str
  server_certificate:
    description:
      - The daemon's certificate, as PEM. Written to C(/etc/docker/tls/cert.pem), for C(tlscert). A change needs a restart.
    type: str
  server_key:
    description:
      - The private key of O(server_certificate), as PEM and without a passphrase. Written to C(/etc/docker/tls/key.pem), for C(tlskey), readable by
        root only.
      - CA, certificate and key are checked before anything is changed. If the daemon does not start with them, the old ones are restored.
    type: str
  registry_certificates:
    description:
      - CA certificates of registries, as PEM, by C(host:port) of the registry. The daemon uses them without a reload.
      - Those of registries in C(registry-mirrors) are written to C(certs.d/docker.io) too, where newer Engines with the containerd image store
        look for them.
    type: dict
    default: {}
  allow_plain_tcp:
    description:
      - Allow the daemon to listen on a C(tcp://) address that is not a loopback address, without verifying clients with TLS. Anyone who can
        connect to it is root on the host.
    type: bool
    default: false
  old_data:
    description:
      - What to do when C(data-root) changes and the old one holds images, containers or volumes.
      - V(refuse) fails before anything is changed. V(leave) keeps the data where it is; the daemon does not use it.
      - V(move) stops the daemon once, copies the data with owners, links and extended attributes, compares, starts the daemon on the copy, checks
        that it knows every image and container, starts the containers that ran, and only then removes the old data. If anything fails before
        that, the old folder and the old configuration are used again. V(copy) does the same and keeps the old data.
      - The disk needs space for both, and the new folder must be empty or not exist. The data of the containerd image store is stored in the
        root folder of containerd and is not moved.
    type: str
    choices: [refuse, leave, copy, move]
    default: refuse
  restart:
    description:
      - Whether the daemon may be restarted when something needs it.
      - V(when_safe) restarts only if no container runs, or live-restore keeps them running.
      - Removing an option needs a restart too, except C(authorization-plugins), C(max-concurrent-downloads), C(max-concurrent-uploads) and
        C(max-download-attempts), because a reload keeps what is not in C(daemon.json). To avoid the restart, set the option to its default
        first, such as C(debug=false).
      - A restart that is needed and not allowed is reported as pending by this run and by later runs, until the daemon was restarted.
    type: str
    choices: [never, when_safe, always]
    default: always
  restart_reasons:
    description:
      - Other changes of the play that need a restart, such as V(packages upgraded).
    type: list
    elements: str
    default: []
  wait:
    description:
      - Maximum time to wait for the daemon to start or reload, in seconds, V(1) or more.
    type: int
    default: 90
  status:
    description:
      - Also return what M(flotilla.docker.docker_daemon_status) returns, as RV(status), for the Engine that the task configures. With
        O(state=absent) there is none.
      - It is read after everything else, in check mode from the Engine as it is. That neither starts the daemon nor fails the task;
        RV(status) explains why a daemon cannot be used.
    type: bool
    default: false
seealso:
  - module: flotilla.docker.docker_daemon_status
"""

EXAMPLES = r"""
- name: Rotate logs and use a mirror
  flotilla.docker.docker_daemon_config:
    section: logging
    options:
      log-driver: json-file
      log-opts: {max-size: 10m, max-file: "3"}
      registry-mirrors: [https://mirror.example.org]

- name: Use a proxy, and restart the daemon only if that stops no container
  flotilla.docker.docker_daemon_config:
    section: proxy
    environment:
      HTTPS_PROXY: http://proxy.example.org:3128
      NO_PROXY: localhost,127.0.0.1,.example.org
    restart: when_safe

- name: Remove one option that is not managed by a section
  flotilla.docker.docker_daemon_config:
    options: {debug: null}

- name: Set up a rootless Engine for user ops
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
  description: Options in C(daemon.json) after the task. Credentials in addresses, and values whose names look secret, are masked.
  returned: success
  type: dict
  sample: {registry-mirrors: ["https://mirror.example.org"]}
changed_keys:
  description: Options of C(daemon.json) that were changed.
  returned: success
  type: list
  elements: str
  sample: [registry-mirrors]
backup_file:
  description: Copy of the old C(daemon.json). V(null) if none was made.
  returned: success
  type: str
  sample: /etc/docker/daemon.json.2026-11-23T20:54:51~
docker_host:
  description: Address of the socket of the rootless Engine.
  returned: with O(user) and O(state=present)
  type: str
  sample: unix:///run/user/1000/docker.sock
service_action:
  description: What was done to the service, V(start), V(restart), V(reload), V(stop) or V(none).
  returned: success
  type: str
  sample: reload
restart_pending:
  description: Changes that take effect only after a restart, which was not allowed. Empty if there are none.
  returned: success
  type: list
  elements: str
  sample: []
restart_held_by:
  description: Why a pending restart was not done. Empty if none is pending.
  returned: success
  type: str
  sample: ""
status:
  description:
    - What M(flotilla.docker.docker_daemon_status) returns without its listings. Credentials in addresses are masked.
    - V(null) if the address of the Engine is not valid, for example because it comes from a docker context that does not exist.
  returned: with O(status=true) and O(state=present)
  type: dict
  sample: {reachable: true, state: running, cause: "The daemon answers at unix:///var/run/docker.sock."}
"""

from typing import TYPE_CHECKING, Any, Mapping

from ansible_collections.flotilla.docker.plugins.module_utils import runner
from ansible_collections.flotilla.docker.plugins.module_utils.daemon_config import arguments, plan, result
from ansible_collections.flotilla.docker.plugins.module_utils.daemon_config.host import DaemonHost
from ansible_collections.flotilla.docker.plugins.module_utils.errors import BadOption
from ansible_collections.flotilla.docker.plugins.module_utils.host import users
from ansible_collections.flotilla.docker.plugins.module_utils.rootless import removal, requirements
from ansible_collections.flotilla.docker.plugins.module_utils.rootless.host import UserHost

if TYPE_CHECKING:
    from ansible_collections.flotilla.docker.plugins.module_utils.ledger import Steps


def host_of(params: dict[str, Any]) -> DaemonHost:
    """The target: the host, or with a user the host as that user has it."""
    user = users.find(params["user"]) if params["user"] else None
    # Of a user who does not exist any more, only the record is left.
    if params["user"] is None or (user is None and params["state"] == "absent"):
        return DaemonHost(params, runner.connect_to_engine)
    return UserHost(params, runner.connect_to_engine, requirements.require_account(params["user"], user))


def decide(host: DaemonHost, params: Mapping[str, Any]) -> Steps:
    if params["wait"] < 1:
        raise BadOption("wait", "must be 1 second or more", got=params["wait"], example="wait: 90")
    if params["state"] == "absent":
        return removal.decide(host, params) if isinstance(host, UserHost) else removal.remove_record(params["user"])
    if host.account:
        requirements.require_options(params)
        requirements.require_ready(host.account, params["environment"])
    return plan.decide(host, params)


def report(host: DaemonHost, params: Mapping[str, Any], done: plan.Done) -> dict[str, Any]:
    """The return values."""
    address = {"docker_host": host.docker_host} if isinstance(host, UserHost) else {}
    return {**result.of(host, params, done), **address}


def main() -> None:
    runner.run(
        decide,
        report,
        argument_spec=arguments.SPEC,
        connect=host_of,
        mask=arguments.mask,
        required_together=[("server_ca", "server_certificate", "server_key")],
        required_if=[("state", "absent", ["user"])],
        mutually_exclusive=[("user", "server_key")],
    )


if __name__ == "__main__":
    main()

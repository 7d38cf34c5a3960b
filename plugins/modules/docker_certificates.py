#!/usr/bin/python
# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: docker_certificates
short_description: Make and renew the certificates by which Docker daemons and their clients know each other
version_added: 0.1.0
author:
  - flotilla.docker contributors (@flotilla-docker)
description:
  - Keeps an authority of its own in a folder, a certificate for clients, and one for each daemon. What is there and good for long
    enough stays.
  - Made to run on the controller, whose Python has what it takes. The role C(docker_engine) does that where it is given an address for
    TLS and no certificates.
  - Whoever reads the key of the authority or of the client is root on every host whose daemon trusts the authority. Keep the folder as
    you keep your SSH keys.
extends_documentation_fragment:
  - flotilla.docker.attributes
attributes:
  check_mode:
    support: full
  diff_mode:
    support: full
    details:
      - Names and ends of certificates, and never a key.
  idempotent:
    support: full
options:
  folder:
    description:
      - Where the certificates are kept. All below it is readable by its owner only.
    type: path
    required: true
  name:
    description:
      - Name of the daemon's host, which names its folder. Without it, only authority and client are made.
    type: str
  names:
    description:
      - DNS names and addresses by which clients reach the daemon. Needed with O(name).
    type: list
    elements: str
    default: []
  valid_days:
    description:
      - How long certificates are good. One is renewed when less than a third of that is left. The authority is good for ten times as long.
    type: int
    default: 365
  trusted_ca:
    description:
      - Certificate of the authority that the daemon trusts now, as PEM. If O(folder) has another authority or none, as in a job's container that starts
        empty, the task fails, because a new one would lock out every client that the daemon knows.
    type: str
seealso:
  - module: flotilla.docker.docker_daemon_config
"""

EXAMPLES = r"""
- name: Make what is missing
  flotilla.docker.docker_certificates:
    folder: ~/.docker/production
    name: "{{ inventory_hostname }}"
    names: ["{{ ansible_host }}", "{{ inventory_hostname }}"]
  delegate_to: localhost
  become: false
  vars:
    ansible_connection: local
    ansible_python_interpreter: "{{ ansible_playbook_python }}"
  register: made

- name: Use the daemon from the controller
  flotilla.docker.docker_daemon_status:
    docker_host: "tcp://{{ ansible_host }}:2376"
    validate_certs: true
    ca_path: "{{ made.client }}/ca.pem"
    client_cert: "{{ made.client }}/cert.pem"
    client_key: "{{ made.client }}/key.pem"
  delegate_to: localhost
"""

RETURN = r"""
actions:
  description: The certificates that were made, or in check mode would be made, and why.
  returned: success
  type: list
  elements: str
  sample: ["make the certificate /home/ops/.docker/production/client/cert.pem: there is none"]
client:
  description: Folder with C(ca.pem), C(cert.pem) and C(key.pem) of the client, as the docker CLI takes it in E(DOCKER_CERT_PATH).
  returned: success
  type: str
  sample: /home/ops/.docker/production/client
daemon:
  description: Folder with the same three files of the daemon. V(null) without O(name).
  returned: success
  type: str
  sample: /home/ops/.docker/production/hosts/web1
ends:
  description: When each certificate ends, in UTC.
  returned: success
  type: dict
  sample: {authority: "2036-11-21T20:54:52Z", client: "2027-11-24T20:54:52Z", daemon: "2027-11-24T20:54:52Z"}
to_come:
  description:
    - In check mode, where the daemon's certificate would be made or renewed, three PEM texts with which the tasks that follow can be checked.
    - Certificate and key are thrown away, and nobody trusts them. V(null) otherwise.
  returned: success
  type: dict
  contains:
    ca:
      description: Certificate of the authority.
      type: str
    certificate:
      description: A certificate for O(names), of no use.
      type: str
    key:
      description: Its key.
      type: str
"""

import os

from ansible_collections.flotilla.docker.plugins.module_utils import runner
from ansible_collections.flotilla.docker.plugins.module_utils.daemon_config import certificates

SPEC = {
    "folder": {"type": "path", "required": True},
    "name": {"type": "str"},
    "names": {"type": "list", "elements": "str", "default": []},
    "valid_days": {"type": "int", "default": 365},
    "trusted_ca": {"type": "str"},
}


def report(engine, params, found):
    """Where the files are, and how long they are good."""
    return {
        "client": os.path.join(params["folder"], "client"),
        "daemon": os.path.join(params["folder"], "hosts", params["name"]) if params["name"] else None,
        "ends": {who: certificates.shown(identity)["ends"] for who, identity in found.identities.items()},
        "to_come": found.to_come,
    }


def main():
    runner.run(certificates.decide, report, argument_spec=SPEC, connect=None)


if __name__ == "__main__":
    main()

#!/usr/bin/python
# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: docker_certificates
short_description: Create and renew TLS certificates for Docker daemons and clients
version_added: 0.1.0
author:
  - flotilla.docker contributors (@flotilla-docker)
description:
  - Creates a CA, a certificate for clients and one for each daemon in a folder. Certificates that are missing, expire soon or no longer match the
    options are issued again; the others are kept.
  - If the host of a daemon gets another name or address, the daemon gets a new certificate from the same CA. Client certificates stay valid.
  - Runs on the controller. The role P(flotilla.docker.docker_engine#role) uses it when it is given an address for TLS and no certificates.
  - Anyone who can read the key of the CA or of the client is root on every host whose daemon trusts the CA. Protect the folder like SSH keys.
extends_documentation_fragment:
  - flotilla.docker.attributes
attributes:
  check_mode:
    support: full
  diff_mode:
    support: full
    details:
      - Shows names and expiry dates of certificates, and never a key.
  idempotent:
    support: full
options:
  folder:
    description:
      - Folder of the certificates. Everything in it is readable by its owner only.
    type: path
    required: true
  name:
    description:
      - Name of the daemon's host, which is also the name of its folder. Without it, only the certificates of the CA and the client are issued.
    type: str
  names:
    description:
      - DNS names and addresses that clients use to connect to the daemon. Required with O(name).
      - If they differ from those in the daemon's certificate, a new one is issued.
    type: list
    elements: str
    default: []
  valid_days:
    description:
      - How many days certificates are valid, V(1) or more. A certificate is renewed when less than a third of that is left. The CA is valid ten times as long.
    type: int
    default: 365
  trusted_ca:
    description:
      - Certificate of the CA that the daemon trusts now, as PEM. If O(folder) has another CA or none, for example because a job started with an
        empty folder, the task fails, because with a new CA the daemon would refuse all its present clients.
    type: str
requirements:
  - cryptography (the Python package, on the controller; ansible-core needs it, too)
seealso:
  - module: flotilla.docker.docker_daemon_config
"""

EXAMPLES = r"""
- name: Issue missing certificates
  flotilla.docker.docker_certificates:
    folder: ~/.docker/production
    name: "{{ inventory_hostname }}"
    names: ["{{ ansible_host }}", "{{ inventory_hostname }}"]
  delegate_to: localhost
  become: false
  vars:
    ansible_connection: local
    ansible_python_interpreter: "{{ ansible_playbook_python }}"
  register: certificates

- name: Use the daemon from the controller
  flotilla.docker.docker_daemon_status:
    docker_host: "tcp://{{ ansible_host }}:2376"
    validate_certs: true
    ca_path: "{{ certificates.client }}/ca.pem"
    client_cert: "{{ certificates.client }}/cert.pem"
    client_key: "{{ certificates.client }}/key.pem"
  delegate_to: localhost
"""

RETURN = r"""
actions:
  description: The certificates that were issued, or in check mode would be issued, and why.
  returned: success
  type: list
  elements: str
  sample: ["issue certificate /home/ops/.docker/production/client/cert.pem: there is none"]
client:
  description: Folder with C(ca.pem), C(cert.pem) and C(key.pem) of the client, for E(DOCKER_CERT_PATH) of the docker CLI.
  returned: success
  type: str
  sample: /home/ops/.docker/production/client
daemon:
  description: Folder with the same three files of the daemon. V(null) without O(name).
  returned: success
  type: str
  sample: /home/ops/.docker/production/hosts/web1
expires:
  description: When each certificate expires, in UTC.
  returned: success
  type: dict
  sample: {ca: "2036-11-21T20:54:52Z", client: "2027-11-24T20:54:52Z", daemon: "2027-11-24T20:54:52Z"}
preview:
  description:
    - In check mode, when the daemon's certificate would be issued, three PEM texts that later tasks can validate instead.
    - Certificate and key are not stored, and not signed by the CA. V(null) in all other cases.
  returned: success
  type: dict
  contains:
    ca:
      description: Certificate of the CA.
      type: str
    certificate:
      description: A certificate for O(names) that no client trusts.
      type: str
    key:
      description: Key of that certificate.
      type: str
"""

import os
from typing import Any, Mapping

from ansible_collections.flotilla.docker.plugins.module_utils import runner
from ansible_collections.flotilla.docker.plugins.module_utils.certificates import plan

SPEC = {
    "folder": {"type": "path", "required": True},
    "name": {"type": "str"},
    "names": {"type": "list", "elements": "str", "default": []},
    "valid_days": {"type": "int", "default": 365},
    "trusted_ca": {"type": "str"},
}


def report(engine: None, params: Mapping[str, Any], found: plan.Found) -> dict[str, Any]:
    """The return values."""
    return {
        "client": os.path.join(params["folder"], "client"),
        "daemon": os.path.join(params["folder"], "hosts", params["name"]) if params["name"] else None,
        "expires": {who: plan.expiry(identity) for who, identity in found.identities.items()},
        "preview": found.preview,
    }


def main() -> None:
    runner.run(plan.decide, report, argument_spec=SPEC, connect=None)


if __name__ == "__main__":
    main()

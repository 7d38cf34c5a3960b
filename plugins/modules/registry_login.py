#!/usr/bin/python
# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: registry_login
short_description: Log in to a registry, or log out
version_added: 0.1.0
description:
  - Verifies credentials at a registry and stores them for the docker CLI and for the modules of this collection, as C(docker login) does.
  - Credentials are stored in the credential helper or store that C(config.json) names. If it names none, they are stored in C(config.json), which only
    its owner can read then.
  - Different spellings of a registry, such as C(https://registry.example.com/v2/) and C(registry.example.com), are one registry.
  - A C(config.json) that is not valid is never overwritten. All other content of the file is kept, also if several tasks log in at the same time.
author:
  - flotilla.docker contributors (@flotilla-docker)
extends_documentation_fragment:
  - flotilla.docker.attributes
  - flotilla.docker.connection
options:
  registry_url:
    description: Address of the registry. The default is Docker Hub.
    type: str
    default: https://index.docker.io/v1/
    aliases: [registry, url]
  username:
    description: User to log in as. Required with O(state=present).
    type: str
  password:
    description: Password or access token of O(username). Required with O(state=present).
    type: str
  state:
    description:
      - V(present) verifies the credentials, in check mode too, and stores them unless they are stored already.
      - V(absent) removes stored credentials. Neither the registry nor the Engine is asked.
    type: str
    choices: [present, absent]
    default: present
  verify:
    description:
      - Ask the registry, through the Engine, whether it accepts the credentials. This is done at every run, to find credentials that were revoked.
      - With V(false) the credentials are stored without a request to the registry or the Engine. The Engine need not run.
    type: bool
    default: true
  reauthorize:
    description: Replace a stored identity token by a new one, even if the registry still accepts it.
    type: bool
    default: false
    aliases: [reauth]
  owner:
    description:
      - User whose C(config.json) and credential helper are used. Only root can name another user.
      - The default is the user who runs the module. With C(become) this is the user that the task becomes.
    type: str
  config_path:
    description: Path of C(config.json). The default is C(~/.docker/config.json) of the O(owner), or C(config.json) in E(DOCKER_CONFIG).
    type: path
    aliases: [dockercfg_path]
attributes:
  check_mode:
    support: full
    details:
      - The credentials are verified at the registry.
      - If O(owner) does not exist, the task only warns, because an earlier task may create the user.
  diff_mode:
    support: full
    details:
      - Shows who is logged in. Passwords and tokens are not shown.
  idempotent:
    support: full
seealso:
  - module: flotilla.docker.image_pull
"""

EXAMPLES = r"""
- name: Log in to Docker Hub
  flotilla.docker.registry_login:
    username: "{{ hub_user }}"
    password: "{{ hub_token }}"

- name: Log in to the company's registry for user ops
  flotilla.docker.registry_login:
    registry_url: registry.example.com:5000
    username: deploy
    password: "{{ registry_token }}"
    owner: ops
  become: true

- name: Log out
  flotilla.docker.registry_login:
    registry_url: registry.example.com:5000
    state: absent
"""

RETURN = r"""
actions:
  description: What was changed, or in check mode would be changed.
  returned: success
  type: list
  elements: str
  sample: ["store the login for registry.example.com:5000 in /root/.docker/config.json"]
registry:
  description: The registry as C(config.json) names it.
  returned: success
  type: str
  sample: registry.example.com:5000
stored_in:
  description: Path of C(config.json), or the program of the credential helper.
  returned: success
  type: str
  sample: /root/.docker/config.json
login_result:
  description: Message of the registry. V(null) if the registry was not asked.
  returned: success
  type: str
  sample: Login Succeeded
"""

from typing import Any, Mapping

from ansible_collections.flotilla.docker.plugins.module_utils import runner
from ansible_collections.flotilla.docker.plugins.module_utils.docker_config import plan
from ansible_collections.flotilla.docker.plugins.module_utils.engine import connection


def report(later: connection.Later, params: Mapping[str, Any], decided: plan.Result) -> dict[str, Any]:
    return {"registry": decided.registry, "stored_in": decided.stored_in, "login_result": decided.status}


def main() -> None:
    """Run the module."""
    runner.run(
        plan.decide,
        report,
        connect=connection.later,
        argument_spec={
            "registry_url": {"type": "str", "default": "https://index.docker.io/v1/", "aliases": ["registry", "url"]},
            "username": {"type": "str"},
            "password": {"type": "str", "no_log": True},
            "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
            "verify": {"type": "bool", "default": True},
            "reauthorize": {"type": "bool", "default": False, "aliases": ["reauth"]},
            "owner": {"type": "str"},
            "config_path": {"type": "path", "aliases": ["dockercfg_path"]},
        },
        required_if=[("state", "present", ["username", "password"])],
    )


if __name__ == "__main__":
    main()

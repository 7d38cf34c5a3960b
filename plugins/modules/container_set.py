#!/usr/bin/python

# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: container_set
short_description: Run many containers, scale them, and replace them one by one
version_added: 0.1.0
description:
  - Creates, changes, starts, stops and removes a set of containers in one task, in parallel.
  - Each container is managed as by M(flotilla.docker.container_run). If one fails, only this one is rolled back, unless O(update.failure_action) applies.
  - Running containers that have to be replaced are replaced in batches, see O(update), while the other containers keep running.
  - Containers of the set have the label C(flotilla.docker.set). A container that has no such label and is not in O(containers) is never changed.
author:
  - flotilla.docker contributors (@flotilla-docker)
extends_documentation_fragment:
  - flotilla.docker.attributes
  - flotilla.docker.connection
  - flotilla.docker.container_set_options
attributes:
  check_mode:
    support: full
  diff_mode:
    support: full
  idempotent:
    support: partial
    details:
      - Entries with O(containers[].recreate=true) and O(containers[].restart=true) change each time.
options:
  name:
    description:
      - Name of the set, the value of the label C(flotilla.docker.set). It is not part of the names of the containers.
    type: str
    required: true
  state:
    description:
      - "V(present): the containers of O(containers) are as described."
      - "V(absent): all containers of the set are stopped and removed. Containers that others depend on are removed last."
    type: str
    choices: [present, absent]
    default: present
  defaults:
    description:
      - Options for all entries of O(containers), except O(containers[].name).
      - Dictionaries and lists are not merged. An option of an entry replaces the default.
    type: dict
    default: {}
  networks:
    description:
      - Networks to create before the containers. Each is a name, or a dictionary with options of M(flotilla.docker.network_create).
      - A container joins them with O(containers[].networks).
    type: list
    elements: raw
    default: []
  volumes:
    description:
      - Volumes to create before the containers. Each is a name, or a dictionary with options of M(flotilla.docker.volume_create).
    type: list
    elements: raw
    default: []
  remove_networks:
    description:
      - With O(state=absent), also remove the networks of O(networks).
    type: bool
    default: false
  remove_volumes:
    description:
      - With O(state=absent), also remove the volumes of O(volumes), with their data.
    type: bool
    default: false
  purge:
    description:
      - Remove containers of the set that are no longer in O(containers), or are above its O(containers[].count).
      - With V(false) they are returned as RV(orphans).
    type: bool
    default: false
  parallel:
    description:
      - Number of requests to the Engine at the same time, V(1) or more, such as to create, start or stop a container.
    type: int
    default: 8
  update:
    description:
      - How to replace, restart and reconnect containers that run. The options are those of C(update_config) in compose files.
      - New containers are not affected. They are created in parallel.
    type: dict
    suboptions:
      parallelism:
        description:
          - Number of containers in a batch. V(0) means all at once.
        type: int
        default: 1
      order:
        description:
          - "V(start_first): the new container starts under a temporary name, and gets the final name when it is ready. Then the old one is stopped."
          - "V(stop_first): the old container is stopped before the new one starts. If the new one fails, the old one is started again."
          - "V(auto): V(start_first), except where two containers cannot run at the same time: with a fixed host port, the network of the host or a
            fixed address, or if the only container of an entry has a volume. RV(actions) names the reason."
          - "V(start-first) and V(stop-first), the words of compose files, mean the same as V(start_first) and V(stop_first)."
        type: str
        choices: [auto, start_first, stop_first, start-first, stop-first]
        default: auto
      delay:
        description:
          - Time between two batches, such as V(10s).
        type: str
        default: 0s
      monitor:
        description:
          - How long to watch a container that was replaced, before it counts as running. Not used with O(containers[].state=healthy) or
            O(containers[].ready).
        type: str
        default: 5s
      max_failure_ratio:
        description:
          - Ratio of the containers that may fail, from 0 to 1. Up to that ratio, failed containers only cause warnings.
        type: float
        default: 0.0
      failure_action:
        description:
          - What to do when more containers fail than O(update.max_failure_ratio) allows. The container that failed is rolled back in any case.
          - "V(rollback): all containers that the task has replaced so far are rolled back too. Until the task is done, the old containers are kept."
          - "V(pause): the task stops. Containers that were replaced are kept, and the next run continues with the others."
          - "V(continue): the task continues with the others, except those that depend on a failed container, and fails at the end."
        type: str
        choices: [rollback, pause, continue]
        default: rollback
seealso:
  - module: flotilla.docker.container_run
  - module: flotilla.docker.network_create
  - module: flotilla.docker.volume_create
"""

EXAMPLES = r"""
- name: Run six web servers on ports 8080 to 8085
  flotilla.docker.container_set:
    name: web
    purge: true
    containers:
      - name: web
        count: 6
        image: nginx:1.27
        published_ports: ["8080-8085:80"]
        restart_policy: unless-stopped

- name: Move to a new release, two at a time, and go back if one does not answer
  flotilla.docker.container_set:
    name: web
    purge: true
    update:
      parallelism: 2
      failure_action: rollback
    containers:
      - name: web
        count: 6
        image: nginx:1.28
        published_ports: ["8080-8085:80"]
        restart_policy: unless-stopped
        ready:
          http: {port: 80, path: /}

- name: Run an application with its database
  flotilla.docker.container_set:
    name: shop
    networks: [shop]
    volumes: [shop-db]
    defaults:
      restart_policy: unless-stopped
      networks: [{name: shop}]
    containers:
      - name: db
        image: postgres:17
        volumes: ["shop-db:/var/lib/postgresql/data"]
        healthcheck: {test: [CMD, pg_isready], interval: 2s}
      - name: app
        image: shop:3
        count: 2
        depends_on: {db: healthy}

- name: Remove all containers of the set
  flotilla.docker.container_set:
    name: shop
    state: absent
"""

RETURN = r"""
members:
  description: The result of each container, in the order of O(containers). Containers that were removed come last.
  returned: always
  type: list
  elements: dict
  contains:
    name:
      description: Name of the container.
      type: str
      sample: web-1
    entry:
      description: Name of its entry in O(containers).
      type: str
      sample: web
    action:
      description:
        - What was done, or in check mode would be done.
        - One of V(create), V(replace), V(update), V(start), V(stop), V(restart), V(pause), V(restore), V(remove), V(none) and V(skip).
      type: str
      sample: replace
    changed:
      description: Whether the container has changed.
      type: bool
      sample: true
    rolled_back:
      description: Whether the container was restored to its previous state.
      type: bool
      sample: false
    actions:
      description: The steps for this container.
      type: list
      elements: str
      sample: ["create container web-1", "start container web-1"]
    seconds:
      description: How many seconds the change of this container took.
      type: float
      sample: 1.31
    failure:
      description: Why the container failed, V(null) if it did not. C(msg) is the message; other keys, such as the end of the log, depend on the failure.
      type: dict
      sample: null
    container:
      description:
        - The container as it is now. V(null) if there is none.
        - Use M(flotilla.docker.container_info) for the whole inspection.
      type: dict
      sample: {"id": "3e1f…", "name": "web-1", "image": "nginx:1.27", "image_id": "sha256:…", "status": "running", "health": null, "ports": {}}
orphans:
  description: Names of containers of the set that are no longer in O(containers). Empty with O(purge=true).
  returned: always
  type: list
  elements: str
  sample: []
actions:
  description: What was done, or in check mode would be done, in order.
  returned: always
  type: list
  elements: str
  sample: ["create container web-1", "start container web-1"]
failed_step:
  description: The step that failed.
  returned: on a failure after the first step
  type: str
  sample: null
undone:
  description: What was rolled back after a failure.
  returned: on a failure after the first step
  type: list
  elements: str
  sample: ["replace web-1"]
not_undone:
  description: What could not be rolled back, with the reason.
  returned: on a failure after the first step
  type: list
  elements: str
  sample: []
"""

from ansible_collections.flotilla.docker.plugins.module_utils import runner
from ansible_collections.flotilla.docker.plugins.module_utils.container_set import plan, secrets, spec


def main() -> None:
    """Run the module."""
    described = plan.SetPlan()
    runner.run(
        described.decide,
        described.report,
        argument_spec=spec.argument_spec(),
        mask=secrets.mask_params,
        current_state=described.state,
    )


if __name__ == "__main__":
    main()

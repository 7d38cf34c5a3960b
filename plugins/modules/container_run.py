#!/usr/bin/python
# -*- coding: utf-8 -*-

# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: container_run
short_description: Run a container, and never lose the one that runs
version_added: 0.1.0
description:
  - Creates, changes, starts, stops and removes a container, as C(docker run) and its siblings do, until it is as the task describes it.
  - A container that has to be replaced is set aside until the new one lives. If anything fails on the way, the old one runs again under its name.
  - What can be changed in place is changed in place, and the container keeps its id.
  - What has left the task leaves the container (see O(track_declared)).
  - Takes every option of M(community.docker.docker_container), so that switching is changing the module's name.
  - Works with Podman's Docker-compatible API too. An option that Podman takes and does nothing about is refused.
author:
  - flotilla.docker contributors (@flotilla-docker)
extends_documentation_fragment:
  - flotilla.docker.attributes
  - flotilla.docker.connection
  - flotilla.docker.container_options
attributes:
  check_mode:
    support: full
  diff_mode:
    support: full
  idempotent:
    support: partial
    details:
      - A job with O(detach=false), O(recreate=true) and O(restart=true) run each time.
seealso:
  - module: flotilla.docker.container_info
  - module: flotilla.docker.image_pull
"""

EXAMPLES = r"""
- name: Run a web server
  flotilla.docker.container_run:
    name: web
    image: nginx:latest
    published_ports: ["80:80"]
    restart_policy: unless-stopped

- name: Give it more memory, while it goes on running
  flotilla.docker.container_run:
    name: web
    image: nginx:latest
    published_ports: ["80:80"]
    restart_policy: unless-stopped
    memory: 512m

- name: Move to a new release, and go back to the old one if it does not become healthy
  flotilla.docker.container_run:
    name: web
    image: nginx:1.27
    state: healthy
    published_ports: ["80:80"]
    healthcheck:
      test: [CMD, curl, -f, "http://localhost/"]
      interval: 5s
      retries: 3

- name: Run a job and look at what it wrote
  flotilla.docker.container_run:
    name: migrate
    image: web:1.27
    command: [./manage, migrate]
    detach: false
    cleanup: true
    env:
      DATABASE_PASSWORD: "{{ database_password }}"
  register: migration

- name: Remove it
  flotilla.docker.container_run:
    name: web
    state: absent
"""

RETURN = r"""
container:
  description:
    - The container as the Engine's inspection shows it, with secret variables masked; V(null) if there is none.
    - In check mode, the container as it is now.
    - With O(detach=false), C(container.Output) is what the container wrote.
  returned: always
  type: dict
  sample: {"Id": "3e1f…", "Name": "/web", "State": {"Status": "running"}}
status:
  description: Exit code of the container.
  returned: with O(detach=false), outside check mode
  type: int
  sample: 0
actions:
  description: What was done, or in check mode would be done, in order.
  returned: always
  type: list
  elements: str
  sample: ["create container web", "start container web"]
failed_step:
  description: The step that failed.
  returned: on a failure after the first step
  type: str
  sample: start container web
undone:
  description: What was taken back after a failure.
  returned: on a failure after the first step
  type: list
  elements: str
  sample: ["create container web", "set aside container web"]
not_undone:
  description: What could not be taken back, with the reason.
  returned: on a failure after the first step
  type: list
  elements: str
  sample: []
"""

from ansible_collections.flotilla.docker.plugins.module_utils import runner
from ansible_collections.flotilla.docker.plugins.module_utils.container import plan, result, secrets, table
from ansible_collections.flotilla.docker.plugins.module_utils.errors import StepFailed


def report(engine, params, decided):
    """The container as it stands now, and how a job ended."""
    inspected = decided.inspected if decided.fresh else engine.containers.find(params["name"])
    container = result.container(inspected, params["secret_env"] or ())
    if decided.ended is None:
        return {"container": container, "warnings": list(decided.warnings)}
    container = dict(container or {}, Output=decided.ended.output)
    if decided.ended.status:
        raise StepFailed(
            "The container %s ended with exit code %d: %s" % (params["name"], decided.ended.status, decided.ended.output.strip()[-2000:] or "it wrote nothing"),
            "Its whole output is in container.Output",
            status=decided.ended.status,
            container=container,
        )
    return {"container": container, "status": decided.ended.status, "warnings": list(decided.warnings)}


def stands(engine, params):
    """What a failed run leaves behind, as a sentence and as a fact."""
    inspected = engine.containers.find(params["name"])
    container = result.container(inspected, params["secret_env"] or ())
    state = (
        "There is no container %s now" % params["name"] if container is None else "The container %s is %s now" % (params["name"], container["State"]["Status"])
    )
    return " %s." % state, {"container": container}


def main():
    """Run the module."""
    runner.run(plan.decide, report, argument_spec=table.argument_spec(), mask=secrets.mask_params, stands=stands)


if __name__ == "__main__":
    main()

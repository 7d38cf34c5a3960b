#!/usr/bin/python

# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: container_run
short_description: Manage containers, keeping the old one until the new one works
version_added: 0.1.0
description:
  - Creates, updates, replaces, starts, stops and removes a container, until it is as the task describes it.
  - A container that has to be replaced is renamed to a backup name until the new one runs. If anything fails, the old one runs again under its name.
  - Limits, restart policies and networks are changed in place, and the container keeps its id.
  - Options removed from the task are also removed from the container (see O(track_declared)).
  - A task without O(image), such as a handler with O(restart=true), changes only what it names.
  - In check mode, a missing object that an earlier task may provide, such as a network or an image, causes a warning and not an error.
  - Has every option of M(community.docker.docker_container), so a task of that module needs only another module name.
  - Works with Podman's Docker-compatible API too. An option that Podman accepts and ignores is an error.
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
      - Tasks with O(detach=false), O(recreate=true) or O(restart=true) report a change at every run.
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

- name: Limit the memory of the running web server
  flotilla.docker.container_run:
    name: web
    image: nginx:latest
    published_ports: ["80:80"]
    restart_policy: unless-stopped
    memory: 512m

- name: Restart the web server without changing anything else
  flotilla.docker.container_run:
    name: web
    restart: true

- name: Deploy a new release, and return to the old one if it does not become healthy
  flotilla.docker.container_run:
    name: web
    image: nginx:1.27
    state: healthy
    published_ports: ["80:80"]
    healthcheck:
      test: [CMD, curl, -f, "http://localhost/"]
      interval: 5s
      retries: 3

- name: Run a database migration and wait for it to exit
  flotilla.docker.container_run:
    name: migrate
    image: web:1.27
    command: [./manage, migrate]
    detach: false
    cleanup: true
    env:
      DATABASE_PASSWORD: "{{ database_password }}"
  register: migration

- name: Remove the web server
  flotilla.docker.container_run:
    name: web
    state: absent
"""

RETURN = r"""
container:
  description:
    - The container as the Engine's inspection shows it, with secret variables and passwords in addresses masked; V(null) if there is none.
    - In check mode, the container as it is now.
    - With O(detach=false), C(container.Output) is the container's log.
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
  description: Steps that were rolled back after a failure.
  returned: on a failure after the first step
  type: list
  elements: str
  sample: ["create container web", "rename container web to a backup name"]
not_undone:
  description: What could not be rolled back, with the reason.
  returned: on a failure after the first step
  type: list
  elements: str
  sample: []
"""

from typing import TYPE_CHECKING, Any, Mapping

from ansible_collections.flotilla.docker.plugins.module_utils import runner
from ansible_collections.flotilla.docker.plugins.module_utils.container import plan, result, secrets, table
from ansible_collections.flotilla.docker.plugins.module_utils.errors import StepFailed

if TYPE_CHECKING:
    from ansible_collections.flotilla.docker.plugins.module_utils.container.task import Decided
    from ansible_collections.flotilla.docker.plugins.module_utils.engine.engine import Engine


def report(engine: Engine, params: Mapping[str, Any], decided: Decided) -> dict[str, Any]:
    """The container in its current state, and how a job ended."""
    inspected = decided.inspected if decided.fresh else engine.containers.find(params["name"])
    container = result.container(inspected, params["secret_env"] or ())
    if decided.ended is None:
        return {"container": container, "warnings": list(decided.warnings)}
    container = dict(container or {}, Output=decided.ended.output)
    if decided.ended.status:
        raise StepFailed(
            f"Container {params['name']} exited with code {decided.ended.status}: "
            + (decided.ended.output.strip()[-2000:] or "its log is empty"),
            "The whole log is in container.Output",
            status=decided.ended.status,
            container=container,
        )
    return {"container": container, "status": decided.ended.status, "warnings": list(decided.warnings)}


def current_state(engine: Engine, params: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    """The current state after a failed run, as a sentence and as a fact."""
    inspected = engine.containers.find(params["name"])
    container = result.container(inspected, params["secret_env"] or ())
    name = params["name"]
    state = (
        f"There is no container {name} now"
        if container is None
        else f"Container {name} is {container['State']['Status']} now"
    )
    return f" {state}.", {"container": container}


def main() -> None:
    """Run the module."""
    runner.run(
        plan.decide, report, argument_spec=table.argument_spec(), mask=secrets.mask_params, current_state=current_state
    )


if __name__ == "__main__":
    main()

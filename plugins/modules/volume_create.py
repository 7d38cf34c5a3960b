#!/usr/bin/python

# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: volume_create
short_description: Create and remove volumes
version_added: 0.1.0
description:
  - Creates and removes a volume, as C(docker volume create) and C(docker volume rm) do.
  - Data is never deleted unless O(data=delete) is set, and never while a container uses the volume.
  - The Engine cannot change a volume in place. If its driver or driver options differ from the task, the task fails and names the differences
    and the containers that use the volume.
  - Has every option of M(community.docker.docker_volume), so a task of that module needs only another module name.
author:
  - flotilla.docker contributors (@flotilla-docker)
extends_documentation_fragment:
  - flotilla.docker.attributes
  - flotilla.docker.connection
  - flotilla.docker.volume_options
attributes:
  check_mode:
    support: full
  diff_mode:
    support: full
  idempotent:
    support: partial
    details:
      - With O(recreate=always) the volume is recreated each time.
seealso:
  - module: flotilla.docker.container_run
  - module: flotilla.docker.network_create
"""

EXAMPLES = r"""
- name: Create a volume
  flotilla.docker.volume_create:
    name: data

- name: Create a volume on an NFS export
  flotilla.docker.volume_create:
    name: media
    driver_options:
      type: nfs
      device: ":/export/media"
      o: addr=192.0.2.10,rw

- name: Use another NFS server, if no container uses the volume; the data is on the servers
  flotilla.docker.volume_create:
    name: media
    driver_options:
      type: nfs
      device: ":/export/media"
      o: addr=192.0.2.11,rw
    recreate: when_needed

- name: Remove a volume and its data
  flotilla.docker.volume_create:
    name: data
    state: absent
    data: delete
"""

RETURN = r"""
volume:
  description:
    - The volume as the Engine's inspection shows it; V(null) if there is none. Passwords in driver options are masked.
    - In check mode, the volume as it is now.
  returned: always
  type: dict
  sample: {"Name": "data", "Driver": "local", "Mountpoint": "/var/lib/docker/volumes/data/_data", "Options": null}
actions:
  description: What was done, or in check mode would be done, in order.
  returned: always
  type: list
  elements: str
  sample: ["create volume data"]
differences:
  description: How the volume differs from the task.
  returned: on a failure because of O(recreate=never), or because O(data) is V(keep)
  type: list
  elements: str
  sample: ["driver_options.device is ':/a', must be ':/b'"]
containers:
  description: Containers that use the volume, with their states.
  returned: on a failure because of O(recreate=never), or because containers use the volume
  type: list
  elements: str
  sample: ["web (exited)"]
failed_step:
  description: The step that failed.
  returned: on a failure after the first step
  type: str
  sample: create volume data
undone:
  description: Steps that were rolled back after a failure.
  returned: on a failure after the first step
  type: list
  elements: str
  sample: ["remove volume data (its data stays in nfs :/export)"]
not_undone:
  description: Steps that could not be rolled back, with the reason.
  returned: on a failure after the first step
  type: list
  elements: str
  sample: []
"""

from typing import TYPE_CHECKING, Any, Mapping

from ansible_collections.flotilla.docker.plugins.module_utils import runner
from ansible_collections.flotilla.docker.plugins.module_utils.object_options import mask_params
from ansible_collections.flotilla.docker.plugins.module_utils.option_table import argument_spec
from ansible_collections.flotilla.docker.plugins.module_utils.volume import options, plan, result

if TYPE_CHECKING:
    from ansible_collections.flotilla.docker.plugins.module_utils.engine.engine import Engine


def report(engine: Engine, params: Mapping[str, Any], decided: plan.Decided) -> dict[str, Any]:
    """The volume as it is now."""
    found = decided.volume or engine.volumes.find(params["name"])
    return {"volume": result.volume(found), "warnings": list(decided.warnings)}


def main() -> None:
    """Run the module."""
    runner.run(
        plan.decide,
        report,
        argument_spec=argument_spec(options.CONTROLS + options.ROWS),
        mask=mask_params,
        current_state=result.current_state,
    )


if __name__ == "__main__":
    main()

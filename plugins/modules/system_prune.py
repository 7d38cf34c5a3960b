#!/usr/bin/python
# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: system_prune
short_description: Remove unused containers, images, networks, volumes and build cache
version_added: 0.1.0
description:
  - Removes stopped containers and unused images, networks, volumes and build cache, as C(docker system prune) and the C(prune) commands of each kind do.
  - Check mode lists exactly what would be removed, and how many bytes that would free.
  - Objects are removed one by one. An object that is used again before it is removed is kept and listed in RV(in_use). After a failure, the result
    lists what was removed before, as after a success.
author:
  - flotilla.docker contributors (@flotilla-docker)
extends_documentation_fragment:
  - flotilla.docker.attributes
  - flotilla.docker.connection
  - flotilla.docker.result_size
options:
  containers:
    description: Remove stopped containers.
    type: bool
    default: false
  containers_filters:
    description:
      - Filters of C(docker container prune), which are C(until) (the time of creation), C(label) and C(label!).
    type: dict
  images:
    description:
      - Remove images that have no name and that no container uses, not even a stopped one. With C(dangling=false) in O(images_filters), also remove
        images with names.
    type: bool
    default: false
  images_filters:
    description:
      - Filters of C(docker image prune), which are C(dangling), C(until), C(label) and C(label!).
    type: dict
  networks:
    description: Remove networks that no container uses. Swarm networks are never removed.
    type: bool
    default: false
  networks_filters:
    description:
      - Filters of C(docker network prune), which are C(until), C(label) and C(label!).
    type: dict
  volumes:
    description:
      - Remove anonymous volumes that no container uses, not even a stopped one. B(Their data is deleted.)
      - With C(all=true) in O(volumes_filters), also remove volumes with names. Volumes with driver options, and volumes of other drivers than C(local),
        are never removed.
    type: bool
    default: false
  volumes_filters:
    description:
      - Filters of C(docker volume prune), which are C(all), C(label) and C(label!). For the age of a volume, use O(keep.younger_than).
    type: dict
  builder_cache:
    description: Remove build cache that no build uses.
    type: bool
    default: false
  builder_cache_filters:
    description:
      - Filters of C(docker builder prune), such as C(until).
    type: dict
  builder_cache_all:
    description: Remove all unused build cache, not only the cache that no image uses.
    type: bool
    default: false
  builder_cache_keep_storage:
    description: Amount of build cache to keep, such as V(10g).
    type: str
  keep:
    description: Objects to keep even if the filters select them.
    type: dict
    suboptions:
      names:
        description:
          - Names to keep, with the wildcards of a shell, such as V(registry.example.com/base/*).
          - The name of an image without a tag, such as V(nginx), keeps all tags of the repository.
        type: list
        elements: str
      labels:
        description: Labels to keep, as V(name) or V(name=value).
        type: list
        elements: str
      newest:
        description:
          - Number of images to keep of each repository, the newest first.
          - Images that were created in the same second as the last of them are kept, too.
        type: int
      younger_than:
        description: Keep objects that were created within this time, such as V(72h).
        type: str
  protect_stopped:
    description: Keep networks of stopped containers. C(docker network prune) removes them, and then the containers cannot be started any more.
    type: bool
    default: true
  prune_timeout:
    description:
      - Timeout in seconds for the whole run, V(1) or more. After that, nothing more is removed and the task fails. The result lists what was removed before.
      - One removal may take all of the time that is left, and at least O(timeout).
    type: int
    default: 600
attributes:
  check_mode:
    support: full
    details:
      - Which records of the build cache would be removed with O(builder_cache_keep_storage) is an estimate.
  diff_mode:
    support: none
  idempotent:
    support: full
seealso:
  - module: flotilla.docker.image_remove
  - module: flotilla.docker.docker_daemon_status
"""

EXAMPLES = r"""
- name: Remove stopped containers and images without a name
  flotilla.docker.system_prune:
    containers: true
    images: true

- name: Keep the two newest images of each repository, and all of the last three days
  flotilla.docker.system_prune:
    images: true
    images_filters:
      dangling: false
    keep:
      newest: 2
      younger_than: 72h
  register: pruned

- name: Show how much space was freed
  ansible.builtin.debug:
    msg: "{{ pruned.images_space_reclaimed | human_readable }}"
"""

RETURN = r"""
actions:
  description: What was removed, or in check mode would be removed, in order.
  returned: success
  type: list
  elements: str
  sample: ["remove container job"]
containers:
  description: Ids of the removed containers.
  returned: success with O(containers=true)
  type: list
  elements: str
  sample: ["3e1f…"]
containers_space_reclaimed:
  description: Bytes of the writable layers of the removed containers.
  returned: success with O(containers=true)
  type: int
  sample: 1095
images:
  description: Names that were removed and ids that were deleted, as in M(flotilla.docker.image_remove).
  returned: success with O(images=true)
  type: dict
  contains:
    untagged:
      description: Names and digests that were removed.
      type: list
      elements: str
      sample: ["web:1.0"]
    deleted:
      description: Ids of the images, and with graph drivers also the ids of their layers.
      type: list
      elements: str
      sample: ["sha256:5a05…"]
images_space_reclaimed:
  description: Bytes of the deleted layers.
  returned: success with O(images=true)
  type: int
  sample: 13801095
networks:
  description: Names of the removed networks.
  returned: success with O(networks=true)
  type: list
  elements: str
  sample: ["front"]
volumes:
  description: Names of the removed volumes.
  returned: success with O(volumes=true)
  type: list
  elements: str
  sample: ["4f2a…"]
volumes_space_reclaimed:
  description: Bytes of the files in the removed volumes.
  returned: success with O(volumes=true)
  type: int
  sample: 4096
builder_cache_caches_deleted:
  description: Ids of the removed records of the build cache.
  returned: success with O(builder_cache=true)
  type: list
  elements: str
  sample: ["zb4f…"]
builder_cache_space_reclaimed:
  description: Bytes of the removed records of the build cache.
  returned: success with O(builder_cache=true)
  type: int
  sample: 52428800
in_use:
  description: Objects that were not removed because they were used again in the meantime, with the Engine's message.
  returned: success
  type: list
  elements: str
  sample: []
left_out:
  description: What the result lacks because of O(max_result_size). Empty if it is complete.
  returned: success
  type: list
  elements: str
  sample: []
"""

from typing import TYPE_CHECKING, Any, Mapping

from ansible_collections.flotilla.docker.plugins.module_utils import result_size, runner
from ansible_collections.flotilla.docker.plugins.module_utils.prune import plan

if TYPE_CHECKING:
    from ansible_collections.flotilla.docker.plugins.module_utils.engine.engine import Engine

KINDS = ("containers", "images", "networks", "volumes", "builder_cache")
SPEC = {
    **result_size.ARGUMENT_SPEC,
    **{kind: {"type": "bool", "default": False} for kind in KINDS},
    **{f"{kind}_filters": {"type": "dict"} for kind in KINDS},
    "builder_cache_all": {"type": "bool", "default": False},
    "builder_cache_keep_storage": {"type": "str"},
    "keep": {
        "type": "dict",
        "options": {
            "names": {"type": "list", "elements": "str"},
            "labels": {"type": "list", "elements": "str"},
            "newest": {"type": "int"},
            "younger_than": {"type": "str"},
        },
    },
    "protect_stopped": {"type": "bool", "default": True},
    "prune_timeout": {"type": "int", "default": 600},
}


def report(engine: Engine, params: Mapping[str, Any], found: dict[str, Any]) -> dict[str, Any]:
    return result_size.fit(
        found, params["max_result_size"], *(result_size.Listing(kind, narrow_with=("keep",)) for kind in KINDS)
    )


def main() -> None:
    """Run the module."""
    runner.run(plan.decide, report, argument_spec=SPEC)


if __name__ == "__main__":
    main()

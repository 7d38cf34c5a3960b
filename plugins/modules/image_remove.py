#!/usr/bin/python
# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: image_remove
short_description: Remove images
version_added: 0.1.0
description:
  - Removes images by name, digest or id, like C(docker rmi).
  - If an image is removed by a name, only this name is removed. The image is deleted with its last name.
  - An image that containers were created from is not removed. The task fails and names the containers.
  - An image that other images were built on cannot be removed by its id. If it is removed by its last name, only that name is removed, except that the
    containerd image store deletes the image with O(force=true).
author:
  - flotilla.docker contributors (@flotilla-docker)
extends_documentation_fragment:
  - flotilla.docker.attributes
  - flotilla.docker.connection
  - flotilla.docker.result_size
options:
  name:
    description:
      - Names, names with digest, or ids. An id may be shortened to its first 7 or more digits; an image with that name takes precedence.
      - Images that are not on the host are ignored.
    type: list
    elements: str
    required: true
    aliases: [names, image]
  tag:
    description: Tag for each O(name) that has neither tag nor digest.
    type: str
    default: latest
  force:
    description:
      - Also remove images that stopped containers were created from, and images with several names by their id.
      - The image of a running container is never removed.
    type: bool
    default: false
  prune:
    description: Also delete parent images without a name, which the classic builder creates.
    type: bool
    default: true
attributes:
  check_mode:
    support: full
    details:
      - Predicts what would be untagged and deleted, including layers, also for several names.
      - With graph drivers, it inspects every image of the host for that. What the build cache keeps is only known as root on the Engine's host;
        RV(missing) says so if it matters.
  diff_mode:
    support: full
  idempotent:
    support: full
"""

EXAMPLES = r"""
- name: Remove an old version
  flotilla.docker.image_remove:
    name: registry.example.com/team/web:1.0

- name: List images without a name
  flotilla.docker.image_list:
    dangling: true
  register: dangling

- name: Remove images without a name that no container uses
  flotilla.docker.image_remove:
    name: "{{ dangling.images | rejectattr('containers') | map(attribute='id') }}"
"""

RETURN = r"""
actions:
  description: What was changed, or in check mode would be changed, in order.
  returned: always
  type: list
  elements: str
  sample: ["remove image nginx:1.27"]
untagged:
  description: Names and digests that were removed, or in check mode would be.
  returned: success
  type: list
  elements: str
  sample: ["nginx:latest"]
deleted:
  description:
    - Ids of deleted images, or in check mode of images that would be deleted. With graph drivers, also the chain ids of their layers.
    - Layers that another image, a container or the build cache uses are kept, and not listed.
  returned: success
  type: list
  elements: str
  sample: ["sha256:5a05cd9b2e8fbf5e4e2f4a8a9c2e6f1e0c9ad0f43e7ce2f1a2a9ddd9dc1c2f7d"]
missing:
  description: In check mode, what is not known about RV(deleted), and why.
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

from typing import TYPE_CHECKING, AbstractSet, Any, Mapping

from ansible_collections.flotilla.docker.plugins.module_utils import result_size, runner
from ansible_collections.flotilla.docker.plugins.module_utils.errors import ApiError, BadOption, StoreUnreadable
from ansible_collections.flotilla.docker.plugins.module_utils.image.lookup import find_reference
from ansible_collections.flotilla.docker.plugins.module_utils.image.removal import RemoveImage, View
from ansible_collections.flotilla.docker.plugins.module_utils.layers import store

if TYPE_CHECKING:
    from ansible_collections.flotilla.docker.plugins.module_utils.engine.engine import Engine
    from ansible_collections.flotilla.docker.plugins.module_utils.ledger import Steps


def decide(engine: Engine, params: Mapping[str, Any]) -> Steps:
    gone: dict[str, list[Any]] = {"untagged": [], "deleted": [], "missing": []}
    view = View(engine, lambda info: _kept(engine, info, gone["missing"]))
    names = [_key(engine, name, params["tag"]) for name in params["name"]]
    for name in dict.fromkeys(names):
        outcome = yield RemoveImage(name, view, params["force"], params["prune"])
        for kind in ("untagged", "deleted"):
            gone[kind] += outcome.value[kind]
    return gone


def _kept(engine: Engine, info: Mapping[str, Any], missing: list[str]) -> AbstractSet[str]:
    """Chain ids of layers that stay whatever is removed. Only graph drivers report layers, so it matters for them only."""
    choice = store.choose(info, engine.is_local, engine.flavour.image_store)
    reason = choice.unread
    try:
        kept = choice.store.in_build_cache(engine.daemon.build_cache)
        if kept is not None:
            return kept | choice.store.under_containers()
        if not engine.daemon.build_cache():
            return set()
    except StoreUnreadable as error:
        reason = error.message
    except (OSError, ApiError) as error:
        reason = str(error)
    missing.append(f"Which layers the build cache keeps, so that they are not deleted: {reason}")
    return set()


def report(engine: Engine, params: Mapping[str, Any], gone: dict[str, Any]) -> dict[str, Any]:
    return result_size.fit(
        gone, params["max_result_size"], result_size.Listing("deleted"), result_size.Listing("untagged")
    )


def _key(engine: Engine, name: str, tag: str) -> str:
    """How the Engine finds the image. A short id stays as the task has it."""
    if not name.strip():
        raise BadOption("name", "must not be empty", got=name, example="name: nginx:1.27")
    reference = find_reference(engine, name, default_tag=tag)
    return name.strip() if reference.image_id else reference.key


def main() -> None:
    runner.run(
        decide,
        report,
        argument_spec={
            **result_size.ARGUMENT_SPEC,
            "name": {"type": "list", "elements": "str", "required": True, "aliases": ["names", "image"]},
            "tag": {"type": "str", "default": "latest"},
            "force": {"type": "bool", "default": False},
            "prune": {"type": "bool", "default": True},
        },
    )


if __name__ == "__main__":
    main()

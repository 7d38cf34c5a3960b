#!/usr/bin/python
# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: image_list
short_description: List the images of a host
version_added: 0.1.0
description:
  - Lists images like C(docker images), with their digests, sizes, and the containers that use them.
author:
  - flotilla.docker contributors (@flotilla-docker)
extends_documentation_fragment:
  - flotilla.docker.attributes.reads
  - flotilla.docker.connection
  - flotilla.docker.result_size
options:
  name:
    description:
      - List only images whose name matches one of these, such as V(nginx), V(nginx:1.27) or V(registry.example.com/*).
    type: list
    elements: str
    aliases: [names]
  dangling:
    description: If V(true), list images without a name only; if V(false), list images with a name only. By default, list both.
    type: bool
  intermediate:
    description: Also list intermediate images of the classic builder, like C(docker images --all).
    type: bool
    default: false
  filters:
    description:
      - Filters of the Engine API, such as C(label), C(before) and C(since). A value may be a list.
    type: dict
    default: {}
  directories:
    description:
      - Return also RV(directories), the directories of all layers on the host, as C(ls /var/lib/docker/overlay2) shows them.
      - Requires root, or the user whose rootless Engine it is, on the Engine's host.
    type: bool
    default: false
"""

EXAMPLES = r"""
- name: List all images
  flotilla.docker.image_list:
  register: host

- name: List images without a name
  flotilla.docker.image_list:
    dangling: true

- name: List all images and the directories of their layers
  flotilla.docker.image_list:
    directories: true
  become: true
  register: before

- name: List images with a label
  flotilla.docker.image_list:
    filters:
      label: org.example.team=web
"""

RETURN = r"""
images:
  description: The images, the newest first.
  returned: success
  type: list
  elements: dict
  contains:
    id:
      description: Id of the image. It differs between the containerd image store and graph drivers for the same image.
      type: str
    references:
      description: Names with tags, as C(docker images) shows them.
      type: list
      elements: str
    digests:
      description: Names with digests.
      type: list
      elements: str
    size:
      description: Size in bytes. The containerd image store counts compressed and unpacked content.
      type: int
    shared_size:
      description: Bytes that are shared with other images. V(null) if the Engine API is older than 1.42.
      type: int
    created:
      description: When the image was built.
      type: str
    labels:
      description: Labels of the image.
      type: dict
    dangling:
      description: Whether the image has no name.
      type: bool
    containers:
      description: Names of the containers that were created from the image, running or not.
      type: list
      elements: str
  sample:
    - id: sha256:5a05cd9b2e8fbf5e4e2f4a8a9c2e6f1e0c9ad0f43e7ce2f1a2a9ddd9dc1c2f7d
      references: ["nginx:latest"]
      digests: []
      size: 13800000
      shared_size: 0
      created: "2026-11-01T10:00:00Z"
      labels: {}
      dangling: false
      containers: [web]
directories:
  description:
    - Directories of all layers on the Engine's host, including layers that belong to no image. M(flotilla.docker.image_layers) shows to which layer
      a directory belongs.
  returned: with O(directories=true)
  type: list
  elements: str
  sample: ["/var/lib/docker/overlay2/d264e8bc51e74f8e38b960aed4783e5e6b27d3fa7cb0ec76c64d770cae863be7/diff"]
missing:
  description: Why RV(directories) is not known. Empty if it is known.
  returned: with O(directories=true)
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
from ansible_collections.flotilla.docker.plugins.module_utils.image import result
from ansible_collections.flotilla.docker.plugins.module_utils.layers import store
from ansible_collections.flotilla.docker.plugins.module_utils.shapes import filter_values

if TYPE_CHECKING:
    from ansible_collections.flotilla.docker.plugins.module_utils.engine.engine import Engine

LISTINGS = (
    result_size.Listing("images", details=("labels", "digests"), narrow_with=("name", "filters")),
    result_size.Listing("directories"),
)


def report(engine: Engine, params: Mapping[str, Any], decided: None) -> dict[str, Any]:
    found = engine.images.list(
        all=params["intermediate"], filters=_filters(params), **({"shared-size": True} if engine.speaks("1.42") else {})
    )
    users = result.containers_by_image(engine.containers.list()) if found else {}
    images = [result.listed(image, users.get(image["Id"], [])) for image in found]
    listed = dict({"images": images}, **(_directories(engine) if params["directories"] else {}))
    return result_size.fit(listed, params["max_result_size"], *LISTINGS)


def _directories(engine: Engine) -> dict[str, Any]:
    choice = store.choose(engine.daemon.info(), engine.is_local, engine.flavour.image_store)
    known = choice.store.all_layers() or ()
    return {"directories": sorted(layer.path for layer in known if layer.path), "missing": list(choice.missing)}


def _filters(params: Mapping[str, Any]) -> dict[str, Any] | None:
    filters = filter_values(params["filters"])
    if params["name"]:
        filters["reference"] = params["name"]
    if params["dangling"] is not None:
        filters.update(filter_values({"dangling": params["dangling"]}))
    return filters or None


def main() -> None:
    runner.run(
        report=report,
        argument_spec={
            **result_size.ARGUMENT_SPEC,
            "name": {"type": "list", "elements": "str", "aliases": ["names"]},
            "dangling": {"type": "bool"},
            "intermediate": {"type": "bool", "default": False},
            "filters": {"type": "dict", "default": {}},
            "directories": {"type": "bool", "default": False},
        },
    )


if __name__ == "__main__":
    main()

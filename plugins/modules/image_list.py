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
  - Lists images as C(docker images) does, with their digests, sizes, and the containers that use them.
author:
  - flotilla.docker contributors (@flotilla-docker)
extends_documentation_fragment:
  - flotilla.docker.attributes.reads
  - flotilla.docker.connection
options:
  name:
    description:
      - List only images whose name matches one of these, such as V(nginx), V(nginx:1.27) or V(registry.example.com/*).
    type: list
    elements: str
    aliases: [names]
  dangling:
    description: V(true) for images without a name only, V(false) for the others only. Unset for all.
    type: bool
  intermediate:
    description: List also the images that the classic builder left between the steps of a build, as C(docker images --all) does.
    type: bool
    default: false
  filters:
    description:
      - Filters of the Engine API, such as C(label), C(before) and C(since). A value may be a list.
    type: dict
    default: {}
"""

EXAMPLES = r"""
- name: All images
  flotilla.docker.image_list:
  register: host

- name: Images that nothing uses and that have no name
  flotilla.docker.image_list:
    dangling: true

- name: Images with a label
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
      description: Id of the image. The containerd image store has another one than graph drivers have for the same image.
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
      description: Bytes. The containerd image store counts compressed and unpacked content.
      type: int
    shared_size:
      description: Bytes that it shares with other images, or none where the Engine API is older than 1.42.
      type: int
    created:
      description: When it was built.
      type: str
    labels:
      description: Its labels.
      type: dict
    dangling:
      description: Whether no name leads to it.
      type: bool
    containers:
      description: Names of the containers, running or not, that were created from it.
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
"""

from ansible_collections.flotilla.docker.plugins.module_utils import runner
from ansible_collections.flotilla.docker.plugins.module_utils.image import result


def report(engine, params, decided):
    found = engine.images.list(
        all=params["intermediate"],
        filters=_filters(params),
        **({"shared-size": True} if engine.speaks("1.42") else {})
    )
    users = result.containers_by_image(engine.containers.list()) if found else {}
    return {"images": [result.listed(image, users.get(image["Id"], [])) for image in found]}


def _filters(params):
    """The Engine wants a list of strings for each filter."""
    filters = {name: [_word(one) for one in (value if isinstance(value, list) else [value])] for name, value in params["filters"].items()}
    if params["name"]:
        filters["reference"] = params["name"]
    if params["dangling"] is not None:
        filters["dangling"] = [_word(params["dangling"])]
    return filters or None


def _word(value):
    """YAML's true is the Engine's "true", not Python's "True"."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def main():
    runner.run(
        report=report,
        argument_spec={
            "name": {"type": "list", "elements": "str", "aliases": ["names"]},
            "dangling": {"type": "bool"},
            "intermediate": {"type": "bool", "default": False},
            "filters": {"type": "dict", "default": {}},
        },
    )


if __name__ == "__main__":
    main()

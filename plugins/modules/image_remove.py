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
  - Removes images by name, digest or id, as C(docker rmi) does.
  - By a name only this name is removed; the image goes with its last name.
  - An image that containers were created from is not removed. The failure has the containers' names.
author:
  - flotilla.docker contributors (@flotilla-docker)
extends_documentation_fragment:
  - flotilla.docker.attributes
  - flotilla.docker.connection
options:
  name:
    description:
      - Names, names with digest, or ids.
      - One that is not there is no failure.
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
      - Remove an image also if stopped containers were created from it, and by an id that has several names.
      - A running container keeps its image anyway.
    type: bool
    default: false
  prune:
    description: Remove also parents that then have no name, which the classic builder leaves.
    type: bool
    default: true
attributes:
  check_mode:
    support: full
  diff_mode:
    support: full
  idempotent:
    support: full
"""

EXAMPLES = r"""
- name: Remove an old version
  flotilla.docker.image_remove:
    name: registry.example.com/team/web:1.0

- name: Remove all images without a name that nothing uses
  flotilla.docker.image_remove:
    name: "{{ dangling.images | rejectattr('containers') | map(attribute='id') }}"
"""

RETURN = r"""
untagged:
  description: Names and digests that were removed, or in check mode would be.
  returned: success
  type: list
  elements: str
  sample: ["nginx:latest"]
deleted:
  description: Ids of what was deleted. Graph drivers also name the layers, which a check does not predict.
  returned: success
  type: list
  elements: str
  sample: ["sha256:5a05cd9b2e8fbf5e4e2f4a8a9c2e6f1e0c9ad0f43e7ce2f1a2a9ddd9dc1c2f7d"]
"""

from ansible_collections.flotilla.docker.plugins.module_utils import runner
from ansible_collections.flotilla.docker.plugins.module_utils.errors import BadOption
from ansible_collections.flotilla.docker.plugins.module_utils.image.reference import parse_known, parse_reference
from ansible_collections.flotilla.docker.plugins.module_utils.image.removal import Remove


def decide(engine, params):
    if params["name"] == []:
        return {"untagged": [], "deleted": []}
    names = [_key(name, params["tag"]) for name in params["name"]]
    gone = {"untagged": [], "deleted": []}
    for name in dict.fromkeys(names):
        image = engine.images.find(name)
        if image is None:
            continue
        outcome = yield Remove(name, image, _containers(engine, image), params["force"], params["prune"])
        for kind in gone:
            gone[kind] += outcome.value[kind]
    return gone


def report(engine, params, gone):
    return gone


def _key(name, tag):
    """A short id is no reference with a tag; it is passed on as it is."""
    if not name.strip():
        raise BadOption("name", name, "it is empty", "name: nginx:1.27")
    looks_short = len(name) >= 12 and all(character in "0123456789abcdef" for character in name) and parse_known(name).image_id is None
    return name if looks_short else parse_reference(name, default_tag=tag).key


def _containers(engine, image):
    return [container for container in engine.containers.list() if container["ImageID"] == image["Id"]]


def main():
    runner.run(
        decide,
        report,
        argument_spec={
            "name": {"type": "list", "elements": "str", "required": True, "aliases": ["names", "image"]},
            "tag": {"type": "str", "default": "latest"},
            "force": {"type": "bool", "default": False},
            "prune": {"type": "bool", "default": True},
        },
    )


if __name__ == "__main__":
    main()

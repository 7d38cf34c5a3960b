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
  - An image that others were built on is not removed by its id. By its last name it loses that name only, except that the containerd image store
    deletes it with O(force=true).
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
    details:
      - Tells what would be untagged and deleted to the last layer, also for several names one after the other.
      - With graph drivers it inspects every image of the host for that. What the build cache keeps is known as root on the daemon's host only;
        RV(missing) says so where it matters.
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
  description:
    - Ids of what was deleted, or in check mode would be. With graph drivers these are images and, by their chain ids, their layers; with the containerd
      image store images only.
    - Layers that another image, a container or the build cache has stay, and are not among them.
  returned: success
  type: list
  elements: str
  sample: ["sha256:5a05cd9b2e8fbf5e4e2f4a8a9c2e6f1e0c9ad0f43e7ce2f1a2a9ddd9dc1c2f7d"]
missing:
  description: In check mode, what could not be told of RV(deleted), and why.
  returned: success
  type: list
  elements: str
  sample: []
"""

from ansible_collections.flotilla.docker.plugins.module_utils import runner
from ansible_collections.flotilla.docker.plugins.module_utils.errors import ApiError, BadOption
from ansible_collections.flotilla.docker.plugins.module_utils.image.reference import parse_known, parse_reference
from ansible_collections.flotilla.docker.plugins.module_utils.image.removal import Remove, View
from ansible_collections.flotilla.docker.plugins.module_utils.layers import bolt, store


def decide(engine, params):
    gone = {"untagged": [], "deleted": [], "missing": []}
    view = View(engine, lambda info: _kept(engine, info, gone["missing"]))
    for name in dict.fromkeys(_key(name, params["tag"]) for name in params["name"]):
        outcome = yield Remove(name, view, params["force"], params["prune"])
        for kind in ("untagged", "deleted"):
            gone[kind] += outcome.value[kind]
    return gone


def _kept(engine, info, missing):
    """Chain ids of layers that stay whatever is removed. Only graph drivers tell layers, so it matters for them only."""
    choice = store.choose(info, engine.is_local)
    if choice.name == "containerd":
        return set()
    try:
        if hasattr(choice.store, "cached"):
            return choice.store.cached(engine.daemon.build_cache) | choice.store.under_containers()
        if engine.daemon.build_cache():
            missing.append("Which layers the build cache keeps, so that they are not deleted: %s" % choice.missing[0].split(": ", 1)[1])
    except (OSError, bolt.Broken, ApiError) as error:
        missing.append("Which layers the build cache keeps, so that they are not deleted: %s" % error)
    return set()


def report(engine, params, gone):
    return gone


def _key(name, tag):
    """A short id is no reference with a tag; it is passed on as it is."""
    if not name.strip():
        raise BadOption("name", name, "it is empty", "name: nginx:1.27")
    looks_short = len(name) >= 12 and all(character in "0123456789abcdef" for character in name) and parse_known(name).image_id is None
    return name if looks_short else parse_reference(name, default_tag=tag).key


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

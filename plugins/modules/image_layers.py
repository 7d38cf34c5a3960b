#!/usr/bin/python
# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: image_layers
short_description: Show the layers of images and where they lie
version_added: 0.1.0
description:
  - Shows each layer of images with its ids, its size, the command that made it, its directory on disk, and the images that share it.
  - As root it reads the layer store itself. Without root it returns what the Engine API tells, and says what is missing.
author:
  - flotilla.docker contributors (@flotilla-docker)
extends_documentation_fragment:
  - flotilla.docker.connection
options:
  name:
    description: Names or ids of images. All images of the host if it is not set.
    type: list
    elements: str
    aliases: [names, image]
attributes:
  check_mode:
    support: full
    description: Can run in check mode and return the same as otherwise.
  diff_mode:
    support: none
    description: Changes nothing.
"""

EXAMPLES = r"""
- name: See where the layers of nginx lie
  flotilla.docker.image_layers:
    name: nginx
  become: true
  register: nginx

- name: Print them
  ansible.builtin.debug:
    msg: "{{ nginx.images[0].layers | map(attribute='path') }}"
"""

RETURN = r"""
images:
  description: The images, in the order asked.
  returned: success
  type: list
  elements: dict
  contains:
    reference:
      description: Name of the image as C(docker images) shows it, or its id if it has none.
      type: str
    id:
      description: The image's id.
      type: str
    layer_count:
      description: How many layers it has.
      type: int
    layers:
      description: The layers, base first.
      type: list
      elements: dict
      contains:
        index:
          description: Number of the layer, from 0.
          type: int
        diff_id:
          description: Digest of the uncompressed layer. It may occur several times in one image.
          type: str
        chain_id:
          description: Digest of the layer and all below it. Layers are kept and shared by it.
          type: str
        digest:
          description: Digest of the compressed layer, if it was pulled or pushed.
          type: str
        size:
          description: Bytes of its files.
          type: int
        created:
          description: When it was made.
          type: str
        created_by:
          description: The command that made it. None where nothing tells which command made which layer.
          type: str
        comment:
          description: The builder's remark.
          type: str
        path:
          description: Its directory on the daemon's host.
          type: str
        used_by:
          description: Names of all images that have this layer.
          type: list
          elements: str
  sample:
    - reference: nginx:latest
      id: sha256:5a05cd9b2e8fbf5e4e2f4a8a9c2e6f1e0c9ad0f43e7ce2f1a2a9ddd9dc1c2f7d
      layer_count: 6
      layers: []
missing:
  description: What could not be told, and why.
  returned: success
  type: list
  elements: str
  sample: []
"""

from ansible_collections.flotilla.docker.plugins.module_utils import runner
from ansible_collections.flotilla.docker.plugins.module_utils.errors import Missing
from ansible_collections.flotilla.docker.plugins.module_utils.image.reference import parse_reference
from ansible_collections.flotilla.docker.plugins.module_utils.image.result import familiar_names
from ansible_collections.flotilla.docker.plugins.module_utils.layers import model, store


def report(engine, params, decided):
    everything = [engine.images.find(image["Id"]) for image in engine.images.list()]
    choice = store.choose(engine.daemon.info(), engine.is_local)
    users = _users(everything)
    asked = everything if params["name"] is None else [_find(engine, name) for name in params["name"]]
    return {"images": [_described(engine, image, choice.store, users) for image in asked], "missing": list(choice.missing)}


def _find(engine, name):
    image = engine.images.find(parse_reference(name).key) or engine.images.find(name)
    if image is None:
        raise Missing("There is no image %s on this host" % name, "image_list shows those that there are; image_pull brings others")
    return image


def _users(images):
    """Names of the images that have a layer, by its chain id."""
    users = {}
    for image in images:
        for chain_id in model.chain_ids((image.get("RootFS") or {}).get("Layers") or ()):
            users.setdefault(chain_id, []).extend(familiar_names(image.get("RepoTags")) or [image["Id"]])
    return users


def _described(engine, image, layer_store, users):
    layers = layer_store.layers(image)
    config = layer_store.config(image)
    steps = model.steps_of_config(config, len(layers)) if config else model.steps_of_api(engine.images.history(image["Id"]), len(layers))
    layers = model.join_history(layers, steps)
    return {
        "reference": (familiar_names(image.get("RepoTags")) or [image["Id"]])[0],
        "id": image["Id"],
        "layer_count": len(layers),
        "layers": [dict(layer._asdict(), used_by=users.get(layer.chain_id, [])) for layer in layers],
    }


def main():
    runner.run(
        report=report,
        argument_spec={"name": {"type": "list", "elements": "str", "aliases": ["names", "image"]}},
    )


if __name__ == "__main__":
    main()

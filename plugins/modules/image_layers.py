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
  - As root, and as the user whose rootless Engine it is, it reads the layer store itself, of the graph drivers C(overlay2), C(fuse-overlayfs),
    C(vfs) and C(btrfs), of the containerd image store with the snapshotters C(overlayfs), C(fuse-overlayfs), C(native) and C(btrfs), and of
    containers/storage, which is Podman's. Of other drivers it knows all but the directories.
    Otherwise it returns what the Engine API tells, and says what is missing.
author:
  - flotilla.docker contributors (@flotilla-docker)
extends_documentation_fragment:
  - flotilla.docker.attributes.reads
  - flotilla.docker.connection
options:
  name:
    description: Names or ids of images. All images of the host if it is not set.
    type: list
    elements: str
    aliases: [names, image]
  since:
    description:
      - An earlier result of this module. RV(added) and RV(removed) then say which layers came and went.
      - Take both with the same O(name), best without any.
    type: dict
  blocks:
    description:
      - Also walk each layer's directory for the bytes that its files really take on the disk. Slow for large images.
      - Needs root, or the user whose rootless Engine it is.
    type: bool
    default: false
"""

EXAMPLES = r"""
- name: See where the layers of nginx lie
  flotilla.docker.image_layers:
    name: nginx
  become: true
  register: nginx

- name: Print them
  ansible.builtin.debug:
    msg: "{{ nginx.images[0].rendered.splitlines() }}"

- name: Look at all layers before
  flotilla.docker.image_layers:
  become: true
  register: before

- name: Pull
  flotilla.docker.image_pull:
    name: nginx

- name: See which directories the pull added
  flotilla.docker.image_layers:
    since: "{{ before }}"
  become: true
  register: after

- name: Print them
  ansible.builtin.debug:
    msg: "{{ after.added | map(attribute='path') }}"
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
        compressed_size:
          description: Bytes of the compressed layer, which only the containerd image store and Podman keep.
          type: int
        size:
          description:
            - Bytes of its files. In the containerd image store, the bytes that its directory takes on the disk; with Podman, bytes of its tar archive.
            - With the graph driver C(vfs) a layer takes much more on the disk than this, see RV(path_holds) and O(blocks).
          type: int
        blocks:
          description: Bytes that its directory takes on the disk. With O(blocks=true).
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
          description: Its directory on the daemon's host. RV(path_holds) tells what lies there.
          type: str
        used_by:
          description: Names of all images that have this layer.
          type: list
          elements: str
        containers:
          description: Names of the containers that stand on this layer.
          type: list
          elements: str
        freed_with_image:
          description:
            - Whether removing the image would remove this layer.
            - Where RV(images[].layers[].in_build_cache) is not known, the build cache may keep it all the same.
          type: bool
        in_build_cache:
          description: Whether the build cache keeps it too. None where the store is not read.
          type: bool
    references:
      description: All names of the image.
      type: list
      elements: str
    history:
      description: The steps of the build, oldest first, also those that made no layer.
      type: list
      elements: dict
      contains:
        created:
          description: When.
          type: str
        created_by:
          description: The command.
          type: str
        comment:
          description: The builder's remark.
          type: str
        layer:
          description: Index of the layer that it made. None for metadata, or where nothing tells which step made which layer.
          type: int
    unique_size:
      description: RV(images[].layers[].size) of the layers that removing the image would remove, in total.
      type: int
    shared_size:
      description: The same of the layers that would stay.
      type: int
    rendered:
      description: The layers as a tree to print.
      type: str
  sample:
    - reference: nginx:latest
      id: sha256:5a05cd9b2e8fbf5e4e2f4a8a9c2e6f1e0c9ad0f43e7ce2f1a2a9ddd9dc1c2f7d
      layer_count: 6
      layers: []
totals:
  description: All layers of the host, each counted once. Where the store can be read.
  returned: success
  type: dict
  contains:
    layer_count:
      description: How many layers.
      type: int
    size:
      description: Their bytes.
      type: int
    unowned:
      description:
        - Layers that no image has. They are the build cache's, or of containers whose image was removed by force, or the engine lost sight of them.
        - In the containerd image store BuildKit has a copy of its own of each layer that it made.
      type: list
      elements: dict
      contains:
        chain_id:
          description: The layer's chain id. Of a copy that BuildKit has for itself, the id that C(docker builder du) shows.
          type: str
        size:
          description: Its bytes, as of the layers of images.
          type: int
        path:
          description: Its directory on the daemon's host.
          type: str
    unowned_size:
      description: Bytes of those.
      type: int
store:
  description: V(graphdriver), V(containerd), or V(containers) for containers/storage, which is Podman's.
  returned: success
  type: str
  sample: graphdriver
driver:
  description: Name of the graph driver or snapshotter.
  returned: success
  type: str
  sample: overlay2
path_holds:
  description:
    - What lies in RV(images[].layers[].path).
    - V(difference) is what the layer adds and changes, as C(overlay2), C(fuse-overlayfs) and C(overlayfs) keep it. A file that it removes is a
      character device 0/0 there.
    - V(tree) are the files of all layers up to this one. With C(vfs) and C(native) each is a full copy. With C(btrfs) they share their blocks, so that
      the filesystem is not as full as the sum of RV(images[].layers[].blocks).
    - None where it is not known where the driver keeps layers.
  returned: success
  type: str
  sample: difference
added:
  description: Layers that were not in O(since).
  returned: with O(since)
  type: list
  elements: dict
removed:
  description: Layers that were in O(since) and are gone.
  returned: with O(since)
  type: list
  elements: dict
missing:
  description: What could not be told, and why.
  returned: success
  type: list
  elements: str
  sample: []
"""

from ansible_collections.flotilla.docker.plugins.module_utils import runner
from ansible_collections.flotilla.docker.plugins.module_utils.errors import ApiError, BadOption, Missing
from ansible_collections.flotilla.docker.plugins.module_utils.image.reference import parse_reference
from ansible_collections.flotilla.docker.plugins.module_utils.image.result import containers_by_image, familiar_names
from ansible_collections.flotilla.docker.plugins.module_utils.layers import bolt, model, store, survey


def report(engine, params, decided):
    if params["since"] is not None and not isinstance(params["since"].get("images"), list):
        raise BadOption("since", "what was given", "it is not a result of this module", 'since: "{{ before }}"')
    everything = [image for image in (engine.images.find(entry["Id"]) for entry in engine.images.list(all=True)) if image]
    named = [image for image in everything if image.get("RepoTags") or image.get("RepoDigests")]
    asked = named if params["name"] is None else _find(engine, everything, params["name"])
    names = {image["Id"]: familiar_names(image.get("RepoTags")) or familiar_names(image.get("RepoDigests")) for image in everything}
    users = survey.users_by_layer(everything, names, containers_by_image(engine.containers.list()) if everything else {})
    info = engine.daemon.info()
    choice = store.choose(info, engine.is_local, engine.is_podman)
    missing = list(choice.missing)
    cached = _cached(engine, choice.store, missing) if asked else set()
    images = [_described(engine, image, choice.store, users, names, cached, params["blocks"]) for image in asked]
    result = {"images": images, "missing": missing, "store": choice.name, "driver": info["Driver"], "path_holds": choice.store.path_holds}
    if hasattr(choice.store, "all_layers"):
        result["totals"] = survey.totals(choice.store.all_layers(), users)
    if params["since"] is not None:
        result.update(survey.changes(params["since"], images))
    return result


def _find(engine, everything, names):
    found = [_among(everything, parse_reference(name)) or engine.images.find(name) for name in names]
    absent = [name for name, image in zip(names, found) if image is None]
    if absent:
        raise Missing("There is no image %s on this host" % ", ".join(absent), "image_list shows those that there are; image_pull brings others")
    return found


def _among(images, reference):
    """The image of that name among inspected ones: a daemon need not be asked twice."""
    return next((image for image in images if reference.names(image)), None)


def _cached(engine, layer_store, missing):
    """What the build cache keeps; None where the store is not read, or not understood."""
    if not hasattr(layer_store, "cached"):
        return None
    try:
        return layer_store.cached(engine.daemon.build_cache)
    except (OSError, bolt.Broken, ApiError) as error:
        missing.append("Which layers the build cache keeps: %s" % error)
        return None


def _described(engine, image, layer_store, users, names, cached, with_blocks):
    layers = layer_store.layers(image)
    config = layer_store.config(image)
    steps = model.steps_of_config(config, len(layers)) if config else model.steps_of_api(engine.images.history(image["Id"]), len(layers))
    described = survey.describe(image["Id"], model.join_history(layers, steps), steps, users, names.get(image["Id"], []), cached)
    if with_blocks:
        described["layers"] = [dict(layer, blocks=survey.blocks(layer["path"])) for layer in described["layers"]]
    return described


def main():
    runner.run(
        report=report,
        argument_spec={
            "name": {"type": "list", "elements": "str", "aliases": ["names", "image"]},
            "since": {"type": "dict"},
            "blocks": {"type": "bool", "default": False},
        },
    )


if __name__ == "__main__":
    main()

#!/usr/bin/python
# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: image_layers
short_description: Show the layers of images and where they are stored
version_added: 0.1.0
description:
  - Shows each layer of images with its ids, its size, the command that created it, its directory on disk, and the images that share it.
  - As root, or as the owner of a rootless Engine, it reads the layer store. Supported are the graph drivers C(overlay2), C(fuse-overlayfs), C(vfs)
    and C(btrfs), the containerd image store with the snapshotters C(overlayfs), C(fuse-overlayfs), C(native) and C(btrfs), and Podman's
    containers/storage. For other drivers, everything except the directories is returned.
  - As another user or over a network, it returns what the Engine API shows, and RV(missing) lists what is not known.
author:
  - flotilla.docker contributors (@flotilla-docker)
extends_documentation_fragment:
  - flotilla.docker.attributes.reads
  - flotilla.docker.connection
  - flotilla.docker.result_size
options:
  name:
    description: Names or ids of images. By default, all images of the host.
    type: list
    elements: str
    aliases: [names, image]
  since:
    description:
      - The registered result of an earlier task of this module. RV(added) and RV(removed) then show which layers were added and removed.
      - Use the same O(name) in both tasks, or none.
    type: dict
  blocks:
    description:
      - Also measure the disk usage of each layer's directory. Slow for large images.
      - Requires root, or the owner of the rootless Engine.
    type: bool
    default: false
"""

EXAMPLES = r"""
- name: Show where the layers of nginx are stored
  flotilla.docker.image_layers:
    name: nginx
  become: true
  register: nginx

- name: Print the layers of nginx
  ansible.builtin.debug:
    msg: "{{ nginx.images[0].rendered.splitlines() }}"

- name: Show all layers before the pull
  flotilla.docker.image_layers:
  become: true
  register: before

- name: Pull nginx
  flotilla.docker.image_pull:
    name: nginx

- name: Show which layers the pull added
  flotilla.docker.image_layers:
    since: "{{ before }}"
  become: true
  register: after

- name: Print the directories of the added layers
  ansible.builtin.debug:
    msg: "{{ after.added | map(attribute='path') }}"
"""

RETURN = r"""
images:
  description: The images, in the order of O(name). In check mode, without those that are not on the host yet.
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
      description: Number of layers.
      type: int
    layers:
      description: The layers, base first.
      type: list
      elements: dict
      contains:
        index:
          description: Position of the layer, starting at 0.
          type: int
        diff_id:
          description: Digest of the uncompressed layer. Several layers of one image may have the same.
          type: str
        chain_id:
          description: Digest of the layer together with all layers below it. Layers are stored and shared by this id.
          type: str
        digest:
          description: Digest of the compressed layer, if it was pulled or pushed.
          type: str
        compressed_size:
          description: Size of the compressed layer in bytes. Only known by the containerd image store and Podman.
          type: int
        size:
          description:
            - Size of the layer's files in bytes. In the containerd image store, the disk usage of its directory; with Podman, the size of its tar archive.
            - With the graph driver C(vfs), the disk usage of a layer is much larger, see RV(path_holds) and O(blocks).
          type: int
        blocks:
          description: Disk usage of its directory in bytes. Only returned with O(blocks=true).
          type: int
        created:
          description: When the layer was created.
          type: str
        created_by:
          description: The command that created the layer. V(null) if it cannot be determined.
          type: str
        comment:
          description: Comment of the builder.
          type: str
        path:
          description: Directory of the layer on the Engine's host. See RV(path_holds) for its content.
          type: str
        used_by:
          description: Names of all images that have the layer.
          type: list
          elements: str
        containers:
          description: Names of the containers that use the layer.
          type: list
          elements: str
        freed_with_image:
          description:
            - Whether removing the image would delete the layer.
            - If RV(images[].layers[].in_build_cache) is not known, the build cache may still keep it.
          type: bool
        in_build_cache:
          description: Whether the build cache keeps the layer. V(null) if the layer store is not read.
          type: bool
    references:
      description: All names of the image.
      type: list
      elements: str
    history:
      description: The steps of the build, oldest first, including those that created no layer.
      type: list
      elements: dict
      contains:
        created:
          description: When the step was run.
          type: str
        created_by:
          description: The command of the step.
          type: str
        comment:
          description: Comment of the builder.
          type: str
        layer:
          description: Index of the layer that the step created. V(null) for metadata, or if it cannot be determined.
          type: int
    unique_size:
      description: Total RV(images[].layers[].size) of the layers that removing the image would delete.
      type: int
    shared_size:
      description: Total RV(images[].layers[].size) of the layers that removing the image would not delete.
      type: int
    rendered:
      description: The layers as a tree to print.
      type: str
  sample:
    - reference: nginx:latest
      id: sha256:5a05cd9b2e8fbf5e4e2f4a8a9c2e6f1e0c9ad0f43e7ce2f1a2a9ddd9dc1c2f7d
      layer_count: 6
      layers: []
image_count:
  description: Number of images, including those that are left out of RV(images) because of O(max_result_size).
  returned: success
  type: int
  sample: 1
totals:
  description: All layers of the host, each counted once.
  returned: when the layer store can be read
  type: dict
  contains:
    layer_count:
      description: Number of layers.
      type: int
    size:
      description: Total size in bytes.
      type: int
    unowned:
      description:
        - Layers that belong to no image. They belong to the build cache, or to containers whose image was removed by force, or are left over.
        - In the containerd image store, BuildKit has its own copy of each layer that it created.
      type: list
      elements: dict
      contains:
        chain_id:
          description: The layer's chain id, or for a copy of BuildKit the id that C(docker builder du) shows.
          type: str
        size:
          description: Size in bytes, as for the layers of images.
          type: int
        path:
          description: Directory on the Engine's host.
          type: str
    unowned_size:
      description: Total size of these layers in bytes.
      type: int
store:
  description: The layer store, V(graphdriver), V(containerd), or V(containers) for Podman's containers/storage.
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
    - The content of the directories RV(images[].layers[].path).
    - V(difference) means the files that the layer adds or changes, as with C(overlay2), C(fuse-overlayfs) and C(overlayfs). A file that the layer
      deletes is a character device 0/0.
    - V(tree) means the files of all layers up to this one. With C(vfs) and C(native), each directory is a full copy. With C(btrfs), the copies share
      blocks, so that the disk usage is lower than the sum of RV(images[].layers[].blocks).
    - V(null) if it is not known where the driver stores layers.
  returned: success
  type: str
  sample: difference
added:
  description: Layers that are not in O(since).
  returned: with O(since)
  type: list
  elements: dict
removed:
  description: Layers that are in O(since) only.
  returned: with O(since)
  type: list
  elements: dict
missing:
  description: What is not known, and why.
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

from typing import TYPE_CHECKING, AbstractSet, Any, Iterable, Mapping, Sequence

from ansible_collections.flotilla.docker.plugins.module_utils import result_size, runner
from ansible_collections.flotilla.docker.plugins.module_utils.disk import bytes_on_disk
from ansible_collections.flotilla.docker.plugins.module_utils.errors import (
    ApiError,
    BadOption,
    Missing,
    StoreUnreadable,
)
from ansible_collections.flotilla.docker.plugins.module_utils.image.reference import parse_reference
from ansible_collections.flotilla.docker.plugins.module_utils.image.result import containers_by_image, familiar_names
from ansible_collections.flotilla.docker.plugins.module_utils.layers import description, history, store
from ansible_collections.flotilla.docker.plugins.module_utils.layers.usage import Users, users_by_layer
from ansible_collections.flotilla.docker.plugins.module_utils.step import Check

if TYPE_CHECKING:
    from ansible_collections.flotilla.docker.plugins.module_utils.engine.engine import Engine
    from ansible_collections.flotilla.docker.plugins.module_utils.image.reference import Reference
    from ansible_collections.flotilla.docker.plugins.module_utils.layers.model import LayerStore
    from ansible_collections.flotilla.docker.plugins.module_utils.ledger import Steps

LISTINGS = (
    result_size.Listing(
        "images",
        details=(
            "rendered",
            "history",
            "layers.comment",
            "layers.created",
            "layers.containers",
            "layers.digest",
            "layers.compressed_size",
            "layers.created_by",
            "layers.used_by",
            "layers.diff_id",
            "layers.in_build_cache",
            "layers.freed_with_image",
        ),
        narrow_with=("name",),
    ),
    result_size.Listing("added"),
    result_size.Listing("removed"),
)


def decide(engine: Engine, params: Mapping[str, Any]) -> Steps:
    """The images of the host, those of them that the task names, both inspected; and the names that no image has."""
    _check_since(params["since"])
    inspected = (engine.images.find(entry["Id"]) for entry in engine.images.list(all=True))
    images = [image for image in inspected if image]
    if params["name"] is None:
        return images, [image for image in images if image.get("RepoTags") or image.get("RepoDigests")], []
    found = {name: _among(images, parse_reference(name)) or engine.images.find(name) for name in params["name"]}
    absent = [name for name, image in found.items() if image is None]
    if absent:
        # In check mode an earlier task of the play may be what would pull it.
        yield Check("find the images", lambda engine: _refuse_absent(absent))
    return images, [image for image in found.values() if image], absent


def report(
    engine: Engine, params: Mapping[str, Any], decided: tuple[list[dict[str, Any]], list[dict[str, Any]], list[str]]
) -> dict[str, Any]:
    images, asked, absent = decided
    info = engine.daemon.info()
    choice = store.choose(info, engine.is_local, engine.flavour.image_store)
    missing = [f"Layers of {name}: there is no such image on this host" for name in absent] + list(choice.missing)
    names = {image["Id"]: _names(image) for image in images}
    containers = containers_by_image(engine.containers.list()) if images else {}
    users = users_by_layer(images, names, containers)
    in_build_cache = _in_build_cache(engine, choice.store, missing) if asked else set()
    described = [
        _described(engine, image, choice.store, users, names.get(image["Id"], []), in_build_cache, params["blocks"])
        for image in asked
    ]
    result = {
        "images": described,
        "image_count": len(described),
        "missing": missing,
        "store": choice.name,
        "driver": info["Driver"],
        "path_holds": choice.store.path_holds,
    }
    layers = choice.store.all_layers()
    if layers is not None:
        result["totals"] = description.totals(layers, users)
    if params["since"] is not None:
        result.update(description.changes(params["since"], described))
    return result_size.fit(result, params["max_result_size"], *LISTINGS)


def _check_since(since: Mapping[str, Any] | None) -> None:
    if since is None:
        return
    if not isinstance(since.get("images"), list) or not all(isinstance(image, dict) for image in since["images"]):
        raise BadOption(
            "since", "must be the registered result of an earlier image_layers task", example='since: "{{ before }}"'
        )
    if since.get("image_count", 0) > len(since["images"]):
        raise BadOption(
            "since",
            "must be a complete result, and max_result_size left images out of this one; set it to 0 in the earlier task",
            got="{} of {} images".format(len(since["images"]), since["image_count"]),
            example='since: "{{ before }}"',
        )


def _shown(params: Mapping[str, Any]) -> tuple[dict[str, Any], tuple[()]]:
    """The invocation of a result has no earlier result in it, which may be as large as the result itself."""
    return dict(params, since="an earlier result" if params["since"] else None), ()


def _refuse_absent(names: Sequence[str]) -> None:
    raise Missing(
        "There is no image {} on this host".format(", ".join(names)),
        "Pull it with image_pull; image_list lists the images of this host",
    )


def _among(images: Iterable[dict[str, Any]], reference: Reference) -> dict[str, Any] | None:
    """The image of that name among inspected ones: an Engine need not be asked twice."""
    return next((image for image in images if reference.names(image)), None)


def _names(image: Mapping[str, Any]) -> list[str]:
    return familiar_names(image.get("RepoTags")) or familiar_names(image.get("RepoDigests"))


def _in_build_cache(engine: Engine, layer_store: LayerStore, missing: list[str]) -> AbstractSet[str] | None:
    """Chain ids of layers that the build cache keeps; None if that is not known."""
    try:
        return layer_store.in_build_cache(engine.daemon.build_cache)
    except StoreUnreadable as error:
        reason = error.message
    except (OSError, ApiError) as error:
        reason = str(error)
    missing.append(f"Which layers the build cache keeps: {reason}")
    return None


def _described(
    engine: Engine,
    image: dict[str, Any],
    layer_store: LayerStore,
    users: dict[str, Users],
    names: list[str],
    in_build_cache: AbstractSet[str] | None,
    with_blocks: bool,
) -> dict[str, Any]:
    layers = layer_store.layers(image)
    steps = history.read(engine, layer_store, image, len(layers))
    described = description.describe(image["Id"], history.join(layers, steps), steps, users, names, in_build_cache)
    if with_blocks:
        described["layers"] = [dict(layer, blocks=_blocks(layer["path"])) for layer in described["layers"]]
    return described


def _blocks(path: str | None) -> int | None:
    """Bytes on the disk; None if the directory cannot be read."""
    try:
        return bytes_on_disk(path) if path else None
    except OSError:
        return None


def main() -> None:
    runner.run(
        decide,
        report,
        reads_only=True,
        mask=_shown,
        argument_spec={
            **result_size.ARGUMENT_SPEC,
            "name": {"type": "list", "elements": "str", "aliases": ["names", "image"]},
            "since": {"type": "dict"},
            "blocks": {"type": "bool", "default": False},
        },
    )


if __name__ == "__main__":
    main()

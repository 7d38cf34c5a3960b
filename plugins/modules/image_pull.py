#!/usr/bin/python
# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: image_pull
short_description: Pull images
version_added: 0.1.0
description:
  - Pulls images like C(docker pull), several at the same time, and returns the result of each layer.
  - Supports Podman's Docker-compatible API.
  - If an image fails, the others are still pulled. The task fails when all pulls have ended, and names each image that failed.
author:
  - flotilla.docker contributors (@flotilla-docker)
extends_documentation_fragment:
  - flotilla.docker.attributes
  - flotilla.docker.connection
  - flotilla.docker.registry_login
  - flotilla.docker.result_size
options:
  name:
    description:
      - Images to pull, such as V(nginx), V(nginx:1.27), V(registry.example.com:5000/team/web:1.0) or V(nginx@sha256:...).
      - For a name without tag and digest, O(tag) is used. For a name with both, the digest is used.
      - The id of an image on the host, or the first 7 or more digits of it, is accepted too, and nothing is pulled for it.
    type: list
    elements: str
    required: true
    aliases: [names, image]
  tag:
    description: Tag for each O(name) that has neither tag nor digest.
    type: str
    default: latest
  pull:
    description:
      - V(always) asks the registry each time. If the tag has not changed, this is one request, which Docker Hub does not count as a pull.
      - V(missing) and V(not_present) pull only images that are not on the host.
      - V(never) pulls nothing, and fails if an image is not on the host. In check mode this is a warning, because an earlier task may provide the image.
      - 'A dictionary as in M(community.docker.docker_image), such as C({platform: linux/arm64}), means V(missing) with that O(platform).'
    type: raw
    default: always
  platform:
    description:
      - Platform to pull the image for, such as V(linux/arm64) or V(arm64). By default, the Engine's platform.
      - In the containerd image store before API 1.49, where the host also has the image for its own platform, RV(images[].layers) is empty unless the
        module runs as root on the Engine's host.
    type: str
  parallel:
    description: Number of images to pull at the same time, V(1) or more.
    type: int
    default: 3
  stall_timeout:
    description: Cancel a pull that makes no progress for this many seconds, V(1) or more.
    type: int
    default: 120
  retries:
    description:
      - Number of retries after a temporary failure. V(0) disables retries.
      - Temporary failures are rate limits, server errors, closed connections, timeouts, stalled pulls, and content with a wrong digest.
        A stalled pull is retried once only, because each attempt takes O(stall_timeout) seconds.
      - An unknown image, missing permissions, an invalid name, a wrong platform, a full disk, and TLS errors are not retried.
    type: int
    default: 3
  retry_delay:
    description:
      - Approximate number of seconds before the first retry. The delay doubles each time, up to two minutes.
      - If the registry asks for a longer delay, that is used. If it asks for more than two and a half minutes, the pull fails immediately.
    type: float
    default: 5
  rate_limit:
    description:
      - Return the pull limit of the registry for each image. This is one HEAD request for each image, which Docker Hub does not count as a pull.
      - In check mode and after a rate limit was reached, it is returned in any case, if the registry has one.
    type: bool
    default: false
  layers:
    description:
      - Return everything about each layer itself that M(flotilla.docker.image_layers) returns, such as its size, the command that created it and its
        directory. No other task is needed to see where the layers of a pulled image are.
      - Which images and containers share a layer is returned by M(flotilla.docker.image_layers) only, because it reads all images of the host.
      - Where the layer store cannot be read, such as over a network or without root, RV(missing) lists what is not known.
    type: bool
    default: false
  pull_check_mode_behavior:
    description:
      - What a task with O(pull=always) reports in check mode for an image that is on the host.
      - V(registry) compares the digest with the registry. The managed host asks the registry, with a request that Docker Hub does not count as a pull.
        If that fails, the Engine asks the registry, for 15 seconds at most, which Docker Hub counts as a pull. The Engine does not ask if nothing
        answers at the registry's address, and the Engine is on the same host and uses no proxy. If both fail, the image is reported as changed, and
        RV(images[].remote) has the reason.
      - V(image_not_present) reports no change, without asking the registry.
      - V(always) reports a change, without asking the registry, like M(community.docker.docker_image_pull).
    type: str
    choices: [registry, image_not_present, always]
    default: registry
  progress:
    description:
      - V(auto) shows the layers, the bytes and the speed of a pull while it runs.
      - On a terminal, and with the callback plugin P(flotilla.docker.pull_progress#callback) enabled, each host has one live line below all other output,
        which appears after two seconds.
      - Without the callback plugin, and where the output is not a terminal (AWX, CI, a file), each host has a plain line after 5 seconds, then at
        growing intervals, up to one per minute.
      - Nothing is shown in check mode, with C(async), and if the stdout callback writes JSON.
      - V(none) shows nothing.
    type: str
    choices: [auto, none]
    default: auto
attributes:
  action:
    description: Has a corresponding action plugin, so that a part runs on the controller.
    support: full
    details:
      - The action plugin shows the progress.
  check_mode:
    support: full
    details:
      - Asks the registry for the digest to say whether a pull would change something. See O(pull_check_mode_behavior).
  diff_mode:
    support: full
  idempotent:
    support: full
"""

EXAMPLES = r"""
- name: Pull nginx
  flotilla.docker.image_pull:
    name: nginx

- name: Pull several images, two at a time
  flotilla.docker.image_pull:
    name:
      - nginx:1.27
      - redis:7
      - registry.example.com/team/web:1.0
    pull: missing
    parallel: 2

- name: Pull from a registry that requires a login
  flotilla.docker.image_pull:
    name: registry.example.com/team/web:1.0
    registry_username: deploy
    registry_password: "{{ vault_registry_password }}"

- name: Pull nginx and return where its layers are stored
  flotilla.docker.image_pull:
    name: nginx
    layers: true
  become: true
  register: nginx

- name: Print the directories of the layers
  ansible.builtin.debug:
    msg: "{{ nginx.images[0].layers | map(attribute='path') }}"

- name: Show what a pull would change
  flotilla.docker.image_pull:
    name: [nginx, redis]
  check_mode: true
"""

RETURN = r"""
actions:
  description: What was changed, or in check mode would be changed, in order.
  returned: always
  type: list
  elements: str
  sample: ["pull docker.io/library/nginx:latest"]
images:
  description: The images, in the order of O(name). For an image that failed, only RV(images[].reference), RV(images[].kind) and RV(images[].error).
  returned: success, and on failure after the pulls were started
  type: list
  elements: dict
  contains:
    reference:
      description: The name as C(docker images) shows it.
      type: str
    id:
      description: The image's id. In check mode, if the id is not known, the name, so that later tasks of the check can use it.
      type: str
    digest:
      description: Digest of the manifest or index in the registry.
      type: str
    platform:
      description: Platform of the image.
      type: str
    changed:
      description: Whether the pull changed the image or its names, or in check mode would change them.
      type: bool
    layer_count:
      description: Number of layers.
      type: int
    layers:
      description: The layers, base first. Empty in check mode where the image that the pull would provide is not known.
      type: list
      elements: dict
      contains:
        index:
          description: Position of the layer, starting at 0.
          type: int
        diff_id:
          description: Digest of the uncompressed layer.
          type: str
        chain_id:
          description: Digest of the layer together with all layers below it.
          type: str
        digest:
          description: Digest of the compressed layer, if it is known and the user may read the layer store.
          type: str
        status:
          description: V(pulled), V(existed), or V(null) if the Engine does not report it.
          type: str
        bytes:
          description: Number of bytes that were downloaded, as far as the Engine reports it.
          type: int
        compressed_size:
          description: Size of the compressed layer in bytes. Only known by the containerd image store and Podman. Only returned with O(layers=true).
          type: int
        size:
          description:
            - Size of the layer's files in bytes, as M(flotilla.docker.image_layers) describes it.
            - Only returned with O(layers=true).
          type: int
        path:
          description: Directory of the layer on the Engine's host. See RV(path_holds) for its content. Only returned with O(layers=true).
          type: str
        created:
          description: When the layer was created. Only returned with O(layers=true).
          type: str
        created_by:
          description: The command that created the layer. V(null) if it cannot be determined. Only returned with O(layers=true).
          type: str
        comment:
          description: Comment of the builder. Only returned with O(layers=true).
          type: str
    bytes:
      description: Number of bytes that were downloaded, as far as the Engine reports it. It may report no progress of small layers.
      type: int
    seconds:
      description: Duration of the pull in seconds.
      type: float
    attempts:
      description: Number of attempts. V(0) if there was nothing to pull.
      type: int
    remote:
      description: In check mode, the answer of the registry.
      type: dict
      contains:
        state:
          description: V(known) or V(unknown).
          type: str
        source:
          description: Where the answer comes from, C(engine) or the address of the registry or mirror.
          type: str
        reason:
          description: Why the digest is not known.
          type: str
    rate_limit:
      description: The pull limit of the registry, if it has one. See O(rate_limit).
      type: dict
      contains:
        limit:
          description: Number of pulls that are allowed in the window.
          type: int
        remaining:
          description: Number of pulls that remain.
          type: int
        window:
          description: Length of the window in seconds.
          type: int
        source:
          description: What the limit applies to, usually an IP address.
          type: str
    kind:
      description:
        - Class of the failure.
        - One of C(rate_limited), C(server_error), C(cut), C(timed_out), C(refused), C(unreachable), C(stalled), C(corrupt), C(no_space), C(wrong_platform),
          C(login_required), C(denied), C(unknown_image), C(bad_reference), C(not_a_registry), C(tls), C(name), C(stale), C(missing), C(daemon), C(unknown).
        - C(cut) means that the connection was closed, C(name) that the host name of the registry cannot be resolved, C(stale) that the host does not have the
          image although the pull succeeded, C(missing) that the host does not have the image and O(pull=never), and C(daemon) that the Engine did not answer.
      type: str
    error:
      description: Why the pull failed, and what to do.
      type: str
  sample:
    - reference: nginx:latest
      id: sha256:5a05cd9b2e8fbf5e4e2f4a8a9c2e6f1e0c9ad0f43e7ce2f1a2a9ddd9dc1c2f7d
      digest: sha256:0a1f0e1d2c3b4a5968778695a4b3c2d1e0f0a1b2c3d4e5f60718293a4b5c6d7e
      platform: linux/amd64
      changed: true
      layer_count: 6
      layers: []
      bytes: 6100000
      seconds: 0.9
      attempts: 1
path_holds:
  description: The content of the directories RV(images[].layers[].path), as M(flotilla.docker.image_layers) describes it.
  returned: with O(layers=true)
  type: str
  sample: difference
missing:
  description: What is not known of the layers, and why.
  returned: with O(layers=true)
  type: list
  elements: str
  sample: []
left_out:
  description: What the result lacks because of O(max_result_size). Empty if it is complete.
  returned: success, and on failure after the pulls were started
  type: list
  elements: str
  sample: []
"""

from typing import TYPE_CHECKING, Any, Callable, Mapping, Sequence

from ansible_collections.flotilla.docker.plugins.module_utils import result_size, runner
from ansible_collections.flotilla.docker.plugins.module_utils.arguments import (
    REGISTRY_LOGIN,
    REGISTRY_LOGIN_EXCLUSIVE,
    REGISTRY_LOGIN_TOGETHER,
)
from ansible_collections.flotilla.docker.plugins.module_utils.errors import (
    BadOption,
    FlotillaError,
    StepFailed,
    Unreachable,
)
from ansible_collections.flotilla.docker.plugins.module_utils.image import plan, result
from ansible_collections.flotilla.docker.plugins.module_utils.image.login import Logins, require_one_registry
from ansible_collections.flotilla.docker.plugins.module_utils.image.lookup import find_reference
from ansible_collections.flotilla.docker.plugins.module_utils.image.platform import (
    is_for,
    parse_platform,
    platform_of_descriptor,
)
from ansible_collections.flotilla.docker.plugins.module_utils.image.progress_file import ProgressFile, watch_nothing
from ansible_collections.flotilla.docker.plugins.module_utils.image.reference import check_tag, parse_reference
from ansible_collections.flotilla.docker.plugins.module_utils.image.steps import PullContext, PullOptions
from ansible_collections.flotilla.docker.plugins.module_utils.layers import store
from ansible_collections.flotilla.docker.plugins.module_utils.registry.lookup import Lookup, sees_the_same
from ansible_collections.flotilla.docker.plugins.module_utils.shapes import PULL_POLICIES
from ansible_collections.flotilla.docker.plugins.module_utils.step import Scope, SideBySide

if TYPE_CHECKING:
    from ansible_collections.flotilla.docker.plugins.module_utils.engine.engine import Engine
    from ansible_collections.flotilla.docker.plugins.module_utils.image.reference import Reference
    from ansible_collections.flotilla.docker.plugins.module_utils.layers.model import Image, Layer, LayerStore
    from ansible_collections.flotilla.docker.plugins.module_utils.ledger import Steps
    from ansible_collections.flotilla.docker.plugins.module_utils.step import Outcome

LISTING = result_size.Listing(
    "images",
    details=(
        "layers.comment",
        "layers.created",
        "layers.compressed_size",
        "layers.created_by",
        "layers.digest",
        "layers.diff_id",
    ),
    narrow_with=("name",),
)


def decide(engine: Engine, params: Mapping[str, Any]) -> Steps:
    params = _with_policy(params)
    _check(params)
    references = list(dict.fromkeys(find_reference(engine, name, "name", params["tag"]) for name in params["name"]))
    info = engine.daemon.info()
    lookup = Lookup(
        info.get("RegistryConfig") or {},
        Logins(params, engine.docker_config.find),
        sees_the_same=sees_the_same(engine.is_local, info),
    )
    watch = yield Scope("write the progress of pulls", lambda engine: ProgressFile().open())
    context = PullContext(lookup, watch.value or watch_nothing, _image_for(engine, info))
    steps = [plan.Ensure(reference, params["pull"], _options(params), context) for reference in references]
    outcome = yield SideBySide(steps, params["parallel"])
    choice = store.choose(info, engine.is_local, engine.flavour.image_store)
    read = _reader(engine, params, choice.store)
    images = [_described(reference, part, read, params["layers"]) for reference, part in zip(references, outcome.value)]
    if params["rate_limit"]:
        for reference, image in zip(references, images):
            image["rate_limit"] = image.get("rate_limit") or lookup.budget(reference)
    described: dict[str, Any] = {"images": images}
    if params["layers"]:
        described.update(path_holds=choice.store.path_holds, missing=list(choice.missing))
    described = result_size.fit(described, params["max_result_size"], LISTING)
    errors = [image["error"] for image in images if "error" in image]
    if errors:
        text = " ".join(errors)
        raise StepFailed(
            text if len(errors) == 1 else f"{len(errors)} of {len(images)} images failed. {text}", **described
        )
    return described


def report(engine: Engine, params: Mapping[str, Any], described: dict[str, Any]) -> dict[str, Any]:
    return described


def _with_policy(params: Mapping[str, Any]) -> dict[str, Any]:
    """With one of the policies as pull."""
    asked, platform = params["pull"], params["platform"]
    pull = asked
    if isinstance(asked, dict) and set(asked) <= {"platform"}:
        pull, platform = "missing", platform or asked.get("platform")
    if not isinstance(pull, str) or pull not in PULL_POLICIES:
        raise BadOption("pull", "must be one of {}".format(", ".join(PULL_POLICIES)), got=pull, example="pull: missing")
    return dict(params, pull=PULL_POLICIES[pull], platform=platform)


def _check(params: Mapping[str, Any]) -> None:
    """What can be wrong in the task, before anything is asked."""
    if not params["name"]:
        raise BadOption("name", "must name at least one image", got=params["name"], example="name: nginx")
    check_tag("tag", params["tag"])
    require_one_registry([parse_reference(name, default_tag=params["tag"]) for name in params["name"]], params)
    for option, least, usual in (
        ("parallel", 1, 3),
        ("stall_timeout", 1, 120),
        ("retries", 0, 3),
        ("retry_delay", 0, 5),
    ):
        if params[option] < least:
            raise BadOption(option, f"must be {least} or more", got=params[option], example=f"{option}: {usual}")
    if params["platform"]:
        parse_platform(params["platform"])


def _options(params: Mapping[str, Any]) -> PullOptions:
    return PullOptions(
        platform=params["platform"],
        retries=params["retries"],
        retry_delay=params["retry_delay"],
        stall_timeout=params["stall_timeout"],
        check=params["pull_check_mode_behavior"],
    )


def _image_for(engine: Engine, info: Mapping[str, Any]) -> Callable[[Mapping[str, Any], str], Mapping[str, Any] | None]:
    """Reads from the layer store what the Engine API does not show before API 1.49: an image for another platform than the Engine's."""

    def image_for(image: Mapping[str, Any], platform: str) -> Mapping[str, Any] | None:
        if engine.speaks("1.49"):
            return None
        layer_store = store.choose(info, engine.is_local, engine.flavour.image_store).store
        return layer_store.image_for(image, lambda entry: is_for(platform_of_descriptor(entry), platform))

    return image_for


def _reader(engine: Engine, params: Mapping[str, Any], layer_store: LayerStore) -> Callable[[Image], Sequence[Layer]]:
    """Reads the layers of an inspected image, with their history if the task asks for it."""
    if not params["layers"]:
        return layer_store.layers
    # Most tasks do not ask for it.
    from ansible_collections.flotilla.docker.plugins.module_utils.layers import history  # pylint: disable=import-outside-toplevel

    platform = str(parse_platform(params["platform"])) if params["platform"] else None

    def read(image: Image) -> Sequence[Layer]:
        layers = layer_store.layers(image)
        return history.join(layers, history.read(engine, layer_store, image, len(layers), platform)) if layers else ()

    return read


def _described(
    reference: Reference, part: Outcome | FlotillaError, read: Callable[[Image], Sequence[Layer]], all_fields: bool
) -> dict[str, Any]:
    if isinstance(part, FlotillaError):
        kind = "daemon" if isinstance(part, Unreachable) else getattr(part, "kind", "missing")
        return dict(part.facts, kind=kind, reference=reference.familiar, error=str(part), changed=False)
    return result.pulled(reference, part, read(part.value.image or {}), all_fields)


def main() -> None:
    runner.run(
        decide,
        report,
        argument_spec=dict(
            REGISTRY_LOGIN,
            **result_size.ARGUMENT_SPEC,
            name={"type": "list", "elements": "str", "required": True, "aliases": ["names", "image"]},
            tag={"type": "str", "default": "latest"},
            pull={"type": "raw", "default": "always"},
            platform={"type": "str"},
            parallel={"type": "int", "default": 3},
            stall_timeout={"type": "int", "default": 120},
            retries={"type": "int", "default": 3},
            retry_delay={"type": "float", "default": 5},
            rate_limit={"type": "bool", "default": False},
            layers={"type": "bool", "default": False},
            progress={"type": "str", "choices": ["auto", "none"], "default": "auto"},
            pull_check_mode_behavior={
                "type": "str",
                "choices": ["registry", "image_not_present", "always"],
                "default": "registry",
            },
        ),
        required_together=REGISTRY_LOGIN_TOGETHER,
        mutually_exclusive=REGISTRY_LOGIN_EXCLUSIVE,
    )


if __name__ == "__main__":
    main()

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
  - Pulls images as C(docker pull) does, several at the same time, and says what came of each layer.
  - Works with Podman's Docker-compatible API too.
  - An image that fails does not stop the others. The task fails at its end and names each that failed.
author:
  - flotilla.docker contributors (@flotilla-docker)
extends_documentation_fragment:
  - flotilla.docker.attributes
  - flotilla.docker.connection
  - flotilla.docker.registry_login
options:
  name:
    description:
      - What to pull, such as V(nginx), V(nginx:1.27), V(registry.example.com:5000/team/web:1.0) or V(nginx@sha256:...).
      - Without a tag and a digest, O(tag) is used. With both, the digest decides.
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
      - V(always) asks the registry each time. As long as the tag has not changed this costs one request that Docker Hub does not count as a pull.
      - V(missing) and V(not_present) pull what the host does not have.
      - V(never) pulls nothing, and fails for an image that is not there.
      - 'The dictionary of M(community.docker.docker_image), such as C({platform: linux/arm64}), is V(missing) with that O(platform), as it is there.'
    type: raw
    default: always
  platform:
    description: Platform to pull for, such as V(linux/arm64). The daemon's own if it is not set.
    type: str
  parallel:
    description: How many images to pull at the same time.
    type: int
    default: 3
  stall_timeout:
    description: Give up a pull in which nothing moved for this many seconds.
    type: int
    default: 120
  retries:
    description:
      - How often to try again after a failure that may pass.
      - Tried again are too many requests, errors of the server, cut connections, time-outs, and pulls that stalled or brought wrong content.
        A stall is tried again once only, whatever is set here, because each takes O(stall_timeout) seconds to be told.
        Not tried again are an unknown image, missing rights, a bad name, a wrong platform, a full disk, and TLS that does not fit.
    type: int
    default: 3
  retry_delay:
    description:
      - Seconds before the second attempt, roughly. The delay doubles each time, up to two minutes.
      - If the registry itself says how long to wait, that is obeyed. If it asks for more than two and a half minutes the pull fails at once.
    type: float
    default: 5
  rate_limit:
    description:
      - Return the pull budget of the registry for each image. It costs one HEAD request for each, which Docker Hub does not count.
      - In check mode and after too many requests it is returned anyway, if the registry tells it.
    type: bool
    default: false
  pull_check_mode_behavior:
    description:
      - What a task with O(pull=always) says in check mode about an image that the host has.
      - V(registry) compares the digest that the registry has. The host asks the registry itself, with a request that Docker Hub does not count as
        a pull. Where it cannot, it asks the daemon to ask, for 15 seconds at most, and Docker Hub counts that as a pull. The daemon is not asked where
        nothing answers at the registry's address and the daemon is on this host and uses no proxy. If both fail, the image counts as changed,
        and RV(images[].remote) has the reason.
      - V(image_not_present) says that nothing changes, without asking.
      - V(always) says that it changes, without asking, as M(community.docker.docker_image_pull) does.
    type: str
    choices: [registry, image_not_present, always]
    default: registry
  progress:
    description:
      - V(auto) shows while a pull lasts how many layers and bytes have come, and how fast.
        Where the output is a terminal each host has one living line below all other output, after two seconds.
        Elsewhere (AWX, CI, a file) each host has a plain line after 5 seconds and then more and more seldom, at last one a minute.
        Nothing is shown in check mode, with C(async), and where the output is JSON for programs.
      - V(none) shows nothing.
    type: str
    choices: [auto, none]
    default: auto
  progress_file:
    description: File on the managed host to write the progress to, for O(progress). Not for use in tasks.
    type: path
attributes:
  action:
    description: Has a part that runs on the controller.
    support: full
    details:
      - It shows the progress.
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

- name: Pull from a registry that wants a password
  flotilla.docker.image_pull:
    name: registry.example.com/team/web:1.0
    registry_username: deploy
    registry_password: "{{ vault_registry_password }}"

- name: See what a pull would change, without pulling
  flotilla.docker.image_pull:
    name: [nginx, redis]
  check_mode: true
"""

RETURN = r"""
images:
  description: The images, in the order asked. Of an image that failed, RV(images[].reference) and RV(images[].error) only.
  returned: success, and on failure once pulling has begun
  type: list
  elements: dict
  contains:
    reference:
      description: The name as C(docker images) shows it.
      type: str
    id:
      description: The image's id. None in check mode where it cannot be known.
      type: str
    digest:
      description: Digest of the manifest or index that the registry has under the name.
      type: str
    platform:
      description: Platform of the image.
      type: str
    changed:
      description: Whether the pull changed the image or its names. In check mode, whether it would.
      type: bool
    layer_count:
      description: How many layers the image has.
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
          description: Digest of the uncompressed layer.
          type: str
        chain_id:
          description: Digest of the layer and all below it.
          type: str
        digest:
          description: Digest of the compressed layer, where the host knows it and the user may read it.
          type: str
        status:
          description: V(pulled), V(existed), or none where the engine's words leave it open.
          type: str
        bytes:
          description: Bytes downloaded for it, as far as the engine told.
          type: int
    bytes:
      description: Bytes downloaded, as far as the engine told. Small layers may pass between two of its messages.
      type: int
    seconds:
      description: How long it took.
      type: float
    attempts:
      description: How often it was tried. V(0) if there was nothing to pull.
      type: int
    remote:
      description: In check mode, what the registry said.
      type: dict
      contains:
        state:
          description: V(known) or V(unknown).
          type: str
        source:
          description: Who was asked, C(engine) or the address of the registry or mirror.
          type: str
        reason:
          description: Why nothing is known.
          type: str
    rate_limit:
      description: The pull budget, where the registry tells one. See O(rate_limit).
      type: dict
      contains:
        limit:
          description: Pulls that are allowed in the window.
          type: int
        remaining:
          description: Pulls that are left.
          type: int
        window:
          description: Length of the window in seconds.
          type: int
        source:
          description: What the registry counts by, usually an IP address.
          type: str
    kind:
      description:
        - Class of the failure.
        - One of C(rate_limited), C(server_error), C(cut), C(timed_out), C(refused), C(stalled), C(corrupt), C(no_space), C(wrong_platform),
          C(login_required), C(denied), C(unknown_image), C(bad_reference), C(not_a_registry), C(tls), C(name), C(stale), C(missing), C(daemon), C(unknown).
      type: str
    error:
      description: Why the image failed, and what to do.
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
"""

from ansible_collections.flotilla.docker.plugins.module_utils import runner
from ansible_collections.flotilla.docker.plugins.module_utils.arguments import REGISTRY_LOGIN, REGISTRY_LOGIN_EXCLUSIVE, REGISTRY_LOGIN_TOGETHER
from ansible_collections.flotilla.docker.plugins.module_utils.errors import BadOption, FlotillaError, StepFailed, Unreachable
from ansible_collections.flotilla.docker.plugins.module_utils.hub.lookup import Lookup, sees_the_same
from ansible_collections.flotilla.docker.plugins.module_utils.image import login, plan, result
from ansible_collections.flotilla.docker.plugins.module_utils.image.platform import parse_platform
from ansible_collections.flotilla.docker.plugins.module_utils.image.reference import parse_reference
from ansible_collections.flotilla.docker.plugins.module_utils.image.steps import PullOptions
from ansible_collections.flotilla.docker.plugins.module_utils.image.watching import ProgressFile
from ansible_collections.flotilla.docker.plugins.module_utils.layers import store
from ansible_collections.flotilla.docker.plugins.module_utils.step import SideBySide


POLICIES = {"always": "always", "missing": "missing", "not_present": "missing", "never": "never"}


def decide(engine, params):
    params = _with_policy(params)
    references = _references(params)
    _check(params)
    info = engine.daemon.info()
    lookup = Lookup(info.get("RegistryConfig") or {}, sees_the_same=sees_the_same(engine.is_local, info))
    options = {reference: _options(engine, params, reference, lookup) for reference in references}
    with ProgressFile(params["progress_file"]).open() as watch:
        steps = [plan.Ensure(reference, params["pull"], options[reference]._replace(watch=watch)) for reference in references]
        outcome = yield SideBySide(steps, params["parallel"])
    layer_store = store.choose(info, engine.is_local, engine.is_podman).store
    images = [_described(reference, part, layer_store) for reference, part in zip(references, outcome.value)]
    if params["rate_limit"]:
        for reference, image in zip(references, images):
            image["rate_limit"] = image.get("rate_limit") or lookup.budget(reference, options[reference].login)
    errors = [image["error"] for image in images if "error" in image]
    if errors:
        raise StepFailed(" ".join(errors) if len(errors) == 1 else "%d of %d images failed. %s" % (len(errors), len(images), " ".join(errors)), images=images)
    return images


def report(engine, params, images):
    return {"images": images}


def _with_policy(params):
    """With one of the values of POLICIES as pull."""
    pull, platform = params["pull"], params["platform"]
    if isinstance(pull, dict) and set(pull) <= {"platform"}:
        pull, platform = "missing", platform or pull.get("platform")
    if not isinstance(pull, str) or pull not in POLICIES:
        raise BadOption("pull", pull, "it is none of %s" % ", ".join(POLICIES), "pull: missing")
    return dict(params, pull=POLICIES[pull], platform=platform)


def _references(params):
    if not params["name"]:
        raise BadOption("name", params["name"], "there is nothing to pull in it", "name: nginx")
    references = list(dict.fromkeys(parse_reference(name, default_tag=params["tag"]) for name in params["name"]))
    login.require_one_registry(references, params)
    return references


def _check(params):
    for option, least in (("parallel", 1), ("stall_timeout", 1), ("retries", 0), ("retry_delay", 0)):
        if params[option] < least:
            raise BadOption(option, params[option], "it has to be %d or more" % least, "%s: 3" % option)
    if params["platform"]:
        parse_platform(params["platform"])


def _options(engine, params, reference, lookup):
    return PullOptions(
        platform=params["platform"],
        login=login.of_task(params, reference.registry) or (engine.images.stored_login(reference.registry) if reference.registry else None),
        retries=params["retries"],
        retry_delay=params["retry_delay"],
        stall_timeout=params["stall_timeout"],
        lookup=lookup,
        check=params["pull_check_mode_behavior"],
    )


def _described(reference, part, layer_store):
    if isinstance(part, FlotillaError):
        kind = "daemon" if isinstance(part, Unreachable) else getattr(part, "kind", "missing")
        return dict(part.facts, kind=kind, reference=reference.familiar, error=str(part), changed=False)
    return result.pulled(reference, part, layer_store.layers(part.value.image or {}))


def main():
    runner.run(
        decide,
        report,
        argument_spec=dict(
            REGISTRY_LOGIN,
            name={"type": "list", "elements": "str", "required": True, "aliases": ["names", "image"]},
            tag={"type": "str", "default": "latest"},
            pull={"type": "raw", "default": "always"},
            platform={"type": "str"},
            parallel={"type": "int", "default": 3},
            stall_timeout={"type": "int", "default": 120},
            retries={"type": "int", "default": 3},
            retry_delay={"type": "float", "default": 5},
            rate_limit={"type": "bool", "default": False},
            progress={"type": "str", "choices": ["auto", "none"], "default": "auto"},
            progress_file={"type": "path"},
            pull_check_mode_behavior={"type": "str", "choices": ["registry", "image_not_present", "always"], "default": "registry"},
        ),
        required_together=REGISTRY_LOGIN_TOGETHER,
        mutually_exclusive=REGISTRY_LOGIN_EXCLUSIVE,
    )


if __name__ == "__main__":
    main()

#!/usr/bin/python
# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: registry_cache_warm
short_description: Download images into a pull-through cache before a fleet pulls them
version_added: 0.1.0
description:
  - Downloads images into the pull-through cache on the managed host. When the hosts of a fleet then pull the images at the same time, nothing is
    downloaded from the upstream.
  - Without this module, the CNCF distribution registry downloads each blob twice on a first miss, and once more for each host that asks before the blob
    is stored. This module downloads each blob once.
  - The module needs no Docker Engine. The role P(flotilla.docker.registry_cache#role) runs it.
author:
  - flotilla.docker contributors (@flotilla-docker)
extends_documentation_fragment:
  - flotilla.docker.attributes
options:
  name:
    description:
      - Images of the upstream, such as V(nginx), V(redis:7) or V(team/web@sha256:...).
      - If the list is empty, only the login is verified.
    type: list
    elements: str
    default: []
    aliases: [names, image]
  platforms:
    description:
      - Platforms of multi-platform images to download, such as V(linux/arm64) or V(arm64).
      - Kernel names of architectures, such as V(aarch64) and V(x86_64), can be used too.
    type: list
    elements: str
    required: true
  cache_url:
    description: URL of the cache.
    type: str
    required: true
  cache_ca_path:
    description: File with the CA certificate that signed the cache's certificate.
    type: path
  storage_path:
    description: The directory in which the cache stores its images, C(rootdirectory) in its configuration.
    type: path
    required: true
  upstream_url:
    description: URL of the registry that is cached.
    type: str
    default: https://registry-1.docker.io
  upstream_ca_path:
    description: File with the CA certificate that signed the upstream's certificate.
    type: path
  upstream_username:
    description: User name for the upstream. The task fails if the upstream does not accept the login.
    type: str
  upstream_password:
    description: Password or access token of O(upstream_username).
    type: str
attributes:
  check_mode:
    support: full
    details:
      - Asks the upstream for the digests, and reads the cache's storage. It does not ask the cache, because the cache would download missing images.
  diff_mode:
    support: none
    details:
      - Blobs have no text.
  idempotent:
    support: full
    details:
      - Unless the upstream has a newer image under a tag.
seealso:
  - module: flotilla.docker.image_pull
"""

EXAMPLES = r"""
- name: Warm the cache for a fleet with two architectures
  flotilla.docker.registry_cache_warm:
    name: [nginx, redis:7]
    platforms: [linux/amd64, linux/arm64]
    cache_url: https://cache.example.org:5000
    cache_ca_path: /etc/registry-cache/ca.crt
    storage_path: /var/lib/registry-cache
"""

RETURN = r"""
actions:
  description: What was changed, or in check mode would be changed, in order.
  returned: always
  type: list
  elements: str
  sample: ["fetch nginx:latest"]
images:
  description: The images, in the order of O(name).
  returned: success
  type: list
  elements: dict
  contains:
    name:
      description: Name of the image as in O(name), with its tag.
      type: str
      sample: nginx:latest
    digest:
      description: Digest of the image at the upstream.
      type: str
      sample: sha256:5a05cd9b2e8fbf5e4e2f4a8a9c2e6f1e0c9ad0f43e7ce2f1a2a9ddd9dc1c2f7d
    blobs:
      description: Number of blobs that the image has for these platforms. V(0) in check mode if that is not known yet.
      type: int
      sample: 7
    fetched:
      description: Number of blobs that the task downloaded from the upstream.
      type: int
      sample: 7
    bytes:
      description: Bytes that were downloaded from the upstream.
      type: int
      sample: 13837142
"""

from typing import TYPE_CHECKING, Any, Mapping

from ansible_collections.flotilla.docker.plugins.module_utils import runner
from ansible_collections.flotilla.docker.plugins.module_utils.errors import BadOption, FlotillaError, NoAnswer
from ansible_collections.flotilla.docker.plugins.module_utils.image.platform import parse_platform
from ansible_collections.flotilla.docker.plugins.module_utils.image.reference import parse_reference
from ansible_collections.flotilla.docker.plugins.module_utils.registry.client import Registry
from ansible_collections.flotilla.docker.plugins.module_utils.registry_cache.storage import Storage
from ansible_collections.flotilla.docker.plugins.module_utils.registry_cache.warm_up import (
    FetchBlob,
    FetchManifests,
    look,
    require_login,
    upstream_digest,
)
from ansible_collections.flotilla.docker.plugins.module_utils.shapes import DOCKER_HUB, DOCKER_HUB_REGISTRY
from ansible_collections.flotilla.docker.plugins.module_utils.step import SideBySide

if TYPE_CHECKING:
    from ansible_collections.flotilla.docker.plugins.module_utils.image.reference import Reference
    from ansible_collections.flotilla.docker.plugins.module_utils.ledger import Steps

AT_ONCE = 3


def decide(engine: None, params: Mapping[str, Any]) -> Steps:
    for platform in params["platforms"]:
        parse_platform(platform)
    references = [_reference(name) for name in params["name"]]
    storage = Storage(params["storage_path"])
    done: dict[str, Any] = {"images": [], "warnings": []}
    if params["upstream_username"]:
        _try_login(params, done["warnings"])
    for reference in references:
        image = yield from _warm(storage, reference, params, done["warnings"])
        done["images"].append(image)
    return done


def report(engine: None, params: Mapping[str, Any], done: dict[str, Any]) -> dict[str, Any]:
    return done


def _warm(storage: Storage, reference: Reference, params: Mapping[str, Any], warnings: list[str]) -> Steps:
    # One client for each image: a token is for one repository.
    upstream = _upstream(params)
    digest = _digest(upstream, storage, reference, warnings)
    cached = look(storage, reference, digest, params["platforms"])
    if not cached.complete and not cached.missing:
        cache = Registry(params["cache_url"].rstrip("/"), ca_path=params["cache_ca_path"])
        outcome = yield FetchManifests(cache, storage, reference, params["platforms"])
        cached = outcome.value
    fetches = [FetchBlob(upstream, storage, reference, blob, size) for blob, size in cached.missing.items()]
    outcome = yield SideBySide(fetches, AT_ONCE)
    for part in outcome.value:
        if isinstance(part, FlotillaError):
            raise part
    sizes = [part.value or 0 for part in outcome.value]
    return {
        "name": reference.familiar,
        "digest": digest,
        "blobs": len(cached.blobs),
        "fetched": len(sizes),
        "bytes": sum(sizes),
    }


def _try_login(params: Mapping[str, Any], warnings: list[str]) -> None:
    try:
        require_login(_upstream(params))
    except NoAnswer as error:
        warnings.append(f"{error.message}. The login was not verified")


def _upstream(params: Mapping[str, Any]) -> Registry:
    return Registry(params["upstream_url"].rstrip("/"), login=_login(params), ca_path=params["upstream_ca_path"])


def _digest(upstream: Registry, storage: Storage, reference: Reference, warnings: list[str]) -> str:
    """The upstream's digest; while it is unreachable, the one that the cache has."""
    try:
        return upstream_digest(upstream, reference)
    except NoAnswer as error:
        known = reference.digest or storage.tagged(reference.repository, reference.version)
        if not known:
            raise
        warnings.append(f"{error.message}. The cache keeps its version of {reference.familiar}")
        return known


def _reference(name: str) -> Reference:
    reference = parse_reference(name)
    if reference.registry != DOCKER_HUB:
        raise BadOption(
            "name",
            "must be named without a registry, because the cache only has images of its upstream",
            got=name,
            example=f"name: {reference.repository}",
        )
    return reference


def _login(params: Mapping[str, Any]) -> dict[str, str] | None:
    return (
        {"username": params["upstream_username"], "password": params["upstream_password"]}
        if params["upstream_username"]
        else None
    )


def main() -> None:
    runner.run(
        decide,
        report,
        connect=None,
        argument_spec={
            "name": {"type": "list", "elements": "str", "default": [], "aliases": ["names", "image"]},
            "platforms": {"type": "list", "elements": "str", "required": True},
            "cache_url": {"type": "str", "required": True},
            "cache_ca_path": {"type": "path"},
            "storage_path": {"type": "path", "required": True},
            "upstream_url": {"type": "str", "default": DOCKER_HUB_REGISTRY},
            "upstream_ca_path": {"type": "path"},
            "upstream_username": {"type": "str"},
            "upstream_password": {"type": "str", "no_log": True},
        },
        required_together=[("upstream_username", "upstream_password")],
    )


if __name__ == "__main__":
    main()

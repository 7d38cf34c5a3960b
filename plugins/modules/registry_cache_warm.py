#!/usr/bin/python
# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: registry_cache_warm
short_description: Bring images into a pull-through cache before a fleet asks for them
version_added: 0.1.0
description:
  - Brings images into the pull-through cache of the host that it runs on, so that a fleet which then pulls them all at once costs the upstream nothing more.
  - Without it the CNCF distribution registry fetches each blob twice on a first miss, and once more for each host that asks before the blob is stored.
    Here each blob crosses the network once.
  - It needs no Docker Engine. The role P(flotilla.docker.registry_cache#role) calls it with all it needs.
author:
  - flotilla.docker contributors (@flotilla-docker)
extends_documentation_fragment:
  - flotilla.docker.attributes
options:
  name:
    description:
      - Images of the upstream, such as V(nginx), V(redis:7) or V(team/web@sha256:...).
      - With none, only the login is tried.
    type: list
    elements: str
    default: []
    aliases: [names, image]
  platforms:
    description:
      - Platforms to bring of an image that has several, as V(linux/arm64) or V(arm64).
      - Names of the kernel such as V(aarch64) and V(x86_64) are understood.
    type: list
    elements: str
    required: true
  cache_url:
    description: Address of the cache.
    type: str
    required: true
  cache_ca_path:
    description: File with the authority that signed the cache's certificate.
    type: path
  storage_path:
    description: The folder in which the cache keeps its images, C(rootdirectory) of its configuration.
    type: path
    required: true
  upstream_url:
    description: The registry that is cached.
    type: str
    default: https://registry-1.docker.io
  upstream_ca_path:
    description: File with the authority that signed the upstream's certificate.
    type: path
  upstream_username:
    description: User to log in to the upstream as. A login that the upstream does not accept fails the task.
    type: str
  upstream_password:
    description: Password or access token of O(upstream_username).
    type: str
attributes:
  check_mode:
    support: full
    details:
      - Asks the upstream for the digests, and looks into the cache's storage. The cache itself is not asked, because it would fetch what it has not.
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
images:
  description: The images, in the order of O(name).
  returned: success
  type: list
  elements: dict
  contains:
    name:
      description: The image as it was named, with its tag.
      type: str
      sample: nginx:latest
    digest:
      description: Its digest at the upstream.
      type: str
      sample: sha256:5a05cd9b2e8fbf5e4e2f4a8a9c2e6f1e0c9ad0f43e7ce2f1a2a9ddd9dc1c2f7d
    blobs:
      description: How many blobs it has for these platforms, or in check mode V(0) where that cannot be known yet.
      type: int
      sample: 7
    fetched:
      description: How many of them were brought from the upstream now.
      type: int
      sample: 7
    bytes:
      description: Bytes that came from the upstream for that.
      type: int
      sample: 13837142
"""

from ansible_collections.flotilla.docker.plugins.module_utils import runner
from ansible_collections.flotilla.docker.plugins.module_utils.errors import BadOption, FlotillaError
from ansible_collections.flotilla.docker.plugins.module_utils.hub.endpoints import HUB, HUB_API
from ansible_collections.flotilla.docker.plugins.module_utils.hub.http import NoAnswer, fetch
from ansible_collections.flotilla.docker.plugins.module_utils.hub.registry import Registry
from ansible_collections.flotilla.docker.plugins.module_utils.hub.storage import Storage
from ansible_collections.flotilla.docker.plugins.module_utils.hub.warming import FetchBlob, FetchManifests, look, require_login, upstream_digest
from ansible_collections.flotilla.docker.plugins.module_utils.image.platform import parse_platform
from ansible_collections.flotilla.docker.plugins.module_utils.image.reference import parse_reference
from ansible_collections.flotilla.docker.plugins.module_utils.step import SideBySide

AT_ONCE = 3


def decide(engine, params):
    for platform in params["platforms"]:
        parse_platform(platform)
    references = [_reference(name) for name in params["name"]]
    storage = Storage(params["storage_path"])
    done = {"images": [], "warnings": []}
    if params["upstream_username"]:
        _try_login(params, done["warnings"])
    for reference in references:
        image = yield from _warm(storage, reference, params, done["warnings"])
        done["images"].append(image)
    return done


def report(engine, params, done):
    return done


def _warm(storage, reference, params, warnings):
    # One for each image: a token is for one repository.
    upstream = _upstream(params)
    digest = _digest(upstream, storage, reference, warnings)
    cached = look(storage, reference, digest, params["platforms"])
    if not cached.complete and not cached.missing:
        cache = Registry(params["cache_url"].rstrip("/"), fetch, None, params["cache_ca_path"])
        outcome = yield FetchManifests(cache, storage, reference, params["platforms"])
        cached = outcome.value
    outcome = yield SideBySide([FetchBlob(upstream, storage, reference, blob) for blob in cached.missing], AT_ONCE)
    for part in outcome.value:
        if isinstance(part, FlotillaError):
            raise part
    sizes = [part.value or 0 for part in outcome.value]
    return {"name": reference.familiar, "digest": digest, "blobs": len(cached.blobs), "fetched": len(sizes), "bytes": sum(sizes)}


def _try_login(params, warnings):
    try:
        require_login(_upstream(params))
    except NoAnswer as error:
        warnings.append("%s. The login could not be tried" % error.message)


def _upstream(params):
    return Registry(params["upstream_url"].rstrip("/"), fetch, _login(params), params["upstream_ca_path"])


def _digest(upstream, storage, reference, warnings):
    """The upstream's digest; while it is down, the one that the cache has."""
    try:
        return upstream_digest(upstream, reference)
    except NoAnswer as error:
        known = reference.digest or storage.tagged(reference.repository, reference.tag)
        if not known:
            raise
        warnings.append("%s. The cache keeps what it has of %s" % (error.message, reference.familiar))
        return known


def _reference(name):
    reference = parse_reference(name)
    if reference.registry != HUB:
        raise BadOption("name", name, "the cache has images of its upstream only, and they are named without a registry", "name: %s" % reference.repository)
    return reference


def _login(params):
    return {"username": params["upstream_username"], "password": params["upstream_password"]} if params["upstream_username"] else None


def main():
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
            "upstream_url": {"type": "str", "default": HUB_API},
            "upstream_ca_path": {"type": "path"},
            "upstream_username": {"type": "str"},
            "upstream_password": {"type": "str", "no_log": True},
        },
        required_together=[("upstream_username", "upstream_password")],
    )


if __name__ == "__main__":
    main()

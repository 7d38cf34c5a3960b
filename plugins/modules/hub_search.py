#!/usr/bin/python
# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: hub_search
short_description: Search Docker Hub for images, list tags, and see what is left of the pull limit
version_added: 0.1.0
description:
  - Searches an index of images as C(docker search) does, through the Docker daemon or over HTTP without one.
  - Lists the tags of a repository, of Docker Hub or of any other registry.
  - Reports how many pulls Docker Hub still allows, without spending one.
  - Of Docker Hub's addresses that are used here Docker documents the one for tags and the one for the pull limit.
    The search over HTTP (C(hub.docker.com/v2/search/repositories)) and the daemon's own (C(index.docker.io/v1/search)) are not documented.
  - Podman searches the catalogue of a registry, as in C(registry.example.com/nginx), which has neither descriptions nor stars.
author:
  - flotilla.docker contributors (@flotilla-docker)
extends_documentation_fragment:
  - flotilla.docker.attributes.reads
  - flotilla.docker.connection
  - flotilla.docker.registry_login
options:
  term:
    description:
      - What to search for. With O(tags=true), the repository whose tags to list.
      - A first part with a dot or a colon is the host of another index or registry, as in V(registry.example.com/nginx).
      - Required unless O(rate_limit=true).
    type: str
  limit:
    description:
      - Return at most this many results. More than V(100) needs O(via=http) or O(via=auto).
      - The filters look at the first 100 results through the engine, and at the first 1000, or at O(limit) if that is more, over HTTP.
    type: int
    default: 25
  is_official:
    description: V(true) for official images only, V(false) for the others only. Unset for all.
    type: bool
  min_stars:
    description: Return only images with at least this many stars.
    type: int
    default: 0
  name_pattern:
    description: Return only images whose name matches, such as V(bitnami/*).
    type: str
  via:
    description:
      - V(engine) lets the daemon ask. It works wherever the daemon reaches the index.
      - V(http) asks Docker Hub itself from the managed host. No daemon and no docker-py is needed.
      - V(auto) uses the engine if there is one that reaches the index and O(limit) is not above V(100), and HTTP otherwise.
    type: str
    choices: [auto, engine, http]
    default: auto
  tags:
    description: List the tags of the repository O(term) instead of searching.
    type: bool
    default: false
  tag_pattern:
    description: List only tags that match, such as V(1.2*).
    type: str
  newest:
    description: List at most this many tags.
    type: int
    default: 20
  rate_limit:
    description:
      - Report how many pulls Docker Hub allows the managed host, with the credentials given or stored. It spends none.
    type: bool
    default: false
  hub_url:
    description: Address of Docker Hub's HTTP API, for a copy of it in a closed network.
    type: str
    default: https://hub.docker.com
  hub_ca_path:
    description: File with the authorities that may have signed the certificate of O(hub_url).
    type: path
"""

EXAMPLES = r"""
- name: Search for nginx
  flotilla.docker.hub_search:
    term: nginx
  register: found

- name: Official images with many stars only
  flotilla.docker.hub_search:
    term: nginx
    is_official: true
    min_stars: 1000

- name: The newest tags of nginx, on the controller and without a daemon
  flotilla.docker.hub_search:
    term: nginx
    tags: true
    tag_pattern: "1.*"
    newest: 5
    via: http
  delegate_to: localhost

- name: How many pulls are left for this host?
  flotilla.docker.hub_search:
    rate_limit: true
  register: budget
"""

RETURN = r"""
results:
  description: What was found, most stars first.
  returned: with O(term) and without O(tags)
  type: list
  elements: dict
  contains:
    name:
      description: Name of the image.
      type: str
    description:
      description: What its owner says about it.
      type: str
    star_count:
      description: How many stars it has.
      type: int
    is_official:
      description: Whether it is one of Docker's official images.
      type: bool
    is_automated:
      description: Always V(false) from Engine 25 on.
      type: bool
  sample:
    - {name: nginx, description: Official build of Nginx., star_count: 20000, is_official: true, is_automated: false}
count:
  description: How many results or tags there are.
  returned: with O(term)
  type: int
  sample: 1
via:
  description: Who was asked, V(engine), V(http) or V(registry).
  returned: with O(term)
  type: str
  sample: engine
tags:
  description: Tags, the newest first. Registries other than Docker Hub tell no dates; their tags are sorted by version, the highest first.
  returned: with O(tags=true)
  type: list
  elements: dict
  contains:
    name:
      description: The tag.
      type: str
    digest:
      description: Digest of its manifest or index.
      type: str
    size:
      description: Compressed bytes, from Docker Hub only.
      type: int
    last_updated:
      description: When it was pushed, from Docker Hub only.
      type: str
    platforms:
      description: Platforms, from Docker Hub only.
      type: list
      elements: str
rate_limit:
  description: What is left of Docker Hub's pull limit. None if it tells no limit, as it does for paid accounts.
  returned: with O(rate_limit=true)
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
      description: What Docker Hub counts by, usually an IP address.
      type: str
"""

from fnmatch import fnmatchcase

from ansible_collections.flotilla.docker.plugins.module_utils import connection, runner
from ansible_collections.flotilla.docker.plugins.module_utils.arguments import REGISTRY_LOGIN, REGISTRY_LOGIN_EXCLUSIVE, REGISTRY_LOGIN_TOGETHER
from ansible_collections.flotilla.docker.plugins.module_utils.errors import ApiError, BadOption, FlotillaError, SearchFailed
from ansible_collections.flotilla.docker.plugins.module_utils.hub import search
from ansible_collections.flotilla.docker.plugins.module_utils.hub.lookup import Lookup, hub_budget
from ansible_collections.flotilla.docker.plugins.module_utils.image import login
from ansible_collections.flotilla.docker.plugins.module_utils.image.reference import DOCKER_HUB, parse_known, parse_reference

MOST = 100


def connect(params):
    """The Engine; None where none is needed."""
    _check(params)
    if params["via"] == "http":
        return None
    try:
        return connection.connect(params)
    except FlotillaError:
        if params["via"] == "engine":
            raise
        return None


def report(engine, params, decided):
    result = {}
    if params["rate_limit"]:
        result["rate_limit"] = hub_budget(_login(engine, params, DOCKER_HUB))
    if params["tags"]:
        result.update(_tags(engine, params))
    elif params["term"]:
        result.update(_search(engine, params))
    return result


def _check(params):
    if not params["term"] and (params["tags"] or not params["rate_limit"]):
        raise BadOption("term", params["term"], "there is nothing to search for", "term: nginx")
    for option in ("limit", "newest"):
        if params[option] < 1:
            raise BadOption(option, params[option], "it has to be 1 or more", "%s: 25" % option)
    if params["via"] == "engine" and params["limit"] > MOST:
        raise BadOption("limit", params["limit"], "through the engine the index gives from 1 to %d results" % MOST, "limit: 100, or via: http")
    if params["term"] and "://" in params["term"]:
        raise BadOption("term", params["term"], "it has no scheme", "term: %s" % params["term"].split("://", 1)[1])


def _search(engine, params):
    # The daemon applies filters after the limit: asking for just as many would return fewer than there are.
    via, found = _found(engine, params, max(params["limit"], MOST) if _filters(params) else params["limit"])
    results = sorted((one for one in found if _wanted(one, params)), key=lambda one: -one["star_count"])[: params["limit"]]
    return {"results": results, "count": len(results), "via": via}


def _found(engine, params, asked):
    if engine is None or asked > MOST:
        return "http", _over_http(params)
    try:
        return "engine", engine.daemon.search(params["term"], limit=asked)
    except ApiError as error:
        failure = search.said_by_engine(params["term"], error.explanation)
        if params["via"] == "engine" or failure.kind != "unreachable" or _names_host(params["term"]):
            raise failure from error
    try:
        return "http", _over_http(params)
    except SearchFailed as error:
        raise SearchFailed("%s. Over HTTP: %s" % (failure.message, error.message), failure.advice, kind=failure.kind) from error


def _over_http(params):
    hub = search.HubSearch(base=params["hub_url"], ca_path=params["hub_ca_path"])
    return hub.search(params["term"], params["limit"], (lambda result: _wanted(result, params)) if _filters(params) else None)


def _filters(params):
    return params["is_official"] is not None or params["min_stars"] > 0 or bool(params["name_pattern"])


def _names_host(term):
    reference = parse_known(term)
    return reference is not None and reference.registry != DOCKER_HUB


def _wanted(result, params):
    official, pattern = params["is_official"], params["name_pattern"]
    return (
        result["star_count"] >= params["min_stars"]
        and (official is None or result["is_official"] == official)
        and (not pattern or fnmatchcase(result["name"], pattern))
    )


def _tags(engine, params):
    reference = parse_reference(params["term"], option="term")
    pattern = params["tag_pattern"] or "*"
    if reference.registry == DOCKER_HUB:
        hub = search.HubSearch(base=params["hub_url"], ca_path=params["hub_ca_path"])
        tags = hub.tags(reference.repository, params["newest"], lambda name: fnmatchcase(name, pattern))
        return {"tags": tags, "count": len(tags), "via": "http"}
    config = (engine.daemon.info().get("RegistryConfig") or {}) if engine else {}
    lookup = Lookup(config)
    tags = lookup.tags(reference, _login(engine, params, reference.registry), lambda name: fnmatchcase(name, pattern), params["newest"])
    return {"tags": tags, "count": len(tags), "via": "registry"}


def _login(engine, params, registry):
    return login.of_task(params, registry) or (engine.images.stored_login(registry) if engine else None)


def main():
    runner.run(
        report=report,
        connect=connect,
        argument_spec=dict(
            REGISTRY_LOGIN,
            term={"type": "str"},
            limit={"type": "int", "default": 25},
            is_official={"type": "bool"},
            min_stars={"type": "int", "default": 0},
            name_pattern={"type": "str"},
            via={"type": "str", "choices": ["auto", "engine", "http"], "default": "auto"},
            tags={"type": "bool", "default": False},
            tag_pattern={"type": "str"},
            newest={"type": "int", "default": 20},
            rate_limit={"type": "bool", "default": False},
            hub_url={"type": "str", "default": search.HUB},
            hub_ca_path={"type": "path"},
        ),
        required_together=REGISTRY_LOGIN_TOGETHER,
        mutually_exclusive=REGISTRY_LOGIN_EXCLUSIVE,
    )


if __name__ == "__main__":
    main()

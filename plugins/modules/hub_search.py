#!/usr/bin/python
# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: hub_search
short_description: Search Docker Hub for images, list tags, and show the remaining pull limit
version_added: 0.1.0
description:
  - Searches for images like C(docker search), through Docker Engine or over HTTP.
  - Lists the tags of a repository on Docker Hub or on any other registry.
  - Shows how many pulls Docker Hub still allows, without using one.
  - Docker documents the APIs of Docker Hub for tags and for the pull limit. The APIs for searching over HTTP
    (C(hub.docker.com/v2/search/repositories)) and through the Engine (C(index.docker.io/v1/search)) are not documented.
  - Podman searches the catalog of a registry, as in C(registry.example.com/nginx), which has neither descriptions nor stars.
author:
  - flotilla.docker contributors (@flotilla-docker)
extends_documentation_fragment:
  - flotilla.docker.attributes.reads
  - flotilla.docker.connection
  - flotilla.docker.registry_login
options:
  term:
    description:
      - The term to search for. With O(tags=true), the repository whose tags to list.
      - A first part with a dot or a colon is the host of another index or registry, as in V(registry.example.com/nginx).
      - Required unless O(rate_limit=true).
    type: str
  limit:
    description:
      - Return at most this many results, V(1) or more. More than V(100) needs O(via=http) or O(via=auto).
      - O(is_official), O(min_stars) and O(name_pattern) filter the first 100 results of the Engine, and over HTTP the first 1000, or O(limit) if that is
        more.
    type: int
    default: 25
  is_official:
    description: If V(true), return official images only; if V(false), return other images only. By default, return both.
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
      - V(engine) searches through the Engine.
      - V(http) searches Docker Hub from the managed host. Neither an Engine nor docker-py is needed.
      - V(auto) searches through the Engine, and over HTTP if that fails for any reason or if O(limit) is above V(100). A term with the host of another
        registry can only be searched through the Engine.
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
    description:
      - List at most this many tags, V(1) or more.
      - 'Tags of Docker Hub are ordered by their update time. Other registries return no dates, so their tags are ordered by version: releases, then
        pre-releases such as V(1.28-rc1), then words such as V(stable), and last V(latest), V(edge), nightly builds and hashes. Variants such as
        V(1.27-alpine) follow their release.'
      - Of a repository on Docker Hub, the 5000 most recently updated tags are searched.
    type: int
    default: 20
  rate_limit:
    description:
      - Return the pull limit of Docker Hub for the managed host, with the credentials of the task or those that are stored. This does not count as a pull.
    type: bool
    default: false
  hub_url:
    description: URL of Docker Hub's HTTP API, for a mirror of it in an isolated network.
    type: str
    default: https://hub.docker.com
  hub_ca_path:
    description: File with the CA certificates that are trusted for O(hub_url).
    type: path
"""

EXAMPLES = r"""
- name: Search for nginx
  flotilla.docker.hub_search:
    term: nginx
  register: found

- name: Search for official images with at least 1000 stars
  flotilla.docker.hub_search:
    term: nginx
    is_official: true
    min_stars: 1000

- name: List the newest tags of nginx from the controller, without an Engine
  flotilla.docker.hub_search:
    term: nginx
    tags: true
    tag_pattern: "1.*"
    newest: 5
    via: http
  delegate_to: localhost

- name: Show the remaining pulls of this host
  flotilla.docker.hub_search:
    rate_limit: true
  register: pulls
"""

RETURN = r"""
results:
  description: The images that were found, those with the most stars first.
  returned: with O(term) and without O(tags)
  type: list
  elements: dict
  contains:
    name:
      description: Name of the image.
      type: str
    description:
      description: Description of the image.
      type: str
    star_count:
      description: Number of stars.
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
  description: Number of results or tags.
  returned: with O(term)
  type: int
  sample: 1
via:
  description: How the results were found, V(engine), V(http) or V(registry).
  returned: with O(term)
  type: str
  sample: engine
tags:
  description: Tags, the newest first. See O(newest).
  returned: with O(tags=true)
  type: list
  elements: dict
  contains:
    name:
      description: The tag.
      type: str
    digest:
      description: Digest of the manifest or index.
      type: str
    size:
      description: Compressed size in bytes. Docker Hub only.
      type: int
    last_updated:
      description: When the tag was last updated. Docker Hub only.
      type: str
    platforms:
      description: Platforms of the image. Docker Hub only.
      type: list
      elements: str
rate_limit:
  description: Docker Hub's pull limit. V(null) for accounts without a limit.
  returned: with O(rate_limit=true)
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
"""

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any, Mapping

from ansible_collections.flotilla.docker.plugins.module_utils import runner
from ansible_collections.flotilla.docker.plugins.module_utils.arguments import (
    REGISTRY_LOGIN,
    REGISTRY_LOGIN_EXCLUSIVE,
    REGISTRY_LOGIN_TOGETHER,
)
from ansible_collections.flotilla.docker.plugins.module_utils.engine.credentials import DockerConfig
from ansible_collections.flotilla.docker.plugins.module_utils.errors import (
    ApiError,
    BadOption,
    FlotillaError,
    SearchFailed,
)
from ansible_collections.flotilla.docker.plugins.module_utils.image.login import Logins
from ansible_collections.flotilla.docker.plugins.module_utils.image.reference import parse_known, parse_reference
from ansible_collections.flotilla.docker.plugins.module_utils.registry.failures import engine_search_failed
from ansible_collections.flotilla.docker.plugins.module_utils.registry.lookup import Lookup, hub_budget
from ansible_collections.flotilla.docker.plugins.module_utils.registry.search import HUB, HubSearch
from ansible_collections.flotilla.docker.plugins.module_utils.shapes import DOCKER_HUB

if TYPE_CHECKING:
    from ansible_collections.flotilla.docker.plugins.module_utils.engine.engine import Engine

# The most results that an Engine returns.
MOST = 100


class LazyEngine:
    """Connects to the Engine when it is first needed."""

    def __init__(self, params: Mapping[str, Any]) -> None:
        self._params = params
        self._engine: Engine | None = None
        self._error: FlotillaError | None = None

    def engine(self) -> Engine:
        """The Engine. Raises what kept it from being reached, each time."""
        if self._error is not None:
            raise self._error
        if self._engine is None:
            try:
                self._engine = runner.connect_to_engine(self._params)
            except FlotillaError as error:
                self._error = error
                raise
        return self._engine

    def registry_config(self) -> dict[str, Any]:
        """Mirrors and insecure registries of the Engine; nothing where no Engine is used or none answers."""
        if self._params["via"] == "http":
            return {}
        try:
            return self.engine().daemon.info().get("RegistryConfig") or {}
        except FlotillaError:
            if self._params["via"] == "engine":
                raise
            return {}


def connect(params: Mapping[str, Any]) -> LazyEngine:
    _check(params)
    return LazyEngine(params)


def report(lazy: LazyEngine, params: Mapping[str, Any], decided: None) -> dict[str, Any]:
    logins = Logins(params, DockerConfig().find)
    result: dict[str, Any] = {"warnings": []}
    if params["rate_limit"]:
        result["rate_limit"] = hub_budget(logins.find(DOCKER_HUB))
        result["warnings"] += logins.warnings(DOCKER_HUB)
    if params["tags"]:
        _tags(lazy, params, logins, result)
    elif params["term"]:
        result.update(_search(lazy, params))
    return result


def _check(params: Mapping[str, Any]) -> None:
    if not params["term"] and (params["tags"] or not params["rate_limit"]):
        raise BadOption("term", "must not be empty", got=params["term"], example="term: nginx")
    for option in ("limit", "newest"):
        if params[option] < 1:
            raise BadOption(option, "must be 1 or more", got=params[option], example=f"{option}: 25")
    if params["via"] == "engine" and params["limit"] > MOST:
        raise BadOption(
            "limit",
            f"must be between 1 and {MOST} with via: engine; use via: http for more",
            got=params["limit"],
            example="limit: 100",
        )
    if params["term"] and "://" in params["term"]:
        raise BadOption(
            "term",
            "must not start with a scheme such as https://",
            got=params["term"],
            example="term: {}".format(params["term"].split("://", 1)[1] or "nginx"),
        )


def _search(lazy: LazyEngine, params: Mapping[str, Any]) -> dict[str, Any]:
    # The Engine applies filters after the limit: asking for just as many would return fewer than there are.
    via, found = _found(lazy, params, max(params["limit"], MOST) if _has_filters(params) else params["limit"])
    matching = [one for one in found if _is_wanted(one, params)]
    results = sorted(matching, key=lambda one: -one["star_count"])[: params["limit"]]
    return {"results": results, "count": len(results), "via": via}


def _found(lazy: LazyEngine, params: Mapping[str, Any], count: int) -> tuple[str, list[dict[str, Any]]]:
    """Who was asked, and the results."""
    if params["via"] == "http" or count > MOST:
        return "http", _over_http(params)
    try:
        return "engine", _through_engine(lazy, params["term"], count)
    except FlotillaError as error:
        # Docker Hub's HTTP API knows no other registry, and a wrong option is wrong in both ways.
        if params["via"] == "engine" or _names_host(params["term"]) or isinstance(error, BadOption):
            raise
        failure: FlotillaError = error
    try:
        return "http", _over_http(params)
    except SearchFailed as error:
        # The class is that of the index, where the Engine reached it.
        kind = failure.kind if isinstance(failure, SearchFailed) and failure.kind != "unreachable" else error.kind
        text = f"{failure} Over HTTP: {error.message}"
        raise SearchFailed(text, error.advice, kind) from error


def _through_engine(lazy: LazyEngine, term: str, count: int) -> list[dict[str, Any]]:
    try:
        return lazy.engine().daemon.search(term, limit=count)
    except ApiError as error:
        raise engine_search_failed(term, error.explanation) from error


def _over_http(params: Mapping[str, Any]) -> list[dict[str, Any]]:
    hub = HubSearch(base=params["hub_url"], ca_path=params["hub_ca_path"])
    wanted = (lambda result: _is_wanted(result, params)) if _has_filters(params) else None
    return hub.search(params["term"], params["limit"], wanted)


def _has_filters(params: Mapping[str, Any]) -> bool:
    return params["is_official"] is not None or params["min_stars"] > 0 or bool(params["name_pattern"])


def _names_host(term: str) -> bool:
    reference = parse_known(term)
    return reference is not None and reference.registry != DOCKER_HUB


def _is_wanted(result: Mapping[str, Any], params: Mapping[str, Any]) -> bool:
    official, pattern = params["is_official"], params["name_pattern"]
    return (
        result["star_count"] >= params["min_stars"]
        and (official is None or result["is_official"] == official)
        and (not pattern or fnmatchcase(result["name"], pattern))
    )


def _tags(lazy: LazyEngine, params: Mapping[str, Any], logins: Logins, result: dict[str, Any]) -> None:
    reference = parse_reference(params["term"], option="term")
    pattern, newest = params["tag_pattern"] or "*", params["newest"]

    def wanted(name: str) -> bool:
        return fnmatchcase(name, pattern)

    if reference.registry == DOCKER_HUB:
        hub = HubSearch(base=params["hub_url"], ca_path=params["hub_ca_path"])
        tags, complete = hub.tags(reference.repository, newest, wanted)
        if not complete:
            result["warnings"].append(
                f"{reference.name} has more tags on Docker Hub than were searched for tag_pattern; only the most recently updated ones were"
            )
        result.update(tags=tags, count=len(tags), via="http")
        return
    tags = Lookup(lazy.registry_config(), logins).tags(reference, wanted, newest)
    result["warnings"] += logins.warnings(reference.registry)
    result.update(tags=tags, count=len(tags), via="registry")


def main() -> None:
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
            hub_url={"type": "str", "default": HUB},
            hub_ca_path={"type": "path"},
        ),
        required_together=REGISTRY_LOGIN_TOGETHER,
        mutually_exclusive=REGISTRY_LOGIN_EXCLUSIVE,
    )


if __name__ == "__main__":
    main()

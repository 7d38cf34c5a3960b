#!/usr/bin/python
# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: hub_search
short_description: Search Docker Hub for images
version_added: 0.1.0
description:
  - Searches an index of images as C(docker search) does.
  - The Docker daemon asks the index, so that it works wherever the daemon does, and with any index that it can reach.
author:
  - flotilla.docker contributors (@flotilla-docker)
extends_documentation_fragment:
  - flotilla.docker.connection
options:
  term:
    description:
      - What to search for.
      - A first part with a dot or a colon is the host of another index, as in V(registry.example.com/nginx).
    type: str
    required: true
  limit:
    description: Return at most this many results, from V(1) to V(100).
    type: int
    default: 25
  is_official:
    description: V(true) for official images only, V(false) for the others only. Unset for all.
    type: bool
  min_stars:
    description: Return only images with at least this many stars.
    type: int
    default: 0
attributes:
  check_mode:
    support: full
    description: Can run in check mode and return the same as otherwise.
  diff_mode:
    support: none
    description: Changes nothing.
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
"""

RETURN = r"""
results:
  description: What was found, in the order of the index.
  returned: success
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
  description: How many results there are.
  returned: success
  type: int
  sample: 1
"""

from ansible_collections.flotilla.docker.plugins.module_utils import runner
from ansible_collections.flotilla.docker.plugins.module_utils.errors import BadOption

MOST = 100


def report(engine, params, decided):
    if not 1 <= params["limit"] <= MOST:
        raise BadOption("limit", params["limit"], "the index gives from 1 to %d results" % MOST, "limit: 25")
    # The daemon applies filters after the limit: it would return less than there is.
    filtered = params["is_official"] is not None or params["min_stars"] > 0
    found = engine.daemon.search(params["term"], limit=MOST if filtered else params["limit"])
    results = [one for one in found if _wanted(one, params)][: params["limit"]]
    return {"results": results, "count": len(results)}


def _wanted(result, params):
    official = params["is_official"]
    return result["star_count"] >= params["min_stars"] and (official is None or result["is_official"] == official)


def main():
    runner.run(
        report=report,
        argument_spec={
            "term": {"type": "str", "required": True},
            "limit": {"type": "int", "default": 25},
            "is_official": {"type": "bool"},
            "min_stars": {"type": "int", "default": 0},
        },
    )


if __name__ == "__main__":
    main()

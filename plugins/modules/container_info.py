#!/usr/bin/python
# -*- coding: utf-8 -*-

# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: container_info
short_description: Read a container, what it was allotted and what it uses
version_added: 0.1.0
description:
  - Shows a container as C(docker inspect), C(docker ps --size) and C(docker stats) do.
  - A container is a process with its own writable layer on top of the layers of an image. This module shows both apart, with the CPU, memory,
    network and disk that the container was allotted and that it uses.
author:
  - flotilla.docker contributors (@flotilla-docker)
extends_documentation_fragment:
  - flotilla.docker.attributes.reads
  - flotilla.docker.connection
options:
  name:
    description:
      - Name or id of the container.
    type: str
    required: true
  usage:
    description:
      - Also measure what the container uses. The Engine walks the files of its writable layer for that, which takes a while where there are many.
    type: bool
    default: true
  secret_env:
    description:
      - Names of environment variables whose values to mask, beside those whose names look secret.
    type: list
    elements: str
seealso:
  - module: flotilla.docker.container_run
  - module: flotilla.docker.image_layers
"""

EXAMPLES = r"""
- name: Look at the web server
  flotilla.docker.container_info:
    name: web
  register: web

- name: Show how much memory it uses of what it may use
  ansible.builtin.debug:
    msg: "{{ web.usage.memory.used | human_readable }} of {{ (web.usage.memory.limit or 0) | human_readable }}"
  when: web.exists
"""

RETURN = r"""
exists:
  description: Whether there is such a container.
  returned: success
  type: bool
  sample: true
container:
  description: The container as the Engine's inspection shows it, with secret variables masked; V(null) if there is none.
  returned: success
  type: dict
  sample: {"Id": "3e1f…", "Name": "/web", "State": {"Status": "running"}}
status:
  description: State of the container, such as V(running), V(exited), V(paused) or V(created); V(null) if there is none.
  returned: success
  type: str
  sample: running
image:
  description: The name that it was created from, and the id of the image that it runs on.
  returned: success
  type: dict
  contains:
    reference:
      description: The name as it was given.
      type: str
      sample: nginx:latest
    id:
      description: Id of the image at the time the container was created.
      type: str
      sample: sha256:5d24…
usage:
  description: What the container was allotted and what it uses; V(null) if there is none. A missing limit and a value that was not measured are V(null).
  returned: success
  type: dict
  contains:
    cpu:
      description: Limit in CPUs, relative weight, and CPU time used in seconds.
      type: dict
      sample: {"limit": 1.5, "shares": null, "used_seconds": 0.8}
    memory:
      description: Limits and use in bytes, without the page cache.
      type: dict
      sample: {"limit": 536870912, "limit_with_swap": 1073741824, "used": 4300800}
    network:
      description: Mode, address by network, published ports, and bytes received and sent.
      type: dict
      sample:
        {"mode": "bridge", "addresses": {"bridge": "172.17.0.2"}, "ports": {"80/tcp": [{"HostIp": "0.0.0.0", "HostPort": "80"}]}, "received": 1200, "sent": 830}
    disk:
      description:
        - Limit, bytes read and written, and the writable layer with its directory on the daemon's host and its size in bytes.
        - The containerd image store does not tell the directory.
      type: dict
      sample:
        {"limit": null, "writable_layer": {"path": "/var/lib/docker/overlay2/2b1c…/diff", "size": 1095}, "size_with_image": 13801095, "read": 0, "written": 0}
    processes:
      description: Limit and number of processes and threads.
      type: dict
      sample: {"limit": null, "used": 3}
"""

from ansible_collections.flotilla.docker.plugins.module_utils import runner
from ansible_collections.flotilla.docker.plugins.module_utils.container import convert, result
from ansible_collections.flotilla.docker.plugins.module_utils.container.usage import usage


def report(engine, params, decided):
    """The container, and its use if it was asked for."""
    name = convert.container_name("name", params["name"])
    inspected = engine.containers.find(name, size=True if params["usage"] else None)
    if inspected is None:
        return {"exists": False, "container": None, "status": None, "image": None, "usage": None}
    running = inspected["State"]["Running"] and params["usage"]
    return {
        "exists": True,
        "container": result.container(inspected, params["secret_env"] or ()),
        "status": inspected["State"]["Status"],
        "image": {"reference": inspected["Config"]["Image"], "id": inspected["Image"]},
        "usage": usage(inspected, engine.containers.stats(name) if running else None),
    }


def main():
    """Run the module."""
    runner.run(
        report=report,
        argument_spec={
            "name": {"type": "str", "required": True},
            "usage": {"type": "bool", "default": True},
            "secret_env": {"type": "list", "elements": "str", "no_log": False},
        },
    )


if __name__ == "__main__":
    main()

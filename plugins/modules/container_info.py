#!/usr/bin/python

# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: container_info
short_description: Show containers with their limits, resource usage, logs, processes and changed files
version_added: 0.1.0
description:
  - Shows containers as C(docker inspect), C(docker ps --size), C(docker stats), C(docker logs), C(docker top) and C(docker diff) do.
  - A container is a process with a writable layer of its own on top of the layers of an image. This module shows both, with the limits on CPU,
    memory, network and disk, and what the container uses of them.
author:
  - flotilla.docker contributors (@flotilla-docker)
extends_documentation_fragment:
  - flotilla.docker.attributes.reads
  - flotilla.docker.connection
  - flotilla.docker.result_size
options:
  name:
    description:
      - Names or ids of containers. Of an id, at least 7 digits. If a container does not exist, the task does not fail.
      - Without O(name) and O(filters), all containers are shown, including stopped ones.
    type: list
    elements: str
    aliases: [names]
  filters:
    description:
      - Show the containers that match all of these filters of C(docker ps --filter), such as C(status), C(label), C(ancestor) or C(network).
      - A filter can have a list of values.
    type: dict
  usage:
    description:
      - Measure the resource usage of the containers. The Engine reads all files of the writable layer for it, which takes long for many files.
      - The default is V(true) with O(name), and V(false) otherwise.
    type: bool
  logs:
    description: Return lines of the log. V({}) returns the last 100.
    type: dict
    suboptions:
      tail:
        description: How many lines to return, counted from the end. With O(logs.grep), only matching lines are counted.
        type: int
        default: 100
      since:
        description: Return only lines since this time, given as a duration before now such as V(10m), or as Unix seconds.
        type: str
      until:
        description: Return only lines before this time, given as a duration before now, or as Unix seconds.
        type: str
      timestamps:
        description: Put the time in front of each line.
        type: bool
        default: false
      grep:
        description: Return only lines in which this Python regular expression is found.
        type: str
  processes:
    description: List the processes of running containers.
    type: bool
    default: false
  changes:
    description: List the files that differ from the image.
    type: bool
    default: false
  secret_env:
    description:
      - Names of environment variables whose values to mask, in addition to those whose names look secret.
    type: list
    elements: str
seealso:
  - module: flotilla.docker.container_run
  - module: flotilla.docker.container_exec
  - module: flotilla.docker.image_layers
"""

EXAMPLES = r"""
- name: Look at the web server
  flotilla.docker.container_info:
    name: web
  register: web

- name: Show how much memory it uses of its limit
  ansible.builtin.debug:
    msg: "{{ web.usage.memory.used | human_readable }} of {{ (web.usage.memory.limit or 0) | human_readable }}"
  when: web.exists

- name: Look for errors of the last hour
  flotilla.docker.container_info:
    name: [web, api]
    usage: false
    logs:
      since: 1h
      grep: "(?i)error"

- name: List the stopped containers
  flotilla.docker.container_info:
    filters: {status: exited}
"""

RETURN = r"""
containers:
  description: The containers, in the order of O(name), or else sorted by name.
  returned: success
  type: list
  elements: dict
  contains:
    name:
      description: Name of the container. If the container does not exist, the entry of O(name).
      returned: success with one O(name)
      type: str
      sample: web
    exists:
      description: Whether the container exists.
      returned: success with one O(name)
      type: bool
      sample: true
    container:
      description: The container as the Engine's inspection shows it, with secret variables and passwords in addresses masked; V(null) if it does not exist.
      returned: success with one O(name)
      type: dict
      sample: {"Id": "3e1f…", "Name": "/web", "State": {"Status": "running"}}
    status:
      description: State of the container, such as V(running), V(exited), V(paused) or V(created); V(null) if it does not exist.
      returned: success with one O(name)
      type: str
      sample: running
    image:
      description: Name and id of the image that the container was created from. V(null) if the container does not exist.
      returned: success with one O(name)
      type: dict
      contains:
        reference:
          description: Name of the image in the task or command that created the container.
          type: str
          sample: nginx:latest
        id:
          description: Id of the image at the time the container was created.
          type: str
          sample: sha256:5d24…
    usage:
      description:
        - Limits and resource usage of the container. V(null) if the container does not exist. A missing limit and a value that was not measured are V(null).
      returned: success with one O(name)
      type: dict
      contains:
        cpu:
          description: Limit in CPUs, relative weight, and CPU time used in seconds.
          type: dict
          sample: {"limit": 1.5, "shares": null, "used_seconds": 0.8}
        memory:
          description: Limits and usage in bytes, without the page cache.
          type: dict
          sample: {"limit": 536870912, "limit_with_swap": 1073741824, "used": 4300800}
        network:
          description: Mode, address by network, published ports, and bytes received and sent.
          type: dict
          sample:
            {"mode": "bridge", "addresses": {"bridge": "172.17.0.2"}, "ports": {"80/tcp": [{"HostPort": "80"}]}, "received": 1200, "sent": 830}
        disk:
          description:
            - Limit, bytes read and written, and the writable layer with its directory on the Engine's host and its size in bytes.
            - The containerd image store does not report the directory.
          type: dict
          sample:
            {"limit": null, "writable_layer": {"path": "/var/lib/docker/…/diff", "size": 1095}, "size_with_image": 13801095, "read": 0, "written": 0}
        processes:
          description: Limit and number of processes and threads.
          type: dict
          sample: {"limit": null, "used": 3}
    logs:
      description: Lines of the log (standard output and error), oldest first. V(null) without O(logs).
      returned: success with one O(name)
      type: list
      elements: str
      sample: ["start worker process 30"]
    processes:
      description: Processes, with the columns of C(docker top). V(null) without O(processes) and for a container that does not run or restarts.
      returned: success with one O(name)
      type: list
      elements: dict
      sample: [{"PID": "4711", "USER": "root", "COMMAND": "nginx: master process"}]
    changes:
      description: Files that differ from the image, as C(docker diff) shows them; V(null) without O(changes).
      returned: success with one O(name)
      type: list
      elements: dict
      sample: [{"path": "/run/nginx.pid", "kind": "added"}]
name:
  description: As in RV(containers).
  returned: success with one O(name)
  type: str
  sample: web
exists:
  description: As in RV(containers).
  returned: success with one O(name)
  type: bool
  sample: true
container:
  description: As in RV(containers).
  returned: success with one O(name)
  type: dict
  sample: {"Id": "3e1f…", "Name": "/web", "State": {"Status": "running"}}
status:
  description: As in RV(containers).
  returned: success with one O(name)
  type: str
  sample: running
image:
  description: As in RV(containers).
  returned: success with one O(name)
  type: dict
  sample: {"reference": "nginx:latest", "id": "sha256:5d24…"}
usage:
  description: As in RV(containers).
  returned: success with one O(name)
  type: dict
  sample: {"memory": {"limit": 536870912, "used": 4300800}}
logs:
  description: As in RV(containers).
  returned: success with one O(name)
  type: list
  elements: str
  sample: ["start worker process 30"]
processes:
  description: As in RV(containers).
  returned: success with one O(name)
  type: list
  elements: dict
  sample: [{"PID": "4711", "USER": "root", "COMMAND": "nginx: master process"}]
changes:
  description: As in RV(containers).
  returned: success with one O(name)
  type: list
  elements: dict
  sample: [{"path": "/run/nginx.pid", "kind": "added"}]
left_out:
  description: What the result lacks because of O(max_result_size). Empty if it is complete.
  returned: success
  type: list
  elements: str
  sample: []
"""

from typing import TYPE_CHECKING, Any, Iterable, Mapping

from ansible_collections.flotilla.docker.plugins.module_utils import errors, result_size, runner, shapes
from ansible_collections.flotilla.docker.plugins.module_utils.container import lookup, result
from ansible_collections.flotilla.docker.plugins.module_utils.container.usage import usage

if TYPE_CHECKING:
    from ansible_collections.flotilla.docker.plugins.module_utils.container.logs import Selection
    from ansible_collections.flotilla.docker.plugins.module_utils.engine.engine import Engine

# Kinds of GET /containers/{id}/changes (Engine API).
KINDS = ("modified", "added", "deleted")


def report(engine: Engine, params: Mapping[str, Any], decided: None) -> dict[str, Any]:
    """The containers that the task names, or those that match, or all."""
    selection = _selection(params["logs"])
    names = [lookup.checked_name("name", name) for name in params["name"] or ()]
    measured = bool(names) if params["usage"] is None else params["usage"]
    if params["name"] is None or params["filters"]:
        listed = engine.containers.list(**shapes.filter_values(params["filters"]))
        names += sorted(shapes.container_name(entry) for entry in listed)
    found = [look(engine, name, measured, selection, params) for name in dict.fromkeys(names)]
    single = found[0] if len(params["name"] or ()) == 1 and not params["filters"] else {}
    return result_size.fit(
        dict(single, containers=found),
        params["max_result_size"],
        result_size.Listing(
            "containers",
            details=("changes", "processes", "logs", "usage", "container"),
            narrow_with=("name", "filters"),
        ),
    )


def _selection(asked: Mapping[str, Any] | None) -> Selection | None:
    if asked is None:
        return None
    # pylint: disable-next=import-outside-toplevel  # few tasks ask for logs
    from ansible_collections.flotilla.docker.plugins.module_utils.container.logs import Selection

    return Selection("logs", asked)


def look(
    engine: Engine, name: str, measured: bool, selection: Selection | None, params: Mapping[str, Any]
) -> dict[str, Any]:
    """What is asked for of one container."""
    inspected = engine.containers.find(name, size=True if measured else None)
    found = dict.fromkeys(("container", "status", "image", "usage", "logs", "processes", "changes"))
    if inspected is None:
        return dict(found, name=name, exists=False)
    running = inspected["State"]["Running"]
    return {
        "name": inspected["Name"].lstrip("/"),
        "exists": True,
        "container": result.container(inspected, params["secret_env"] or ()),
        "status": inspected["State"]["Status"],
        "image": {"reference": inspected["Config"]["Image"], "id": inspected["Image"]},
        "usage": usage(inspected, engine.containers.stats(name) if running and measured else None),
        "logs": selection.read(engine, name) if selection else None,
        "processes": processes(engine, name) if params["processes"] and running else None,
        "changes": changes(engine.containers.changes(name)) if params["changes"] else None,
    }


def processes(engine: Engine, name: str) -> list[dict[str, str]] | None:
    """GET /containers/{id}/top as one dictionary for each process; None for a container that restarts, or has stopped since it was inspected."""
    try:
        answer = engine.containers.top(name)
    except (errors.Conflict, errors.NotFound):
        return None
    return [dict(zip(answer["Titles"], row)) for row in answer["Processes"] or ()]


def changes(answer: Iterable[Mapping[str, Any]] | None) -> list[dict[str, str]]:
    """GET /containers/{id}/changes with words for its numbers."""
    return [{"path": change["Path"], "kind": KINDS[change["Kind"]]} for change in answer or ()]


def main() -> None:
    """Run the module."""
    runner.run(
        report=report,
        argument_spec={
            **result_size.ARGUMENT_SPEC,
            "name": {"type": "list", "elements": "str", "aliases": ["names"]},
            "filters": {"type": "dict"},
            "usage": {"type": "bool"},
            "logs": {
                "type": "dict",
                "options": {
                    "tail": {"type": "int", "default": 100},
                    "since": {"type": "str"},
                    "until": {"type": "str"},
                    "timestamps": {"type": "bool", "default": False},
                    "grep": {"type": "str"},
                },
            },
            "processes": {"type": "bool", "default": False},
            "changes": {"type": "bool", "default": False},
            "secret_env": {"type": "list", "elements": "str", "no_log": False},
        },
    )


if __name__ == "__main__":
    main()

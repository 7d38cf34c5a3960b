# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The options of container_set: those of the set, and those of its members, which are the options of container_run and a few more."""

from __future__ import annotations

import functools
from typing import Any

from .. import option_table
from ..container import table

# The words of compose files, with a hyphen, mean the same.
ORDERS = ("auto", "start_first", "stop_first", "start-first", "stop-first")
FAILURE_ACTIONS = ("rollback", "pause", "continue")
CONDITIONS = ("started", "healthy", "completed")
# The conditions of compose files that mean the same.
COMPOSE_CONDITIONS = {
    "service_started": "started",
    "service_healthy": "healthy",
    "service_completed_successfully": "completed",
}

UPDATE: dict[str, Any] = {
    "parallelism": {"type": "int", "default": 1},
    "order": {"type": "str", "choices": list(ORDERS), "default": "auto"},
    "delay": {"type": "str", "default": "0s"},
    "monitor": {"type": "str", "default": "5s"},
    "max_failure_ratio": {"type": "float", "default": 0.0},
    "failure_action": {"type": "str", "choices": list(FAILURE_ACTIONS), "default": "rollback"},
}
# Members are created in parallel, so the set itself creates the networks and volumes that they share.
NOT_OF_MEMBERS = ("create_networks", "create_volumes")
# Options of an entry of containers in addition to those of container_run. Like the rows of the option table, each has its help.
MEMBER: dict[str, Any] = {
    "count": {
        "type": "int",
        "help": (
            "Number of containers to run from this entry. They are named C(NAME-1) to C(NAME-N), or as O(name_template) defines.",
            "If it is not set, there is one container, which has the name of the entry. With V(1) it is named C(NAME-1).",
            "Each container gets one host port of a range in O(published_ports), such as V(8080-8085:80), in order.",
        ),
    },
    "name_template": {
        "type": "str",
        "help": (
            "Template for the names of the containers with O(count), with a placeholder for the number, such as V(web-%02d).",
        ),
    },
    "depends_on": {
        "type": "raw",
        "help": (
            "Names of entries whose containers are started first, as a list, or as a dictionary with a condition for each.",
            "V(started): the containers run. V(healthy): their health checks succeed. V(completed): they exited with code 0.",
            "The conditions of compose files, such as V(service_healthy), are accepted too.",
        ),
    },
    "ready": {
        "type": "dict",
        "help": (
            "When a started container counts as ready, in addition to its health check. The managed host repeats these checks until they succeed.",
            "If the container is not ready within O(ready.timeout), it has failed.",
        ),
        "options": {
            "http": {
                "type": "dict",
                "help": "Send a GET request and compare the status code of the response.",
                "options": {
                    "port": {"type": "int", "required": True, "help": "Port of the container."},
                    "path": {"type": "str", "default": "/", "help": "Path of the request."},
                    "status": {
                        "type": "list",
                        "elements": "int",
                        "default": [200],
                        "help": "Status codes that mean that the container is ready.",
                    },
                    "host": {"type": "str", "help": "Value of the Host header."},
                },
            },
            "tcp": {
                "type": "dict",
                "help": "Open a TCP connection.",
                "options": {"port": {"type": "int", "required": True, "help": "Port of the container."}},
            },
            "command": {
                "type": "list",
                "elements": "str",
                "help": "Run a command in the container. Exit code 0 means that the container is ready.",
            },
            "timeout": {"type": "str", "default": "60s", "help": "Maximum time to wait, such as V(90s) or V(2m)."},
            "interval": {"type": "str", "default": "500ms", "help": "Time between two attempts."},
        },
    },
    "drain": {
        "type": "dict",
        "help": (
            "What to do before a running container is stopped, so that it receives no new requests.",
            "If this fails, the task warns and stops the container.",
        ),
        "options": {
            "command": {"type": "list", "elements": "str", "help": "Run a command in the container."},
            "http": {
                "type": "dict",
                "help": "Send a request to the container.",
                "options": {
                    "port": {"type": "int", "required": True, "help": "Port of the container."},
                    "path": {"type": "str", "required": True, "help": "Path of the request."},
                    "method": {"type": "str", "default": "POST", "help": "Method of the request."},
                    "host": {"type": "str", "help": "Value of the Host header."},
                },
            },
            "wait": {
                "type": "str",
                "default": "10s",
                "help": "Time to wait afterwards, so that running requests complete and proxies remove the container.",
            },
        },
    },
}


@functools.lru_cache(maxsize=None)
def entry_spec() -> dict[str, Any]:
    """Options of one entry of containers. Without defaults, because missing options come from the option defaults of the set."""
    return {name: {key: value for key, value in option.items() if key != "default"} for name, option in _all().items()}


@functools.lru_cache(maxsize=None)
def entry_defaults() -> dict[str, Any]:
    """The values of options that are neither in an entry nor in the option defaults of the set."""
    return {name: option["default"] for name, option in _all().items() if "default" in option}


def _all() -> dict[str, Any]:
    shared = {name: option for name, option in table.argument_spec().items() if name not in NOT_OF_MEMBERS}
    return dict(shared, **{name: option_table.plain(option) for name, option in MEMBER.items()})


def argument_spec() -> dict[str, Any]:
    """The options of the module."""
    return {
        "name": {"type": "str", "required": True},
        "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
        "containers": {"type": "list", "elements": "dict", "options": entry_spec(), "default": []},
        "defaults": {"type": "dict", "default": {}},
        "networks": {"type": "list", "elements": "raw", "default": []},
        "volumes": {"type": "list", "elements": "raw", "default": []},
        "remove_networks": {"type": "bool", "default": False},
        "remove_volumes": {"type": "bool", "default": False},
        "purge": {"type": "bool", "default": False},
        "parallel": {"type": "int", "default": 8},
        "update": {"type": "dict", "options": UPDATE, "apply_defaults": True},
    }

# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The options of docker_daemon_config."""

from __future__ import annotations

from typing import Any, Mapping

from ..masking import credentials_in, mask_credentials

SPEC = {
    "section": {"type": "str"},
    "user": {"type": "str"},
    "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
    "remove_data": {"type": "bool", "default": False},
    "options": {"type": "dict", "default": {}},
    "merge": {"type": "bool", "default": True},
    "path": {"type": "path"},
    "backup": {"type": "bool", "default": True},
    "environment": {"type": "dict", "default": {}},
    "flags": {"type": "list", "elements": "str", "default": []},
    "service_settings": {"type": "dict", "default": {}},
    "socket_settings": {"type": "dict", "default": {}},
    "server_ca": {"type": "str"},
    "server_certificate": {"type": "str"},
    "server_key": {"type": "str", "no_log": True},
    "registry_certificates": {"type": "dict", "default": {}},
    "allow_plain_tcp": {"type": "bool", "default": False},
    "old_data": {"type": "str", "choices": ["refuse", "leave", "copy", "move"], "default": "refuse"},
    "restart": {"type": "str", "choices": ["never", "when_safe", "always"], "default": "always"},
    "restart_reasons": {"type": "list", "elements": "str", "default": []},
    "wait": {"type": "int", "default": 90},
    "status": {"type": "bool", "default": False},
}

_SHOW_NO_SECRETS = ("options", "environment", "flags", "service_settings")


def mask(params: Mapping[str, Any]) -> tuple[dict[str, Any], set[str]]:
    """The parameters as they may be shown, and what may appear nowhere."""
    given = {name: params[name] for name in _SHOW_NO_SECRETS if params.get(name)}
    shown = {name: mask_credentials(value, by_name=True) for name, value in given.items()}
    return dict(params, **shown), credentials_in(given)

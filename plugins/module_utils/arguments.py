# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Argument specs that several modules share; a doc fragment mirrors each."""

from __future__ import annotations

import os
from typing import Any

from ansible.module_utils.basic import env_fallback


def _in_cert_path(filename: str) -> str:
    """A file of DOCKER_CERT_PATH, as the docker CLI names them."""
    folder = os.environ.get("DOCKER_CERT_PATH")
    if not folder:
        return env_fallback()
    return os.path.join(folder, filename)


# docker_host and docker_context have no fallback here: their order (option before environment before the
# current context) is decided in one place, engine/address.py.
CONNECTION: dict[str, Any] = {
    "docker_host": {"type": "str", "aliases": ["docker_url"]},
    "docker_context": {"type": "str"},
    "tls_hostname": {"type": "str", "fallback": (env_fallback, ["DOCKER_TLS_HOSTNAME"])},
    "api_version": {
        "type": "str",
        "default": "auto",
        "aliases": ["docker_api_version"],
        "fallback": (env_fallback, ["DOCKER_API_VERSION"]),
    },
    "timeout": {"type": "int", "default": 60, "fallback": (env_fallback, ["DOCKER_TIMEOUT"])},
    "ca_path": {
        "type": "path",
        "aliases": ["ca_cert", "tls_ca_cert", "cacert_path"],
        "fallback": (_in_cert_path, ["ca.pem"]),
    },
    "client_cert": {
        "type": "path",
        "aliases": ["tls_client_cert", "cert_path"],
        "fallback": (_in_cert_path, ["cert.pem"]),
    },
    "client_key": {"type": "path", "aliases": ["tls_client_key", "key_path"], "fallback": (_in_cert_path, ["key.pem"])},
    "tls": {"type": "bool", "default": False, "fallback": (env_fallback, ["DOCKER_TLS"])},
    "validate_certs": {
        "type": "bool",
        "default": False,
        "aliases": ["tls_verify"],
        "fallback": (env_fallback, ["DOCKER_TLS_VERIFY"]),
    },
    "use_ssh_client": {"type": "bool", "default": False},
}

CONNECTION_TOGETHER = [("client_cert", "client_key")]
CONNECTION_EXCLUSIVE = [("docker_host", "docker_context")]

REGISTRY_LOGIN: dict[str, Any] = {
    "registry_username": {"type": "str"},
    "registry_password": {"type": "str", "no_log": True},
    "registry_token": {"type": "str", "no_log": True},
}
REGISTRY_LOGIN_TOGETHER = [("registry_username", "registry_password")]
REGISTRY_LOGIN_EXCLUSIVE = [("registry_token", "registry_username")]

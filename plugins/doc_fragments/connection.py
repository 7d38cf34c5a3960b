# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Options for the connection to the Docker daemon; the same as CONNECTION in module_utils/arguments.py."""

from __future__ import annotations


class ModuleDocFragment:
    """Connection options of every module."""

    DOCUMENTATION = r"""
options:
  docker_host:
    description:
      - "Address of the Docker daemon: a socket such as V(unix:///var/run/docker.sock), V(tcp://host:2376) or V(ssh://user@host)."
      - "V(ssh://user@host/run/user/1000/docker.sock) also names the socket on that host."
      - "SSH must log in without a password prompt, and the docker CLI must be installed on that host."
      - Podman's Docker-compatible API is at V(unix:///run/podman/podman.sock), if C(podman.socket) is started.
      - If it is not set, the environment variable E(DOCKER_HOST) is used, then O(docker_context), E(DOCKER_CONTEXT), the current context of
        the docker CLI, and finally V(unix:///var/run/docker.sock). The environment and the contexts are those of the user who runs the module on the
        managed host.
    type: str
    aliases: [docker_url]
  docker_context:
    description:
      - Name of a docker CLI context that contains the address of the daemon. C(docker context ls) lists the contexts.
      - A context that does not exist is an error.
      - Mutually exclusive with O(docker_host). It takes precedence over E(DOCKER_HOST).
    type: str
  tls_hostname:
    description:
      - Host name that the daemon's certificate must contain, if it differs from the host in O(docker_host).
      - If it is not set, E(DOCKER_TLS_HOSTNAME) is used.
    type: str
  api_version:
    description:
      - Version of the Engine API to use.
      - V(auto) uses the newest version that both the daemon and this collection support.
      - If it is not set, E(DOCKER_API_VERSION) is used.
    type: str
    default: auto
    aliases: [docker_api_version]
  timeout:
    description:
      - Maximum time to wait for a response of the daemon, in seconds, V(1) or more.
      - If it is not set, E(DOCKER_TIMEOUT) is used.
    type: int
    default: 60
  ca_path:
    description:
      - File with the CA certificates for verifying the daemon's certificate. Used with O(validate_certs=true).
      - If it is not set and E(DOCKER_CERT_PATH) is, C(ca.pem) in that folder is used.
    type: path
    aliases: [ca_cert, tls_ca_cert, cacert_path]
  client_cert:
    description:
      - File with the client's TLS certificate.
      - If it is not set and E(DOCKER_CERT_PATH) is, C(cert.pem) in that folder is used.
    type: path
    aliases: [tls_client_cert, cert_path]
  client_key:
    description:
      - File with the client's TLS key.
      - If it is not set and E(DOCKER_CERT_PATH) is, C(key.pem) in that folder is used.
    type: path
    aliases: [tls_client_key, key_path]
  tls:
    description:
      - Use TLS without verifying the daemon's certificate.
      - If it is not set, E(DOCKER_TLS) is used.
    type: bool
    default: false
  validate_certs:
    description:
      - Use TLS and verify the daemon's certificate.
      - If it is not set, E(DOCKER_TLS_VERIFY) is used.
    type: bool
    default: false
    aliases: [tls_verify]
  use_ssh_client:
    description:
      - Has no effect. It is accepted for compatibility with other collections.
      - For an C(ssh://) address the program C(ssh) is always used, with C(~/.ssh/config) and C(known_hosts) of the user who runs the module.
    type: bool
    default: false
requirements:
  - docker >= 5.0.0 (the Python package, on the managed host). It is not needed for reading and in check mode if O(docker_host) is a local socket.
"""

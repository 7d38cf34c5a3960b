# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How a module reaches its Docker daemon; mirrors CONNECTION in module_utils/arguments.py."""

from __future__ import annotations


class ModuleDocFragment:
    """Connection options of every module."""

    DOCUMENTATION = r"""
options:
  docker_host:
    description:
      - "Address of the Docker daemon: a socket such as V(unix:///var/run/docker.sock), V(tcp://host:2376) or V(ssh://user@host)."
      - "V(ssh://user@host/run/user/1000/docker.sock) names a socket of that host too. SSH must log in without a question, and the docker CLI be there."
      - Podman's Docker-compatible API is at V(unix:///run/podman/podman.sock), where C(podman.socket) listens.
      - If it is not set, the environment variable E(DOCKER_HOST) is used, then O(docker_context), E(DOCKER_CONTEXT), the current context of
        the docker CLI, and at last V(unix:///var/run/docker.sock). All are those of the user who runs the module on the managed host.
    type: str
    aliases: [docker_url]
  docker_context:
    description:
      - Name of a context of the docker CLI, as C(docker context ls) shows it, that says where the daemon is.
      - A context that does not exist is an error.
      - Mutually exclusive with O(docker_host). It wins over E(DOCKER_HOST).
    type: str
  tls_hostname:
    description:
      - Name that the daemon's certificate must have, if it is another one than O(docker_host) has.
      - If it is not set, E(DOCKER_TLS_HOSTNAME) is used.
    type: str
  api_version:
    description:
      - Version of the Engine API to use.
      - V(auto) takes the newest one that both the daemon and this collection know.
      - If it is not set, E(DOCKER_API_VERSION) is used.
    type: str
    default: auto
    aliases: [docker_api_version]
  timeout:
    description:
      - Longest wait for an answer of the daemon, in seconds.
      - If it is not set, E(DOCKER_TIMEOUT) is used.
    type: int
    default: 60
  ca_path:
    description:
      - File with the certificates of the authorities that may have signed the daemon's certificate. Used with O(validate_certs=true).
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
      - Accepted for playbooks that were written for other collections. An C(ssh://) address is always reached by the program C(ssh), with the user's own
        C(~/.ssh/config) and C(known_hosts).
    type: bool
    default: false
  debug:
    description:
      - Return more of what the module saw and did.
    type: bool
    default: false
requirements:
  - docker >= 5.0.0 (the Python package, on the managed host)
"""

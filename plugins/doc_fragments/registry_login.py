# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Options for the login to a registry; the same as REGISTRY_LOGIN in module_utils/arguments.py."""

from __future__ import annotations


class ModuleDocFragment:
    """Credentials for a registry."""

    DOCUMENTATION = r"""
options:
  registry_username:
    description:
      - User name for the registry.
      - If the task has no credentials, the login that C(docker login) stored for the user who runs the module is used, from C(~/.docker/config.json) on
        the managed host or from the credential helper or store that is configured there. With C(become), this is usually C(/root/.docker/config.json).
        The directory can be changed with E(DOCKER_CONFIG).
      - The stored login is read only when the registry is contacted. If it cannot be read, the module warns and contacts the registry without a login.
    type: str
  registry_password:
    description: Password or access token for O(registry_username).
    type: str
  registry_token:
    description: Bearer token for the registry, instead of O(registry_username) and O(registry_password).
    type: str
"""

# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How a module logs in to a registry; mirrors REGISTRY_LOGIN in module_utils/arguments.py."""

from __future__ import annotations


class ModuleDocFragment:
    """Credentials for a registry."""

    DOCUMENTATION = r"""
options:
  registry_username:
    description:
      - User to log in to the registry as. It is sent to each registry that the task names.
      - Without credentials in the task, those of the Docker config of the user who runs the module on the managed host are used,
        with its credential helpers and stores. With C(become) this is the user that the task becomes, so usually C(/root/.docker/config.json).
        E(DOCKER_CONFIG) names another folder.
    type: str
  registry_password:
    description: Password or access token of O(registry_username).
    type: str
  registry_token:
    description: Bearer token to send to the registry as it is, instead of O(registry_username) and O(registry_password).
    type: str
"""

#!/usr/bin/python
# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: report_write
short_description: Write a report to a file on the controller
version_added: 0.1.0
description:
  - Writes text to a file on the controller. It replaces a delegated task of M(ansible.builtin.copy), which runs two modules on the controller. This module
    runs in Ansible itself.
  - The file is replaced at once, so no reader finds a part of a report.
  - It needs no connection to the host. The roles P(flotilla.docker.flow#role) and P(flotilla.docker.rollout#role) run it.
author:
  - flotilla.docker contributors (@flotilla-docker)
extends_documentation_fragment:
  - flotilla.docker.attributes
options:
  path:
    description:
      - Path of the file on the controller. Its directory must exist.
      - The file belongs to the user who runs Ansible. Everybody can read it (mode 0644).
    type: path
    required: true
  content:
    description: The whole text of the file.
    type: str
    required: true
attributes:
  action:
    description: Has a corresponding action plugin, so that a part runs on the controller.
    support: full
    details:
      - Everything runs on the controller.
  check_mode:
    support: full
  diff_mode:
    support: full
  idempotent:
    support: full
"""

EXAMPLES = r"""
- name: Write the versions of all Engines to a file on the controller
  flotilla.docker.report_write:
    path: versions.json
    content: "{{ versions | to_nice_json }}\n"
  run_once: true
"""

RETURN = r"""
path:
  description: Absolute path of the file.
  returned: success
  type: str
  sample: /srv/inventory/flow-report.json
"""

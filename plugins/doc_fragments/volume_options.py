# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Options of volume_create. Written by tools/write_option_docs.py from module_utils/volume; edit the rows there."""

from __future__ import annotations


class ModuleDocFragment:
    """Options of volume_create."""

    DOCUMENTATION = r"""
options:
  data:
    description:
      - "V(delete) allows the module to remove or recreate a volume whose data is deleted with it."
      - "A volume that a container uses, running or stopped, is never removed."
    type: "str"
    default: "keep"
    choices: ["keep", "delete"]
  driver:
    description:
      - "Driver of the volume."
      - "A new volume gets the driver V(local) if this is not set. An existing volume may have any driver then."
    type: "str"
  driver_options:
    description:
      - "Options of the driver. Values become strings. Options that are not listed are not compared."
      - "The driver V(local) has V(type), V(device), V(o) and V(size)."
      - "Passwords in V(o) are masked in results and logs."
    type: "dict"
  force:
    description:
      - "With O(state=absent), remove the volume also if its driver cannot be reached."
    type: "bool"
    default: false
  labels:
    description:
      - "Labels of the volume, as strings. The Engine cannot change the labels of a volume."
      - "Labels that are not listed are not compared, except those that an earlier task declared."
    type: "dict"
  name:
    description:
      - "Name of the volume."
    type: "str"
    required: true
    aliases: ["volume_name"]
  recreate:
    description:
      - "Whether to recreate the volume when it differs from the task. The Engine cannot change a volume in place."
      - "With V(never) the task fails if the driver or its options differ. V(when_needed) and V(options-changed) recreate the volume if they differ.
        V(always) always recreates it."
      - "Recreating a volume that keeps its data on the host deletes the data, so O(data=delete) must be set too. The data of a volume with a device,
        such as an NFS export or a bind mount, is not in the volume and stays."
      - "The volume is never recreated because of its labels. If they differ, the task warns."
    type: "str"
    default: "never"
    choices: ["never", "when_needed", "options-changed", "always"]
  state:
    description:
      - "V(present): the volume exists as described."
      - "V(absent): the volume is removed. If that deletes data, O(data=delete) must be set."
    type: "str"
    default: "present"
    choices: ["present", "absent"]
  track_declared:
    description:
      - "Keep the names of the declared options in a label of the volume, C(flotilla.docker.declared), so that a later run can report what was removed
        from the task."
    type: "bool"
    default: true
"""

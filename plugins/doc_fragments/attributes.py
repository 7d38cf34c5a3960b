# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a module promises about check mode, diff mode and a second run."""

from __future__ import annotations


class ModuleDocFragment:
    """The questions, which each module answers with its own ``support`` and ``details``; and the answers of those that only read."""

    DOCUMENTATION = r"""
attributes:
  check_mode:
    description: Can run in check mode and return what it would without.
  diff_mode:
    description: Returns what it changed, or would change, in diff mode.
  idempotent:
    description: When run twice in a row outside check mode, with the same arguments, the second invocation indicates no change.
"""

    READS = r"""
attributes:
  check_mode:
    description: Can run in check mode and return what it would without.
    support: full
    details:
      - The module only reads.
  diff_mode:
    description: Returns what it changed, or would change, in diff mode.
    support: none
    details:
      - The module changes nothing.
  idempotent:
    description: When run twice in a row outside check mode, with the same arguments, the second invocation indicates no change.
    support: full
    details:
      - The module changes nothing.
"""

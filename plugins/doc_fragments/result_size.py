# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  max_result_size:
    description:
      - Maximum size of the result, in characters of JSON. AWX drops results of more than 700000 characters.
      - If the result would be larger, details of the entries are left out first, and then entries at the end of the listing.
        RV(left_out) and a warning name what was left out.
      - V(0) or less means no limit.
    type: int
    default: 650000
"""

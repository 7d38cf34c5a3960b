# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes the fleet and the programs of its hub importable."""

from __future__ import annotations

import sys
from pathlib import Path

FLEET = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(FLEET.parent), str(FLEET / "image" / "hub")]

# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Paths. Files of the peer are never written to the checkout."""

from __future__ import annotations

import os
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
PLUGINS = Path(__file__).with_name("plugins")
SCRATCH = Path(os.environ.get("FLOTILLA_CACHE") or Path.home() / ".cache/flotilla") / "peer-suite"
FLEETS = Path(os.environ.get("FLOTILLA_FLEET_STATE") or CHECKOUT / ".cache/fleet")

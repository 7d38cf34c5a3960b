# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""python tests/fleet: create, show and remove test fleets."""

from __future__ import annotations

import sys
from pathlib import Path

# Run by its path, this folder is not a package; with its parent in sys.path it is one.
sys.path[0] = str(Path(__file__).resolve().parents[1])

from fleet.cli import main  # noqa: E402  pylint: disable=wrong-import-position

sys.exit(main())

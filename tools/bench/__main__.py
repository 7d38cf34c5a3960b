# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""tools/run python tools/bench: time and CPU of the same work with community.docker and with this collection."""

from __future__ import annotations

import sys
from pathlib import Path

# Run by its path, this directory is not a package; its parent makes it one.
sys.path[0] = str(Path(__file__).resolve().parents[1])

from bench.cli import main  # noqa: E402  pylint: disable=wrong-import-position

sys.exit(main())

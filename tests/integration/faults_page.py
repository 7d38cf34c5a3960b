# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads docs/faults.md."""

from __future__ import annotations

import re
from pathlib import Path

PAGE = Path(__file__).resolve().parents[2] / "docs" / "faults.md"
SYSTEM, OF_A_USER = "# Why a daemon cannot be used", "## Rootless Engine"


def documented(heading):
    """Fault to state, cause and advice, from the table below a heading."""
    part = next(
        part
        for part in re.split(r"^(?=#+ )", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE)
        if part.startswith(heading)
    )
    rows = [line.strip("|").split(" | ") for line in part.splitlines() if line.startswith("| ")]
    return {row[0].strip(): [cell.strip().replace("`", "") for cell in row[1:]] for row in rows}


def says(pattern, text):
    """Whether the text matches the page, in which an ellipsis matches any text."""
    return re.fullmatch(".*".join(re.escape(part) for part in pattern.split("…")), text)

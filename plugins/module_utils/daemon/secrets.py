# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Keeps credentials in addresses out of results."""

from __future__ import annotations

import re
from typing import Any

# The user in an SSH address is no secret, and a password there is refused.
_CREDENTIALS = re.compile(r"\b(?!ssh://)(\w+://)[^/@\s\"']+@")


def mask_credentials(value: Any) -> Any:
    """The same value with user and password of every URL in it hidden; looks into lists and dicts."""
    if isinstance(value, str):
        return _CREDENTIALS.sub(r"\1***@", value) if "://" in value else value
    if isinstance(value, dict):
        return {key: mask_credentials(item) for key, item in value.items()}
    if isinstance(value, list):
        return [mask_credentials(item) for item in value]
    return value
